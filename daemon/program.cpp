// SPDX-License-Identifier: MIT
#include "daemon/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

namespace mdock {
namespace {

using std::chrono::steady_clock;

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

// A started program and the end of its output that we read. Killed, with its children, and waited for when it goes.
class child {
public:
    child(pid_t pid, int out) : pid_(pid), out_(out) {}
    child(const child&) = delete;
    child& operator=(const child&) = delete;
    ~child() {
        if (out_ >= 0) ::close(out_);
        if (pid_ > 0) {
            ::kill(-pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    int out() const { return out_; }

    // The exit status, or nothing when it has not ended by then.
    std::optional<int> wait_until(steady_clock::time_point end) {
        int status = 0;
        while (true) {
            const auto got = ::waitpid(pid_, &status, WNOHANG);
            if (got == pid_) {
                pid_ = -1;
                return status;
            }
            if (got < 0 && errno != EINTR) return std::nullopt;
            if (steady_clock::now() >= end) return std::nullopt;
            ::poll(nullptr, 0, 5);
        }
    }

private:
    pid_t pid_;
    int out_;
};

// The process id, or -1 with `error` set.
pid_t start(const std::vector<std::string>& words, std::vector<std::string>& environment, int out, bool is_quiet, int& error) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    if (is_quiet) posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // so that its children end with it
    posix_spawnattr_setpgroup(&attributes, 0);
    auto arguments = words;
    pid_t pid = -1;
    error = ::posix_spawnp(&pid, arguments.front().c_str(), &files, &attributes, pointers(arguments).data(), pointers(environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error == 0 ? pid : -1;
}

// Until the program closes its output.
program_end::way read_output(int out, program_limits limits, steady_clock::time_point end, std::string& text) {
    std::array<char, 4096> piece{};
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()).count();
        pollfd ready{out, POLLIN, 0};
        const int count = left > 0 ? ::poll(&ready, 1, static_cast<int>(left)) : 0;
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return program_end::way::out_of_time;
        const auto got = ::read(out, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return program_end::way::ended;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > limits.bytes) return program_end::way::too_much_output;
    }
}

}  // namespace

program_end run_program(const std::vector<std::string>& words, std::vector<std::string> environment, program_limits limits, bool is_quiet) {
    const auto end = steady_clock::now() + limits.time;
    program_end out;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        out.how = program_end::way::not_started;
        out.code = errno;
        return out;
    }
    int error = 0;
    child running(start(words, environment, ends[1], is_quiet, error), ends[0]);
    ::close(ends[1]);
    if (error != 0) {
        out.how = program_end::way::not_started;
        out.code = error;
        return out;
    }
    out.how = read_output(running.out(), limits, end, out.output);
    if (out.how != program_end::way::ended) return out;
    const auto status = running.wait_until(end);
    if (!status) out.how = program_end::way::out_of_time;
    else if (WIFEXITED(*status)) out.code = WEXITSTATUS(*status);
    return out;
}

}  // namespace mdock
