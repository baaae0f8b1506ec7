// SPDX-License-Identifier: MIT
// Whole copies of the mirror: consistent while the writer writes, checked, and there under their name only when they are
// on the disk (S09). A copy is no write-ahead-log database, so that anybody may read it where it lies.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

namespace mdock::store {

// Copies what `from` sees to `to`, replacing what is there, with the permission bits `mode`. In the copy no change is on
// its way to MinuteDock: what waits there is held, because the original may have sent it since, and a copy that is put
// back must not send it again. Throws failure_exception: database_full, database_corrupt (the copy is not whole, and is
// not kept) or database_error. `from` may be a reader's connection.
void copy_mirror(SQLite::Database& from, const std::filesystem::path& to, std::filesystem::perms mode);

// Where the state before an upgrade to `version` is kept: mirror.db.before-v4.
std::filesystem::path copy_before_upgrade(const std::filesystem::path& file, int version);

}  // namespace mdock::store
