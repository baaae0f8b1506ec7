// SPDX-License-Identifier: MIT
#include "core/store/file_checks.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#if defined(__linux__)
#include <sys/vfs.h>
#else
#include <sys/mount.h>
#include <sys/param.h>
#endif
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

#include "core/store/open.h"

namespace mdock::store {
namespace {

[[noreturn]] void refuse(errc code, std::string why) { throw failure_exception({code, std::move(why)}); }

std::filesystem::path lock_path(const std::filesystem::path& file) {
    auto path = file;
    path += ".lock";
    return path;
}

mode_t bits_of(std::filesystem::perms mode) { return static_cast<mode_t>(mode); }

std::optional<std::int64_t> number_in(int descriptor) {
    std::array<char, 32> text{};
    const auto size = ::pread(descriptor, text.data(), text.size(), 0);
    std::int64_t number = 0;
    if (size <= 0) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + size, number);
    if (error != std::errc{} || number <= 0) return std::nullopt;
    return number;
}

std::uint32_t big_endian(const unsigned char* bytes) {
    return static_cast<std::uint32_t>(bytes[0]) << 24U | static_cast<std::uint32_t>(bytes[1]) << 16U |
           static_cast<std::uint32_t>(bytes[2]) << 8U | bytes[3];
}

}  // namespace

file_lock::file_lock(const std::filesystem::path& database_file, std::filesystem::perms mode) {
    const auto path = lock_path(database_file);
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, bits_of(mode));
    const int code = descriptor_ < 0 ? errno : 0;
    struct stat it {};
    if (code == EACCES && ::stat(database_file.c_str(), &it) == 0 && it.st_uid != ::geteuid())
        refuse(errc::database_error, database_file.string() + " is kept by another user, who alone may write it; others send changes "
                                     "through that user's daemon (mdock.socket, for members of the group mdock-write)");
    if (descriptor_ < 0)
        refuse(errc::database_error, "cannot open the lock file " + path.string() + ": " + std::strerror(code));
    ::fchmod(descriptor_, bits_of(mode));
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const auto holder = number_in(descriptor_);
        ::close(descriptor_);
        refuse(errc::database_busy, "another mdock" + (holder ? " (process " + std::to_string(*holder) + ")" : "") +
                                        " is writing to " + database_file.string());
    }
    was_left_open_ = number_in(descriptor_).has_value();
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, pid.data(), pid.size(), 0) < 0) {
        const std::string why = std::strerror(errno);
        ::close(descriptor_);
        refuse(errc::database_error, "cannot write the lock file " + path.string() + ": " + why);
    }
}

void file_lock::close_cleanly() { was_left_open_ = ::ftruncate(descriptor_, 0) != 0; }

file_lock::~file_lock() { ::close(descriptor_); }

std::optional<file_identity> identity_of(const std::filesystem::path& file) {
    struct stat it {};
    if (::stat(file.c_str(), &it) != 0) return std::nullopt;
    return file_identity{static_cast<std::uint64_t>(it.st_dev), static_cast<std::uint64_t>(it.st_ino)};
}

std::optional<std::int64_t> writer_of(const std::filesystem::path& database_file) {
    const int descriptor = ::open(lock_path(database_file).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return std::nullopt;
    // Without a number nobody holds it, and the lock is not touched: a look must not make a writer that just starts
    // believe that there is another one.
    auto holder = number_in(descriptor);
    if (holder && ::flock(descriptor, LOCK_SH | LOCK_NB) == 0) holder.reset();
    ::close(descriptor);
    return holder;
}

std::optional<std::string_view> network_filesystem(std::uint32_t statfs_type) {
    switch (statfs_type) {
        case 0x6969: return "NFS";
        case 0x517B: return "SMB";
        case 0xFF534D42: return "CIFS";
        case 0xFE534D42: return "SMB2";
        case 0x01021997: return "9P";
        case 0x5346414F: return "AFS";
        case 0x6B414653: return "kAFS";
        case 0x00C36400: return "Ceph";
        case 0x564C: return "NCP";
        case 0x73757245: return "Coda";
        case 0x65735546: return "FUSE";    // sshfs, rclone and the like: locks are not to be trusted there
        case 0x786F4256: return "VirtualBox shared folder";
        default: return std::nullopt;
    }
}

void check_place(const std::filesystem::path& file) {
#if defined(__linux__)
    struct statfs where {};
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    if (::statfs(folder.c_str(), &where) == 0) {
        if (const auto name = network_filesystem(static_cast<std::uint32_t>(where.f_type)))
            refuse(errc::network_filesystem, file.string() + " is on a network file system (" + std::string(*name) +
                                                 "), where SQLite's locks cannot be trusted");
    }
#endif
    struct stat entry {};
    if (::stat(file.c_str(), &entry) != 0) return;
    if (!S_ISREG(entry.st_mode)) refuse(errc::database_foreign, file.string() + " is not an ordinary file");
    if (entry.st_nlink > 1)
        refuse(errc::database_foreign,
               file.string() + " has a second name (hard link); two names would get two write-ahead logs");
}

bool check_header(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        if (errno == ENOENT) return false;
        refuse(errc::database_error, "cannot read " + file.string() + ": " + std::strerror(errno));
    }
    std::array<unsigned char, 100> header{};
    const auto size = ::pread(descriptor, header.data(), header.size(), 0);
    ::close(descriptor);
    if (size == 0) return false;
    if (size < 100 || std::memcmp(header.data(), "SQLite format 3", 16) != 0)
        refuse(errc::database_foreign, file.string() + " is not an SQLite database");
    const std::uint32_t version = big_endian(header.data() + 60);
    const std::uint32_t application = big_endian(header.data() + 68);
    if (application != static_cast<std::uint32_t>(application_id))
        refuse(errc::database_foreign, file.string() + " is an SQLite database, but not one of mdock's");
    if (version > static_cast<std::uint32_t>(schema_version))
        refuse(errc::database_newer, file.string() + " was written by a newer mdock (its schema is version " +
                                         std::to_string(version) + ", this program knows up to " +
                                         std::to_string(schema_version) + ")");
    return true;
}

void create_file(const std::filesystem::path& file, std::filesystem::perms mode) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, bits_of(mode));
    if (descriptor < 0)
        refuse(errc::database_error, "cannot create " + file.string() + ": " + std::strerror(errno));
    ::fchmod(descriptor, bits_of(mode));
    ::close(descriptor);
}

}  // namespace mdock::store
