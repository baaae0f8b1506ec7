// SPDX-License-Identifier: MIT
#include "tests/sim/person.h"

#include "core/store/local_write.h"
#include "core/store/outbox_rows.h"
#include "tests/sim/oracles.h"
#include "tests/sim/picks.h"

namespace mdock::sim {
namespace {

using store::write_statement;
using statements = std::vector<write_statement>;

class person {
public:
    person(grounds& world, machine& at, const event& what) : world_(world), db_(at.db()), at_(at), what_(what) {}

    void act() {
        const auto before = waiting();
        const auto done_before = done();
        what_is_done();
        put_down(before, done_before);
        at_.note_write();
    }

private:
    void what_is_done() {
        switch (what_.what) {
            case act::local_create: return add_entry();
            case act::local_edit: return edit_entry();
            case act::local_delete: return write({{"DELETE FROM entries WHERE entry_id = ?1", {own_entry()}}});
            case act::local_name: return change_name();
            case act::local_expense: return edit_expense();
            case act::local_timer: return run_timer();
            case act::local_outbox: return look_after_outbox();
            default: return decide();
        }
    }

    std::int64_t number(const std::string& sql) {
        auto& row = db_.prepared(sql);
        const auto out = row.step() ? row.integer(0) : 0;
        row.reset();
        return out;
    }
    std::string text(const std::string& sql) {
        auto& row = db_.prepared(sql);
        auto out = row.step() ? row.text(0) : std::string{};
        row.reset();
        return out;
    }
    // One of the ids that `from` selects; 0 when there is none.
    std::int64_t one_of(const std::string& key, const std::string& from, std::uint64_t pick) {
        const auto count = number("SELECT count(*) FROM " + from);
        if (count == 0) return 0;
        return number("SELECT " + key + " FROM " + from + " ORDER BY " + key + " LIMIT 1 OFFSET " +
                      std::to_string(pick % static_cast<std::uint64_t>(count)));
    }
    std::int64_t own_entry() {
        return one_of("entry_id", "entries WHERE user_account_id = (SELECT user_account_id FROM _identity)", what_.a);
    }
    std::int64_t contact(std::uint64_t pick) { return one_of("contact_id", "contacts WHERE presence = 'present'", pick); }
    std::int64_t project(std::uint64_t pick) { return one_of("project_id", "projects WHERE presence = 'present'", pick); }
    std::int64_t task(std::uint64_t pick) { return one_of("task_id", "tasks WHERE presence = 'present'", pick); }
    std::string day() const { return format_date(day_near(world_.line.exact(), what_.a)); }

    void write(statements what) {
        if (const auto why = at_.write(what)) world_.log.note(at_.number(), "refused", *why);
    }

    // Every third has the text of one before, on purpose (O17).
    std::string text_of_a_new_row() {
        const auto tag = what_.b % 3 == 0 && world_.wanted.has_any() && is_tag_mine() ? last_tag_ : world_.wanted.fresh_tag();
        return tag + " call";
    }
    bool is_tag_mine() {
        last_tag_.clear();
        for (const auto& [id, one] : world_.wanted.all)
            if (id.first == at_.number() && one.which == resource::entries && one.operation == "create") last_tag_ = one.tag;
        return !last_tag_.empty();
    }

    void add_entry() {
        store::write_value client = nullptr, job = nullptr;
        if (what_.a % 4 != 0)
            if (const auto id = contact(what_.a / 4); id != 0) client = id;
        if (what_.b % 5 == 0)
            if (const auto id = project(what_.a); id != 0) {
                job = id;
                client = number("SELECT contact_id FROM projects WHERE project_id = " + std::to_string(id));
            }
        statements all{{"INSERT INTO entries (description, duration_seconds, entry_date, contact_id, project_id) VALUES (?1, ?2, ?3, ?4, ?5)",
                        {text_of_a_new_row(), static_cast<std::int64_t>(900 * (what_.b % 9)), day(), client, job}}};
        if (what_.b % 2 == 0)
            if (const auto id = task(what_.b / 8); id != 0)
                all.push_back({"INSERT INTO entry_tasks (entry_id, task_id) VALUES ((SELECT max(entry_id) FROM entries), ?1)", {id}});
        write(std::move(all));
    }

    void edit_entry() {
        const auto id = own_entry();
        const std::string where = " WHERE entry_id = ?2";
        const auto pick = what_.b / 8;
        switch (what_.b % 8) {
            case 0:
            case 1: {
                const auto tag = tag_of(text("SELECT coalesce(description, '') FROM entries WHERE entry_id = " + std::to_string(id)));
                return write({{"UPDATE entries SET description = ?1" + where, {(tag.empty() ? "here " : tag + " ") + std::to_string(pick), id}}});
            }
            case 2: return write({{"UPDATE entries SET duration_seconds = duration_seconds + ?1" + where, {std::int64_t{900}, id}}});
            case 3: return write({{"UPDATE entries SET entry_date = ?1" + where, {day(), id}}});
            case 4: {
                store::write_value client = nullptr;
                if (const auto found = contact(pick); found != 0) client = found;
                return write({{"UPDATE entries SET contact_id = ?1, project_id = NULL" + where, {client, id}}});
            }
            case 5:
                if (const auto found = task(pick); found != 0)
                    write({{"INSERT OR IGNORE INTO entry_tasks (entry_id, task_id) VALUES (?1, ?2)", {id, found}}});
                return;
            case 6: return write({{"DELETE FROM entry_tasks WHERE entry_id = ?1", {id}}});
            default:
                // By the dozen: some of it is held.
                return write({{"UPDATE entries SET duration_seconds = duration_seconds + 60 WHERE user_account_id = (SELECT "
                               "user_account_id FROM _identity) AND entry_id % 3 = ?1", {static_cast<std::int64_t>(pick % 3)}}});
        }
    }

    void change_name() {
        const auto pick = what_.b / 9;
        const std::string name = world_.wanted.fresh_tag() + " name";
        switch (what_.b % 9) {
            case 0: return write({{"INSERT INTO contacts (name) VALUES (?1)", {name}}});
            case 1: return write({{"INSERT INTO projects (name, contact_id) VALUES (?1, ?2)", {name, contact(pick)}}});
            case 2: return write({{"INSERT INTO tasks (name) VALUES (?1)", {name}}});
            case 3: return rename("contacts", "contact_id", contact(pick));
            case 4: return rename("projects", "project_id", project(pick));
            case 5: return rename("tasks", "task_id", task(pick));
            case 6: return write({{"DELETE FROM contacts WHERE contact_id = ?1", {contact(pick)}}});
            case 7: return write({{"DELETE FROM projects WHERE project_id = ?1", {project(pick)}}});
            default: return write({{"DELETE FROM tasks WHERE task_id = ?1", {task(pick)}}});
        }
    }
    void rename(const std::string& table, const std::string& key, std::int64_t id) {
        const auto tag = tag_of(text("SELECT name FROM " + table + " WHERE " + key + " = " + std::to_string(id)));
        write({{"UPDATE " + table + " SET name = ?1 WHERE " + key + " = ?2", {(tag.empty() ? "Here " : tag + " ") + std::to_string(what_.a), id}}});
    }

    void edit_expense() {
        const auto id = one_of("expense_id", "expenses", what_.a);
        write({{"UPDATE expenses SET description = ?2 WHERE expense_id = ?1", {id, "cost " + std::to_string(what_.b % 100)}}});
    }

    void run_timer() {
        const std::string mine = " WHERE user_account_id = (SELECT user_account_id FROM _identity)";
        const bool is_idle = number("SELECT count(*) FROM dock" + mine + " AND is_running IS NOT 1 AND coalesce(description, '') = '' AND "
                                    "contact_id IS NULL AND project_id IS NULL AND coalesce(duration_seconds, 0) = 0 AND NOT EXISTS "
                                    "(SELECT 1 FROM dock_tasks)") != 0;
        const auto pick = what_.b / 8;
        if (is_idle && what_.b % 8 == 7) {
            return write({{"INSERT INTO _dock_command (operation, entry_id) VALUES ('redock', ?1)", {own_entry()}}});
        }
        if (is_idle) {
            store::write_value client = nullptr;
            if (const auto found = contact(pick); found != 0 && what_.b % 2 == 0) client = found;
            return write({{"UPDATE dock SET is_running = 1, description = ?1, contact_id = ?2" + mine,
                           {world_.wanted.fresh_tag() + " timer", client}}});
        }
        switch (what_.b % 8) {
            case 0:
            case 1: return write({{"INSERT INTO _dock_command (operation) VALUES ('log')", {}}});
            case 2: return write({{"INSERT INTO _dock_command (operation) VALUES ('discard')", {}}});
            case 3: return write({{"UPDATE dock SET is_running = 1 - is_running" + mine, {}}});
            case 4: return write({{"UPDATE dock SET duration_seconds = ?1" + mine, {static_cast<std::int64_t>(60 * (1 + pick % 90))}}});
            case 5:
                if (const auto found = task(pick); found != 0)
                    write({{"INSERT OR IGNORE INTO dock_tasks (user_account_id, task_id) SELECT user_account_id, ?1 FROM _identity", {found}}});
                return;
            case 6: {
                // As `mdock timer start` does while one runs.
                return write({{"INSERT INTO _dock_command (operation) VALUES ('log')", {}},
                              {"UPDATE dock SET is_running = 1, description = ?1" + mine, {world_.wanted.fresh_tag() + " next"}}});
            }
            default: {
                const auto tag = tag_of(text("SELECT coalesce(description, '') FROM dock" + mine));
                return write({{"UPDATE dock SET description = ?1" + mine, {(tag.empty() ? "dock " : tag + " ") + std::to_string(pick)}}});
            }
        }
    }

    void look_after_outbox() {
        const auto id = one_of("outbox_id", "outbox", what_.a);
        switch (what_.b % 5) {
            case 0: note(store::hold_changes(db_, std::nullopt)); break;
            case 1: note(store::release_changes(db_, std::nullopt)); break;
            case 2: note(store::retry_change(db_, one_of("outbox_id", "outbox WHERE state = 'parked'", what_.a))); break;
            case 3:
                if (const auto last = store::last_waiting_change(db_)) note(store::discard_change(db_, *last, world_.line.true_time()));
                break;
            default: note(store::discard_change(db_, id, world_.line.true_time()));
        }
    }

    void decide() {
        const auto id = one_of("conflict_id", "conflicts WHERE resolved_at IS NULL", what_.a);
        if (id != 0) note(store::resolve_conflict(db_, id, what_.b % 2 == 0, world_.line.true_time()));
    }

    void note(const result<bool>& done) {
        if (!done) world_.log.note(at_.number(), "refused", done.error().context());
    }

    model::field_values fields(const std::string& text) {
        auto out = model::parse_fields(text);
        if (!out) world_.fail("ORIGIN", "what waits cannot be read: " + text);
        return out ? std::move(*out) : model::field_values{};
    }
    using wishes_here = std::map<std::int64_t, wish>;
    wishes_here waiting() {
        wishes_here out;
        auto& rows = db_.prepared("SELECT outbox_id, resource, row_id, operation, new_values, old_values FROM outbox ORDER BY outbox_id");
        while (rows.step()) {
            wish one;
            one.which = resource_named(rows.text(1)).value_or(resource::entries);
            one.row = rows.integer(2);
            one.operation = rows.text(3);
            one.wanted = fields(rows.optional_text(4).value_or(""));
            one.base = fields(rows.optional_text(5).value_or(""));
            one.tag = tag_of(text_in(one.wanted, one.which == resource::entries || one.which == resource::dock ? "description" : "name"));
            out.emplace(rows.integer(0), std::move(one));
        }
        rows.reset();
        return out;
    }
    std::set<std::int64_t> done() {
        std::set<std::int64_t> out;
        auto& rows = db_.prepared("SELECT outbox_id FROM outbox_done");
        while (rows.step()) out.insert(rows.integer(0));
        rows.reset();
        return out;
    }

    // One transaction lies between: what left the outbox in it and is not among what is done was taken back by the person.
    void put_down(const wishes_here& before, const std::set<std::int64_t>& done_before) {
        const auto now = waiting();
        const auto done_now = done();
        auto& all = world_.wanted.all;
        for (const auto& [id, one] : now) {
            const auto earlier = before.find(id);
            const bool is_as_it_was = earlier != before.end() && earlier->second.wanted == one.wanted && earlier->second.base == one.base;
            if (is_as_it_was) continue;
            world_.log.note(at_.number(), "wants", std::to_string(id) + " " + one.operation + " " + std::string(name_of(one.which)) + " " +
                                                       std::to_string(one.row) + " " + model::text_of(one.wanted));
            auto& kept = all[{at_.number(), id}];
            const bool was_a_persons = earlier == before.end() || kept.is_of_a_person;
            kept = one;
            kept.is_of_a_person = was_a_persons;
        }
        for (const auto& [id, one] : before)
            if (!now.contains(id) && !done_now.contains(id)) all.erase({at_.number(), id});
        for (const auto id : done_now)
            if (!done_before.contains(id))
                if (const auto found = all.find({at_.number(), id}); found != all.end()) found->second.is_done = true;
        world_.wanted.look(world_.service.account());
    }

    grounds& world_;
    store::database& db_;
    machine& at_;
    const event& what_;
    std::string last_tag_;
};

}  // namespace

void act_here(grounds& world, machine& at, const event& what) {
    at.start();
    if (at.db().is_rehearsing()) return;
    at.set_clock();
    // What the program has queued by itself may be what the person throws away now.
    judge_outbox(world, at, false);
    person(world, at, what).act();
}

void release_all(grounds& world, machine& at) {
    at.start();
    if (at.db().is_rehearsing()) return;
    if (!store::release_changes(at.db(), std::nullopt)) world.fail("NOTHROW", "what is held cannot be released");
}

}  // namespace mdock::sim
