// SPDX-License-Identifier: MIT
// CONV: field by field, the mirror is what the service's state says it must be, as far as the strictness goes.
#include "core/model/description.h"
#include "core/store/statement.h"
#include "tests/minutedock/expected.h"
#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"

namespace mdock::sim {
namespace {

constexpr std::size_t most_lines = 6;

using expected = minutedock::expected_mirror_rows;

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
    comparison(grounds& world, machine& of, strictness how)
        : world_(world), db_(of.db()), how_(how), wanted_(minutedock::expected_mirror(world.service, of.plan().token)),
          waiting_(waiting_rows(of)) {}

    std::vector<std::string> run() {
        // What was refused waits for a person, and what depends on it with it.
        auto& open = db_.prepared("WITH RECURSIVE stuck (id) AS (SELECT outbox_id FROM outbox WHERE state = 'parked' UNION SELECT outbox_id "
                                  "FROM outbox JOIN stuck ON waits_for = id) SELECT outbox_id, state FROM outbox WHERE outbox_id NOT IN stuck LIMIT 3");
        while (open.step()) say("change " + std::to_string(open.integer(0)) + " is still " + open.text(1));
        open.reset();
        for (const auto& [table, rows] : wanted_.tables)
            if (how_ == strictness::entries && table != "entries") continue;
            else if (const auto state = wanted_.states.find(table); state != wanted_.states.end() && state->second == "current")
                compare(resource_named(table).value(), rows);
        compare_links();
        return std::move(lines_);
    }

private:
    void say(std::string line) {
        if (lines_.size() < most_lines) lines_.push_back(std::move(line));
    }

    bool is_silent(resource which, std::int64_t id) const {
        if (how_ == strictness::everything) return false;
        const auto* life = world_.past.find(which, id);
        return life != nullptr && life->is_silent;
    }
    // A sum of hours that can be compared finds an edit that nobody stamped.
    bool shows_in_hours(resource which, std::int64_t id) const {
        if (how_ != strictness::proven || which != resource::entries || !counts_hours_) return false;
        const auto* life = world_.past.find(which, id);
        return life != nullptr && life->is_silent && life->has_silent_hours;
    }
    static bool counts_hours(store::database& db) {
        auto& rule = db.prepared("SELECT 1 FROM _count_rule WHERE scope = 'all' AND hours = 'equal'");
        const bool does = rule.step();
        rule.reset();
        return does;
    }
    void compare_hours(std::int64_t id, const expected::row& wanted) {
        auto& row = db_.prepared("SELECT duration_seconds FROM entries WHERE entry_id = ?1");
        row.bind(1, id);
        row.step();
        const auto mirrored = text_of(row.column(0));
        row.reset();
        if (mirrored != wanted.at("duration_seconds"))
            say("entries " + std::to_string(id) + " hours: mirror " + shown(mirrored) + ", account " + shown(wanted.at("duration_seconds")));
    }
    bool is_volatile(const std::string& table, const std::string& column) const {
        if (how_ == strictness::everything) return false;
        const auto& all = expected::volatile_columns();
        const auto found = all.find(table);
        return found != all.end() && std::find(found->second.begin(), found->second.end(), column) != found->second.end();
    }

    // The columns to look at in a table, in the order of its statement.
    const std::vector<std::string>& columns_of(const std::string& table, const expected::row& row) {
        auto& columns = columns_[table];
        if (columns.empty())
            for (const auto& [name, value] : row) columns.push_back(name);
        return columns;
    }

    void compare(resource which, const expected::table& rows) {
        if (which == resource::dock && std::any_of(waiting_.begin(), waiting_.end(), [](const auto& row) { return row.first == resource::dock; })) return;
        const std::string table(name_of(which));
        const auto& described = model::describe(which);
        std::string sql = "SELECT " + std::string(described.key);
        static const std::vector<std::string> none;
        // A running dock's duration is left out, so columns follow from this account's first row.
        const auto& columns = rows.empty() ? none : columns_of(table, rows.begin()->second);
        for (const auto& column : columns) sql += ", " + column;
        sql += " FROM " + table;
        if (described.keeps_unseen) sql += " WHERE presence = 'present'";
        std::set<std::int64_t> seen;
        auto& all = db_.prepared(sql);
        while (all.step()) {
            const auto id = all.integer(0);
            if (waiting_.contains({which, id})) continue;
            const auto found = rows.find(id);
            if (found == rows.end()) {
                if (how_ > strictness::stamped) say(table + " " + std::to_string(id) + ": in the mirror, not in the account");
                continue;
            }
            seen.insert(id);
            if (shows_in_hours(which, id)) compare_hours(id, found->second);
            if (!is_silent(which, id)) compare_row(table, id, columns, found->second, all);
        }
        all.reset();
        for (const auto& [id, row] : rows)
            if (!seen.contains(id) && !waiting_.contains({which, id}) && (how_ > strictness::stamped || !is_silent(which, id)))
                say(table + " " + std::to_string(id) + ": in the account, not in the mirror");
    }

    void compare_row(const std::string& table, std::int64_t id, const std::vector<std::string>& columns,
                     const expected::row& wanted, const store::statement& row) {
        int at = 0;
        for (const auto& column : columns) {
            ++at;
            const auto value = wanted.find(column);
            if (value == wanted.end() || is_volatile(table, column)) continue;
            const auto mirrored = text_of(row.column(at));
            if (mirrored != value->second)
                say(table + " " + std::to_string(id) + " " + column + ": mirror " + shown(mirrored) + ", account " +
                    shown(value->second));
        }
    }

    void compare_links() {
        std::map<std::int64_t, std::vector<std::int64_t>> mirrored;
        auto& all = db_.prepared("SELECT entry_id, task_id FROM entry_tasks ORDER BY entry_id, task_id");
        while (all.step()) mirrored[all.integer(0)].push_back(all.integer(1));
        all.reset();
        static const std::vector<std::int64_t> none;
        for (const auto& [entry, tasks] : wanted_.entry_tasks) {
            if (waiting_.contains({resource::entries, entry})) continue;
            const auto found = mirrored.find(entry);
            const auto& here = found == mirrored.end() ? none : found->second;
            if (here != tasks && !is_silent(resource::entries, entry)) say("entry_tasks of " + std::to_string(entry) + " differ");
        }
        if (how_ <= strictness::stamped) return;
        for (const auto& [entry, tasks] : mirrored)
            if (!wanted_.entry_tasks.contains(entry) && !waiting_.contains({resource::entries, entry})) say("entry_tasks of " + std::to_string(entry) + ": no such entry");
    }

    grounds& world_;
    store::database& db_;
    strictness how_;
    const bool counts_hours_ = how_ == strictness::proven && counts_hours(db_);
    const expected wanted_;
    const std::set<std::pair<resource, row_id>> waiting_;
    std::map<std::string, std::vector<std::string>> columns_;
    std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> unequal(grounds& world, machine& of, strictness how) { return comparison(world, of, how).run(); }

}  // namespace mdock::sim
