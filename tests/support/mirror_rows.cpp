// SPDX-License-Identifier: MIT
#include "tests/support/mirror_rows.h"

#include "core/model/description.h"
#include "core/store/statement.h"
#include "tests/minutedock/expected.h"

namespace mdock::test {
namespace {

constexpr std::size_t most_lines = 12;

using minutedock::expected_mirror_rows;

std::optional<std::string> text_of(const model::cell& value) {
    switch (value.type) {
        case model::cell_type::null: return std::nullopt;
        case model::cell_type::integer: return minutedock::number_text(value.integer);
        case model::cell_type::real: return minutedock::number_text(value.real);
        case model::cell_type::text: return std::string(value.view());
    }
    return std::nullopt;
}

std::string shown(const std::optional<std::string>& value) { return value ? "'" + *value + "'" : "NULL"; }

class comparison {
public:
    comparison(SQLite::Database& db, const expected_mirror_rows& wanted) : db_(db), wanted_(wanted) {}

    std::vector<std::string> run() {
        for (const auto& [table, rows] : wanted_.tables) compare(table, rows);
        compare_links();
        return std::move(lines_);
    }

private:
    void say(std::string line) {
        if (lines_.size() < most_lines) lines_.push_back(std::move(line));
    }

    void compare(const std::string& table, const expected_mirror_rows::table& rows) {
        const auto& described = model::describe(resource_named(table).value());
        std::string sql = "SELECT * FROM " + table;
        if (described.keeps_unseen) sql += " WHERE presence = 'present'";
        SQLite::Statement names(db_, sql);
        std::size_t seen = 0;
        store::statement all(db_, sql);
        const int key = names.getColumnIndex(std::string(described.key).c_str());
        while (all.step()) {
            const auto id = all.integer(key);
            const auto found = rows.find(id);
            if (found == rows.end()) {
                say(table + " " + std::to_string(id) + ": in the mirror, not in the account");
                continue;
            }
            ++seen;
            for (const auto& [column, value] : found->second) {
                const auto mirrored = text_of(all.column(names.getColumnIndex(column.c_str())));
                if (mirrored != value)
                    say(table + " " + std::to_string(id) + " " + column + ": mirror " + shown(mirrored) + ", account " + shown(value));
            }
        }
        if (seen < rows.size())
            say(table + ": " + std::to_string(rows.size() - seen) + " rows of the account are not in the mirror");
    }

    void compare_links() {
        std::map<std::int64_t, std::vector<std::int64_t>> mirrored;
        store::statement all(db_, "SELECT entry_id, task_id FROM entry_tasks ORDER BY entry_id, task_id");
        while (all.step()) mirrored[all.integer(0)].push_back(all.integer(1));
        for (const auto& [entry, tasks] : wanted_.entry_tasks) {
            const auto found = mirrored.find(entry);
            const auto& here = found == mirrored.end() ? none_ : found->second;
            if (here != tasks) say("entry_tasks of " + std::to_string(entry) + " differ");
        }
        for (const auto& [entry, tasks] : mirrored)
            if (!wanted_.entry_tasks.contains(entry)) say("entry_tasks of " + std::to_string(entry) + ": no such entry");
        std::vector<std::int64_t> dock;
        store::statement docked(db_, "SELECT task_id FROM dock_tasks ORDER BY task_id");
        while (docked.step()) dock.push_back(docked.integer(0));
        if (dock != wanted_.dock_tasks) say("dock_tasks differ");
    }

    SQLite::Database& db_;
    const expected_mirror_rows& wanted_;
    const std::vector<std::int64_t> none_;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> differences(world& w) {
    SQLite::Database reader = w.reader();
    const auto wanted = minutedock::expected_mirror(w.service, w.http.token);
    return comparison(reader, wanted).run();
}

std::vector<std::string> broken_promises(world& w) {
    std::vector<std::string> out;
    SQLite::Database reader = w.reader();
    const std::string integrity = reader.execAndGet("PRAGMA integrity_check").getString();
    if (integrity != "ok") out.push_back("integrity_check: " + integrity);
    SQLite::Statement keys(reader, "PRAGMA foreign_key_check");
    while (keys.executeStep() && out.size() < most_lines)
        out.push_back("foreign_key_check: " + keys.getColumn(0).getString() + " -> " + keys.getColumn(2).getString());
    return out;
}

}  // namespace mdock::test
