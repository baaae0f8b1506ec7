// SPDX-License-Identifier: MIT
#include "core/engine/send_dock.h"

#include <memory>

#include "core/api/decode.h"
#include "core/api/requests.h"
#include "core/api/writes.h"
#include "core/base/planted.h"
#include "core/engine/dock_choice.h"
#include "core/engine/push.h"
#include "core/store/apply_dock.h"
#include "core/store/dock_changes.h"
#include "core/store/gone.h"
#include "core/store/pace_state.h"
#include "core/sync/merge.h"

namespace mdock::engine {
namespace {

constexpr int most_rounds = 3;
asio::awaitable<dock_now> look(session& s) {
    dock_now out;
    const auto user = s.who->user_account_id;
    auto answer = co_await ask(s, "outbox.dock", api::get_dock());
    std::string body;
    if (answer) body = std::move(answer->body);
    else if (answer.error().code() != errc::not_found) {
        if (!s.stopped_by) s.stopped_by = answer.error();
        co_return out;
    }
    const auto decoded = api::decode_dock(body, user);
    if (decoded) out = dock_in(*decoded, std::move(body));
    out.is_bare_404 = !answer;
    co_return out;
}

std::string some_uuid(random_port& from) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : std::string_view{"xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx"}) out += c == 'x' ? digits[from.next() % 16] : c;
    return out;
}

// One dock wish from its first look to its end.
class dock_sending {
public:
    dock_sending(session& s, const std::optional<store::dock_wish>& wish, std::optional<store::sent_dock> sent)
        : s_(s), user_(s.who->user_account_id), was_sent_(wish && wish->was_sent),
          needs_a_timer_(wish && (wish->was_sent || (!wish->is_started && wish->command != "redock"))), sent_(std::move(sent)) {}

    asio::awaitable<void> run() {
        for (int round = 0; round < most_rounds && !is_over_ && !s_.stopped_by; ++round) {
            auto now = co_await look(s_);
            dock_ = std::move(now);
            if (!dock_.is_known) co_return;
            if (sent_ && dock_.version.client_id == sent_->version_client_id && dock_.version.number == sent_->version_number) {
                co_await take_what_arrived();
                co_return;
            }
            // Nothing at all may be nobody's answer; and what was logged elsewhere, or in an earlier life, is among the entries.
            if (dock_.is_bare_404 || (dock_.is_idle && needs_a_timer_)) {
                auto again = co_await look(s_);
                dock_ = std::move(again);
                if (!dock_.is_known) co_return;
            }
            if (dock_.is_idle && needs_a_timer_) {
                const bool is_read = co_await bring_up_to_date(s_, resource::entries, true);
                if (!is_read) co_return;
            }
            co_await one_round(round + 1 == most_rounds);
        }
    }

private:
    // The answer was lost with an earlier process, and the dock shows its version (K02). What comes after it is another wish.
    asio::awaitable<void> take_what_arrived() {
        auto& db = s_.db();
        const auto at = s_.out.now();
        const auto last = sent_->outbox_id;
        auto job = [this, &db, last, at] {
            store::transaction write(db);
            store::finish_sent(db, user_, last, at);
            show(at);
            write.commit();
        };
        co_await s_.store().run("outbox.arrived", job);
        ++s_.pushed.applied;
    }

    using step = dock_step;
    using plan = dock_plan;

    // What is to be done about the wish on this dock; on the store thread.
    std::optional<plan> decide() const {
        auto& db = s_.db();
        auto wish = store::read_dock_wish(db, user_);
        if (!wish) return std::nullopt;
        plan out;
        out.here = store::read_local_dock(db, user_, s_.m.world.clock.wall());
        out.wish = std::move(*wish);
        const dock_ground on{dock_, was_sent_, dock_.is_idle && needs_a_timer_ && store::is_logged(db, out.wish, user_), s_.m.how.on_conflict};
        choose(out, on);
        return out;
    }

    asio::awaitable<void> one_round(bool is_last) {
        auto& db = s_.db();
        const auto fresh = some_uuid(s_.m.world.random);
        auto late = co_await s_.out.turn();
        if (late) {
            s_.stopped_by = *late;
            co_return;
        }
        const auto at = s_.out.now();
        const auto number = dock_.version.number + 1;
        auto job = [this, &db, fresh, at, number] { return begin(fresh, at, number); };
        auto begun = co_await s_.store().run("outbox.sending", job);
        if (!begun || !begun->second) {
            is_over_ = true;
            co_return;
        }
        plan p = std::move(begun->first);
        auto outcome = co_await send_once(s_, begun->second->first);
        co_await conclude(std::move(p), begun->second->second, std::move(outcome), is_last);
    }

    using sending = std::pair<http_request, api::dock_version>;

    // Decides and, where something is to be sent, writes down what; everything else is done here and now.
    std::optional<std::pair<plan, std::optional<sending>>> begin(const std::string& fresh, utc_seconds at, std::int64_t number) {
        auto& db = s_.db();
        store::transaction write(db);
        auto p = decide();
        if (!p) return std::nullopt;
        std::optional<sending> out;
        const api::dock_version version{fresh, store::dock_client_id(db, fresh), number};
        if (p->what == step::put) out.emplace(api::update_dock(p->send, version, p->is_logged), version);
        if (p->what == step::remove) out.emplace(api::discard_dock(), version);
        if (p->what == step::redock) out.emplace(api::redock(p->wish.entry_id), version);
        if (out) {
            const auto last = store::read_waiting(db, p->wish.changes.back());
            if (last) store::mark_sending(db, *last, at, out->first.body);
        } else {
            settle(*p, at);
        }
        write.commit();
        return std::pair{std::move(*p), std::move(out)};
    }

    // Ends a wish without a request. The dock then shows what MinuteDock has.
    void settle(const plan& p, utc_seconds at) {
        auto& db = s_.db();
        const auto seconds = p.wish.logged_seconds.value_or(p.here.shown_seconds);
        const auto date = p.wish.entry_date.empty() ? format_date(std::chrono::floor<std::chrono::days>(at)) : p.wish.entry_date;
        const auto& fields = p.wish.command == "log" ? p.wish.fields : p.here.fields;
        if (p.what == step::entry) store::make_entry_of(db, p.wish, fields, seconds, date, user_, at);
        if (p.what == step::conflict) store::make_conflict_of(db, p.wish, fields, seconds, date, dock_.fields, user_, at);
        if (p.what == step::finish) store::finish_wish(db, p.wish, "merged_equal", at);
        show(at);
        if (p.what == step::conflict) ++s_.pushed.conflicts;
        if (p.what == step::finish) ++s_.pushed.merged;
    }

    // Only for the bug of this name.
    void make_again(const plan& p) {
        auto& db = s_.db();
        store::transaction write(db);
        store::make_entry_of(db, p.wish, p.wish.fields, p.wish.logged_seconds.value_or(0), p.wish.entry_date, user_, s_.out.now());
        write.commit();
        is_over_ = true;
    }

    void show(utc_seconds at) {
        auto& db = s_.db();
        store::apply_how how;
        how.at = at;
        auto rows = api::decode_dock(dock_.body, user_);
        if (rows) store::apply_dock(db, std::move(*rows), user_, how);
        store::refresh_sync_state(db, resource::dock, user_);
    }

    asio::awaitable<void> conclude(plan p, api::dock_version version, hearing outcome, bool is_last) {
        if (outcome.what == heard::not_sent) {
            co_await leave(p, outcome.why, false);
            co_return;
        }
        const dock_now before = std::move(dock_);
        auto now = co_await look(s_);
        dock_ = std::move(now);
        if (!dock_.is_known) {
            co_await leave(p, outcome.why, false);
            co_return;
        }
        if (planted(bug::log_made_again) && p.is_logged && outcome.what == heard::unknown) {
            auto again = [this, &p] { make_again(p); };
            co_await s_.store().run("outbox.back", again);
            co_return;
        }
        const bool is_done = co_await has_happened(p, before, version, outcome);
        if (is_done) {
            co_await close(std::move(p));
            co_return;
        }
        const bool is_unmoved = dock_.version.id == before.version.id && dock_.version.number == before.version.number;
        if (outcome.what == heard::refused && is_unmoved) co_await leave(p, outcome.why, true);
        else if (is_last) co_await leave(p, failure(errc::conflict, "the timer was changed by others each time this was sent"), true);
        else co_await again(p, outcome.why);
    }

    // The next round decides anew, on the dock as it is now.
    asio::awaitable<void> again(const plan& p, failure why) {
        auto& db = s_.db();
        const auto last = p.wish.changes.back();
        auto job = [&db, last, why] {
            store::transaction write(db);
            store::put_back(db, last, std::nullopt, why.context());
            write.commit();
        };
        co_await s_.store().run("outbox.back", job);
    }

    // By what the dock shows now; a status may be of a proxy, and some services ignore a stale version in silence.
    asio::awaitable<bool> has_happened(const plan& p, const dock_now& before, const api::dock_version& version, const hearing& outcome) {
        if (p.what == step::redock) {
            const bool has_moved = dock_.version.id != before.version.id || dock_.version.number != before.version.number;
            if (outcome.what == heard::done && !dock_.is_idle && has_moved) co_return true;
            auto answer = co_await ask(s_, "outbox.look", api::get_one(resource::entries, p.wish.entry_id));
            if (!answer) co_return answer.error().code() == errc::not_found;
            const auto rows = api::decode_one(resource::entries, answer->body);
            co_return rows && rows->out_of_scope > 0;
        }
        if (planted(bug::dock_status_believed)) co_return outcome.what == heard::done;
        const bool is_same_row = dock_.version.id == before.version.id && dock_.version.number == before.version.number && !dock_.is_idle;
        // A log that was refused, or an emptiness that may be a proxy's, proves nothing: the entries tell, in the next round.
        const bool is_heard = outcome.what == heard::done || outcome.what == heard::unknown;
        if (p.is_logged && !is_heard) co_return false;
        if (dock_.is_bare_404 && outcome.what != heard::done) co_return false;
        if (p.what == step::remove || p.is_logged) co_return !is_same_row;
        co_return dock_.version.client_id == version.client_id && dock_.version.number == version.number;
    }

    asio::awaitable<void> close(plan p) {
        auto& db = s_.db();
        const auto at = s_.out.now();
        const auto wall = s_.m.world.clock.wall();
        const auto sent = s_.out.take_uncounted();
        auto job = [this, &db, p, at, wall, sent] {
            store::transaction write(db);
            store::finish_wish(db, p.wish, "applied", at);
            if (p.what == step::redock) store::move_to_dock(db, p.wish.entry_id, at);
            show(at);
            if (sent > 0) store::add_requests(db, wall, sent);
            write.commit();
        };
        co_await s_.store().run("outbox.applied", job);
        ++s_.pushed.applied;
        is_over_ = true;
        // What was logged or taken out of the entries shows in the same cycle (K07).
        if (p.is_logged || p.what == step::redock) co_await bring_up_to_date(s_, resource::entries, true);
    }

    asio::awaitable<void> leave(const plan& p, failure why, bool is_persons) {
        auto& db = s_.db();
        const auto last = p.wish.changes.back();
        auto job = [&db, last, why, is_persons] {
            store::transaction write(db);
            const auto what = store::read_waiting(db, last);
            if (what && is_persons) store::park(db, *what, why.context());
            else store::put_back(db, last, std::nullopt, why.context());
            write.commit();
        };
        co_await s_.store().run("outbox.left", job);
        if (is_persons) ++s_.pushed.parked;
        is_over_ = true;
    }

    session& s_;
    std::int64_t user_;
    bool was_sent_;         // by a process that did not hear the answer
    bool needs_a_timer_;    // an idle dock is not what the person saw
    std::optional<store::sent_dock> sent_;    // and under which version
    dock_now dock_;
    bool is_over_ = false;
};

}  // namespace

asio::awaitable<void> send_dock(session& s, store::waiting_change) {
    if (!s.who || s.who->user_account_id == 0) co_return;
    auto& db = s.db();
    const auto user = s.who->user_account_id;
    auto look = [&db, user] {
        return std::pair{store::read_dock_wish(db, user), store::read_sent_dock(db, user)};
    };
    const auto before = co_await s.store().run("outbox.wish", look);
    dock_sending sending(s, before.first, before.second);
    co_await sending.run();
}

}  // namespace mdock::engine
