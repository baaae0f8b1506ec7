// SPDX-License-Identifier: MIT
// Creates, exactly once without an idempotency key (C4): what is about to be sent is on the disk before the first byte, an
// answer that is lost is looked for before anything is sent again, and whoever is in doubt asks a person.
#include <memory>

#include "core/api/decode.h"
#include "core/api/writes.h"
#include "core/base/planted.h"
#include "core/engine/push.h"
#include "core/store/apply.h"
#include "core/store/candidates.h"
#include "core/store/gone.h"
#include "core/store/mapping.h"
#include "core/store/overlay.h"
#include "core/store/pace_state.h"
#include "core/store/resource_state.h"

namespace mdock::engine {
namespace {

// How long a row that was adopted or sent again is watched for a twin (C4 rule 4).
constexpr auto watched_for = std::chrono::days{7};

struct creating {
    store::waiting_change what;
    utc_seconds sent_at;
    http_request request;
};

std::optional<creating> begin(store::database& db, std::int64_t outbox_id, utc_seconds at) {
    store::transaction write(db);
    auto what = store::read_waiting(db, outbox_id);
    if (!what || what->state != "queued") return std::nullopt;
    // What comes in by the first reading of a list is not told from what was there: a create whose answer is lost would not
    // be found among it, and be sent again (C4 rule 1).
    if (!store::read_state(db, what->which).is_loaded) {
        store::put_back(db, outbox_id, std::nullopt, "waits until " + std::string(name_of(what->which)) + " could be read once");
        write.commit();
        return std::nullopt;
    }
    if (store::drop_gone_tasks(db, what->new_values)) {
        store::narrow(db, outbox_id, what->new_values, {});
        store::write_fields(db, what->which, what->row_id, what->new_values);
    }
    creating out{*what, at, api::create_one(what->which, what->new_values)};
    if (!planted(bug::sending_not_stored)) store::mark_sending(db, *what, at, out.request.body);
    write.commit();
    return out;
}

asio::awaitable<void> leave(session& s, store::waiting_change what, failure why, heard outcome) {
    auto& db = s.db();
    const auto until = s.out.now() + (planted(bug::settle_time_ignored) ? std::chrono::seconds{0} : s.m.how.settle_time);
    if (planted(bug::create_resent_at_once) && outcome == heard::unknown) outcome = heard::not_sent;
    auto job = [&db, what, why, until, outcome] {
        store::transaction write(db);
        if (outcome == heard::not_sent) store::put_back(db, what.outbox_id, std::nullopt, why.context());
        else if (outcome == heard::unknown) store::mark_unknown(db, what.outbox_id, until, why.context());
        else if (planted(bug::refused_dropped)) store::finish_change(db, what.outbox_id, "discarded", until);
        else store::park(db, what, why.context());
        write.commit();
    };
    co_await s.store().run("outbox.left", job);
    if (outcome == heard::unknown) ++s.pushed.unknown;
    if (outcome == heard::refused || outcome == heard::gone) ++s.pushed.parked;
}

// The row that MinuteDock says it has made; none when the answer cannot be believed.
std::shared_ptr<model::row_batch> made_row(const store::waiting_change& what, const std::string& body, std::int64_t me) {
    auto rows = api::decode_one(what.which, body);
    if (!rows || rows->empty()) return nullptr;
    auto kept = std::make_shared<model::row_batch>(std::move(*rows));
    if (what.which != resource::entries) return kept;
    const auto wanted = what.new_values.find("user_account_id");
    const auto* user = wanted == what.new_values.end() ? nullptr : std::get_if<std::int64_t>(&wanted->second);
    const auto& cell = kept->row(0)[kept->columns().cell_of("user_account_id")];
    // Somebody else's entry is none of ours, whatever the status says (O12).
    if (cell.type == model::cell_type::integer && cell.integer != (user == nullptr ? me : *user)) return nullptr;
    return kept;
}

// True when the answer's row is what this create has made.
bool take_answer(store::database& db, std::int64_t outbox_id, const model::row_batch& row, const store::apply_how& how) {
    store::transaction write(db);
    const auto what = store::read_waiting(db, outbox_id);
    const auto sent = store::sent_state(db, outbox_id);
    if (!what || !sent) return false;
    const auto id = row.key(0);
    if (store::is_mapped(db, what->which, id) || store::was_known(db, what->which, id, sent->known_seq)) return false;
    store::give_real_id(db, what->which, what->row_id, id, how.at);
    if (what->attempts > 1) store::watch_for_twin(db, *what, id, how.at + watched_for);
    store::finish_change(db, outbox_id, "applied", how.at);
    // A contact's answer may leave fields out; those are asked for by its id.
    if (what->which == resource::entries) store::apply_rows(db, row, how);
    store::refresh_sync_state(db, what->which, id);
    write.commit();
    return true;
}

asio::awaitable<void> read_again(session& s, resource which, std::int64_t id) {
    auto fresh = co_await read_fresh(s, which, id);
    if (!fresh.row) co_return;
    auto& db = s.db();
    store::apply_how how;
    how.at = s.out.now();
    const auto row = fresh.row;
    auto job = [&db, row, how, which, id] {
        store::transaction write(db);
        store::apply_rows(db, *row, how);
        store::refresh_sync_state(db, which, id);
        write.commit();
    };
    co_await s.store().run("outbox.echo", job);
}

asio::awaitable<void> close(session& s, store::waiting_change what, std::string body) {
    auto row = made_row(what, body, s.who ? s.who->user_account_id : 0);
    if (!row) {
        co_await leave(s, std::move(what), failure(errc::bad_shape, "MinuteDock's answer does not show the row that was sent"), heard::unknown);
        co_return;
    }
    auto& db = s.db();
    store::apply_how how;
    how.at = s.out.now();
    const auto outbox_id = what.outbox_id;
    auto job = [&db, outbox_id, row, how] { return take_answer(db, outbox_id, *row, how); };
    const bool is_ours = co_await s.store().run("outbox.applied", job);
    if (!is_ours) {
        co_await leave(s, std::move(what), failure(errc::bad_shape, "MinuteDock answered with a row that was there before"), heard::unknown);
        co_return;
    }
    ++s.pushed.applied;
    if (what.which != resource::entries) co_await read_again(s, what.which, row->key(0));
}

enum class found { adopted, absent, doubtful };

found decide(store::database& db, std::int64_t outbox_id, std::int64_t me, utc_seconds at) {
    store::transaction write(db);
    const auto what = store::read_waiting(db, outbox_id);
    const auto sent = store::sent_state(db, outbox_id);
    if (!what) return found::absent;
    // Without a word of what was sent nothing can be told apart (I07).
    const auto rows = sent ? store::find_candidates(db, *what, sent->known_seq, me) : store::candidate_rows{};
    auto out = found::absent;
    if (!rows.equal.empty()) {
        const auto id = rows.equal.front();
        store::give_real_id(db, what->which, what->row_id, id, at);
        store::watch_for_twin(db, *what, id, at + watched_for);
        store::finish_change(db, outbox_id, "adopted", at);
        // The row came in before anybody knew that it is ours.
        store::show_mine(db, what->which, id);
        if (const auto over = store::read_overlay(db, what->which, id); over.contains(id) && over.at(id).is_docked)
            store::move_to_dock(db, id, at);
        store::refresh_sync_state(db, what->which, id);
        out = found::adopted;
    } else if (!sent || !rows.near.empty()) {
        const std::string which = rows.near.empty() ? "nothing tells what was sent"
                                                    : std::string(name_of(what->which)) + " " + std::to_string(rows.near.front()) +
                                                          " is like it and not the same";
        store::park(db, *what, "MinuteDock did not answer when this was sent, and " + which +
                                   "; `mdock outbox retry` sends it again, `mdock outbox discard` leaves it at that");
        out = found::doubtful;
    } else {
        store::put_back(db, outbox_id, std::nullopt, "not found on MinuteDock after an answer was lost: it is sent again");
    }
    write.commit();
    return out;
}

}  // namespace

asio::awaitable<void> send_create(session& s, store::waiting_change what) {
    const bool is_current = co_await bring_up_to_date(s, what.which, false);
    if (s.stopped_by) co_return;
    // What is there already must be known first, or an answer that is lost could not be told from it (C4 rule 1).
    if (!is_current && what.which == resource::entries) co_return;
    auto late = co_await s.out.turn();
    if (late) {
        s.stopped_by = *late;
        co_return;
    }
    auto& db = s.db();
    const auto at = s.out.now();
    const auto outbox_id = what.outbox_id;
    auto mark = [&db, outbox_id, at] { return begin(db, outbox_id, at); };
    auto begun = co_await s.store().run("outbox.sending", mark);
    if (!begun) co_return;
    auto outcome = co_await send_once(s, begun->request);
    if (outcome.what == heard::done) {
        co_await close(s, std::move(begun->what), std::move(outcome.answer.body));
        co_return;
    }
    co_await leave(s, std::move(begun->what), outcome.why, outcome.what);
}

asio::awaitable<void> reconcile(session& s, store::waiting_change what) {
    const bool is_current = co_await bring_up_to_date(s, what.which, true);
    if (!is_current) co_return;
    auto& db = s.db();
    const auto at = s.out.now();
    const auto me = s.who ? s.who->user_account_id : 0;
    const auto outbox_id = what.outbox_id;
    auto job = [&db, outbox_id, me, at] { return decide(db, outbox_id, me, at); };
    const auto outcome = co_await s.store().run("outbox.reconcile", job);
    if (outcome == found::adopted) ++s.pushed.adopted;
    if (outcome == found::doubtful) ++s.pushed.parked;
}

}  // namespace mdock::engine
