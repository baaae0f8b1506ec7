// SPDX-License-Identifier: MIT
// NLW and conservation of intents: what a person wrote is waiting, is on the service, is in a conflict or in a person's
// hands, and nowhere else; a row with a waiting change shows the change. ORIGIN here: the program queues nothing by itself
// but the time of a timer that lost its dock.
#include <utility>

#include "core/store/outbox.h"
#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"

namespace mdock::sim {
namespace {

struct waiting_row {
    resource which;
    row_id row;
    std::string operation, state;
    model::field_values fresh;
};
struct ended_row {
    std::string outcome;
    row_id row = 0;
    model::field_values fresh;
};

class outbox_judge {
public:
    outbox_judge(grounds& world, machine& of) : world_(world), of_(of), db_(of.db()) { read(); }

    void conservation() {
        note_of_the_programs();
        for (auto& [key, one] : world_.wanted.all) {
            if (key.first != of_.number() || one.is_done) continue;
            if (const auto found = waiting_.find(key.second); found != waiting_.end()) {
                one.row = found->second.row;
                continue;
            }
            const auto ended = ended_.find(key.second);
            if (ended == ended_.end()) {
                world_.fail("NLW", name(key.second, one) + " is neither waiting nor done");
                continue;
            }
            one.is_done = true;
            judge_end(key.second, one, ended->second);
        }
    }

    // The last word of each field that waits is what the row says.
    void shown() {
        std::map<std::pair<resource, row_id>, model::field_values> over;
        for (const auto& [id, one] : waiting_) {
            if (one.which != resource::entries || one.state == "parked" || (one.operation != "create" && one.operation != "update")) continue;
            for (const auto& [field, value] : one.fresh) over[{one.which, one.row}].insert_or_assign(field, value);
        }
        for (const auto& [row, fields] : over) compare(row.second, fields);
    }

    void is_drained() {
        std::set<std::int64_t> stuck;
        auto& rows = db_.prepared("WITH RECURSIVE stuck (id) AS (SELECT outbox_id FROM outbox WHERE state = 'parked' UNION SELECT outbox_id "
                                  "FROM outbox JOIN stuck ON waits_for = id) SELECT id FROM stuck");
        while (rows.step()) stuck.insert(rows.integer(0));
        rows.reset();
        for (const auto& [id, one] : waiting_)
            if (!stuck.contains(id))
                world_.fail("NLW", "change " + std::to_string(id) + " of " + std::string(name_of(one.which)) + " still is " + one.state +
                                       " long after all is well: " + why(id));
        for (const auto* sql : {"SELECT 'an intent of no change' FROM _intent WHERE outbox_id NOT IN (SELECT outbox_id FROM outbox)",
                                "SELECT 'a replaced row' FROM _replaced", "SELECT 'a capture under way' FROM _gate WHERE is_capturing OR is_open",
                                "SELECT 'a shadow of no change of ' || resource FROM _shadow WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE "
                                "outbox.resource = _shadow.resource AND outbox.row_id = _shadow.row_id)",
                                "SELECT 'a row that says queued in entries' FROM entries WHERE sync_state = 'queued' AND NOT EXISTS (SELECT 1 "
                                "FROM outbox WHERE resource = 'entries' AND row_id = entry_id)"}) {
            auto& row = db_.prepared(sql);
            if (row.step()) world_.fail("BOUND", row.text(0) + " is left");
            row.reset();
        }
    }

private:
    static std::string name(std::int64_t id, const wish& one) {
        return "change " + std::to_string(id) + " (" + one.operation + " of " + std::string(name_of(one.which)) + " " + std::to_string(one.row) + ")";
    }

    model::field_values fields(const std::string& text) {
        auto out = model::parse_fields(text);
        if (!out) world_.fail("ORIGIN", "what waits cannot be read: " + text);
        return out ? std::move(*out) : model::field_values{};
    }

    void read() {
        auto& rows = db_.prepared("SELECT outbox_id, resource, row_id, operation, state, new_values FROM outbox ORDER BY outbox_id");
        while (rows.step())
            waiting_.emplace(rows.integer(0), waiting_row{resource_named(rows.text(1)).value_or(resource::entries), rows.integer(2), rows.text(3),
                                                          rows.text(4), fields(rows.optional_text(5).value_or(""))});
        rows.reset();
        auto& ended = db_.prepared("SELECT outbox_id, outcome, row_id, new_values FROM outbox_done");
        while (ended.step())
            ended_.emplace(ended.integer(0), ended_row{ended.text(1), ended.integer(2), fields(ended.optional_text(3).value_or(""))});
        ended.reset();
    }

    void note_of_the_programs() {
        for (const auto& [id, one] : waiting_) {
            auto [found, is_new] = world_.wanted.all.try_emplace({of_.number(), id});
            if (!is_new) continue;
            auto& made = found->second;
            made.which = one.which;
            made.row = one.row;
            made.operation = one.operation;
            made.wanted = one.fresh;
            made.tag = tag_of(text_in(one.fresh, "description"));
            made.is_of_a_person = false;
            // What a service clears that takes an update for the whole row is put back.
            const bool is_put_back = one.operation == "update" && world_.service.how().put_semantics == minutedock::put_body::whole;
            if (one.which != resource::entries || !(one.operation == "create" || is_put_back))
                world_.fail("ORIGIN", name(id, made) + " waits, and nobody made it");
        }
    }

    bool has_conflict(const wish& one) {
        auto& row = db_.prepared("SELECT 1 FROM conflicts WHERE resource = ?1 AND row_id = ?2");
        row.bind(1, name_of(one.which)).bind(2, one.row);
        const bool is_there = row.step();
        row.reset();
        return is_there;
    }

    void judge_end(std::int64_t id, wish& one, const ended_row& end) {
        one.row = end.row;
        // Under its real id, which it may have since this round only.
        was_wanted(one);
        if (end.outcome == "discarded") {
            if (!has_conflict(one)) world_.fail("NLW", name(id, one) + " was let go, nobody said so, and no conflict keeps it");
            return;
        }
        if (one.which == resource::dock) return judge_timer(id, one);
        if (one.operation == "create") return judge_create(id, one, end);
        if (one.operation == "update" && one.which == resource::entries) return judge_update(id, one, end);
        if (one.operation == "delete" && one.which == resource::entries && world_.service.account().latest(one.row) != nullptr &&
            !came_back(one.row))
            world_.fail("NLW", name(id, one) + " is said to be applied, and MinuteDock has the row");
    }

    void was_wanted(wish& one) {
        const bool is_done = std::exchange(one.is_done, false);
        world_.wanted.look_at(one, world_.service.account());
        one.is_done = is_done;
    }

    // Redocked under its id and logged again.
    bool came_back(row_id id) const {
        const auto* life = world_.past.find(resource::entries, id);
        return life != nullptr && life->born.has_value() && life->touched && *life->touched > of_.seen().round_began;
    }

    void judge_create(std::int64_t id, const wish& one, const ended_row& end) {
        if (store::is_local(end.row)) return world_.fail("NLW", name(id, one) + " is said to be " + end.outcome + ", and has no id of MinuteDock's");
        const auto made = world_.wanted.made.find(end.row);
        if (made == world_.wanted.made.end())
            world_.fail("NLW", name(id, one) + " has become a row that it did not make");
        else if (made->second != one.tag)
            world_.fail("NLW", name(id, one) + " of " + one.tag + " has become the row of " + made->second);
        if (!world_.wanted.taken.insert(end.row).second)
            world_.fail("NDUP", name(id, one) + " has become a row that another change had become");
    }

    void judge_update(std::int64_t id, const wish& one, const ended_row& end) {
        if (end.outcome == "applied") {
            if (!one.was_sent) world_.fail("NLW", name(id, one) + " is said to be applied, and MinuteDock never had it");
            return;
        }
        // What was left of it after the merge; the rest is in conflicts.
        for (const auto& [field, value] : end.fresh)
            if (field != model::links_field && !one.was_there.contains(field) && said(value).find("9000000000") == std::string::npos)
                world_.fail("NLW", name(id, one) + ": MinuteDock is said to have had its " + field + ", and never did");
    }

    void judge_timer(std::int64_t id, const wish& one) {
        if (one.tag.empty()) return;
        const auto& wanted = world_.wanted;
        const bool was_there = wanted.was_logged(one.tag) || wanted.was_on_a_timer(one.tag);
        const bool becomes_entry = std::any_of(wanted.all.begin(), wanted.all.end(), [&](const auto& other) {
            return other.second.operation == "create" && other.second.tag == one.tag;
        });
        if (one.operation == "log" && !wanted.was_logged(one.tag) && !becomes_entry)
            world_.fail("NLW", name(id, one) + ": the time of " + one.tag + " is logged nowhere");
        if ((one.operation == "start" || one.operation == "update") && !was_there && !becomes_entry && !is_thrown_away(one.tag))
            world_.fail("NLW", name(id, one) + ": the timer " + one.tag + " was never on MinuteDock");
    }

    // A timer that was started and thrown away before it was sent.
    bool is_thrown_away(const std::string& tag) const {
        return std::any_of(world_.wanted.all.begin(), world_.wanted.all.end(), [&](const auto& other) {
            return other.second.operation == "discard" && tag_of(text_in(other.second.base, "description")) == tag;
        });
    }

    std::string why(std::int64_t id) {
        auto& row = db_.prepared("SELECT coalesce(last_error, '-') || ', not before ' || coalesce(not_before, '-') || ', waits for ' || "
                                 "coalesce(waits_for, '-') FROM outbox WHERE outbox_id = ?1");
        row.bind(1, id);
        const auto out = row.step() ? row.text(0) : std::string{};
        row.reset();
        return out;
    }

    void compare(row_id id, const model::field_values& wanted) {
        auto& row = db_.prepared("SELECT description, duration_seconds, entry_date, contact_id, project_id FROM entries WHERE entry_id = ?1");
        row.bind(1, id);
        const bool is_there = row.step();
        const std::array columns{"description", "duration_seconds", "entry_date", "contact_id", "project_id"};
        for (std::size_t i = 0; is_there && i < columns.size(); ++i) {
            const auto found = wanted.find(columns[i]);
            if (found == wanted.end()) continue;
            const auto here = said(model::value_of(row.column(static_cast<int>(i))));
            if (here != said(found->second))
                world_.fail("SHOWN", "entry " + std::to_string(id) + ": " + columns[i] + " waits as '" + said(found->second) + "' and is shown as '" + here + "'");
        }
        row.reset();
        if (!is_there && !is_leaving(id)) world_.fail("SHOWN", "entry " + std::to_string(id) + " has a waiting change and is not shown");
    }
    bool is_leaving(row_id id) const {
        return std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& one) {
            const auto of = one.second.fresh.find("entry_id");
            return (one.second.operation == "delete" && one.second.row == id) ||
                   (of != one.second.fresh.end() && model::is_same(of->second, model::field_value{id}));
        });
    }

    grounds& world_;
    machine& of_;
    store::database& db_;
    std::map<std::int64_t, waiting_row> waiting_;
    std::map<std::int64_t, ended_row> ended_;
};

}  // namespace

void judge_outbox(grounds& world, machine& of, bool is_to_be_drained) {
    if (!world.wanted.has_any() || !of.is_on() || of.db().is_rehearsing()) return;
    outbox_judge judge(world, of);
    judge.conservation();
    judge.shown();
    if (is_to_be_drained) judge.is_drained();
}

std::set<std::pair<resource, row_id>> waiting_rows(machine& of) {
    std::set<std::pair<resource, row_id>> out;
    auto& rows = of.db().prepared("SELECT resource, row_id, json_extract(new_values, '$.entry_id') FROM outbox");
    while (rows.step()) {
        if (const auto which = resource_named(rows.text(0))) out.emplace(*which, rows.integer(1));
        if (!rows.is_null(2)) out.emplace(resource::entries, rows.integer(2));
    }
    rows.reset();
    return out;
}

}  // namespace mdock::sim
