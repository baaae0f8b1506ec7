// SPDX-License-Identifier: MIT
// The writer's connection with its prepared statements and what it remembers of parents. Used on the store thread only;
// a job makes one `transaction`, and everything it remembered is forgotten when that does not commit.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/model/resource.h"
#include "core/store/file_checks.h"
#include "core/store/statement.h"

namespace mdock::store {

class file_lock;
struct row_statements;

// How long a statement waits for another connection's lock.
inline constexpr int busy_ms = 5000;

class database {
public:
    using opener = std::function<SQLite::Database()>;

    // Takes over an opened and migrated connection and the lock that was taken before it was opened (none on a disk of a
    // test's own). `reopen` makes another such connection, the file checked anew; it throws SQLite::Exception.
    database(std::filesystem::path file, SQLite::Database connection, std::unique_ptr<file_lock> lock, opener reopen = {});
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    const std::filesystem::path& file() const { return file_; }
    // Throws where the last one was given up and no other can be had yet.
    SQLite::Database& connection();

    // The disk failed under this connection, so what it believes to be on it may not be: after a failed sync the machine
    // counts pages as written that never were, and the next sync succeeds (S06). It is closed, which carries its log over,
    // and another opened, before the next transaction begins.
    void distrust() { is_suspect_ = reopen_ != nullptr; }
    void renew_if_suspect();

    // The statement for `sql`, prepared once. `sql` is a literal.
    statement& prepared(std::string_view sql);
    // The generated statements of a mirrored table.
    row_statements& rows_of(resource which);
    // Ids of a table of parents that are in the file; read once, then kept up by those who insert.
    std::unordered_set<std::int64_t>& known(resource which);
    // Forgets what was remembered, after a rollback or when rows came in by another way.
    void forget();

    // Lets go of the lock without the word that all is well, as a process that is killed does: the next opener checks
    // the file. For tests of what follows a crash.
    void die();

    // Between the two, everything that is written is taken back in the end: for saying what would be done. Other
    // connections read on and see none of it, but cannot write.
    void begin_rehearsal();
    void end_rehearsal();
    bool is_rehearsing() const { return is_rehearsing_; }

    // Truncates the write-ahead log when no reader is in the way (C7), else carries over what it can and does not wait: a
    // reader that stays for hours must not hold up every round, nor the end of the program (S10). Called after a round.
    void checkpoint();
    // How much is in the log since it was last begun anew, in bytes: it grows while a reader stays (S10).
    std::int64_t log_bytes() const { return log_frames_ * frame_bytes; }

private:
    static constexpr std::int64_t frame_bytes = 4096 + 24;    // a page and its frame's header

    // Throws failure_exception(database_replaced): rows for a file without a name would be lost (S08).
    void check_name() const;
    friend class transaction;

    void watch();
    static int carry_over(void* self, sqlite3* handle, const char* schema, int frames);

    std::filesystem::path file_;
    std::unique_ptr<file_lock> lock_;
    std::optional<file_identity> identity_;    // of what was opened; none on a disk of a test's own
    std::int64_t log_frames_ = 0;
    bool is_dying_ = false;
    bool is_rehearsing_ = false;
    bool is_suspect_ = false;
    opener reopen_;
    std::optional<SQLite::Database> connection_;
    std::map<std::string, statement, std::less<>> prepared_;
    std::map<resource, std::unique_ptr<row_statements>> rows_;
    std::map<resource, std::unordered_set<std::int64_t>> known_;
};

// While it lives, a commit is not synced to the disk by itself and freed pages are not wiped: for rows of a load, which a
// power cut may take back because they can be asked for again. Put around a transaction, not into it.
class bulk_writing {
public:
    explicit bulk_writing(database& db);
    ~bulk_writing();
    bulk_writing(const bulk_writing&) = delete;
    bulk_writing& operator=(const bulk_writing&) = delete;

private:
    database& db_;
};

// BEGIN IMMEDIATE … COMMIT; rolled back when it goes out of scope uncommitted. Within a rehearsal, a savepoint of it.
class transaction {
public:
    explicit transaction(database& db);
    ~transaction();
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    void commit();

private:
    database& db_;
    bool is_open_ = true;
};

}  // namespace mdock::store
