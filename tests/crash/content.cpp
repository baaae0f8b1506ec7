// SPDX-License-Identifier: MIT
// What of a mirror is compared after a crash, and what may only grow.
#include <algorithm>
#include <set>

#include "tests/crash/lab.h"

namespace mdock::test {
namespace {

constexpr std::size_t most_lines = 6;

// When something was noticed or tried, and numbers in the order of events: different after a detour, and rightly so.
bool is_volatile(std::string_view table, std::string_view column) {
    static const std::set<std::pair<std::string_view, std::string_view>> them{
        {"mirror_status", "complete_as_of"}, {"mirror_status", "verified_as_of"}, {"mirror_status", "last_attempt_at"},
        {"changes", "seq"},                  {"changes", "at"}};
    return column == "gone_at" || them.contains({table, column});
}

std::vector<std::string> public_tables(SQLite::Database& db) {
    std::vector<std::string> names;
    SQLite::Statement all(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND "
                              "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'dict\\_%' ESCAPE '\\'");
    while (all.executeStep()) names.push_back(all.getColumn(0).getString());
    return names;
}

}  // namespace

lines public_content(world& w) {
    lines out;
    auto& db = w.db->connection();
    for (const auto& table : public_tables(db)) {
        SQLite::Statement rows(db, "SELECT * FROM " + table);
        while (rows.executeStep()) {
            std::string line = table;
            for (int i = 0; i < rows.getColumnCount(); ++i) {
                if (is_volatile(table, rows.getColumnName(i))) continue;
                line += '|';
                line += rows.getColumn(i).isNull() ? "NULL" : rows.getColumn(i).getString();
            }
            out.push_back(std::move(line));
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

lines content_of(const crash_scenario& what, world& w) { return what.content != nullptr ? what.content(w) : public_content(w); }

lines difference_of(const lines& wanted, const lines& found) {
    lines missing, extra, out;
    std::set_difference(wanted.begin(), wanted.end(), found.begin(), found.end(), std::back_inserter(missing));
    std::set_difference(found.begin(), found.end(), wanted.begin(), wanted.end(), std::back_inserter(extra));
    for (std::size_t i = 0; i < std::min(missing.size(), most_lines); ++i) out.push_back("missing: " + missing[i]);
    for (std::size_t i = 0; i < std::min(extra.size(), most_lines); ++i) out.push_back("not in the clean run: " + extra[i]);
    return out;
}

void high_marks::note(world& w) {
    auto take = [this](std::string name, std::string value) {
        auto& mark = marks_[name];
        if (value < mark)
            broken.push_back(name + " went back from " + mark + " to " + value);
        mark = std::move(value);
    };
    // What a rehearsal writes is never committed.
    if (w.db->is_rehearsing()) return;
    try {
        auto& rows = w.db->prepared("SELECT m.resource, r.cursor_at, m.complete_as_of, m.verified_as_of FROM mirror_status m "
                                    "LEFT JOIN _resource r ON r.resource = m.resource");
        while (rows.step()) {
            const std::string which(rows.text(0));
            take(which + " cursor", std::string(rows.text(1)));
            take(which + " complete_as_of", std::string(rows.text(2)));
            take(which + " verified_as_of", std::string(rows.text(3)));
        }
        rows.reset();
        auto& last = w.db->prepared("SELECT printf('%012d', max(seq)) FROM sqlite_sequence WHERE name = 'changes'");
        if (last.step()) take("changes.seq", std::string(last.text(0)));
        last.reset();
    } catch (const SQLite::Exception&) {
        // The disk is sick: nothing was seen.
    }
}

}  // namespace mdock::test
