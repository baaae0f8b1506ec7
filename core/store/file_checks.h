// SPDX-License-Identifier: MIT
// What is checked about the file before SQLite may touch it: one writer by a lock that is never unlinked (L04), no
// network file system (S07), no second name by a hard link (S16), a header that is ours (L08, S13).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "core/base/error.h"

namespace mdock::store {

// An flock on "<file>.lock" with the holder's process id in it; released when it goes, never unlinked (deleting a lock
// file lets two holders in).
class file_lock {
public:
    // Throws failure_exception(database_busy) when another process holds it.
    explicit file_lock(const std::filesystem::path& database_file, std::filesystem::perms mode);
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

    // The holder before us ended without saying that it was done: a crash, a kill or a power cut.
    bool was_left_open() const { return was_left_open_; }
    // The last thing a writer says; without it the next one checks the file.
    void close_cleanly();

private:
    int descriptor_ = -1;
    bool was_left_open_ = false;
};

// Which file a name means at this moment.
struct file_identity {
    std::uint64_t device = 0, inode = 0;
    bool operator==(const file_identity&) const = default;
};
// None when there is no file of that name.
std::optional<file_identity> identity_of(const std::filesystem::path& file);

// The process that holds the writer's lock of `database_file`, if any does. Touches nothing.
std::optional<std::int64_t> writer_of(const std::filesystem::path& database_file);

// The name of a network file system by its statfs type ("NFS"), or nothing for a local one.
std::optional<std::string_view> network_filesystem(std::uint32_t statfs_type);

// Throws failure_exception when `file` lies on a network file system or has more than one hard link.
void check_place(const std::filesystem::path& file);

// Reads the header's bytes without SQLite, so that not even a -shm file appears beside a database that is refused.
// Returns false when there is no file or it is empty. Throws database_foreign or database_newer.
bool check_header(const std::filesystem::path& file);

// Creates the empty file if it is not there, and gives it exactly `mode` either way, whatever the umask (X24).
void create_file(const std::filesystem::path& file, std::filesystem::perms mode);

}  // namespace mdock::store
