// SPDX-License-Identifier: MIT
#include "core/engine/load.h"

#include <deque>
#include <memory>

#include "core/api/report_counts.h"
#include "core/api/requests.h"
#include "core/base/planted.h"
#include "core/engine/at_once.h"
#include "core/engine/pages.h"
#include "core/store/apply_lines.h"
#include "core/store/load_state.h"
#include "core/store/pace_state.h"
#include "core/sync/cursor.h"
#include "core/sync/load_plan.h"
#include "core/sync/window.h"

namespace mdock::engine {
namespace {

// One load at work; its workers share it on one executor.
struct loading {
    session& s;
    walk w;
    bool is_first = true;              // nothing of this resource was whole before: no `changes`
    utc_seconds started_at{};
    std::deque<model::window> open;
    std::int64_t rows_in = 0;          // rows of this resource in the file, for the progress bar
    std::string unproven;              // days that could only be read as well as possible
    std::optional<failure> failed;
};

std::vector<bool> lists_of(resource which) {
    return which == resource::invoices ? std::vector<bool>{false, true} : std::vector<bool>{false};
}

model::window everything(bool is_archived) {
    model::window w;
    w.is_archived = is_archived;
    w.from = api::first_day;
    w.to = api::last_day;
    return w;
}

store::apply_how how_to_apply(const loading& l, utc_seconds at) {
    store::apply_how how;
    how.at = at;
    how.records_changes = !l.is_first;
    how.expects_new = l.is_first;
    return how;
}

// A reader that stays keeps the log from shrinking, and a load would make it as large as the account. What is small goes on.
failure log_is_full(std::int64_t bytes) {
    return {errc::database_error, "a program has been reading the mirror for so long that its log has " + std::to_string(bytes / 1048576) +
                                      " MiB: the load goes on when that program is closed (`mdock doctor` names it)"};
}

// What a window leaves in the file, in one transaction: its rows, its mark, the page length, the request count.
asio::awaitable<void> put_in(loading& l, model::window what, std::shared_ptr<page> p) {
    auto& db = l.s.db();
    const auto how = how_to_apply(l, p->as_of);
    const auto which = l.w.which;
    const auto wall = l.s.m.world.clock.wall();
    const auto sent = l.s.out.take_uncounted();
    const auto longest = l.w.longest_page;
    if (planted(bug::window_done_before_rows)) {
        auto early = [&db, which, what] { store::finish_window(db, which, what); };
        co_await l.s.store().run("load.store", early);
    }
    auto job = [&db, which, what, p, how, wall, sent, longest] {
        const store::bulk_writing cheaper(db);
        store::transaction write(db);
        store::applied done;
        for (const auto& rows : p->rows) done.add(store::apply_rows(db, *rows, how));
        if (which == resource::invoices) store::mark_lines_due(db, done.differing);
        store::finish_window(db, which, what);
        store::note_page(db, endpoint_of(which), longest, p->as_of);
        if (sent > 0) store::add_requests(db, wall, sent);
        write.commit();
        return std::pair{done, db.log_bytes()};
    };
    const auto stored = co_await l.s.store().run("load.store", job);
    const auto& done = stored.first;
    if (stored.second > l.s.m.how.most_log_bytes && !l.failed) l.failed = log_is_full(stored.second);
    l.s.count(which, done);
    l.rows_in += done.inserted + done.updated + done.unchanged;
    if (!p->is_proven) l.unproven += (l.unproven.empty() ? "" : ", ") + format_date(what.from);
    if (l.s.m.watcher != nullptr) l.s.m.watcher->advanced(which, l.rows_in);
}

asio::awaitable<void> cut_up(loading& l, model::window what, std::vector<model::window> parts, utc_seconds as_of) {
    auto& db = l.s.db();
    const auto which = l.w.which;
    const auto longest = l.w.longest_page;
    auto job = [&db, which, what, parts, longest, as_of] {
        store::transaction write(db);
        store::replace_window(db, which, what, parts);
        store::note_page(db, endpoint_of(which), longest, as_of);
        write.commit();
    };
    co_await l.s.store().run("load.cut", job);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) l.open.push_front(*part);
}

asio::awaitable<void> one_window(loading& l, model::window what) {
    auto fetched = co_await fetch_window(l.s, l.w, what);
    if (!fetched) {
        if (!l.failed) l.failed = fetched.error();
        co_return;
    }
    auto p = std::make_shared<page>(std::move(*fetched));
    if (p->is_whole) {
        co_await put_in(l, what, p);
        co_return;
    }
    const auto parts = sync::cut_by_date(what, dates_of(*p));
    co_await cut_up(l, what, parts, p->as_of);
}

asio::awaitable<void> worker(loading& l) {
    while (!l.open.empty() && !l.failed && !l.s.stopped_by) {
        const model::window what = l.open.front();
        l.open.pop_front();
        co_await one_window(l, what);
    }
}

asio::awaitable<std::vector<sync::month_count>> month_counts(session& s) {
    std::vector<sync::month_count> months;
    const auto request = api::report_counts(api::first_day, api::last_day, "month");
    auto answer = co_await ask(s, "load.counts", request);
    if (!answer) co_return months;    // no right to reports: the load is planned by splitting
    const auto counts = api::decode_report_counts(answer->body, false);
    if (!counts) co_return months;
    for (const auto& period : counts->periods) months.push_back({period.from, period.entries});
    co_return months;
}

// Where there is no Date, the load's first answer says from when on changes are to be asked for; a load that goes on after
// a kill, or an old cursor, has an earlier moment already.
asio::awaitable<void> note_first_stamp(loading& l, std::optional<utc_seconds> newest) {
    if (!newest || l.s.out.cursor_time()) co_return;
    auto& db = l.s.db();
    const auto which = l.w.which;
    auto job = [&db, which, newest] {
        auto cursor = store::read_state(db, which).cursor;
        if (cursor.at) return;
        cursor.at = newest;
        store::transaction write(db);
        store::set_cursor(db, which, cursor);
        write.commit();
    };
    co_await l.s.store().run("load.stamp", job);
}

// The first request asks for everything: a small account is done with it, and of a large one it shows how long a page
// this service gives.
asio::awaitable<std::vector<model::window>> plan_list(loading& l, bool is_archived) {
    std::vector<model::window> windows{everything(is_archived)};
    auto probe = co_await fetch_window(l.s, l.w, windows.front());
    if (!probe) {
        l.failed = probe.error();
        co_return windows;
    }
    co_await note_first_stamp(l, newest_in(*probe, l.s.m.world.clock.wall()));
    if (probe->is_whole || l.w.which != resource::entries) {
        auto p = std::make_shared<page>(std::move(*probe));
        if (p->is_whole) {
            co_await put_in(l, windows.front(), p);
            co_return std::vector<model::window>{};
        }
        co_return sync::cut_by_date(windows.front(), dates_of(*p));
    }
    const auto months = co_await month_counts(l.s);
    if (months.empty()) co_return sync::cut_by_date(windows.front(), dates_of(*probe));
    std::int64_t promised = 0;
    for (const auto& month : months) promised += month.rows;
    if (l.s.m.watcher != nullptr) l.s.m.watcher->planned(l.w.which, promised);
    co_return sync::plan_load(api::first_day, api::last_day, months, l.w.longest_page);
}

asio::awaitable<void> begin(loading& l, utc_seconds started_at) {
    l.started_at = started_at;
    for (const bool is_archived : lists_of(l.w.which)) l.open.push_back(everything(is_archived));
    auto& db = l.s.db();
    const auto which = l.w.which;
    const auto wall = l.s.m.world.clock.wall();
    const std::vector<model::window> windows(l.open.begin(), l.open.end());
    // A whole read learns anew how long a page is: a clamp that was lowered since would make cut answers look whole (P05).
    l.w.longest_page = 0;
    auto start = [&db, which, started_at, wall, windows] {
        store::transaction write(db);
        store::forget_page(db, endpoint_of(which));
        store::begin_load(db, which, started_at, windows);
        store::mark_loading(db, which, wall);
        write.commit();
    };
    co_await l.s.store().run("load.begin", start);
}

// Lists that are still one window of everything are asked and planned; after a kill between the two, again.
asio::awaitable<void> plan(loading& l) {
    std::deque<model::window> open;
    open.swap(l.open);
    for (const auto& window : open) {
        if (window.from != api::first_day || window.to != api::last_day) {
            l.open.push_back(window);
            continue;
        }
        const auto windows = co_await plan_list(l, window.is_archived);
        if (l.failed) co_return;
        if (!windows.empty()) co_await cut_up(l, window, windows, l.s.out.now());
    }
}

asio::awaitable<void> resume(loading& l, store::load_progress progress) {
    l.started_at = progress.started_at;
    l.open.assign(progress.open.begin(), progress.open.end());
    auto& db = l.s.db();
    const auto which = l.w.which;
    auto count = [&db, which] {
        auto& rows = db.prepared("SELECT count(*) FROM " + std::string(name_of(which)));
        rows.step();
        const auto n = rows.integer(0);
        rows.reset();
        return n;
    };
    const auto rows_in = co_await l.s.store().run("load.count", count);
    l.rows_in = rows_in;
    std::int64_t still = 0;
    bool is_known = !l.open.empty();
    for (const auto& w : l.open) {
        is_known = is_known && w.expected.has_value();
        still += w.expected.value_or(0);
    }
    if (l.s.m.watcher == nullptr) co_return;
    std::optional<std::int64_t> all;
    if (is_known) all = l.rows_in + still;
    l.s.m.watcher->planned(which, all);
    l.s.m.watcher->advanced(which, l.rows_in);
}

// Built once, after the rows: a third of the cost of keeping them up row by row. Before the load is marked done, so
// that a kill in between builds the rest.
asio::awaitable<void> index(loading& l) {
    if (!l.is_first || l.w.which != resource::entries) co_return;
    auto& db = l.s.db();
    auto job = [&db] { store::build_indexes(db); };
    co_await l.s.store().run("load.index", job);
}

asio::awaitable<void> finish(loading& l, const store::resource_state& before) {
    auto& db = l.s.db();
    const auto which = l.w.which;
    const auto wall = l.s.m.world.clock.wall();
    auto from = before.cursor;
    from.overlap = std::max(from.overlap, l.s.m.how.overlap);
    // Time passes during a load; an earlier Date within it shows that the first one was wrong (T08).
    auto before_walk = l.s.out.cursor_time();
    if (before_walk) before_walk = std::min(*before_walk, l.started_at);
    const std::string unproven = l.unproven;
    auto job = [&db, which, from, before_walk, wall, unproven] {
        store::transaction write(db);
        auto begun = from;
        if (!before_walk) begun.at = store::read_state(db, which).cursor.at;
        const auto cursor = sync::advance(begun, before_walk, std::nullopt, std::chrono::seconds{0});
        store::end_load(db, which);
        store::set_loaded(db, which);
        store::set_cursor(db, which, cursor);
        store::set_unproven(db, which, unproven);
        store::mark_current(db, which, sync::complete_as_of(cursor), wall);
        const auto state = store::read_state(db, which).state;
        write.commit();
        return state;
    };
    const auto state = co_await l.s.store().run("load.finish", job);
    l.s.outcome(which).state = state;
    if (l.s.m.watcher != nullptr) l.s.m.watcher->finished(which);
}

// The server's time before the first request of the walk (C2 rule 1).
asio::awaitable<utc_seconds> server_time(session& s) {
    if (!s.out.last_date()) {
        auto answer = co_await s.out.ask("load.time", api::get_me());
        if (!answer) co_return s.out.now();
    }
    co_return s.out.cursor_time().value_or(s.out.now());
}

}  // namespace

asio::awaitable<bool> load(session& s, resource which, const store::resource_state& before) {
    auto& db = s.db();
    auto read = [&db, which] {
        db.checkpoint();
        return std::pair{store::load_in_progress(db, which), db.log_bytes()};
    };
    auto found = co_await s.store().run("load.read", read);
    auto progress = std::move(found.first);
    if (found.second > s.m.how.most_log_bytes) {
        co_await record_failure(s, which, log_is_full(found.second));
        co_return false;
    }
    auto w = co_await begin_walk(s, which, std::nullopt);
    loading l{s, w, !before.is_loaded, {}, {}, 0, {}, std::nullopt};
    if (progress) {
        co_await resume(l, std::move(*progress));
    } else {
        if (s.m.watcher != nullptr) s.m.watcher->planned(which, std::nullopt);
        const auto started_at = co_await server_time(s);
        co_await begin(l, started_at);
    }
    co_await plan(l);
    co_await four_at_once(&worker, l);
    if (!l.failed && s.stopped_by) l.failed = s.stopped_by;
    if (l.failed) {
        co_await record_failure(s, which, *l.failed);
        co_return false;
    }
    co_await index(l);
    co_await finish(l, before);
    co_return true;
}

}  // namespace mdock::engine
