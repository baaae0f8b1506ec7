// SPDX-License-Identifier: MIT
#include "core/store/outbox.h"

#include <algorithm>

#include "core/base/planted.h"
#include "core/store/change_log.h"
#include "core/store/overlay.h"

namespace mdock::store {
namespace {

constexpr auto kept_done = std::chrono::days{90};

constexpr std::string_view waiting_columns =
    "SELECT outbox_id, resource, row_id, operation, state, new_values, old_values, attempts, queued_at FROM outbox ";

// What cannot be read was not written by our triggers; it is left for a person (I07).
std::optional<waiting_change> waiting_in(statement& row) {
    waiting_change out;
    out.outbox_id = row.integer(0);
    const auto which = resource_named(row.text(1));
    auto fresh = model::parse_fields(row.optional_text(5).value_or(""));
    auto old = model::parse_fields(row.optional_text(6).value_or(""));
    const auto queued_at = parse_database_timestamp(row.text(8));
    if (!which) return std::nullopt;
    out.is_readable = fresh && old;
    out.which = *which;
    out.row_id = row.integer(2);
    out.operation = row.text(3);
    out.state = row.text(4);
    if (fresh) out.new_values = std::move(*fresh);
    if (old) out.old_values = std::move(*old);
    out.attempts = static_cast<int>(row.integer(7));
    if (queued_at) out.queued_at = *queued_at;
    return out;
}

// One statement's rows have one queued_at: that many in one go were no person's fingers (writes.hold_above).
void hold_masses(database& db, std::int64_t hold_above) {
    auto& fresh = db.prepared("SELECT max(outbox_id) FROM outbox WHERE outbox_id > (SELECT looked_until FROM _outbox_state)");
    fresh.step();
    const auto last = fresh.optional_integer(0);
    fresh.reset();
    if (!last) return;
    transaction write(db);
    if (hold_above > 0) {
        auto& hold = db.prepared(
            "UPDATE outbox SET state = 'held', last_error = 'more than ' || ?1 || ' changes in one go wait for: mdock outbox release' "
            "WHERE state = 'queued' AND attempts = 0 AND outbox_id > (SELECT looked_until FROM _outbox_state) AND queued_at IN ("
            "SELECT queued_at FROM outbox WHERE state = 'queued' AND outbox_id > (SELECT looked_until FROM _outbox_state) "
            "GROUP BY queued_at HAVING count(*) > ?1)");
        hold.bind(1, hold_above).run();
    }
    db.prepared("UPDATE _outbox_state SET looked_until = ?1").bind(1, *last).run();
    write.commit();
}

std::vector<std::pair<resource, std::int64_t>> local_parents(const waiting_change& what) {
    std::vector<std::pair<resource, std::int64_t>> out;
    if (planted(bug::child_before_parent)) return out;
    const auto look = [&](std::string_view field, resource parent) {
        const auto found = what.new_values.find(field);
        if (found == what.new_values.end()) return;
        if (const auto* id = std::get_if<std::int64_t>(&found->second); id != nullptr && is_local(*id)) out.emplace_back(parent, *id);
        if (const auto* ids = std::get_if<model::id_set>(&found->second))
            for (const auto id : *ids)
                if (is_local(id)) out.emplace_back(parent, id);
    };
    look("contact_id", resource::contacts);
    look("project_id", resource::projects);
    look(model::links_field, resource::tasks);
    look("entry_id", resource::entries);
    return out;
}

}  // namespace

bool names_local_rows(const waiting_change& what) { return !local_parents(what).empty(); }

namespace {

// The change that this one has to wait for: an earlier one of its row, or the create of a row that it points to.
std::optional<std::int64_t> waits_for(database& db, const waiting_change& what) {
    auto& earlier = db.prepared(
        "SELECT max(outbox_id) FROM outbox WHERE resource = ?1 AND row_id = ?2 AND outbox_id < ?3");
    earlier.bind(1, name_of(what.which)).bind(2, what.row_id).bind(3, what.outbox_id).step();
    auto first = earlier.optional_integer(0);
    earlier.reset();
    if (first && !planted(bug::chain_overtaken)) return first;
    // An entry goes back to the timer as it was changed before, and as what a whole-row update cleared was put back.
    const auto docked = what.operation == "redock" ? what.new_values.find("entry_id") : what.new_values.end();
    if (const auto* entry = docked == what.new_values.end() ? nullptr : std::get_if<std::int64_t>(&docked->second)) {
        auto& edit = db.prepared("SELECT max(outbox_id) FROM outbox WHERE resource = 'entries' AND row_id = ?1");
        edit.bind(1, *entry).step();
        first = edit.optional_integer(0);
        edit.reset();
        if (first) return first;
    }
    for (const auto& [parent, id] : local_parents(what)) {
        auto& create = db.prepared("SELECT min(outbox_id) FROM outbox WHERE resource = ?1 AND row_id = ?2");
        create.bind(1, name_of(parent)).bind(2, id).step();
        first = create.optional_integer(0);
        create.reset();
        if (first) return first;
    }
    return std::nullopt;
}

// Two creates of one kind under way could each be taken for the other (C4 rule 1).
bool is_create_blocked(database& db, const waiting_change& what) {
    auto& other = db.prepared(
        "SELECT 1 FROM outbox WHERE resource = ?1 AND operation = 'create' AND state IN ('sending', 'unknown') AND outbox_id <> ?2");
    other.bind(1, name_of(what.which)).bind(2, what.outbox_id);
    const bool is_there = other.step();
    other.reset();
    return is_there;
}

}  // namespace

bool is_create_capped(database& db, const next_change_rules& rules) {
    const std::string since = format_timestamp(rules.now - std::chrono::minutes{1});
    auto& made = db.prepared("SELECT (SELECT count(*) FROM outbox_done WHERE done_at > ?1 AND operation = 'create' AND outcome = 'applied') + "
                             "(SELECT count(*) FROM outbox JOIN _intent USING (outbox_id) WHERE operation = 'create' AND sent_at > ?1)");
    made.bind(1, since).step();
    const bool is_capped = made.integer(0) >= rules.most_creates;
    made.reset();
    return is_capped;
}

namespace {

bool is_ready(database& db, const waiting_change& what, const next_change_rules& rules) {
    if (what.attempts == 0 && what.state == "queued" && what.queued_at <= rules.wall && what.queued_at + rules.undo_window > rules.wall)
        return false;
    if (what.operation == "create" && what.state == "queued" && (is_create_capped(db, rules) || is_create_blocked(db, what))) return false;
    const auto wait = waits_for(db, what);
    auto& note = db.prepared("UPDATE outbox SET waits_for = ?2 WHERE outbox_id = ?1 AND waits_for IS NOT ?2");
    note.bind(1, what.outbox_id).bind(2, wait).run();
    return !wait;
}

void set_state(database& db, std::int64_t outbox_id, std::string_view state, std::optional<utc_seconds> not_before,
               std::string_view error) {
    const auto until = not_before ? std::optional{format_timestamp(*not_before)} : std::nullopt;
    auto& update = db.prepared("UPDATE outbox SET state = ?2, not_before = ?3, last_error = ?4 WHERE outbox_id = ?1");
    update.bind(1, outbox_id).bind(2, state).bind(3, until);
    if (error.empty()) update.bind(4, nullptr); else update.bind(4, error.substr(0, 1000));
    update.run();
}

}  // namespace

void recover_outbox(database& db, std::chrono::seconds settle_time) {
    auto& any = db.prepared("SELECT 1 FROM outbox WHERE state = 'sending' LIMIT 1");
    const bool is_there = any.step();
    any.reset();
    if (!is_there) return;
    transaction write(db);
    auto& creates = db.prepared(
        "UPDATE outbox SET state = 'unknown', last_error = 'the program ended before MinuteDock answered', not_before = "
        "(SELECT datetime(sent_at, '+' || ?1 || ' seconds') FROM _intent WHERE _intent.outbox_id = outbox.outbox_id) "
        "WHERE state = 'sending' AND operation IN ('create', 'log', 'redock', 'start')");
    creates.bind(1, static_cast<std::int64_t>(settle_time.count())).run();
    db.prepared("UPDATE outbox SET state = 'queued' WHERE state = 'sending'").run();
    write.commit();
}

std::optional<waiting_change> next_change(database& db, const next_change_rules& rules, const tried_changes& tried) {
    hold_masses(db, rules.hold_above);
    const std::string now = format_timestamp(rules.now);
    std::vector<std::int64_t> unreadable;
    std::optional<waiting_change> next;
    {
        statement select(db.connection(), std::string(waiting_columns) +
                         "WHERE state IN ('queued', 'unknown') AND (not_before IS NULL OR not_before <= ?1) ORDER BY outbox_id");
        select.bind(1, now);
        while (select.step()) {
            if (tried.contains({select.integer(0), select.text(4)})) continue;
            auto what = waiting_in(select);
            if (!what) continue;
            if (!what->is_readable) {
                unreadable.push_back(what->outbox_id);
                continue;
            }
            // Most of the time the first one is ready; a long queue is not read into memory for it (O15).
            if (!is_ready(db, *what, rules)) continue;
            next = std::move(what);
            break;
        }
    }
    for (const auto id : unreadable)
        set_state(db, id, "parked", std::nullopt, "what is written here cannot be read; `mdock outbox discard` removes it");
    return next;
}

std::optional<std::chrono::seconds> next_due_in(database& db, const next_change_rules& rules) {
    const std::string now = format_timestamp(rules.now), wall = format_timestamp(rules.wall);
    auto& select = db.prepared(
        "SELECT min(CASE WHEN not_before IS NOT NULL THEN strftime('%s', not_before) - strftime('%s', ?1) "
        "ELSE strftime('%s', queued_at) + ?3 - strftime('%s', ?2) END) FROM outbox WHERE state IN ('queued', 'unknown') AND "
        "(not_before > ?1 OR (not_before IS NULL AND attempts = 0 AND queued_at <= ?2 AND "
        "strftime('%s', queued_at) + ?3 > strftime('%s', ?2)))");
    select.bind(1, now).bind(2, wall).bind(3, static_cast<std::int64_t>(rules.undo_window.count()));
    std::optional<std::chrono::seconds> out;
    if (select.step() && !select.is_null(0)) out = std::chrono::seconds{std::max<std::int64_t>(1, select.integer(0))};
    select.reset();
    return out;
}

std::optional<waiting_change> read_waiting(database& db, std::int64_t outbox_id) {
    auto& select = db.prepared(std::string(waiting_columns) + "WHERE outbox_id = ?1");
    select.bind(1, outbox_id);
    std::optional<waiting_change> out;
    if (select.step()) out = waiting_in(select);
    select.reset();
    return out;
}

bool has_waiting(database& db) {
    auto& any = db.prepared("SELECT 1 FROM outbox WHERE state IN ('queued', 'sending', 'unknown') LIMIT 1");
    const bool is_there = any.step();
    any.reset();
    return is_there;
}

waiting_counts waiting_state(database& db) {
    waiting_counts out;
    auto& select = db.prepared("SELECT (SELECT count(*) FROM outbox), EXISTS (SELECT 1 FROM dock WHERE is_running = 1 AND "
                               "user_account_id = (SELECT user_account_id FROM _identity))");
    if (select.step()) out = {select.integer(0), select.integer(1) != 0};
    select.reset();
    return out;
}

void mark_sending(database& db, const waiting_change& what, utc_seconds sent_at, std::string_view request) {
    db.prepared("UPDATE outbox SET state = 'sending', attempts = attempts + 1, waits_for = NULL WHERE outbox_id = ?1")
        .bind(1, what.outbox_id).run();
    const auto known = last_change(db);
    const std::string at = format_timestamp(sent_at);
    auto& keep = db.prepared("INSERT INTO _intent (outbox_id, known_seq, sent_at, request) VALUES (?1, ?2, ?3, ?4) "
                             "ON CONFLICT (outbox_id) DO UPDATE SET sent_at = ?3, request = ?4, known_seq = iif(?5, ?2, known_seq)");
    keep.bind(1, what.outbox_id).bind(2, known).bind(3, at).bind(4, request).bind(5, what.attempts == 0).run();
}

void put_back(database& db, std::int64_t outbox_id, std::optional<utc_seconds> not_before, std::string_view error) {
    set_state(db, outbox_id, "queued", not_before, error);
}

void mark_unknown(database& db, std::int64_t outbox_id, utc_seconds not_before, std::string_view error) {
    set_state(db, outbox_id, "unknown", not_before, error);
}

void park(database& db, const waiting_change& what, std::string_view error) {
    set_state(db, what.outbox_id, "parked", std::nullopt, error);
    show_theirs(db, what);
    refresh_sync_state(db, what.which, what.row_id);
}

void finish_change(database& db, std::int64_t outbox_id, std::string_view outcome, utc_seconds at) {
    const std::string time = format_timestamp(at);
    auto& keep = db.prepared(
        "INSERT INTO outbox_done (outbox_id, queued_at, resource, row_id, operation, new_values, old_values, state, attempts, "
        "not_before, last_error, waits_for, done_at, outcome) SELECT outbox_id, queued_at, resource, row_id, operation, new_values, "
        "old_values, state, attempts, not_before, last_error, waits_for, ?2, ?3 FROM outbox WHERE outbox_id = ?1");
    keep.bind(1, outbox_id).bind(2, time).bind(3, outcome).run();
    db.prepared("DELETE FROM outbox WHERE outbox_id = ?1").bind(1, outbox_id).run();
    db.prepared("DELETE FROM _intent WHERE outbox_id = ?1").bind(1, outbox_id).run();
    db.prepared("UPDATE outbox SET waits_for = NULL WHERE waits_for = ?1").bind(1, outbox_id).run();
    const std::string oldest = format_timestamp(at - kept_done);
    db.prepared("DELETE FROM outbox_done WHERE done_at < ?1").bind(1, oldest).run();
}

void narrow(database& db, std::int64_t outbox_id, const model::field_values& send, const model::field_values& theirs) {
    model::field_values found;
    for (const auto& [name, value] : send)
        if (const auto now = theirs.find(name); now != theirs.end()) found.emplace(name, now->second);
    const std::string mine = model::text_of(send), base = model::text_of(found);
    db.prepared("UPDATE outbox SET new_values = ?2, old_values = ?3 WHERE outbox_id = ?1")
        .bind(1, outbox_id).bind(2, mine).bind(3, base).run();
}

model::id_set gone_tasks(database& db) {
    model::id_set out;
    auto& select = db.prepared("SELECT task_id FROM tasks WHERE presence = 'gone' AND sync_state = 'synced' ORDER BY task_id");
    while (select.step()) out.push_back(select.integer(0));
    select.reset();
    return out;
}

bool drop_gone_tasks(database& db, model::field_values& from) {
    const auto links = from.find(model::links_field);
    auto* ids = links == from.end() ? nullptr : std::get_if<model::id_set>(&links->second);
    if (ids == nullptr || ids->empty()) return false;
    const auto gone = gone_tasks(db);
    return std::erase_if(*ids, [&](const auto id) { return std::binary_search(gone.begin(), gone.end(), id); }) > 0;
}

std::optional<sent_create> sent_state(database& db, std::int64_t outbox_id) {
    auto& select = db.prepared("SELECT known_seq, sent_at FROM _intent WHERE outbox_id = ?1");
    select.bind(1, outbox_id);
    std::optional<sent_create> out;
    if (select.step()) {
        const auto at = parse_database_timestamp(select.text(1));
        if (at) out = sent_create{select.integer(0), *at};
    }
    select.reset();
    return out;
}

}  // namespace mdock::store
