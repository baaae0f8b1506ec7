// SPDX-License-Identifier: MIT
#include "tests/unit/schema/mirror_file.h"

#include <sqlite3.h>
#include <stdlib.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "core/model/dictionary.h"
#include "core/store/capture_sql.h"
#include "schema/embedded.h"

namespace mdock::schema_test {
namespace {

std::string quoted(std::string_view text) {
    if (text.empty()) return "NULL";
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

std::string model_rows() {
    std::string sql = "DELETE FROM dict_tables; DELETE FROM dict_columns;";
    for (const auto& t : model::dictionary_tables()) {
        sql += "INSERT INTO dict_tables VALUES (" + quoted(t.table_name) + "," + quoted(t.kind) + "," +
               quoted(t.grain) + "," + quoted(t.meaning) + ");";
    }
    for (const auto& c : model::dictionary_columns()) {
        sql += "INSERT INTO dict_columns VALUES (" + quoted(c.table_name) + "," + quoted(c.column_name) + "," +
               quoted(c.type) + "," + quoted(c.meaning) + "," + quoted(c.unit) + "," + quoted(c.api_field) + "," +
               quoted(c.permission) + ");";
    }
    return sql;
}

}  // namespace

scratch_folder::scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "mdock-schema-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no scratch folder");
    path_ = name;
}

scratch_folder::~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

mirror_file::mirror_file(made_here)
    : db_((folder_.path() / "mirror.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    settle();
    for (const auto& step : schema::migrations()) apply(step.sql);
    SQLite::Statement fill(db_, std::string(schema::dates()));
    fill.bind(":last_day", "2031-12-31");
    fill.exec();
    refresh_surface();
    apply(schema::indexes());
    db_.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}

// Made once and copied: making one takes longer than most tests.
std::string mirror_file::fresh_copy() const {
    static const std::string bytes = [] {
        const mirror_file made{made_here{}};
        std::ostringstream all;
        all << std::ifstream(made.folder() / "mirror.db", std::ios::binary).rdbuf();
        return all.str();
    }();
    const auto file = folder_.path() / "mirror.db";
    std::ofstream(file, std::ios::binary) << bytes;
    return file.string();
}

mirror_file::mirror_file() : db_(fresh_copy(), SQLite::OPEN_READWRITE) { settle(); }

void mirror_file::settle() {
    db_.exec("PRAGMA journal_mode = WAL");
    db_.exec("PRAGMA synchronous = OFF");  // a power cut is not the subject here
    db_.exec("PRAGMA foreign_keys = ON");
}

void mirror_file::refresh_surface() {
    apply(schema::views());
    apply(schema::gate());
    apply(schema::capture_dock());
    apply(schema::capture_dock_commands());
    apply(store::capture_sql());
    apply(model_rows());
    apply(schema::dictionary());
}

void mirror_file::triggers(bool on) {
    if (sqlite3_db_config(db_.getHandle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, on ? 1 : 0, nullptr) != SQLITE_OK)
        throw std::runtime_error("triggers cannot be switched");
}

void mirror_file::apply(std::string_view script) {
    triggers(false);
    db_.exec("BEGIN");
    db_.exec(std::string(script));
    db_.exec("COMMIT");
    triggers(true);
}

std::vector<row> mirror_file::rows(std::string_view sql) {
    std::vector<row> out;
    SQLite::Statement query(db_, std::string(sql));
    while (query.executeStep()) {
        row cells;
        for (int i = 0; i < query.getColumnCount(); ++i)
            cells.push_back(query.isColumnNull(i) ? "NULL" : query.getColumn(i).getString());
        out.push_back(std::move(cells));
    }
    return out;
}

std::string mirror_file::cell(std::string_view sql) {
    const auto found = rows(sql);
    return found.empty() ? "no row" : found.front().front();
}

std::string mirror_file::refusal(const std::string& sql) {
    try {
        db_.exec(sql);
    } catch (const SQLite::Exception& e) {
        return e.what();
    }
    return {};
}

std::string mirror_file::refusal_without_triggers(const std::string& sql) {
    triggers(false);
    const std::string said = refusal(sql);
    triggers(true);
    return said;
}

std::vector<std::string> mirror_file::public_tables() {
    std::vector<std::string> names;
    for (const auto& r :
         rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' "
              "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"))
        names.push_back(r.front());
    return names;
}

std::vector<std::string> mirror_file::views() {
    std::vector<std::string> names;
    for (const auto& r : rows("SELECT name FROM sqlite_schema WHERE type = 'view' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name"))
        names.push_back(r.front());
    return names;
}

std::vector<row> mirror_file::everything() {
    std::vector<row> all;
    for (const auto& t : rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
        all.push_back({t.front()});
        for (auto& r : rows("SELECT * FROM " + t.front())) all.push_back(std::move(r));
    }
    return all;
}

const std::string_view sample_rows = R"sql(
INSERT INTO accounts (account_id, name) VALUES (1, 'Account 1');
INSERT INTO users (user_account_id, email, first_name, last_name, billing_rate_cents, is_archived, is_me) VALUES
    (11, 'one@example.com', 'One', 'User', 15000, 0, 1), (12, 'two@example.com', NULL, NULL, NULL, 1, 0);
INSERT INTO contacts (contact_id, name, short_code, is_active) VALUES (21, 'Contact A', 'a', 1);
INSERT INTO contacts (contact_id, presence) VALUES (22, 'placeholder');
INSERT INTO projects (project_id, contact_id, name) VALUES (31, 21, 'Project A'), (32, 22, 'Project B');
INSERT INTO projects (project_id, presence) VALUES (33, 'placeholder');
INSERT INTO tasks (task_id, name) VALUES (41, 'Task A'), (42, 'Task B'), (43, 'Task C');
INSERT INTO items (item_id, name, default_rate_cents) VALUES (51, 'Item A', 1250);
INSERT INTO entries (entry_id, user_account_id, contact_id, project_id, description, duration_seconds, entry_date,
                     invoice_id, billing_rate_cents, updated_at) VALUES
    (101, 11, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (102, 11, 21, 31, 'one task', 3600, '2024-01-20', NULL, 15000, '2024-01-20 15:45:00'),
    (103, 12, 22, 33, 'placeholder parents, three tasks', 1800, '2024-01-21', 81, 0, '2024-01-21 00:00:00'),
    (104, 12, NULL, NULL, 'no parents, no tasks', 100, '2024-12-30', 999, NULL, '2024-12-30 23:59:59');
INSERT INTO entry_tasks (entry_id, task_id) VALUES (102, 41), (103, 41), (103, 42), (103, 43);
INSERT INTO expenses (expense_id, user_account_id, item_id, description, quantity, unit_amount, amount_cents, currency,
                      expense_date) VALUES
    (61, 11, 51, 'with an item', 2.0, '12.505', 2501, 'USD', '2024-02-29'),
    (62, 12, NULL, 'without anything', NULL, NULL, NULL, NULL, NULL);
INSERT INTO invoices (invoice_id, contact_id, number, status, currency, total_cents, invoice_date) VALUES
    (81, 21, 'INV-1', 'sent', 'USD', 11500, '2024-02-01'), (82, NULL, NULL, 'draft', NULL, NULL, NULL);
INSERT INTO invoice_line_items (line_item_id, invoice_id, position, description, total_cents) VALUES
    (91, 81, 1, 'Line 1', 11500), (92, NULL, NULL, NULL, NULL);
INSERT INTO dock (user_account_id, duration_seconds, is_running) VALUES (11, 0, 0);
INSERT INTO dock_tasks (user_account_id, task_id) VALUES (11, 41);
INSERT INTO gone_rows VALUES ('entries', 100, '2024-01-01 00:00:00', '404', '{}');
INSERT INTO outbox (queued_at, resource, row_id, operation) VALUES ('2024-01-01 00:00:00', 'entries', 102, 'update');
INSERT INTO outbox_done (outbox_id, queued_at, resource, row_id, operation, state, attempts, done_at, outcome)
    VALUES (7, '2024-01-01 00:00:00', 'entries', 102, 'update', 'sending', 1, '2024-01-01 00:00:01', 'applied');
INSERT INTO conflicts (resource, row_id, field, detected_at) VALUES ('entries', 102, 'description', '2024-01-01 00:00:00');
INSERT INTO changes (at, resource, row_id, operation, origin)
    VALUES ('2024-01-01 00:00:00', 'entries', 102, 'insert', 'minutedock');
INSERT INTO local_ids (local_id, resource, row_id) VALUES (9000000000000001, 'entries', 102);
)sql";

}  // namespace mdock::schema_test
