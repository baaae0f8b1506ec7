// SPDX-License-Identifier: MIT
#include "core/engine/round.h"

#include <algorithm>

#include "core/engine/delta.h"
#include "core/engine/identify.h"
#include "core/engine/lines.h"
#include "core/engine/lists.h"
#include "core/engine/load.h"
#include "core/engine/proof.h"
#include "core/engine/push.h"
#include "core/engine/reading.h"
#include "core/engine/silent_changes.h"
#include "core/engine/sweep.h"
#include "core/engine/timer.h"
#include "core/store/identity_state.h"
#include "core/store/load_state.h"
#include "core/store/outbox.h"
#include "core/store/pace_state.h"
#include "core/store/present_rows.h"
#include "core/sync/window.h"

namespace mdock::engine {
namespace {

// dim_date reaches this far ahead (schema contract).
constexpr auto years_ahead = std::chrono::years{5};

enum class reading_due : std::uint8_t { not_yet, later, now };

class round {
public:
    round(session& s, parts which, round_request what) : s_(s), parts_(which), what_(std::move(what)) {}

    asio::awaitable<round_outcome> run() {
        s_.outcomes.clear();
        s_.stopped_by.reset();
        s_.open.clear();
        s_.has_looked_at_identity = s_.needs_second_look = false;
        if (parts_.proof) s_.taken.clear();
        s_.is_up_to_date.clear();
        s_.pushed = {};
        const auto requests_before = s_.out.requests();
        if (!s_.stamps_prove) co_await read_stamps();
        if (parts_.identity || !s_.who) {
            co_await identify(s_);
            s_.has_looked_at_identity = !s_.stopped_by;
        }
        if (!s_.stopped_by) co_await read_all();
        co_await close();
        round_outcome out;
        out.timer_runs = timer_runs_;
        out.until_sweep = until_sweep_;
        out.report.pushed = s_.pushed;
        out.report.requests = s_.out.requests() - requests_before;
        out.report.stopped_by = s_.stopped_by;
        out.report.waiting = waiting_.changes;
        out.report.timer_runs = waiting_.timer_runs;
        for (auto& [which, outcome] : s_.outcomes) out.report.resources.push_back(std::move(outcome));
        co_return out;
    }

private:
    bool wants(resource which) const {
        return what_.only.empty() || std::find(what_.only.begin(), what_.only.end(), which) != what_.only.end();
    }
    // A person who asks for all of it, for this one by name, or for the proof, does not wait for the day after a refusal.
    bool is_forced() const { return what_.full || !what_.only.empty() || s_.is_thorough; }

    asio::awaitable<void> read_all() {
        if (parts_.reference) co_await read_reference();
        co_await make_sure_of_pin();
        if (parts_.dock && wants(resource::dock) && !s_.stopped_by) {
            const bool runs = co_await read_dock(s_, is_forced());
            timer_runs_ = runs;
        }
        if (parts_.entries && wants(resource::entries)) co_await read_dated(resource::entries);
        if (parts_.billing) co_await read_billing();
        co_await push(s_);
        // Before the proof, which would otherwise find each of the moved entries by itself.
        const bool is_followed = what_.only.empty() && (parts_.reference || parts_.billing || parts_.proof);
        if (is_followed && !s_.stopped_by) co_await follow_vanished(s_);
        if (parts_.proof && what_.only.empty() && !s_.stopped_by) co_await prove();
        if (parts_.sweep && !s_.stopped_by) {
            const auto next = co_await sweep_step(s_);
            until_sweep_ = next;
        }
    }

    asio::awaitable<void> read_billing() {
        // Invoices first: one that is gone has set its expenses free.
        for (const auto which : {resource::invoices, resource::expenses}) {
            if (!wants(which) || s_.stopped_by) continue;
            const bool is_whole = co_await is_to_be_read_whole(which);
            if (is_whole) co_await prove_by_reading(s_, which, is_forced());
            else co_await read_dated(which);
        }
        const bool wants_lines = wants(resource::invoice_line_items) || wants(resource::invoices);
        if (wants_lines && !s_.stopped_by) co_await read_lines(s_, is_forced());
    }

    // A whole reading finds what is gone. Where it takes no more requests than the delta it replaces, each proof has one;
    // of longer lists one a day has to do, unless a person waits.
    asio::awaitable<bool> is_to_be_read_whole(resource which) {
        if (!parts_.proof || !what_.only.empty()) co_return false;
        auto& db = s_.db();
        const auto now = s_.out.now();
        const auto rest = std::min<std::chrono::seconds>(std::chrono::hours{24}, s_.m.how.verify_interval * 24);
        auto job = [&db, which, now, rest] {
            if (!store::read_state(db, which).is_loaded || store::load_in_progress(db, which)) return reading_due::not_yet;
            if (store::count_present(db, which) < sync::least_page) return reading_due::now;
            const auto proven = store::verified_as_of(db, which);
            return !proven || now - *proven >= rest ? reading_due::now : reading_due::later;
        };
        const auto due = co_await s_.store().run("reading.due", job);
        co_return due == reading_due::now || (due == reading_due::later && s_.is_thorough);
    }

    asio::awaitable<void> prove() {
        co_await prove_entries(s_);
        // After the counts: an entry that is gone takes its tasks' counts along.
        if (!s_.stopped_by) co_await follow_task_counts(s_);
    }

    asio::awaitable<void> read_reference() {
        for (const auto which : {resource::users, resource::contacts, resource::projects, resource::tasks, resource::items}) {
            const bool must = which == resource::users && s_.who && s_.who->user_account_id == 0;
            if (s_.stopped_by || !(wants(which) || must)) continue;
            const bool is_in = co_await is_in_already(which);
            if (!is_in || must) co_await read_list(s_, which, is_forced());
        }
    }

    // A first load that goes on after a kill does not ask again for lists that came in a moment ago.
    asio::awaitable<bool> is_in_already(resource which) {
        if (is_forced()) co_return false;
        auto& db = s_.db();
        auto read = [&db, which] { return std::pair{store::is_first_load_open(db), store::read_state(db, which)}; };
        const auto before = co_await s_.store().run("list.read", read);
        const auto& state = before.second;
        const auto wall = s_.m.world.clock.wall();
        const bool is_recent = state.last_read_at && wall >= *state.last_read_at &&
                               wall - *state.last_read_at < s_.m.how.reference_interval;
        if (!before.first || !state.is_loaded || !is_recent) co_return false;
        s_.outcome(which).state = state.state;
        co_return true;
    }

    // Rows are written only into a file that says whose it is, also where the users list could not be read.
    asio::awaitable<void> make_sure_of_pin() {
        if (s_.stopped_by) co_return;
        auto& db = s_.db();
        auto read = [&db] { return store::read_identity(db); };
        const auto pinned = co_await s_.store().run("identity.read", read);
        if (pinned && (pinned->user_account_id || s_.who->user_account_id == 0)) co_return;
        if (s_.who->user_account_id == 0) co_await learn_from_dock(s_);
        const identity who = *s_.who;
        const auto at = s_.out.now();
        auto job = [&db, who, at] {
            store::transaction write(db);
            pin(db, who, at);
            write.commit();
        };
        co_await s_.store().run("identity.store", job);
        s_.outcome(resource::accounts).state = "current";
    }

    asio::awaitable<void> read_dated(resource which) {
        if (s_.stopped_by) co_return;
        auto standing = co_await standing_of(s_, which, is_forced());
        if (standing.is_resting) co_return;
        auto& db = s_.db();
        auto read = [&db, which] { return store::load_in_progress(db, which); };
        const auto open = co_await s_.store().run("load.read", read);
        if (!standing.state.is_loaded || open || what_.full) {
            const bool is_in = co_await load(s_, which, standing.state);
            if (!is_in) co_return;
            auto now = co_await standing_of(s_, which, true);
            standing = std::move(now);
        }
        co_await delta(s_, which, standing.state);
        if (s_.outcome(which).state == "current" && !s_.outcome(which).error) s_.is_up_to_date.insert(which);
        if (which == resource::entries) co_await keep_scope(standing.state);
    }

    // A token that may see more than when the entries were loaded reads them all again; `since` would only bring what
    // changes from now on.
    asio::awaitable<void> keep_scope(const store::resource_state& before) {
        if (s_.stopped_by || s_.outcome(resource::entries).error) co_return;
        const std::string scope = s_.may_list_all ? "all" : "own";
        if (scope == before.list_form) co_return;
        auto& db = s_.db();
        auto job = [&db, scope] {
            store::transaction write(db);
            store::set_list_form(db, resource::entries, scope);
            write.commit();
        };
        if (before.list_form == "own") {
            const bool is_in = co_await load(s_, resource::entries, before);
            if (!is_in) co_return;
        }
        co_await s_.store().run("scope.store", job);
    }

    // Where the service sends no Date, what the entries' stamps prove stands in for it.
    asio::awaitable<void> read_stamps() {
        auto& db = s_.db();
        auto job = [&db] { return store::read_state(db, resource::entries).cursor.at; };
        const auto at = co_await s_.store().run("round.begin", job);
        s_.stamps_prove = at;
    }

    // What the round leaves behind whatever happened in it: the request count, the calendar, the row counts.
    asio::awaitable<void> close() {
        auto& db = s_.db();
        const auto wall = s_.m.world.clock.wall();
        const auto sent = s_.out.take_uncounted();
        const auto today = std::chrono::floor<std::chrono::days>(s_.out.now());
        const bool is_ours = s_.who.has_value() && !s_.stopped_by;
        // Whoever looks at mirror_status is told why nothing moves; a file of somebody else's stays as it is.
        const auto code = s_.stopped_by ? s_.stopped_by->code() : errc::none;
        const bool is_other = code == errc::wrong_account || code == errc::wrong_user;
        const std::string unknown = s_.stopped_by && !s_.who && !is_other ? s_.stopped_by->context() : std::string{};
        const auto claim = parts_.identity && is_ours ? s_.claim_time() : std::nullopt;
        const bool has_proof = parts_.proof && is_ours;
        const bool has_sent = s_.pushed.applied + s_.pushed.adopted > 0;
        // Not even the request count goes into a file that is somebody else's (D11).
        auto job = [&db, wall, sent = is_other ? 0 : sent, today, is_ours, unknown, claim, has_proof, has_sent] {
            const auto year = std::chrono::year_month_day{today}.year() + years_ahead;
            store::transaction write(db);
            if (sent > 0) store::add_requests(db, wall, sent);
            if (!unknown.empty()) store::mark_failed(db, resource::accounts, unknown, wall);
            if (is_ours) store::extend_dates(db, std::chrono::sys_days{year / std::chrono::December / 31});
            if (claim) store::mark_verified(db, resource::accounts, *claim);
            if (has_proof) store::verify_lines(db);
            // Rows that were made or deleted from here came in by no reading.
            for (const auto which : {resource::contacts, resource::projects, resource::tasks, resource::entries})
                if (has_sent) store::refresh_count(db, which);
            write.commit();
            std::map<resource, std::int64_t> counts;
            auto& rows = db.prepared("SELECT resource, row_count FROM mirror_status");
            while (rows.step())
                if (const auto which = resource_named(rows.text(0))) counts[*which] = rows.integer(1);
            rows.reset();
            db.checkpoint();
            return std::pair{std::move(counts), store::waiting_state(db)};
        };
        const auto closed = co_await s_.store().run("round.close", job);
        const auto& counts = closed.first;
        waiting_ = closed.second;
        for (auto& [which, outcome] : s_.outcomes)
            if (const auto found = counts.find(which); found != counts.end()) outcome.row_count = found->second;
    }

    session& s_;
    parts parts_;
    round_request what_;
    bool timer_runs_ = false;
    store::waiting_counts waiting_;
    std::chrono::seconds until_sweep_{0};
};

}  // namespace

asio::awaitable<round_outcome> do_round(session& s, parts which, round_request what) {
    round r(s, which, std::move(what));
    auto out = co_await r.run();
    co_return out;
}

asio::awaitable<round_report> sync_round(mirror& m, round_request what) {
    std::optional<monotonic_time> deadline;
    if (m.how.give_up_after) deadline = m.world.clock.monotonic() + *m.how.give_up_after;
    session s(m, deadline);
    co_await s.out.restore();
    parts all;
    auto done = co_await do_round(s, all, std::move(what));
    co_return std::move(done.report);
}

}  // namespace mdock::engine
