// SPDX-License-Identifier: MIT
// Updates and deletes: a fresh look, a merge, only what differs is sent, the echo is the truth (C6). They can be looked at
// again whatever happened, so an answer that was lost costs one more look and never a second effect.
#include <memory>

#include "core/api/decode.h"
#include "core/api/writes.h"
#include "core/base/planted.h"
#include "core/engine/push.h"
#include "core/store/apply.h"
#include "core/store/cleared.h"
#include "core/store/gone.h"
#include "core/store/pace_state.h"
#include "core/store/overlay.h"
#include "core/sync/merge.h"

namespace mdock::engine {
namespace {

// After so many tries without an answer a person is asked (O07).
constexpr int most_attempts = 12;

store::apply_how how_now(const session& s) {
    store::apply_how how;
    how.at = s.out.now();
    return how;
}

// MinuteDock wants these in every update of such a row (facts 7-9).
model::field_values with_required(resource which, const model::field_values& theirs, model::field_values send, bool is_put_whole) {
    const auto add = [&](std::string_view name) {
        if (const auto found = theirs.find(name); found != theirs.end()) send.emplace(name, found->second);
    };
    if (which == resource::contacts || which == resource::projects || which == resource::tasks) add("name");
    if (which == resource::projects) add("contact_id");
    if (which != resource::entries || !is_put_whole) return send;
    for (const auto& column : model::describe(which).columns)
        if (column.written_by == model::writer::person) add(column.how == model::kind::link_set ? model::links_field : column.name);
    return send;
}

bool is_invoiced(resource which, const model::field_values& theirs) {
    const auto found = theirs.find("invoice_id");
    return which == resource::entries && found != theirs.end() && !std::holds_alternative<std::nullptr_t>(found->second);
}

sync::merge_result merge_for(const store::waiting_change& what, const model::field_values& theirs, const model::id_set& gone_tasks,
                             sync::on_conflict policy) {
    auto merged = sync::merge(what.old_values, what.new_values, theirs, gone_tasks, policy);
    if (!is_invoiced(what.which, theirs)) return merged;
    // Nobody changes what is on an invoice, a draft included (D15).
    for (const auto& [name, value] : merged.send) {
        const auto base = what.old_values.find(name);
        const auto now = theirs.find(name);
        merged.conflicts.push_back({name, base == what.old_values.end() ? nullptr : base->second, what.new_values.at(name),
                                    now == theirs.end() ? nullptr : now->second});
    }
    merged.send.clear();
    return merged;
}

struct planned {
    std::optional<http_request> request;    // none: nothing is left to send
    model::field_values send;
    std::int64_t conflicts = 0;
};

// Decides within one transaction, on the change as it is now: a person may have changed or held it meanwhile.
std::optional<planned> plan_update(store::database& db, std::int64_t outbox_id, const fresh_row& fresh, sync::on_conflict policy,
                                   const store::apply_how& how) {
    store::transaction write(db);
    const auto what = store::read_waiting(db, outbox_id);
    if (!what || what->state != "queued") return std::nullopt;
    auto merged = merge_for(*what, fresh.fields, store::gone_tasks(db), policy);
    if (planted(bug::update_unmerged)) merged = {what->new_values, {}, {}};
    for (const auto& one : merged.conflicts)
        store::record_conflict(db, what->which, what->row_id, one, how.at, policy == sync::on_conflict::theirs);
    planned out;
    out.conflicts = static_cast<std::int64_t>(merged.conflicts.size());
    if (merged.send.empty()) {
        store::finish_change(db, outbox_id, merged.conflicts.empty() ? "merged_equal" : "discarded", how.at);
        if (fresh.row) store::apply_rows(db, *fresh.row, how);
        else store::show_theirs(db, *what);
        store::refresh_sync_state(db, what->which, what->row_id);
    } else {
        out.send = with_required(what->which, fresh.fields, merged.send, store::is_put_whole(db));
        // Client and project are one unit: where one is sent, both are said.
        if (!out.send.contains("contact_id") && !out.send.contains("project_id"))
            out.send.merge(store::unseen_parents(db, what->which, fresh.fields));
        out.request = api::update_one(what->which, what->row_id, out.send);
        store::mark_sending(db, *what, how.at, out.request->body);
        store::narrow(db, outbox_id, merged.send, fresh.fields);
        if (fresh.row) store::apply_rows(db, *fresh.row, how);
    }
    write.commit();
    return out;
}

asio::awaitable<void> rest(session& s, store::waiting_change what, failure why) {
    auto& db = s.db();
    const auto until = s.out.now() + rest_after(s, what.attempts);
    const bool is_over = what.attempts + 1 >= most_attempts;
    auto job = [&db, what, why, until, is_over] {
        store::transaction write(db);
        if (is_over) store::park(db, what, "MinuteDock gave no answer " + std::to_string(most_attempts) + " times: " + why.context());
        else store::put_back(db, what.outbox_id, until, why.context());
        write.commit();
    };
    co_await s.store().run("outbox.rest", job);
}

asio::awaitable<void> put_back(session& s, store::waiting_change what, failure why) {
    auto& db = s.db();
    auto job = [&db, what, why] {
        store::transaction write(db);
        store::put_back(db, what.outbox_id, std::nullopt, why.context());
        write.commit();
    };
    co_await s.store().run("outbox.back", job);
}

// An expense cannot be looked at by itself: the whole list, with its second look, says whether it is gone.
bool is_final(const store::waiting_change& what, const hearing& outcome) { return what.which == resource::expenses && outcome.what == heard::gone; }

asio::awaitable<void> park(session& s, store::waiting_change what, failure why, std::shared_ptr<model::row_batch> theirs) {
    auto& db = s.db();
    const auto how = how_now(s);
    auto job = [&db, what, why, theirs, how] {
        store::transaction write(db);
        store::park(db, what, why.context());
        if (theirs) store::apply_rows(db, *theirs, how);
        write.commit();
    };
    co_await s.store().run("outbox.park", job);
    ++s.pushed.parked;
}

// What was sent and not done: a person's, or tried again.
asio::awaitable<void> put_aside(session& s, store::waiting_change what, hearing outcome, std::shared_ptr<model::row_batch> theirs) {
    if (outcome.what == heard::refused || is_final(what, outcome)) co_await park(s, std::move(what), std::move(outcome.why), std::move(theirs));
    else if (outcome.what == heard::unknown) co_await rest(s, std::move(what), std::move(outcome.why));
    else co_await put_back(s, std::move(what), std::move(outcome.why));
}

// The row that the change is about is gone on MinuteDock: an edit of it is a conflict, and never made anew by itself (M06).
asio::awaitable<void> orphaned(session& s, store::waiting_change what) {
    auto& db = s.db();
    const auto at = s.out.now();
    auto job = [&db, what, at] {
        store::transaction write(db);
        store::take_away(db, what.which, what.row_id, store::evidence::not_found, at);
        write.commit();
    };
    co_await s.store().run("outbox.orphan", job);
}

asio::awaitable<void> docked(session& s, store::waiting_change what) {
    auto& db = s.db();
    const auto at = s.out.now();
    auto job = [&db, what, at] {
        store::transaction write(db);
        store::leave_docked(db, what, at);
        write.commit();
    };
    co_await s.store().run("outbox.docked", job);
    ++s.pushed.conflicts;
}

// The echo is the new shadow; it is applied under the changes that still wait (O11).
asio::awaitable<void> close_update(session& s, store::waiting_change what, std::string body, std::shared_ptr<model::row_batch> before,
                                   model::field_values sent) {
    auto& db = s.db();
    auto echo = api::decode_one(what.which, body);
    // Without the row in it a 2xx may be anybody's; the next look tells.
    const bool is_shown = echo && !echo->empty() && echo->key(0) == what.row_id;
    if (!is_shown && planted(bug::bare_2xx_believed)) {
        auto believe = [&db, what] { store::finish_change(db, what.outbox_id, "applied", what.queued_at); };
        co_await s.store().run("outbox.applied", believe);
        co_return;
    }
    if (!is_shown) {
        co_await rest(s, std::move(what), failure(errc::bad_shape, "MinuteDock's answer does not show the row that was changed"));
        co_return;
    }
    const auto row = std::make_shared<model::row_batch>(std::move(*echo));
    const auto how = how_now(s);
    const auto wall = s.m.world.clock.wall();
    const auto count = s.out.take_uncounted();
    auto job = [&db, what, row, before, sent, how, wall, count] {
        store::transaction write(db);
        store::finish_change(db, what.outbox_id, "applied", how.at);
        store::apply_rows(db, *row, how);
        if (before) store::restore_cleared(db, what, *before, *row, sent, how.at);
        store::refresh_sync_state(db, what.which, what.row_id);
        if (count > 0) store::add_requests(db, wall, count);
        write.commit();
    };
    co_await s.store().run("outbox.applied", job);
    ++s.pushed.applied;
}

// What a delete found here and what is on MinuteDock now are the same, as far as a person could have changed it.
bool is_unchanged(const store::waiting_change& what, const model::field_values& theirs) {
    for (const auto& column : model::describe(what.which).columns) {
        const bool is_persons = column.written_by != model::writer::nobody || column.name == "invoice_id";
        const std::string_view name = column.how == model::kind::link_set ? model::links_field : column.name;
        if (!is_persons || name.empty()) continue;
        const auto then = what.old_values.find(name);
        const auto now = theirs.find(name);
        const model::field_value none = column.how == model::kind::link_set ? model::field_value(model::id_set{}) : model::field_value(nullptr);
        if (!model::is_same(then == what.old_values.end() ? none : then->second, now == theirs.end() ? none : now->second)) return false;
    }
    return true;
}

std::optional<http_request> plan_delete(store::database& db, std::int64_t outbox_id, const fresh_row& fresh, const store::apply_how& how) {
    store::transaction write(db);
    const auto what = store::read_waiting(db, outbox_id);
    if (!what || what->state != "queued") return std::nullopt;
    std::optional<http_request> out;
    if (planted(bug::delete_unlooked) || is_unchanged(*what, fresh.fields)) {
        out = api::delete_one(what->which, what->row_id);
        store::mark_sending(db, *what, how.at, {});
    } else {
        // Somebody has worked on the row since: it is not deleted, and a person is asked (D12).
        store::record_conflict(db, what->which, what->row_id,
                               {"*", model::text_of(what->old_values), nullptr, model::text_of(fresh.fields)}, how.at, false);
        store::finish_change(db, outbox_id, "discarded", how.at);
        store::show_theirs(db, *what);
        if (fresh.row) store::apply_rows(db, *fresh.row, how);
        store::refresh_sync_state(db, what->which, what->row_id);
    }
    write.commit();
    return out;
}

asio::awaitable<void> close_delete(session& s, store::waiting_change what) {
    auto& db = s.db();
    const auto at = s.out.now();
    auto job = [&db, what, at] {
        store::transaction write(db);
        store::finish_change(db, what.outbox_id, "applied", at);
        if (what.which == resource::tasks) store::strip_task(db, what.row_id, at);
        store::refresh_sync_state(db, what.which, what.row_id);
        write.commit();
    };
    co_await s.store().run("outbox.deleted", job);
    ++s.pushed.applied;
}

// The row as it is, there or gone. Null where nothing can be sent on what was seen; the change is then where it belongs.
asio::awaitable<std::shared_ptr<fresh_row>> look_first(session& s, const store::waiting_change& what) {
    auto seen = co_await read_fresh(s, what.which, what.row_id);
    const auto fresh = std::make_shared<fresh_row>(std::move(seen));
    if (fresh->what == fresh_row::fate::there || fresh->what == fresh_row::fate::gone) co_return fresh;
    if (fresh->what == fresh_row::fate::docked)
        co_await docked(s, what);
    else if (fresh->what == fresh_row::fate::hidden)
        co_await park(s, what, fresh->why, nullptr);
    else if (!s.stopped_by)
        co_await rest(s, what, failure(errc::not_json, "the row could not be read before the change"));
    co_return nullptr;
}

}  // namespace

asio::awaitable<void> send_update(session& s, store::waiting_change what) {
    const auto fresh = co_await look_first(s, what);
    if (!fresh) co_return;
    if (fresh->what == fresh_row::fate::gone) {
        co_await orphaned(s, std::move(what));
        co_return;
    }
    auto& db = s.db();
    const auto how = how_now(s);
    const auto policy = s.m.how.on_conflict;
    const auto outbox_id = what.outbox_id;
    auto decide = [&db, outbox_id, fresh, policy, how] { return plan_update(db, outbox_id, *fresh, policy, how); };
    auto plan = co_await s.store().run("outbox.sending", decide);
    if (plan && plan->conflicts > 0) s.pushed.conflicts += plan->conflicts;
    if (plan && !plan->request && plan->conflicts == 0) ++s.pushed.merged;
    if (!plan || !plan->request) co_return;
    auto outcome = co_await send_once(s, *plan->request);
    if (outcome.what == heard::done)
        co_await close_update(s, std::move(what), std::move(outcome.answer.body), fresh->row, std::move(plan->send));
    else
        co_await put_aside(s, std::move(what), std::move(outcome), fresh->row);
}

asio::awaitable<void> send_delete(session& s, store::waiting_change what) {
    const auto fresh = co_await look_first(s, what);
    if (!fresh) co_return;
    if (fresh->what == fresh_row::fate::gone) {
        co_await close_delete(s, std::move(what));
        co_return;
    }
    auto& db = s.db();
    const auto how = how_now(s);
    const auto outbox_id = what.outbox_id;
    auto decide = [&db, outbox_id, fresh, how] { return plan_delete(db, outbox_id, *fresh, how); };
    auto request = co_await s.store().run("outbox.sending", decide);
    if (!request) co_return;
    auto outcome = co_await send_once(s, *request);
    bool is_gone = outcome.what == heard::done && api::is_deletion_of(what.row_id, outcome.answer.body);
    // A bare 2xx may be a proxy's, and so may a 404 for a row that was there a moment ago.
    if (!is_gone && (outcome.what == heard::done || outcome.what == heard::gone)) {
        const auto again = co_await read_fresh(s, what.which, what.row_id);
        is_gone = again.what == fresh_row::fate::gone;
        outcome.what = heard::unknown;
        outcome.why = failure(errc::bad_shape, "MinuteDock's answer does not say that the row is deleted");
    }
    if (is_gone)
        co_await close_delete(s, std::move(what));
    else
        co_await put_aside(s, std::move(what), std::move(outcome), fresh->row);
}

}  // namespace mdock::engine
