// SPDX-License-Identifier: MIT
// A prepared statement over SQLite's C API for the hot path: texts by pointer and length (SQLiteCpp 3.2 binds text only
// from std::string or up to a NUL, H10) and cells without a reference count for each column. Throws SQLite::Exception.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/rows.h"

struct sqlite3_stmt;

namespace mdock::store {

class statement {
public:
    statement(SQLite::Database& db, std::string_view sql);
    statement(statement&& other) noexcept;
    statement& operator=(statement&&) = delete;
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;
    ~statement();

    // Parameters count from 1. Texts are borrowed until the next reset().
    statement& bind(int at, std::int64_t value);
    statement& bind(int at, int value) { return bind(at, static_cast<std::int64_t>(value)); }
    statement& bind(int at, bool value) { return bind(at, static_cast<std::int64_t>(value ? 1 : 0)); }
    statement& bind(int at, std::string_view text);
    statement& bind(int at, const char* text) { return bind(at, std::string_view{text}); }
    statement& bind(int at, const std::string& text) { return bind(at, std::string_view{text}); }
    statement& bind(int at, std::nullptr_t);
    statement& bind(int at, const model::cell& value);
    template <class T>
    statement& bind(int at, const std::optional<T>& value) {
        return value ? bind(at, *value) : bind(at, nullptr);
    }

    // True while there is a row.
    bool step();
    // Steps to the end and resets: for statements without rows of interest.
    void run();
    void reset();

    // Columns of the current row count from 0. A text cell is valid until the next step or reset.
    model::cell column(int at) const;
    std::int64_t integer(int at) const;
    std::string text(int at) const;
    bool is_null(int at) const;
    std::optional<std::int64_t> optional_integer(int at) const;
    std::optional<std::string> optional_text(int at) const;

private:
    void check(int code) const;

    sqlite3_stmt* handle_ = nullptr;
    SQLite::Database* db_;
};

}  // namespace mdock::store
