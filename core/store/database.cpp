// SPDX-License-Identifier: MIT
#include "core/store/database.h"

#include <sqlite3.h>

#include "core/model/description.h"
#include "core/store/file_checks.h"
#include "core/store/row_statements.h"

namespace mdock::store {
namespace {

// Long enough for a reader in the middle of one short query.
constexpr int checkpoint_busy_ms = 100;
// Pages in the log at which a commit carries them over, as SQLite does by itself.
constexpr int log_pages = 1000;

bool is_of_the_disk(int sqlite_code) { return (sqlite_code & 0xff) == SQLITE_IOERR; }

}  // namespace

database::database(std::filesystem::path file, SQLite::Database connection, std::unique_ptr<file_lock> lock, opener reopen)
    : file_(std::move(file)), lock_(std::move(lock)), reopen_(std::move(reopen)), connection_(std::move(connection)) {
    if (lock_) identity_ = identity_of(file_);
    watch();
}

void database::check_name() const {
    if (!identity_) return;
    const auto now = identity_of(file_);
    if (now == identity_) return;
    throw failure_exception({errc::database_replaced, file_.string() + (now ? " is another file now than the one that was opened"
                                                                            : " was deleted while it was open")});
}

database::~database() {
    // Statements go before their connection, the connection's last checkpoint before the lock says "clean".
    rows_.clear();
    prepared_.clear();
    if (is_dying_) return;
    // An orphan's log is nobody's any more, and the name may be another file's by now (S08).
    if (identity_ && identity_of(file_) != identity_) {
        if (lock_) lock_->close_cleanly();
        return;
    }
    checkpoint();
    if (lock_) lock_->close_cleanly();
}

// SQLite's own carrying over keeps its failures to itself, and a sync of the log that failed is one to know of.
void database::watch() { sqlite3_wal_hook(connection_->getHandle(), &database::carry_over, this); }

int database::carry_over(void* self, sqlite3* handle, const char* schema, int frames) {
    static_cast<database*>(self)->log_frames_ = frames;
    if (frames < log_pages) return SQLITE_OK;
    const int code = sqlite3_wal_checkpoint_v2(handle, schema, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (is_of_the_disk(code)) static_cast<database*>(self)->distrust();
    return SQLITE_OK;
}

SQLite::Database& database::connection() {
    if (!connection_) {
        connection_.emplace(reopen_());
        watch();
    }
    return *connection_;
}

void database::renew_if_suspect() {
    if (!is_suspect_ || is_rehearsing_) return;
    rows_.clear();
    prepared_.clear();
    known_.clear();
    connection_.reset();
    connection();
    is_suspect_ = false;
}

statement& database::prepared(std::string_view sql) {
    auto found = prepared_.find(sql);
    if (found == prepared_.end()) found = prepared_.emplace(std::string(sql), statement(connection(), sql)).first;
    found->second.reset();
    return found->second;
}

row_statements& database::rows_of(resource which) {
    auto& slot = rows_[which];
    if (!slot) slot = std::make_unique<row_statements>(connection(), which);
    return *slot;
}

std::unordered_set<std::int64_t>& database::known(resource which) {
    const auto found = known_.find(which);
    if (found != known_.end()) return found->second;
    auto& ids = known_[which];
    const auto& table = model::describe(which);
    statement all(connection(), "SELECT " + std::string(table.key) + " FROM " + std::string(table.name));
    while (all.step()) ids.insert(all.integer(0));
    return ids;
}

void database::die() { is_dying_ = true; }

void database::forget() { known_.clear(); }

void database::begin_rehearsal() {
    renew_if_suspect();
    connection().exec("BEGIN IMMEDIATE");
    is_rehearsing_ = true;
}

void database::end_rehearsal() {
    is_rehearsing_ = false;
    forget();
    if (sqlite3_get_autocommit(connection().getHandle()) == 0) connection().exec("ROLLBACK");
}

void database::checkpoint() {
    if (is_rehearsing_ || !connection_) return;
    sqlite3* handle = connection_->getHandle();
    sqlite3_busy_timeout(handle, checkpoint_busy_ms);
    const int code = sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (is_of_the_disk(code)) distrust();
    if (code == SQLITE_OK) log_frames_ = 0;
    sqlite3_busy_timeout(handle, busy_ms);
}

bulk_writing::bulk_writing(database& db) : db_(db) {
    db_.renew_if_suspect();
    if (!db_.is_rehearsing()) db_.connection().exec("PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF");
}

bulk_writing::~bulk_writing() {
    if (!db_.is_rehearsing()) db_.connection().tryExec("PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST");
}

transaction::transaction(database& db) : db_(db) {
    db_.check_name();
    db_.renew_if_suspect();
    // Without the rehearsal's own transaction, which a full disk takes away, a savepoint's release would commit (S03).
    if (db_.is_rehearsing() && sqlite3_get_autocommit(db_.connection().getHandle()) != 0)
        throw SQLite::Exception("the rehearsal was ended by SQLite", SQLITE_ABORT);
    db_.prepared(db_.is_rehearsing() ? "SAVEPOINT step" : "BEGIN IMMEDIATE").run();
}

transaction::~transaction() {
    if (!is_open_) return;
    db_.forget();
    sqlite3* handle = db_.connection().getHandle();
    if (is_of_the_disk(sqlite3_errcode(handle))) db_.distrust();
    // A failed statement may have rolled back already (S03).
    if (sqlite3_get_autocommit(handle) != 0) return;
    db_.connection().tryExec(db_.is_rehearsing() ? "ROLLBACK TO step; RELEASE step" : "ROLLBACK");
}

void transaction::commit() {
    db_.prepared(db_.is_rehearsing() ? "RELEASE step" : "COMMIT").run();
    is_open_ = false;
}

}  // namespace mdock::store
