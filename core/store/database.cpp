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

}  // namespace

database::database(std::filesystem::path file, SQLite::Database connection, std::unique_ptr<file_lock> lock)
    : file_(std::move(file)), lock_(std::move(lock)), connection_(std::move(connection)) {}

database::~database() {
    // Statements go before their connection, the connection's last checkpoint before the lock says "clean".
    rows_.clear();
    prepared_.clear();
    if (is_dying_) return;
    checkpoint();
    if (lock_) lock_->close_cleanly();
}

statement& database::prepared(std::string_view sql) {
    auto found = prepared_.find(sql);
    if (found == prepared_.end()) found = prepared_.emplace(std::string(sql), statement(connection_, sql)).first;
    found->second.reset();
    return found->second;
}

row_statements& database::rows_of(resource which) {
    auto& slot = rows_[which];
    if (!slot) slot = std::make_unique<row_statements>(connection_, which);
    return *slot;
}

std::unordered_set<std::int64_t>& database::known(resource which) {
    const auto found = known_.find(which);
    if (found != known_.end()) return found->second;
    auto& ids = known_[which];
    const auto& table = model::describe(which);
    statement all(connection_, "SELECT " + std::string(table.key) + " FROM " + std::string(table.name));
    while (all.step()) ids.insert(all.integer(0));
    return ids;
}

void database::die() { is_dying_ = true; }

void database::forget() { known_.clear(); }

void database::begin_rehearsal() {
    connection_.exec("BEGIN IMMEDIATE");
    is_rehearsing_ = true;
}

void database::end_rehearsal() {
    is_rehearsing_ = false;
    forget();
    if (sqlite3_get_autocommit(connection_.getHandle()) == 0) connection_.exec("ROLLBACK");
}

void database::checkpoint() {
    if (is_rehearsing_) return;
    sqlite3* handle = connection_.getHandle();
    sqlite3_busy_timeout(handle, checkpoint_busy_ms);
    sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(handle, busy_ms);
}

bulk_writing::bulk_writing(database& db) : db_(db) {
    if (!db_.is_rehearsing()) db_.connection().exec("PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF");
}

bulk_writing::~bulk_writing() {
    if (!db_.is_rehearsing()) db_.connection().tryExec("PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST");
}

transaction::transaction(database& db) : db_(db) {
    // Without the rehearsal's own transaction, which a full disk takes away, a savepoint's release would commit (S03).
    if (db_.is_rehearsing() && sqlite3_get_autocommit(db_.connection().getHandle()) != 0)
        throw SQLite::Exception("the rehearsal was ended by SQLite", SQLITE_ABORT);
    db_.connection().exec(db_.is_rehearsing() ? "SAVEPOINT step" : "BEGIN IMMEDIATE");
}

transaction::~transaction() {
    if (!is_open_) return;
    db_.forget();
    // A failed statement may have rolled back already (S03).
    if (sqlite3_get_autocommit(db_.connection().getHandle()) != 0) return;
    db_.connection().tryExec(db_.is_rehearsing() ? "ROLLBACK TO step; RELEASE step" : "ROLLBACK");
}

void transaction::commit() {
    db_.connection().exec(db_.is_rehearsing() ? "RELEASE step" : "COMMIT");
    is_open_ = false;
}

}  // namespace mdock::store
