// SPDX-License-Identifier: MIT
// mdock db path | check
#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>

#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/exit_codes.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

// What must always hold, each as a query that counts the rows that break it.
struct invariant {
    const char* sentence;
    const char* broken;
};

constexpr std::array invariants{
    invariant{"accounts holds the pinned account alone",
              "SELECT count(*) FROM accounts WHERE account_id NOT IN (SELECT account_id FROM _identity)"},
    invariant{"at most one user is me", "SELECT max(0, count(*) - 1) FROM users WHERE is_me"},
    invariant{"no row is here and gone at once",
              "SELECT (SELECT count(*) FROM entries JOIN gone_rows ON resource = 'entries' AND row_id = entry_id)"
              " + (SELECT count(*) FROM expenses JOIN gone_rows ON resource = 'expenses' AND row_id = expense_id)"
              " + (SELECT count(*) FROM invoices JOIN gone_rows ON resource = 'invoices' AND row_id = invoice_id)"},
    invariant{"every line item has its invoice",
              "SELECT count(*) FROM invoice_line_items WHERE invoice_id NOT IN (SELECT invoice_id FROM invoices)"},
    invariant{"mirror_status has every resource", "SELECT abs(11 - count(*)) FROM mirror_status"},
};

int show_path(session& here) {
    const auto& file = here.config().database.path;
    if (here.out().is_json()) {
        std::error_code error;
        boost::json::object body;
        body["path"] = file.string();
        body["exists"] = std::filesystem::exists(file, error);
        here.out().document(std::move(body));
        return 0;
    }
    here.out().line(file.string());
    return 0;
}

std::vector<std::string> problems_of(SQLite::Database& db) {
    std::vector<std::string> found;
    SQLite::Statement whole(db, "PRAGMA integrity_check(20)");
    while (whole.executeStep())
        if (const auto line = whole.getColumn(0).getString(); line != "ok") found.push_back("integrity_check: " + line);
    if (!found.empty()) return found;  // the other questions would be asked of a broken file
    SQLite::Statement keys(db, "PRAGMA foreign_key_check");
    while (keys.executeStep() && found.size() < 20)
        found.push_back(fmt::format("foreign_key_check: row {} of {} points to a {} that is not there",
                                    keys.getColumn(1).getString(), keys.getColumn(0).getString(),
                                    keys.getColumn(2).getString()));
    for (const auto& one : invariants) {
        const auto broken = db.execAndGet(one.broken).getInt64();
        if (broken > 0) found.push_back(fmt::format("not true that {}: {} rows", one.sentence, broken));
    }
    return found;
}

int check(session& here) {
    auto db = open_mirror(here);
    const auto found = problems_of(db);
    if (here.out().is_json()) {
        boost::json::array list;
        for (const auto& one : found) list.emplace_back(one);
        boost::json::object body;
        body["path"] = here.config().database.path.string();
        body["ok"] = found.empty();
        body["problems"] = std::move(list);
        here.out().document(std::move(body));
    } else if (found.empty()) {
        here.out().line(fmt::format("{} is whole.", here.config().database.path.string()));
    }
    for (const auto& one : found) here.out().warn(made_visible(one));
    if (found.empty()) return exit_code::done;
    here.out().warn(hint_for(errc::database_corrupt));
    return exit_code::database;
}

}  // namespace

void add_db(command_tree& tree) {
    auto* db = tree.add(nullptr, "db", "the database file", "  sqlite3 \"$(mdock db path)\"\n  mdock db check");
    db->require_subcommand(1);
    tree.on(tree.add(db, "path", "the file's path", "  mdock db path"), show_path);
    tree.on(
        tree.add(db, "check", "reads the whole file and looks for damage", "  mdock db check\n  mdock db check --json"),
        check);
}

}  // namespace mdock::cli
