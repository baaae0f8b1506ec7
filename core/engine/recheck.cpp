// SPDX-License-Identifier: MIT
#include "core/engine/recheck.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <unordered_set>

#include "core/base/planted.h"
#include "core/engine/pages.h"
#include "core/store/apply_lines.h"
#include "core/store/doubts.h"
#include "core/store/load_state.h"
#include "core/store/pace_state.h"
#include "core/store/present_rows.h"
#include "core/sync/cursor.h"
#include "core/sync/window.h"

namespace mdock::engine {
namespace {

// From so many windows on a person sees how far it has come.
constexpr std::size_t many_windows = 5;
constexpr std::chrono::seconds longest_overlap = std::chrono::hours{24};

using id_set = std::unordered_set<std::int64_t>;

struct rechecking {
    session& s;
    walk w;
    model::cursor cursor;
    bool accepts_older = false;
    std::deque<model::window> open;
    std::shared_ptr<id_set> archived;    // invoices seen in the archived list
    recheck_finding found;
    bool has_incident = false;
    std::int64_t rows_read = 0;
    bool is_shown = false;    // it is long enough for a person to want to see it move
};

store::apply_how how_to_apply(const rechecking& r, utc_seconds at) {
    store::apply_how how;
    how.at = at;
    how.origin = store::from_proof;
    how.older_cursor = sync::complete_as_of(r.cursor);
    if (!r.accepts_older) how.settled_before = at - std::max(r.cursor.overlap, r.s.m.how.overlap);
    return how;
}

// MinuteDock has a row that the readings of changes should have brought: invariant S was broken, so the overlap was too
// short or a page was cut where it looked whole. Both are learned anew, and the incident is kept for people (C3 rule 7).
void learn_from_overdue(store::database& db, resource which, model::cursor cursor, std::int64_t rows, const model::window& what,
                        utc_seconds at, bool is_first) {
    store::add_incident(db, at, which, "overdue",
                        std::to_string(rows) + " rows between " + format_date(what.from) + " and " + format_date(what.to) +
                            " had never reached this mirror; they are here now");
    store::forget_page(db, endpoint_of(which));
    if (!is_first) return;
    const auto now = store::read_state(db, which).cursor;
    cursor.at = now.at;
    cursor.overlap = std::min(longest_overlap, std::max(now.overlap, cursor.overlap) * 2);
    store::set_cursor(db, which, cursor);
}

// What the mirror has of the window and the answer lacks.
std::vector<std::int64_t> absent_from(store::database& db, resource which, const model::window& what, const page& p,
                                      const id_set& elsewhere) {
    id_set seen;
    for (const auto& rows : p.rows)
        for (std::size_t i = 0; i < rows->size(); ++i) seen.insert(rows->key(i));
    std::vector<std::int64_t> absent;
    for (const auto id : store::present_rows(db, which, &what))
        if (!seen.contains(id) && !elsewhere.contains(id)) absent.push_back(id);
    return absent;
}

bool shows_others(const session& s, const page& p) {
    const auto me = s.who ? s.who->user_account_id : 0;
    for (const auto& rows : p.rows) {
        if (rows->which() != resource::entries && rows->which() != resource::expenses) return false;
        const auto owner = rows->columns().cell_of("user_account_id");
        for (std::size_t i = 0; i < rows->size(); ++i)
            if (rows->row(i)[owner].integer != me) return true;
    }
    return false;
}

struct stored_window {
    store::applied done;
    std::vector<std::int64_t> absent;
};

asio::awaitable<void> put_in(rechecking& r, model::window what, std::shared_ptr<page> p) {
    auto& db = r.s.db();
    const auto which = r.w.which;
    const auto how = how_to_apply(r, p->as_of);
    const auto wall = r.s.m.world.clock.wall();
    const auto sent = r.s.out.take_uncounted();
    const auto longest = r.w.longest_page;
    const auto cursor = r.cursor;
    const bool is_first = !r.has_incident;
    auto archived = r.archived;
    auto job = [&db, which, what, p, how, wall, sent, longest, cursor, is_first, archived] {
        store::transaction write(db);
        stored_window out;
        for (const auto& rows : p->rows) out.done.add(store::apply_rows(db, *rows, how));
        if (which == resource::invoices) store::mark_lines_due(db, out.done.differing);
        if (what.is_archived) {
            for (const auto& rows : p->rows)
                for (std::size_t i = 0; i < rows->size(); ++i) archived->insert(rows->key(i));
        } else if (p->is_proven) {
            out.absent = absent_from(db, which, what, *p, *archived);
        }
        store::note_page(db, endpoint_of(which), longest, p->as_of);
        if (out.done.overdue > 0) learn_from_overdue(db, which, cursor, out.done.overdue, what, p->as_of, is_first);
        if (sent > 0) store::add_requests(db, wall, sent);
        write.commit();
        return out;
    };
    auto out = co_await r.s.store().run("recheck.store", job);
    r.s.count(which, out.done);
    r.has_incident = r.has_incident || out.done.overdue > 0;
    if (out.done.overdue > 0) r.w.longest_page = 0;
    r.rows_read += p->received;
    if (r.is_shown) r.s.m.watcher->advanced(which, r.rows_read);
    r.found.shows_others = r.found.shows_others || shows_others(r.s, *p);
    r.found.went_back = r.found.went_back || !out.done.older.empty();
    r.found.absent.insert(r.found.absent.end(), out.absent.begin(), out.absent.end());
    if (p->is_proven) co_return;
    r.found.is_settled = false;
    r.s.leave_open(which, 0, format_date(what.from) + " has more rows than a page and no fixed order: nothing is concluded from it");
}

}  // namespace

asio::awaitable<recheck_finding> recheck(session& s, resource which, std::vector<model::window> windows, bool accepts_older) {
    auto& db = s.db();
    auto read = [&db, which, windows] {
        auto planned = windows;
        // What the mirror has of it: nothing at all in its place is asked for twice (H01).
        for (auto& w : planned)
            if (!w.expected) w.expected = store::count_within(db, which, w);
        return std::pair{store::read_state(db, which).cursor, planned};
    };
    auto before = co_await s.store().run("recheck.read", read);
    auto cursor = before.first;
    windows = std::move(before.second);
    cursor.overlap = std::max(cursor.overlap, s.m.how.overlap);
    auto w = co_await begin_walk(s, which, std::nullopt);
    rechecking r{s, w, cursor, accepts_older, {windows.begin(), windows.end()}, std::make_shared<id_set>(), {}, false, 0, false};
    r.is_shown = s.m.watcher != nullptr && r.open.size() >= many_windows;
    std::int64_t promised = 0;
    for (const auto& one : r.open) promised += one.expected.value_or(0);
    if (r.is_shown) s.m.watcher->planned(which, promised);
    while (!r.open.empty()) {
        const model::window what = r.open.front();
        r.open.pop_front();
        auto fetched = co_await fetch_window(s, r.w, what);
        if (!fetched) {
            s.leave_open(which, fetched.error());
            r.found.failed = fetched.error();
            r.found.is_settled = false;
            if (s.stopped_by) break;
            if (!planted(bug::resumed_sweep_deletes)) continue;
            auto nothing = std::make_shared<page>();
            co_await put_in(r, what, nothing);
            r.found.failed.reset();
            continue;
        }
        auto p = std::make_shared<page>(std::move(*fetched));
        if (p->is_whole) {
            co_await put_in(r, what, p);
            continue;
        }
        const auto parts = sync::cut_by_date(what, dates_of(*p));
        for (auto part = parts.rbegin(); part != parts.rend(); ++part) r.open.push_front(*part);
    }
    if (r.is_shown) s.m.watcher->finished(which);
    std::sort(r.found.absent.begin(), r.found.absent.end());
    r.found.absent.erase(std::unique(r.found.absent.begin(), r.found.absent.end()), r.found.absent.end());
    co_return std::move(r.found);
}

}  // namespace mdock::engine
