// SPDX-License-Identifier: MIT
#include "core/store/statement.h"

#include <sqlite3.h>

namespace mdock::store {

statement::statement(SQLite::Database& db, std::string_view sql) : db_(&db) {
    check(sqlite3_prepare_v3(db.getHandle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                             &handle_, nullptr));
}

statement::statement(statement&& other) noexcept : handle_(other.handle_), db_(other.db_) { other.handle_ = nullptr; }

statement::~statement() { sqlite3_finalize(handle_); }

void statement::check(int code) const {
    if (code != SQLITE_OK) throw SQLite::Exception(db_->getHandle(), code);
}

statement& statement::bind(int at, std::int64_t value) {
    check(sqlite3_bind_int64(handle_, at, value));
    return *this;
}

statement& statement::bind(int at, std::string_view text) {
    // A null pointer would bind NULL; an empty text stays a text.
    const char* data = text.data() == nullptr ? "" : text.data();
    check(sqlite3_bind_text(handle_, at, data, static_cast<int>(text.size()), SQLITE_STATIC));
    return *this;
}

statement& statement::bind(int at, std::nullptr_t) {
    check(sqlite3_bind_null(handle_, at));
    return *this;
}

statement& statement::bind(int at, const model::cell& value) {
    switch (value.type) {
        case model::cell_type::null: return bind(at, nullptr);
        case model::cell_type::integer: return bind(at, value.integer);
        case model::cell_type::text: return bind(at, value.view());
        case model::cell_type::real: check(sqlite3_bind_double(handle_, at, value.real)); return *this;
    }
    return *this;
}

bool statement::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    const SQLite::Exception error(db_->getHandle(), code);
    sqlite3_reset(handle_);
    throw error;
}

void statement::run() {
    while (step()) {
    }
    reset();
}

void statement::reset() { sqlite3_reset(handle_); }

model::cell statement::column(int at) const {
    switch (sqlite3_column_type(handle_, at)) {
        case SQLITE_INTEGER: return model::cell::of(static_cast<std::int64_t>(sqlite3_column_int64(handle_, at)));
        case SQLITE_FLOAT: return model::cell::of(sqlite3_column_double(handle_, at));
        case SQLITE_NULL: return {};
        default: {
            const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, at));
            return model::cell::of(std::string_view{text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, at))});
        }
    }
}

std::int64_t statement::integer(int at) const { return sqlite3_column_int64(handle_, at); }

std::string statement::text(int at) const { return std::string{column(at).view()}; }

bool statement::is_null(int at) const { return sqlite3_column_type(handle_, at) == SQLITE_NULL; }

std::optional<std::int64_t> statement::optional_integer(int at) const {
    if (is_null(at)) return std::nullopt;
    return integer(at);
}

std::optional<std::string> statement::optional_text(int at) const {
    if (is_null(at)) return std::nullopt;
    return text(at);
}

}  // namespace mdock::store
