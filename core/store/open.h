// SPDX-License-Identifier: MIT
// Opening the file. One writer per file, held by a lock that is never unlinked (L04); a read-only probe comes before
// anything is written, so that a newer, foreign or broken database stays as it is (L08). Network file systems are
// refused before opening (S07).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/error.h"

namespace mdock::store {

class database;

inline constexpr int application_id = 0x6d646f6b;    // "mdok"
inline constexpr int schema_version = 4;

// Takes the lock, probes, creates or migrates, and sets the connection up as docs/sync.md says under "Store settings".
// `mode` is the file's permission bits (0600 personal, 0640 service). Throws failure_exception with database_busy,
// database_newer, database_foreign, database_corrupt, network_filesystem or database_error.
std::unique_ptr<database> open_writer(const std::filesystem::path& file, std::filesystem::perms mode);

// A read-only connection (query_only, no checkpoints) for commands that only look. Throws failure_exception:
// not_found_locally when there is no file yet, else as open_writer.
SQLite::Database open_reader(const std::filesystem::path& file);

// The same connections on a VFS registered with SQLite, for tests on a disk of their own: without the checks of file
// system and header and without the lock, whose word about the last writer is `was_left_open`.
std::unique_ptr<database> open_writer_on(const std::string& vfs, const std::filesystem::path& file, bool was_left_open);
SQLite::Database open_reader_on(const std::string& vfs, const std::filesystem::path& file);

}  // namespace mdock::store
