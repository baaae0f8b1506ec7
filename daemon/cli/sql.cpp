// SPDX-License-Identifier: MIT
// mdock sql [SQL | -]: reads, and shows the rows. With --write: says what it would queue for MinuteDock, by doing it and
// taking it back; asks; then does it.
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <iterator>

#include "daemon/cli/change_text.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/terminal.h"
#include "daemon/exit_codes.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

namespace json = boost::json;

struct sql_options {
    std::string text;
    bool writes = false;
    losing_options how;
};

std::string sql_text(const sql_options& options) {
    auto text = options.text;
    const bool is_piped = text == "-" || (text.empty() && ::isatty(STDIN_FILENO) == 0);
    if (is_piped) text.assign(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
    if (text.find_first_not_of(" \t\r\n;") == std::string::npos) fail(errc::usage, "there is no SQL: give it as one word, or - to read it from stdin");
    if (text.find('\0') != std::string::npos) fail(errc::usage, "the SQL has a zero byte in it");
    return text;
}

struct statement_closer {
    void operator()(sqlite3_stmt* what) const { sqlite3_finalize(what); }
};

// SQLite 3.40 takes its JSON functions for unsafe in triggers unless the schema is trusted.
class trusted_while {
public:
    explicit trusted_while(SQLite::Database& db) : handle_(db.getHandle()) { set(1); }
    ~trusted_while() { set(0); }
    trusted_while(const trusted_while&) = delete;
    trusted_while& operator=(const trusted_while&) = delete;

private:
    void set(int on) { sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, on, nullptr); }
    sqlite3* handle_;
};

// The statements of a text, each checked by SQLite itself; comments and empty ones are left out.
struct one_statement {
    std::string sql;
    bool only_reads = false;
};
std::vector<one_statement> statements_in(SQLite::Database& db, const std::string& text) {
    // A write is only prepared here, with the triggers of our own schema, which use JSON; nothing runs.
    const trusted_while prepared(db);
    std::vector<one_statement> out;
    const char* at = text.c_str();
    while (*at != '\0') {
        sqlite3_stmt* made = nullptr;
        const char* next = nullptr;
        const int code = sqlite3_prepare_v2(db.getHandle(), at, -1, &made, &next);
        const std::unique_ptr<sqlite3_stmt, statement_closer> one(made);
        if (code != SQLITE_OK) fail(errc::usage, fmt::format("SQLite does not understand it: {}", sqlite3_errmsg(db.getHandle())));
        if (one) out.push_back({std::string(at, next), sqlite3_stmt_readonly(one.get()) != 0});
        at = next;
    }
    if (out.empty()) fail(errc::usage, "there is no SQL in it");
    return out;
}

json::value cell_as_json(const SQLite::Column& cell) {
    if (cell.isNull()) return nullptr;
    if (cell.isInteger()) return cell.getInt64();
    if (cell.isFloat()) return cell.getDouble();
    return json::string(cell.getString());
}

std::string as_text(const SQLite::Column& cell) { return cell.isNull() ? std::string() : cell.getString(); }

// Names of result columns; a second one of the same name is told apart.
std::vector<std::string> names_of(SQLite::Statement& rows) {
    std::vector<std::string> names;
    for (int i = 0; i < rows.getColumnCount(); ++i) {
        std::string name = rows.getColumnName(i);
        while (std::find(names.begin(), names.end(), name) != names.end()) name += ":2";
        names.push_back(std::move(name));
    }
    return names;
}

void print_json(output& out, SQLite::Statement& rows) {
    const auto names = names_of(rows);
    json::array columns;
    for (const auto& one : names) columns.emplace_back(one);
    out.print(fmt::format("{{\"schema\":1,\"columns\":{},\"rows\":[", json::serialize(columns)));
    for (bool is_first = true; rows.executeStep(); is_first = false) {
        json::object row;
        for (std::size_t i = 0; i < names.size(); ++i) row[names[i]] = cell_as_json(rows.getColumn(static_cast<int>(i)));
        out.print((is_first ? "\n" : ",\n") + json::serialize(row));
    }
    out.line("]}");
}

void print_table(output& out, SQLite::Statement& rows) {
    std::vector<table_column> columns;
    for (const auto& one : names_of(rows)) columns.push_back({one, align::left, true});
    std::vector<std::vector<std::string>> cells;
    while (rows.executeStep()) {
        auto& line = cells.emplace_back();
        for (int i = 0; i < rows.getColumnCount(); ++i) {
            const auto cell = rows.getColumn(i);
            if (cell.isInteger() || cell.isFloat()) columns[static_cast<std::size_t>(i)].side = align::right;
            line.push_back(as_text(cell));
        }
    }
    if (cells.empty())
        out.note("No rows.");
    else
        out.print(format_table(columns, cells, out.data_columns()));
}

int read(session& here, const std::string& text) {
    auto db = open_mirror(here);
    const auto all = statements_in(db, text);
    if (all.size() > 1) fail(errc::usage, "one statement at a time is read; `mdock sql --write` takes several");
    if (!all.front().only_reads) fail(errc::usage, "this would change something; `mdock sql --write` says what, and asks");
    SQLite::Statement rows(db, all.front().sql);
    if (rows.getColumnCount() == 0) fail(errc::usage, "this gives no rows");
    if (here.out().is_json())
        print_json(here.out(), rows);
    else
        print_table(here.out(), rows);
    return exit_code::done;
}

std::string summary(const store::write_outcome& what) {
    return fmt::format("{} {} changed, {} {} for MinuteDock", with_commas(what.rows_changed), what.rows_changed == 1 ? "row" : "rows",
                       with_commas(static_cast<std::int64_t>(what.queued.size())), what.queued.size() == 1 ? "change" : "changes");
}

void show_plan(session& here, const store::write_outcome& planned) {
    constexpr std::size_t most_shown = 20;
    auto& out = here.out();
    std::size_t shown = 0;
    for (const auto& one : planned.queued)
        if (++shown <= most_shown) out.warn("  " + made_visible(describe(one)));
    if (planned.queued.size() > most_shown)
        out.warn(fmt::format("  and {} more", with_commas(static_cast<std::int64_t>(planned.queued.size() - most_shown))));
    if (static_cast<std::int64_t>(planned.queued.size()) > here.config().writes.hold_above)
        out.warn(fmt::format("That is more than writes.hold_above ({}): they would be held until `mdock outbox release`.",
                             here.config().writes.hold_above));
}

int write(session& here, const std::string& text, const losing_options& how) {
    auto db = open_for_change(here);
    std::vector<store::write_statement> statements;
    for (auto& one : statements_in(db, text)) {
        if (one.only_reads) fail(errc::usage, "with --write each statement must be an INSERT, UPDATE or DELETE; `mdock sql` reads");
        statements.push_back({std::move(one.sql), {}});
    }
    const auto planned = change(here, write_request{statements, false});
    auto& out = here.out();
    if (how.dry_run) {
        json::object body;
        body["dry_run"] = true;
        body["rows_changed"] = planned.done.rows_changed;
        body["queued"] = as_json(planned.done.queued);
        if (out.is_json()) out.document(std::move(body));
        out.warn(summary(planned.done) + ":");
        show_plan(here, planned.done);
        out.note("Nothing was changed.");
        return exit_code::done;
    }
    if (!how.yes) {
        out.warn(summary(planned.done) + ":");
        show_plan(here, planned.done);
    }
    if (!agrees_to_lose(here, how.yes, "Do it?")) {
        out.note("Nothing was changed.");
        return exit_code::failed;
    }
    const auto got = change(here, write_request{std::move(statements), true, store::shown_as(planned.done)});
    json::object body;
    body["rows_changed"] = got.done.rows_changed;
    return say_changed(here, summary(got.done), got, std::move(body));
}

int sql(session& here, const sql_options& options) {
    const auto text = sql_text(options);
    if (options.writes) return write(here, text, options.how);
    if (options.how.yes || options.how.dry_run) fail(errc::usage, "--yes and --dry-run are for --write");
    return read(here, text);
}

}  // namespace

void add_sql(command_tree& tree) {
    auto options = std::make_shared<sql_options>();
    auto* command = tree.add(nullptr, "sql", "asks the mirror in SQL, or changes it",
                             "  mdock sql \"SELECT * FROM fact_time_entry LIMIT 5\"\n  mdock sql --json - < question.sql\n"
                             "  mdock sql --write \"UPDATE entries SET entry_date = '2024-01-31' WHERE entry_id = 4711\"");
    command->add_option("SQL", options->text, "one statement, or - to read it from stdin");
    command->add_flag("--write", options->writes, "changes that go to MinuteDock: says which, asks, then queues them");
    add_losing_options(command, options->how);
    tree.on(command, [options](session& here) { return sql(here, *options); });
}

}  // namespace mdock::cli
