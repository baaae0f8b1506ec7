// SPDX-License-Identifier: MIT
#include "core/engine/silent_changes.h"

#include <algorithm>
#include <set>

#include "core/api/requests.h"
#include "core/engine/delta.h"
#include "core/engine/lists.h"
#include "core/engine/lookup.h"
#include "core/engine/reading.h"
#include "core/engine/recheck.h"
#include "core/engine/verdict.h"
#include "core/store/doubts.h"
#include "core/store/present_rows.h"
#include "core/store/proof_state.h"

namespace mdock::engine {
namespace {

// With more days than this it is cheaper to read the whole stretch in windows.
constexpr std::size_t most_single_days = 20;
// A count that keeps moving and never shows a strip counts what this token cannot see.
constexpr std::int64_t most_doubts = 3;

using day_set = std::set<std::chrono::sys_days>;

model::window everything_of(std::optional<std::int64_t> contact, std::optional<std::int64_t> task) {
    model::window w;
    w.from = api::first_day;
    w.to = api::last_day;
    w.contact_id = contact;
    w.task_id = task;
    return w;
}

asio::awaitable<day_set> days_of(session& s, std::vector<std::int64_t> entries) {
    auto& db = s.db();
    auto job = [&db, entries] {
        day_set days;
        for (const auto id : entries)
            if (const auto day = store::day_of(db, resource::entries, id)) days.insert(*day);
        return days;
    };
    auto days = co_await s.store().run("silent.days", job);
    co_return days;
}

// The days of these entries read again: what they are now, and whether they still are.
asio::awaitable<bool> read_days(session& s, std::vector<std::int64_t> entries) {
    if (entries.empty()) co_return true;
    const auto days = co_await days_of(s, entries);
    if (days.empty()) co_return true;
    std::vector<model::window> windows;
    if (days.size() > most_single_days) {
        auto planned = co_await plan_windows(s, resource::entries, *days.begin(), *days.rbegin());
        windows = std::move(planned);
    } else {
        for (const auto day : days) {
            model::window w;
            w.from = w.to = day;
            windows.push_back(w);
        }
    }
    auto found = co_await recheck(s, resource::entries, std::move(windows), false);
    suspects absent(resource::entries);
    absent.ids = std::move(found.absent);
    absent.went_back = found.went_back;
    absent.is_everything = false;
    const bool is_judged = co_await judge(s, absent);
    co_return is_judged && found.is_settled;
}

// The entries that a filter no longer lists.
asio::awaitable<bool> read_what_left(session& s, model::window filtered) {
    std::vector<model::window> windows(1, filtered);
    auto found = co_await recheck(s, resource::entries, std::move(windows), false);
    if (s.stopped_by || !found.is_settled) co_return false;
    const bool is_settled = co_await read_days(s, std::move(found.absent));
    co_return is_settled;
}

asio::awaitable<std::vector<std::int64_t>> entries_of_invoice(session& s, std::int64_t invoice) {
    auto& db = s.db();
    auto job = [&db, invoice] {
        std::vector<std::int64_t> entries;
        auto& select = db.prepared("SELECT entry_id FROM entries WHERE invoice_id = ?1 ORDER BY entry_id");
        select.bind(1, invoice);
        while (select.step()) entries.push_back(select.integer(0));
        select.reset();
        return entries;
    };
    auto entries = co_await s.store().run("silent.invoice", job);
    co_return entries;
}

using owed_rows = std::vector<std::pair<resource, std::int64_t>>;

asio::awaitable<owed_rows> vanished_rows(session& s) {
    auto& db = s.db();
    auto job = [&db] { return store::vanished(db); };
    auto rows = co_await s.store().run("silent.vanished", job);
    co_return rows;
}

asio::awaitable<void> forget(session& s, resource which, std::int64_t id) {
    auto& db = s.db();
    auto job = [&db, which, id] {
        store::transaction write(db);
        store::forget_vanished(db, which, id);
        write.commit();
    };
    co_await s.store().run("silent.done", job);
}

bool has_drifted(const store::task_tally& one) {
    return one.theirs - one.ours != one.difference && one.doubts < most_doubts;
}

asio::awaitable<std::vector<store::task_tally>> drifted_tasks(session& s) {
    auto& db = s.db();
    auto job = [&db] {
        auto all = store::task_tallies(db);
        std::erase_if(all, [](const auto& one) { return !has_drifted(one); });
        return all;
    };
    auto drifted = co_await s.store().run("tally.read", job);
    co_return drifted;
}

asio::awaitable<void> keep(session& s, std::int64_t task, bool has_looked) {
    auto& db = s.db();
    auto job = [&db, task, has_looked] {
        store::transaction write(db);
        for (auto one : store::task_tallies(db)) {
            if (one.task_id != task) continue;
            const auto left = one.theirs - one.ours;
            one.doubts = left == 0 ? 0 : one.doubts + (has_looked && left != one.difference ? 1 : 0);
            one.difference = left;
            store::keep_tally(db, one);
        }
        write.commit();
    };
    co_await s.store().run("tally.store", job);
}

asio::awaitable<store::resource_state> entries_state(session& s) {
    auto& db = s.db();
    auto job = [&db] { return store::read_state(db, resource::entries); };
    auto state = co_await s.store().run("silent.read", job);
    co_return state;
}

}  // namespace

asio::awaitable<void> follow_vanished(session& s) {
    const auto owed = co_await vanished_rows(s);
    if (owed.empty()) co_return;
    const auto state = co_await entries_state(s);
    for (const auto& [which, id] : owed) {
        if (s.stopped_by || !state.is_loaded) co_return;
        bool is_settled = false;
        if (which == resource::contacts) {
            const auto filtered = everything_of(id, std::nullopt);
            const bool is_read = co_await read_what_left(s, filtered);
            is_settled = is_read;
        } else {
            auto entries = co_await entries_of_invoice(s, id);
            const bool is_read = co_await read_days(s, std::move(entries));
            is_settled = is_read;
        }
        if (is_settled) co_await forget(s, which, id);
    }
}

asio::awaitable<void> follow_task_counts(session& s) {
    auto drifted = co_await drifted_tasks(s);
    if (drifted.empty()) co_return;
    // An entry that was made between the two readings moves the count as well: both are read once more.
    co_await read_list(s, resource::tasks, false);
    if (s.stopped_by || s.outcome(resource::tasks).error) co_return;
    const auto state = co_await entries_state(s);
    co_await delta(s, resource::entries, state);
    if (s.stopped_by || s.outcome(resource::entries).error) co_return;
    auto still = co_await drifted_tasks(s);
    for (const auto& one : still) {
        const auto filtered = everything_of(std::nullopt, one.task_id);
        const bool is_settled = co_await read_what_left(s, filtered);
        if (s.stopped_by) co_return;
        if (is_settled) co_await keep(s, one.task_id, true);
    }
}

}  // namespace mdock::engine
