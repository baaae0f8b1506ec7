// SPDX-License-Identifier: MIT
#include "core/engine/proof.h"

#include <algorithm>

#include "core/api/requests.h"
#include "core/base/planted.h"
#include "core/engine/delta.h"
#include "core/engine/count_rules.h"
#include "core/engine/recheck.h"
#include "core/engine/reading.h"
#include "core/engine/suspect_days.h"
#include "core/engine/verdict.h"
#include "core/store/doubts.h"
#include "core/store/just_written.h"
#include "core/store/present_rows.h"
#include "core/sync/counts.h"

namespace mdock::engine {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

// An account that changes faster than it can be proven is left to the next verification.
constexpr int most_attempts = 3;

// With more days than this that were written to a moment ago, the proof waits until MinuteDock's counts have followed.
constexpr std::size_t most_own_days = 12;

// Before which day no running timer can be dated, in whatever zone the account is.
sys_days first_recent_day(utc_seconds claim) { return std::chrono::floor<days>(claim) - days{1}; }

struct known_state {
    store::resource_state entries;
    store::count_rule rule;
    std::optional<store::hold> hold;
    std::int64_t rows = 0;
    bool is_loading = false;
};

class proving {
public:
    explicit proving(session& s) : s_(s) {}

    asio::awaitable<void> run() {
        for (int attempt = 0; attempt < most_attempts; ++attempt) {
            co_await read_state();
            if (!is_ready()) co_return;
            const bool is_accepting_older = s_.accepts_held && known_.hold && known_.hold->reason == "rewound";
            const bool may_count = known_.rule.scope != "own" && known_.rule.scope != "none";
            again_ = false;
            is_last_ = attempt + 1 == most_attempts;
            const bool is_short = co_await is_read_cheaply();
            if (may_count && !is_accepting_older && !is_short) {
                co_await by_count();
            } else if (s_.is_thorough || known_.rows <= few_rows) {
                co_await by_reading(is_accepting_older);
            } else {
                co_return;    // the sweep will
            }
            if (!again_ || s_.stopped_by) co_return;
        }
        s_.leave_open(resource::entries, 0, "the account changes faster than it could be compared");
    }

private:
    // With so few entries a whole reading costs what a count costs.
    static constexpr std::int64_t few_rows = 90;

    // A person who waits gets the proof that finds unstamped edits as well, where it costs no more than counting.
    asio::awaitable<bool> is_read_cheaply() {
        if (!s_.is_thorough) co_return false;
        const auto windows = co_await plan_windows(s_, resource::entries, api::first_day, api::last_day);
        co_return windows.size() <= s_.m.how.most_windows_read;
    }

    asio::awaitable<void> read_state() {
        auto& db = s_.db();
        auto job = [&db] {
            known_state out;
            out.entries = store::read_state(db, resource::entries);
            out.rule = store::read_count_rule(db);
            out.hold = store::held(db, resource::entries);
            out.rows = store::count_present(db, resource::entries);
            return out;
        };
        auto known = co_await s_.store().run("proof.read", job);
        known_ = std::move(known);
        claim_ = s_.claim_time();
    }

    bool is_ready() {
        const auto& outcome = s_.outcome(resource::entries);
        if (!known_.entries.is_loaded || outcome.error || s_.stopped_by) return false;
        return known_.entries.state == "current" || known_.entries.state == "held";
    }

    asio::awaitable<void> by_count() {
        const bool has_docks = known_.rule.docks != "left out" && !planted(bug::dock_counted_as_entry);
        const auto now = claim_.value_or(s_.out.now());
        const sys_days recent = first_recent_day(now);
        const sys_days to = has_docks ? recent - days{1} : api::last_day;
        co_await read_own_days();
        auto counts = co_await suspect_days(s_, to, known_.rule, true, own_days_);
        if (counts.failed) {
            co_await without_counts(*counts.failed);
            co_return;
        }
        // A running timer is counted by some services and listed by none: the days on which one can be are read.
        if (has_docks) {
            model::window newest;
            newest.from = recent;
            newest.to = api::last_day;
            counts.suspects.push_back(newest);
        }
        add_own_days(counts.suspects, to);
        auto found = co_await recheck(s_, resource::entries, counts.suspects, false);
        if (s_.stopped_by) co_return;
        suspects absent(resource::entries);
        absent.ids = found.absent;
        absent.went_back = found.went_back;
        absent.is_everything = !counts.is_own_only;
        const bool is_judged = co_await judge(s_, absent);
        if (s_.stopped_by || !is_judged || !found.is_settled) co_return;
        bool is_still = true;
        if (!planted(bug::no_second_delta)) {
            const bool brought_nothing = co_await second_delta();
            is_still = brought_nothing;
        }
        if (s_.outcome(resource::entries).error || s_.stopped_by) co_return;
        if (!is_still) {
            again_ = true;
            co_return;
        }
        const bool is_explained = co_await compare_again(counts, to);
        if (again_) co_return;
        if (has_many_own_ || (!is_explained && !own_days_.empty())) {
            s_.leave_open(resource::entries, 0, "MinuteDock's counts do not show yet what was changed from here a moment ago");
            co_return;
        }
        co_await conclude(counts, is_explained);
    }

    // Counts lag behind what was written from here: such days are read.
    asio::awaitable<void> read_own_days() {
        auto& db = s_.db();
        const auto now = s_.out.now();
        auto job = [&db, now] { return store::days_just_written(db, now); };
        auto own = co_await s_.store().run("proof.own", job);
        has_many_own_ = own.size() > most_own_days;
        own_days_ = has_many_own_ ? std::vector<sys_days>{} : std::move(own);
    }
    void add_own_days(std::vector<model::window>& suspects, sys_days to) const {
        for (const auto day : own_days_) {
            const bool is_read = std::any_of(suspects.begin(), suspects.end(), [day](const auto& w) { return w.from <= day && day <= w.to; });
            if (is_read || day > to) continue;
            model::window w;
            w.from = w.to = day;
            suspects.push_back(w);
        }
    }

    // Whether a row came or moved while we counted: then the counts belong to no one state.
    asio::awaitable<bool> second_delta() {
        const auto before = s_.outcome(resource::entries);
        auto& db = s_.db();
        auto job = [&db] { return store::read_state(db, resource::entries); };
        // As it is by now: a row that never came may just have widened the overlap.
        const auto state = co_await s_.store().run("proof.read", job);
        co_await delta(s_, resource::entries, state);
        const auto& after = s_.outcome(resource::entries);
        co_return after.inserted == before.inserted && after.updated == before.updated;
    }

    // What was read again has been mended; counts that still differ, twice, are counts of something else.
    asio::awaitable<bool> compare_again(const counted& counts, sys_days to) {
        if (counts.is_own_only || counts.suspects.empty() || counts.theirs.empty()) co_return true;
        auto& db = s_.db();
        auto job = [&db, to] { return store::month_sums(db, api::first_day, to, std::nullopt); };
        const auto ours = co_await s_.store().run("proof.compare", job);
        const auto left = sync::different_counts(counts.theirs, ours);
        if (left.empty()) co_return true;
        again_ = !is_last_;
        surplus_left_ = std::any_of(left.begin(), left.end(), [](const auto& one) { return one.theirs > one.ours; });
        co_return false;
    }

    asio::awaitable<void> conclude(const counted& counts, bool is_explained) {
        auto rule = counts.rule;
        rule.scope = counts.is_own_only ? "own" : is_explained ? "all" : "none";
        if (!is_explained && surplus_left_ && known_.rule.docks == "left out") {
            rule.docks = "counted";
            rule.scope = "all";
        }
        // Counts of fewer rows than there are prove what they equal; counts of more may hide what is gone.
        // Every period that differed has been read since.
        const bool is_proven = !counts.is_own_only && (is_explained || !surplus_left_);
        if (is_proven && rule.docks == "unknown") {
            const bool are_left_out = co_await are_docks_left_out(s_, first_recent_day(claim_.value_or(s_.out.now())));
            if (are_left_out) rule.docks = "left out";
        }
        co_await keep(rule, is_proven);
        if (counts.is_own_only && (s_.is_thorough || known_.rows <= few_rows)) co_await by_reading(false);
    }

    asio::awaitable<void> keep(store::count_rule rule, bool is_proven) {
        auto& db = s_.db();
        const bool is_new = !(rule == known_.rule);
        const auto at = s_.out.now();
        auto claim = is_proven ? claim_ : std::nullopt;
        if (planted(bug::verified_at_the_end) && claim) claim = s_.claim_time();
        auto job = [&db, rule, is_new, at, claim] {
            store::transaction write(db);
            if (is_new) store::write_count_rule(db, rule, at);
            if (claim) store::mark_verified(db, resource::entries, *claim);
            write.commit();
        };
        co_await s_.store().run("proof.store", job);
    }

    // 403, 404 and 422: this token gets no counts, and reading is what proves.
    asio::awaitable<void> without_counts(failure why) {
        const bool is_refusal = why.code() == errc::forbidden || why.code() == errc::not_found || why.code() == errc::unprocessable;
        if (!is_refusal) {
            s_.leave_open(resource::entries, why);
            co_return;
        }
        auto rule = known_.rule;
        rule.scope = "none";
        co_await keep(rule, false);
        if (s_.is_thorough || known_.rows <= few_rows) co_await by_reading(false);
    }

    asio::awaitable<void> by_reading(bool accepts_older) {
        const bool is_settled = co_await read_every_day(s_, accepts_older);
        if (s_.stopped_by || s_.outcome(resource::entries).error || !is_settled) co_return;
        const auto rule = co_await learn_rule(s_, known_.rule);
        co_await keep(rule, true);
    }

    session& s_;
    known_state known_;
    std::optional<utc_seconds> claim_;
    bool again_ = false;
    bool is_last_ = false;
    bool surplus_left_ = false;
    std::vector<sys_days> own_days_;
    bool has_many_own_ = false;
};

}  // namespace

asio::awaitable<void> prove_entries(session& s) {
    proving one(s);
    co_await one.run();
}

}  // namespace mdock::engine
