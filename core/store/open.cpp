// SPDX-License-Identifier: MIT
#include "core/store/open.h"

#include <sqlite3.h>

#include <optional>
#include <string>

#include "core/store/copy.h"
#include "core/store/database.h"
#include "core/store/file_checks.h"
#include "core/store/migrate.h"
#include "core/store/sqlite_failure.h"

namespace mdock::store {
namespace {

// Virtual-machine steps of quick_check before it counts as "could not check" (C7): about ten seconds.
constexpr int check_step_limit = 2000;
constexpr int check_step_size = 1'000'000;

[[noreturn]] void refuse(errc code, std::string why) { throw failure_exception({code, std::move(why)}); }

// What a file from elsewhere may do to us is kept small: no schema tricks, no huge values (S13, S14).
void harden(SQLite::Database& db) {
    sqlite3* handle = db.getHandle();
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024);
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 2);
    db.exec("PRAGMA cell_size_check = ON");
}

// While there is no write-ahead log yet, so that the mark is in the file itself: a header without it is refused as
// another program's, and what is only in the log would not be found there until a checkpoint, or after a power cut (S02).
// Asked of SQLite and not of the header's bytes, because a journal that a power cut left may take the first page back.
void mark_as_ours(SQLite::Database& db) {
    if (db.execAndGet("PRAGMA page_count").getInt() == 0)
        db.exec("PRAGMA application_id = " + std::to_string(application_id));
}

void set_up_writer(SQLite::Database& db) {
    harden(db);
    db.setBusyTimeout(busy_ms);
    // What comes from MinuteDock is applied with the capture and refusal triggers off (schema contract).
    sqlite3_db_config(db.getHandle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    db.exec("PRAGMA foreign_keys = OFF");
    // The CHECKs are for whoever else writes: every cell of ours was made by its column's kind. They cost a tenth of a
    // load; tests hold what was written against them through another connection.
    db.exec("PRAGMA ignore_check_constraints = ON");
    const std::string mode = db.execAndGet("PRAGMA journal_mode = WAL").getString();
    if (mode != "wal") refuse(errc::database_error, "SQLite cannot keep a write-ahead log here (it says " + mode + ")");
    db.exec("PRAGMA synchronous = FULL");
    db.exec("PRAGMA fullfsync = ON");
    db.exec("PRAGMA checkpoint_fullfsync = ON");
    db.exec("PRAGMA secure_delete = FAST");
    db.exec("PRAGMA journal_size_limit = 0");
    db.exec("PRAGMA temp_store = FILE");
    db.exec("PRAGMA cache_size = -8192");
    // Readers of other users need the -wal file to be there while the writer is stopped.
    int persist = 1;
    sqlite3_file_control(db.getHandle(), "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
}

struct step_budget {
    int left = check_step_limit;
};

int count_down(void* budget) { return --static_cast<step_budget*>(budget)->left <= 0 ? 1 : 0; }

// After an unclean stop. Only a clear "corrupt" refuses; a check that could not finish proves nothing (S04).
void check_after_crash(SQLite::Database& db, const std::filesystem::path& file) {
    step_budget budget;
    sqlite3_progress_handler(db.getHandle(), check_step_size, &count_down, &budget);
    std::string answer = "ok";
    try {
        answer = db.execAndGet("PRAGMA quick_check(1)").getString();
    } catch (const SQLite::Exception& error) {
        if (error.getErrorCode() == SQLITE_CORRUPT) answer = error.what();
    }
    sqlite3_progress_handler(db.getHandle(), 0, nullptr, nullptr);
    if (answer != "ok") refuse(errc::database_corrupt, file.string() + " is damaged: " + answer);
}

// What the upgrade does is one transaction; the copy is for whoever wants to go back to the older program (L07, L08).
void keep_copy_before_upgrade(SQLite::Database& db, const std::filesystem::path& file, std::filesystem::perms mode) {
    const int version = db.execAndGet("PRAGMA user_version").getInt();
    if (version == 0 || version >= schema_version) return;
    const auto to = copy_before_upgrade(file, schema_version);
    try {
        copy_mirror(db, to, mode);
    } catch (const failure_exception& failed) {
        refuse(failed.why().code(), "the mirror was not upgraded, because the copy of it that is made first could not be: " + failed.why().context());
    }
}

// A writer's connection as every writer has it. `vfs` is empty for the machine's own files.
SQLite::Database connect_writer(const std::filesystem::path& file, const std::string& vfs, bool was_left_open, std::filesystem::perms mode) {
    // Used by one thread at a time, so SQLite need not lock for each call.
    const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_NOFOLLOW | SQLite::OPEN_NOMUTEX;
    SQLite::Database db(file.string(), vfs.empty() ? flags : flags | SQLite::OPEN_CREATE, 0, vfs);
    mark_as_ours(db);
    set_up_writer(db);
    if (db.execAndGet("PRAGMA user_version").getInt() > schema_version)
        refuse(errc::database_newer, file.string() + " was written by a newer mdock");
    if (was_left_open) check_after_crash(db, file);
    if (vfs.empty()) keep_copy_before_upgrade(db, file, mode);
    migrate(db);
    return db;
}

// The writer's connection and how to have another one, under the lock that is held all the while.
std::unique_ptr<database> writer(const std::filesystem::path& file, const std::string& vfs, bool was_left_open,
                                 std::unique_ptr<file_lock> lock, std::filesystem::perms mode = {}) {
    auto reopen = [file, vfs, mode] {
        try {
            auto db = connect_writer(file, vfs, true, mode);
            // A commit whose sync failed is in the log and so is seen now. Nobody builds on it before it is in the file: the
            // log's own pages may count as written and never have been (S06). A reader in the way is none of the disk's.
            const int code = sqlite3_wal_checkpoint_v2(db.getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
            if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) throw SQLite::Exception(db.getHandle(), code);
            return db;
        } catch (const failure_exception& refused) {
            // In the middle of work everybody expects SQLite's errors, and this one is of its file.
            throw SQLite::Exception(refused.why().context(), SQLITE_CORRUPT);
        }
    };
    try {
        return std::make_unique<database>(file, connect_writer(file, vfs, was_left_open, mode), std::move(lock), std::move(reopen));
    } catch (const SQLite::Exception& error) {
        throw failure_exception(failure_of(error, file.string()));
    }
}

SQLite::Database connect_reader(const std::filesystem::path& file, const std::string& vfs) {
    try {
        SQLite::Database db(file.string(), SQLite::OPEN_READONLY, 0, vfs);
        harden(db);
        db.setBusyTimeout(busy_ms);
        db.exec("PRAGMA query_only = ON");
        sqlite3_wal_autocheckpoint(db.getHandle(), 0);
        // The header's version may be older than the log's.
        const int version = db.execAndGet("PRAGMA user_version").getInt();
        if (version == 0) refuse(errc::not_found_locally, "the mirror at " + file.string() + " is only just being made");
        if (version > schema_version) refuse(errc::database_newer, file.string() + " was written by a newer mdock");
        return db;
    } catch (const SQLite::Exception& error) {
        throw failure_exception(failure_of(error, file.string()));
    }
}

}  // namespace

std::unique_ptr<database> open_writer(const std::filesystem::path& given, std::filesystem::perms mode) {
    // One path, whatever links lead to it: two names would get two write-ahead logs (S16).
    const auto file = std::filesystem::weakly_canonical(given);
    check_place(file);
    check_header(file);
    auto lock = std::make_unique<file_lock>(file, mode);
    const bool was_there = check_header(file);
    create_file(file, mode);
    const bool was_left_open = was_there && lock->was_left_open();
    return writer(file, {}, was_left_open, std::move(lock), mode);
}

std::unique_ptr<database> open_writer_on(const std::string& vfs, const std::filesystem::path& file, bool was_left_open) {
    return writer(file, vfs, was_left_open, nullptr);
}

SQLite::Database open_reader(const std::filesystem::path& given) {
    const auto file = std::filesystem::weakly_canonical(given);
    check_place(file);
    if (!check_header(file))
        refuse(errc::not_found_locally, "there is no mirror at " + file.string() + " yet");
    return connect_reader(file, {});
}

SQLite::Database open_reader_on(const std::string& vfs, const std::filesystem::path& file) {
    return connect_reader(file, vfs);
}

}  // namespace mdock::store
