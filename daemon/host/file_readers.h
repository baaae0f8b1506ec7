// SPDX-License-Identifier: MIT
// Who is reading the mirror at this moment, so that a write-ahead log that cannot shrink has a name (S10). Read from the
// kernel's list of locks; the file itself is not touched.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mdock::host {

// A log of more bytes than this has a reader in its way, or a load under way.
inline constexpr std::uintmax_t large_log = 64 * 1024 * 1024;

struct reading_process {
    std::int64_t pid = 0;
    std::string name;                               // as the system shows it: "sqlite3"
    std::optional<std::chrono::seconds> age;        // since it was started: its reading is no older
};

// Processes that hold a snapshot in the log of `file`, others than this one; the oldest first. Empty where the system
// does not tell.
std::vector<reading_process> readers_of(const std::filesystem::path& file);

// The same from the text of /proc/locks: ids of processes with a lock on one of the log's reading marks of the file with
// this device and inode.
std::vector<std::int64_t> mark_holders(std::string_view locks, std::uint64_t device, std::uint64_t inode);

}  // namespace mdock::host
