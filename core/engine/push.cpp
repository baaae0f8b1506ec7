// SPDX-License-Identifier: MIT
#include "core/engine/push.h"

#include "core/api/decode.h"
#include "core/api/error_body.h"
#include "core/api/requests.h"
#include "core/base/planted.h"
#include "core/engine/delta.h"
#include "core/engine/lists.h"
#include "core/engine/send_dock.h"
#include "core/store/candidates.h"
#include "core/store/doubts.h"
#include "core/store/overlay.h"
#include "core/store/pace_state.h"
#include "core/sync/pace.h"

namespace mdock::engine {
namespace {

// Failures before which no byte of the request can have been carried out.
bool is_surely_unsent(errc code) {
    switch (code) {
        case errc::resolve_failed:
        case errc::connect_failed:
        case errc::tls_failed:
        case errc::certificate_refused:
        case errc::proxy_refused:
        case errc::usage: return true;
        default: return false;
    }
}

heard meaning_of(int status) {
    if (status >= 200 && status < 300) return heard::done;
    if (status == 404 || status == 410) return heard::gone;
    if (status == 408 || status == 425 || status >= 500 || status < 400) return heard::unknown;
    return heard::refused;
}

store::next_change_rules rules_of(const session& s) {
    store::next_change_rules rules;
    rules.now = s.out.now();
    rules.wall = s.m.world.clock.wall();
    rules.undo_window = s.m.how.undo_window;
    rules.hold_above = s.m.how.hold_above;
    rules.most_creates = s.m.how.max_creates_per_minute;
    return rules;
}

bool is_set_back(store::database& db) {
    const auto hold = store::held(db, resource::entries);
    return hold && hold->reason == "rewound";
}

asio::awaitable<void> look_for_twins(session& s) {
    auto& db = s.db();
    const auto me = s.who ? s.who->user_account_id : 0;
    const auto at = s.out.now();
    auto job = [&db, me, at]() -> std::int64_t {
        if (!store::is_watching_for_twins(db)) return 0;
        store::transaction write(db);
        const auto found = store::report_twins(db, me, at);
        write.commit();
        return found;
    };
    const auto found = co_await s.store().run("outbox.twins", job);
    s.pushed.conflicts += found;
}

asio::awaitable<void> send(session& s, store::waiting_change what) {
    if (what.which == resource::dock) {
        co_await send_dock(s, std::move(what));
    } else if (what.state == "unknown") {
        co_await reconcile(s, std::move(what));
    } else if (what.operation == "create") {
        co_await send_create(s, std::move(what));
    } else if (what.operation == "update") {
        co_await send_update(s, std::move(what));
    } else {
        co_await send_delete(s, std::move(what));
    }
}

}  // namespace

asio::awaitable<hearing> send_once(session& s, http_request request) {
    hearing out;
    const auto before = s.out.requests();
    auto answer = co_await s.out.once("outbox.request", request);
    if (!answer) {
        out.why = answer.error();
        const bool is_unsent = s.out.requests() == before || is_surely_unsent(out.why.code());
        out.what = is_unsent ? heard::not_sent : heard::unknown;
        if (is_unsent) s.stopped_by = out.why;
        co_return out;
    }
    out.answer = std::move(*answer);
    out.what = meaning_of(out.answer.status);
    if (out.what == heard::done) co_return out;
    out.why = api::failure_of(request, out.answer);
    if (out.answer.status == 429) {
        out.what = heard::not_sent;
        s.stopped_by = out.why;
    }
    if (out.answer.status != 401 && out.answer.status != 403) co_return out;
    // Some services answer a token that is gone with 403, and then nothing may be parked for it (H19).
    auto me = co_await ask(s, "identity.me", api::get_me());
    if (s.stopped_by || !me || out.answer.status == 401) {
        out.what = heard::not_sent;
        if (!s.stopped_by) s.stopped_by = out.why;
    }
    co_return out;
}

asio::awaitable<bool> bring_up_to_date(session& s, resource which, bool is_forced) {
    if (!is_forced && s.is_up_to_date.contains(which)) co_return true;
    if (which == resource::entries || which == resource::expenses) {
        auto standing = co_await standing_of(s, which, true);
        if (!standing.state.is_loaded) co_return false;
        co_await delta(s, which, standing.state);
    } else {
        co_await read_list(s, which, true);
    }
    const auto& outcome = s.outcome(which);
    // What is held is held from going; what came is in.
    const bool is_read = !s.stopped_by && !outcome.error && (outcome.state == "current" || outcome.state == "held");
    if (is_read) s.is_up_to_date.insert(which);
    co_return is_read;
}

asio::awaitable<fresh_row> read_fresh(session& s, resource which, std::int64_t id) {
    fresh_row out;
    if (which == resource::expenses) {
        const bool is_read = co_await bring_up_to_date(s, which, true);
        if (!is_read) co_return out;
        auto& db = s.db();
        auto job = [&db, which, id] { return store::their_row(db, which, id); };
        auto found = co_await s.store().run("outbox.theirs", job);
        out.what = found ? fresh_row::fate::there : fresh_row::fate::gone;
        if (found) out.fields = std::move(*found);
        co_return out;
    }
    auto answer = co_await ask(s, "outbox.look", api::get_one(which, id));
    if (!answer) {
        const auto code = answer.error().code();
        if (code == errc::not_found) out.what = fresh_row::fate::gone;
        if (code == errc::forbidden && !s.stopped_by) {
            out.what = fresh_row::fate::hidden;
            out.why = answer.error();
        }
        if (code != errc::not_found && !s.stopped_by && classify(code) == retry::soon) s.stopped_by = answer.error();
        co_return out;
    }
    auto rows = api::decode_one(which, answer->body);
    if (rows && rows->empty() && rows->out_of_scope > 0) out.what = fresh_row::fate::docked;
    // Another row's answer, or the timer's: nothing is written on such ground.
    if (!rows || rows->empty() || rows->key(0) != id) co_return out;
    out.what = fresh_row::fate::there;
    out.fields = model::fields_of(*rows, 0);
    out.row = std::make_shared<model::row_batch>(std::move(*rows));
    co_return out;
}

std::chrono::seconds rest_after(session& s, int attempts) {
    return std::chrono::ceil<std::chrono::seconds>(sync::retry_pause(std::min(attempts, 20), s.m.how.retry_min, s.m.how.retry_max, 1.0));
}

asio::awaitable<void> push(session& s) {
    auto& db = s.db();
    if (s.stopped_by || !s.m.how.sends) co_return;
    // A rehearsal is taken back in the end; what MinuteDock has taken is not.
    // And where MinuteDock seems to be set back, a person decides first what is to be believed (D10).
    auto look = [&db] { return (db.is_rehearsing() && !planted(bug::rehearsal_sends)) || is_set_back(db); };
    const bool must_wait = co_await s.store().run("outbox.begin", look);
    if (must_wait) co_return;
    if (!s.has_recovered_outbox) {
        const auto settle = s.m.how.settle_time;
        auto recover = [&db, settle] { store::recover_outbox(db, settle); };
        co_await s.store().run("outbox.recover", recover);
        s.has_recovered_outbox = true;
    }
    s.next_push_in.reset();
    co_await look_for_twins(s);
    auto tried = std::make_shared<store::tried_changes>();
    while (!s.stopped_by) {
        const auto rules = rules_of(s);
        auto job = [&db, rules, tried] { return store::next_change(db, rules, *tried); };
        auto next = co_await s.store().run("outbox.next", job);
        if (!next) {
            auto when = [&db, rules] { return std::pair{store::next_due_in(db, rules), store::is_create_capped(db, rules)}; };
            const auto due = co_await s.store().run("outbox.due", when);
            s.next_push_in = due.first;
            // The cap on creates is of a minute.
            if (due.second) s.next_push_in = std::min(s.next_push_in.value_or(std::chrono::seconds{60}), std::chrono::seconds{60});
            break;
        }
        tried->insert({next->outbox_id, next->state});
        co_await send(s, std::move(*next));
    }
}

}  // namespace mdock::engine
