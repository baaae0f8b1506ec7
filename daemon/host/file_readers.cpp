// SPDX-License-Identifier: MIT
#include "daemon/host/file_readers.h"

#include <sys/stat.h>
#if defined(__linux__)
#include <sys/sysmacros.h>
#endif
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <sstream>

namespace mdock::host {
namespace {

// SQLite's "WAL-mode file format": the locks of the five reading marks are bytes 123 to 127 of the -shm file. Who holds
// the first one reads the database file alone, into which then nothing can be carried over.
constexpr std::uint64_t first_mark = 123, last_mark = 127;

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string name_of_process(std::int64_t pid) {
    auto name = text_of("/proc/" + std::to_string(pid) + "/comm");
    while (!name.empty() && name.back() == '\n') name.pop_back();
    return name.empty() ? "a program" : name;
}

// The 22nd field of stat, counted behind the name, which may hold anything in its brackets.
std::optional<std::chrono::seconds> age_of_process(std::int64_t pid) {
    const auto stat = text_of("/proc/" + std::to_string(pid) + "/stat");
    const auto name_end = stat.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream fields(stat.substr(name_end + 1));
    std::string skipped;
    for (int i = 3; i < 22; ++i) fields >> skipped;
    long long ticks = 0;
    timespec now{};
    const long ticks_per_second = ::sysconf(_SC_CLK_TCK);
    if (!(fields >> ticks) || ticks_per_second <= 0 || ::clock_gettime(CLOCK_BOOTTIME, &now) != 0) return std::nullopt;
    return std::chrono::seconds(std::max<long long>(0, now.tv_sec - ticks / ticks_per_second));
}

struct held_lock {
    std::int64_t pid = 0;
    std::uint64_t device = 0, inode = 0, from = 0, to = 0;
};

// "12: POSIX  ADVISORY  READ 1234 fe:00:5678 124 124"; the range may end with EOF.
std::optional<held_lock> lock_in(const std::string& line) {
    std::istringstream fields(line);
    std::string number, kind, how, direction, place, from, to;
    held_lock out;
    if (!(fields >> number >> kind >> how >> direction >> out.pid >> place >> from >> to) || kind != "POSIX") return std::nullopt;
    unsigned device_major = 0, device_minor = 0;
    char colon = 0;
    std::istringstream parts(place);
    if (!(parts >> std::hex >> device_major >> colon >> device_minor >> colon >> std::dec >> out.inode)) return std::nullopt;
    out.device = (std::uint64_t{device_major} << 32U) | device_minor;
    std::istringstream(from) >> out.from;
    if (to == "EOF") out.to = ~std::uint64_t{0};
    else std::istringstream(to) >> out.to;
    return out;
}

}  // namespace

std::vector<std::int64_t> mark_holders(std::string_view locks, std::uint64_t device, std::uint64_t inode) {
    std::vector<std::int64_t> out;
    std::istringstream lines{std::string(locks)};
    for (std::string line; std::getline(lines, line);) {
        const auto lock = lock_in(line);
        if (!lock || lock->device != device || lock->inode != inode || lock->pid <= 0) continue;
        if (lock->to < first_mark || lock->from > last_mark) continue;
        if (std::find(out.begin(), out.end(), lock->pid) == out.end()) out.push_back(lock->pid);
    }
    return out;
}

std::vector<reading_process> readers_of(const std::filesystem::path& file) {
    std::vector<reading_process> out;
#if defined(__linux__)
    struct stat it {};
    const std::string shared = file.string() + "-shm";
    if (::stat(shared.c_str(), &it) != 0) return out;
    const auto device = (std::uint64_t{major(it.st_dev)} << 32U) | minor(it.st_dev);
    for (const auto pid : mark_holders(text_of("/proc/locks"), device, it.st_ino))
        if (pid != ::getpid()) out.push_back({pid, name_of_process(pid), age_of_process(pid)});
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.age.value_or(std::chrono::seconds{0}) > b.age.value_or(std::chrono::seconds{0}); });
#endif
    return out;
}

}  // namespace mdock::host
