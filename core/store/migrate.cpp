// SPDX-License-Identifier: MIT
#include "core/store/migrate.h"

#include <cstdint>
#include <string>

#include "core/model/dictionary.h"
#include "core/store/capture_sql.h"
#include "core/store/open.h"
#include "core/store/statement.h"
#include "schema/embedded.h"

namespace mdock::store {
namespace {

// FNV-1a: tells two texts of the surface apart; nothing hostile depends on it.
std::int64_t fingerprint(std::initializer_list<std::string_view> texts) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const auto text : texts)
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return static_cast<std::int64_t>(hash >> 1U);
}

void run(SQLite::Database& db, std::string_view sql) { db.exec(std::string(sql)); }

void fill_dictionary(SQLite::Database& db) {
    db.exec("DELETE FROM dict_tables; DELETE FROM dict_columns");
    statement table(db, "INSERT INTO dict_tables (table_name, kind, grain, meaning) VALUES (?1, ?2, ?3, ?4)");
    for (const auto& row : model::dictionary_tables())
        table.bind(1, row.table_name).bind(2, row.kind).bind(3, row.grain).bind(4, row.meaning).run();
    statement column(db,
                     "INSERT INTO dict_columns (table_name, column_name, type, meaning, unit, api_field, permission) "
                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    for (const auto& row : model::dictionary_columns()) {
        const auto optional = [](std::string_view text) {
            return text.empty() ? std::optional<std::string_view>{} : std::optional<std::string_view>{text};
        };
        column.bind(1, row.table_name).bind(2, row.column_name).bind(3, row.type).bind(4, row.meaning);
        column.bind(5, optional(row.unit)).bind(6, optional(row.api_field)).bind(7, optional(row.permission)).run();
    }
    // After the model's rows: it derives the views' columns from them.
    run(db, schema::dictionary());
}

// Somebody may have dropped a trigger to get at the tables; it is there again with the next start (R03).
bool is_complete(SQLite::Database& db, std::initializer_list<std::string_view> texts) {
    std::int64_t wanted = 0;
    for (const auto text : texts)
        for (const std::string_view made : {"\nCREATE TRIGGER ", "\nCREATE VIEW "})
            for (auto at = text.find(made); at != std::string_view::npos; at = text.find(made, at + 1)) ++wanted;
    return db.execAndGet("SELECT count(*) FROM sqlite_schema WHERE type = 'view' OR (type = 'trigger' AND substr(name, 1, 1) = '_')").getInt64() >= wanted;
}

void refresh_surface(SQLite::Database& db) {
    std::string described;
    for (const auto& row : model::dictionary_tables())
        for (const auto text : {row.table_name, row.kind, row.grain, row.meaning}) described.append(text).push_back('\n');
    for (const auto& row : model::dictionary_columns())
        for (const auto text : {row.table_name, row.column_name, row.type, row.meaning, row.unit, row.api_field, row.permission})
            described.append(text).push_back('\n');
    const std::string capture = std::string(schema::capture_dock()) + std::string(schema::capture_dock_commands()) + capture_sql();
    const std::int64_t wanted = fingerprint({schema::views(), schema::gate(), capture, schema::dictionary(), described});
    {
        statement made_by(db, "SELECT fingerprint FROM _surface");
        if (made_by.step() && made_by.integer(0) == wanted && is_complete(db, {schema::views(), schema::gate(), capture})) return;
    }
    db.exec("BEGIN IMMEDIATE");
    try {
        run(db, schema::views());
        run(db, schema::gate());
        run(db, capture);
        fill_dictionary(db);
        statement(db, "INSERT OR REPLACE INTO _surface (only_row, fingerprint) VALUES (1, ?1)").bind(1, wanted).run();
        db.exec("COMMIT");
    } catch (...) {
        db.tryExec("ROLLBACK");
        throw;
    }
}

}  // namespace

void migrate(SQLite::Database& db) {
    const int from = db.execAndGet("PRAGMA user_version").getInt();
    for (const auto& step : schema::migrations()) {
        if (step.version <= from) continue;
        db.exec("BEGIN EXCLUSIVE");
        try {
            run(db, step.sql);
            db.exec("PRAGMA application_id = " + std::to_string(application_id));
            db.exec("PRAGMA user_version = " + std::to_string(step.version));
            db.exec("COMMIT");
        } catch (...) {
            db.tryExec("ROLLBACK");
            throw;
        }
    }
    refresh_surface(db);
}

}  // namespace mdock::store
