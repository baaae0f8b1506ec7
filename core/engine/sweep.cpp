// SPDX-License-Identifier: MIT
#include "core/engine/sweep.h"

#include <algorithm>

#include "core/api/requests.h"
#include "core/engine/count_rules.h"
#include "core/engine/pages.h"
#include "core/engine/recheck.h"
#include "core/engine/verdict.h"
#include "core/store/load_state.h"
#include "core/store/present_rows.h"
#include "core/store/proof_state.h"
#include "core/sync/window.h"

namespace mdock::engine {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr days recent_days{60};
constexpr seconds one_day = days{1};
// One request in twenty of what the rate allows.
constexpr std::int64_t share = 20;

struct situation {
    store::resource_state entries;
    store::count_rule rule;
    store::sweep recent, all;
    std::int64_t rows = 0;
    std::int64_t window_rows = sync::least_page;
};

class sweeping {
public:
    explicit sweeping(session& s) : s_(s) {}

    asio::awaitable<seconds> run() {
        co_await read_situation();
        if (!now_.entries.is_loaded || now_.entries.state == "denied" || now_.entries.state == "unavailable") co_return one_day;
        const auto at = s_.claim_time();
        if (!at) co_return shortest_step();
        co_await start_what_is_due(*at);
        // The recent days first: they are few, and people look at them.
        if (now_.recent.next_day) {
            co_await step("recent", now_.recent);
        } else if (now_.all.next_day) {
            co_await step("all", now_.all);
        }
        co_return until_next(*at);
    }

private:
    asio::awaitable<void> read_situation() {
        auto& db = s_.db();
        const auto now = s_.out.now();
        auto job = [&db, now] {
            situation out;
            out.entries = store::read_state(db, resource::entries);
            out.rule = store::read_count_rule(db);
            out.recent = store::read_sweep(db, "recent");
            out.all = store::read_sweep(db, "all");
            out.rows = store::count_present(db, resource::entries);
            out.window_rows = std::max(store::longest_page(db, endpoint_of(resource::entries), now), sync::least_page) * 85 / 100;
            return out;
        };
        auto now_is = co_await s_.store().run("sweep.read", job);
        now_ = std::move(now_is);
    }

    bool is_the_proof() const { return now_.rule.scope == "none" || now_.rule.scope == "own"; }
    seconds recent_period() const { return std::min(one_day, s_.m.how.sweep_interval); }
    seconds whole_period() const { return is_the_proof() ? recent_period() : s_.m.how.sweep_interval; }

    seconds shortest_step() const {
        return seconds{std::max<std::int64_t>(1, share * 60 / std::max(1, s_.m.how.max_requests_per_minute))};
    }

    // What the first load read needs no sweep before its time, unless the sweep is the proof.
    asio::awaitable<void> start_what_is_due(utc_seconds at) {
        bool has_begun = begin_if_due(now_.recent, recent_period(), at, false);
        has_begun = begin_if_due(now_.all, whole_period(), at, is_the_proof()) || has_begun;
        if (!has_begun) co_return;
        s_.taken.erase(resource::entries);
        auto& db = s_.db();
        const auto recent = now_.recent;
        const auto all = now_.all;
        auto job = [&db, recent, all] {
            store::transaction write(db);
            store::write_sweep(db, "recent", recent);
            store::write_sweep(db, "all", all);
            write.commit();
        };
        co_await s_.store().run("sweep.begin", job);
    }

    static bool begin_if_due(store::sweep& part, seconds period, utc_seconds at, bool at_once) {
        if (part.next_day) return false;
        if (!part.finished_at && !at_once) {
            part.finished_at = at;
            return true;
        }
        if (part.finished_at && at - *part.finished_at < period) return false;
        part.started_at = at;
        part.next_day = api::last_day;
        part.is_clean = true;
        return true;
    }

    asio::awaitable<void> step(std::string_view part, store::sweep& where) {
        const bool is_recent = part == "recent";
        const auto today = std::chrono::floor<days>(*where.started_at);
        const std::chrono::sys_days least = is_recent ? today - recent_days : api::first_day;
        const auto to = *where.next_day;
        auto& db = s_.db();
        const auto rows = now_.window_rows;
        auto plan = [&db, least, to, rows] { return store::window_start(db, resource::entries, least, to, rows); };
        const auto from = co_await s_.store().run("sweep.plan", plan);
        model::window what;
        what.from = from;
        what.to = to;
        std::vector<model::window> windows(1, what);
        auto found = co_await recheck(s_, resource::entries, std::move(windows), false);
        if (found.failed || s_.stopped_by) co_return;    // the same window again at the next step
        suspects absent(resource::entries);
        absent.ids = std::move(found.absent);
        absent.went_back = found.went_back;
        absent.is_everything = false;
        absent.shows_others = found.shows_others;
        const bool is_judged = co_await judge(s_, absent);
        if (s_.stopped_by) co_return;
        where.is_clean = where.is_clean && is_judged && found.is_settled;
        where.next_day = from - days{1};
        if (from <= least) co_await finish(is_recent, where);
        co_await keep(part, where);
    }

    asio::awaitable<void> finish(bool is_recent, store::sweep& where) {
        where.next_day.reset();
        where.finished_at = s_.claim_time();
        if (is_recent || !where.is_clean || !is_the_proof()) co_return;
        const auto rule = co_await learn_rule(s_, now_.rule);
        learned_ = rule;
        is_proven_ = true;
    }

    asio::awaitable<void> keep(std::string_view part, store::sweep where) {
        auto& db = s_.db();
        const auto learned = learned_;
        const bool is_proven = is_proven_;
        const auto at = s_.out.now();
        auto job = [&db, part, where, learned, is_proven, at] {
            store::transaction write(db);
            store::write_sweep(db, part, where);
            if (is_proven && where.started_at) store::mark_verified(db, resource::entries, *where.started_at);
            if (learned) store::write_count_rule(db, *learned, at);
            write.commit();
        };
        co_await s_.store().run("sweep.store", job);
    }

    // Spread over the period, so that a sweep of everything is no burst.
    seconds until_next(utc_seconds at) const {
        const auto steps = now_.rows / std::max<std::int64_t>(1, now_.window_rows) + 1;
        if (now_.recent.next_day) return shortest_step();
        if (now_.all.next_day) return std::max(shortest_step(), seconds{whole_period().count() / (steps + 1)});
        const auto left = [at](const store::sweep& part, seconds period) {
            return part.finished_at ? std::max(seconds{0}, period - (at - *part.finished_at)) : period;
        };
        const auto soonest = std::min(left(now_.recent, recent_period()), left(now_.all, whole_period()));
        return std::clamp(soonest, shortest_step(), one_day);
    }

    session& s_;
    situation now_;
    std::optional<store::count_rule> learned_;
    bool is_proven_ = false;
};

}  // namespace

asio::awaitable<seconds> sweep_step(session& s) {
    sweeping one(s);
    const auto next = co_await one.run();
    co_return next;
}

}  // namespace mdock::engine
