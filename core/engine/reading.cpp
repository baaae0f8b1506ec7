// SPDX-License-Identifier: MIT
#include "core/engine/reading.h"

#include "core/api/requests.h"
#include "core/engine/pages.h"
#include "core/engine/recheck.h"
#include "core/engine/verdict.h"
#include "core/store/doubts.h"
#include "core/store/load_state.h"
#include "core/store/present_rows.h"
#include "core/sync/cursor.h"
#include "core/sync/window.h"

namespace mdock::engine {
namespace {

asio::awaitable<void> finish(session& s, resource which, const store::resource_state& before,
                             std::optional<utc_seconds> claim, bool is_proven) {
    auto& db = s.db();
    const auto wall = s.m.world.clock.wall();
    auto cursor = before.cursor;
    cursor.overlap = std::max(cursor.overlap, s.m.how.overlap);
    // Time passes during a walk; an earlier Date within it shows that the first one was wrong (T08).
    auto date = s.out.cursor_time();
    if (date && claim) date = std::min(*date, *claim);
    auto job = [&db, which, cursor, date, claim, wall, is_proven] {
        store::transaction write(db);
        // Without a Date the cursor stays: the deltas move it.
        auto next = sync::advance(cursor, date, std::nullopt, std::chrono::seconds{0});
        next.overlap = std::max(next.overlap, store::read_state(db, which).cursor.overlap);
        store::set_cursor(db, which, next);
        store::mark_current(db, which, sync::complete_as_of(next), wall);
        if (is_proven && claim) store::mark_verified(db, which, *claim);
        const auto state = store::read_state(db, which).state;
        write.commit();
        return state;
    };
    const auto state = co_await s.store().run("reading.store", job);
    s.outcome(which).state = state;
}

}  // namespace

asio::awaitable<std::vector<model::window>> plan_windows(session& s, resource which, std::chrono::sys_days from,
                                                         std::chrono::sys_days to) {
    auto& db = s.db();
    const auto now = s.out.now();
    auto job = [&db, which, from, to, now] {
        const auto page = std::max(store::longest_page(db, endpoint_of(which), now), sync::least_page) * 85 / 100;
        std::vector<model::window> windows;
        auto last = to;
        while (last >= from) {
            model::window w;
            w.from = store::window_start(db, which, from, last, page);
            w.to = last;
            windows.push_back(w);
            last = w.from - std::chrono::days{1};
        }
        return windows;
    };
    auto windows = co_await s.store().run("reading.plan", job);
    co_return windows;
}

asio::awaitable<bool> read_every_day(session& s, bool accepts_older) {
    auto windows = co_await plan_windows(s, resource::entries, api::first_day, api::last_day);
    auto found = co_await recheck(s, resource::entries, std::move(windows), accepts_older);
    if (s.stopped_by) co_return false;
    suspects absent(resource::entries);
    absent.ids = std::move(found.absent);
    absent.went_back = found.went_back;
    absent.shows_others = found.shows_others;
    const bool is_judged = co_await judge(s, absent);
    co_return is_judged && found.is_settled;
}

asio::awaitable<void> prove_by_reading(session& s, resource which, bool is_forced) {
    auto standing = co_await standing_of(s, which, is_forced);
    if (standing.is_resting || !standing.state.is_loaded || s.stopped_by) co_return;
    const auto claim = s.claim_time();
    auto windows = co_await plan_windows(s, which, api::first_day, api::last_day);
    if (which == resource::invoices) {
        auto both = windows;
        for (auto& w : both) w.is_archived = true;
        both.insert(both.end(), windows.begin(), windows.end());
        windows = std::move(both);
    }
    const bool accepts_older = s.accepts_held;
    auto found = co_await recheck(s, which, std::move(windows), accepts_older);
    if (found.failed) {
        co_await record_failure(s, which, *found.failed);
        co_return;
    }
    suspects absent(which);
    absent.ids = std::move(found.absent);
    absent.went_back = found.went_back;
    absent.shows_others = found.shows_others;
    const bool is_judged = co_await judge(s, absent);
    if (s.stopped_by) co_return;
    co_await finish(s, which, standing.state, claim, is_judged && found.is_settled);
}

}  // namespace mdock::engine
