// SPDX-License-Identifier: MIT
#include "core/engine/delta.h"

#include <deque>
#include <memory>

#include "core/api/requests.h"
#include "core/base/planted.h"
#include "core/engine/pages.h"
#include "core/store/apply_lines.h"
#include "core/store/load_state.h"
#include "core/store/pace_state.h"
#include "core/sync/cursor.h"
#include "core/sync/window.h"

namespace mdock::engine {
namespace {

struct changing {
    session& s;
    walk w;
    model::cursor before;
    std::optional<utc_seconds> before_walk;    // the service's time before the walk's first request
    std::deque<model::window> open;
    std::chrono::seconds lateness{0};
    bool has_begun = false;
    std::optional<utc_seconds> newest;         // of the walk's first answer
    std::string unproven;
};

std::deque<model::window> whole_lists(resource which) {
    std::deque<model::window> out;
    model::window w;
    w.from = api::first_day;
    w.to = api::last_day;
    out.push_back(w);
    if (which == resource::invoices) {
        w.is_archived = true;
        out.push_back(w);
    }
    return out;
}

// In the job of the last window: the cursor and what is told about the resource.
struct closing {
    model::cursor before;
    std::optional<utc_seconds> before_walk;
    std::optional<utc_seconds> newest;
    std::chrono::seconds lateness{0};
    std::string unproven;
};

void close(store::database& db, resource which, const closing& c, const store::applied& last, utc_seconds wall) {
    const auto cursor = sync::advance(c.before, c.before_walk, c.newest, std::max(c.lateness, last.lateness));
    store::set_cursor(db, which, cursor);
    if (!c.unproven.empty()) store::add_unproven(db, which, c.unproven);
    store::mark_current(db, which, sync::complete_as_of(cursor), wall);
}

asio::awaitable<void> put_in(changing& c, std::shared_ptr<page> p) {
    auto& db = c.s.db();
    const auto which = c.w.which;
    store::apply_how how;
    how.at = p->as_of;
    how.older_cursor = c.before.at;
    std::optional<closing> last;
    if (c.open.empty()) last = closing{c.before, c.before_walk, c.newest, c.lateness, c.unproven};
    const auto wall = c.s.m.world.clock.wall();
    const auto sent = c.s.out.take_uncounted();
    const auto longest = c.w.longest_page;
    if (planted(bug::split_transaction) && last) {
        const closing cursor_only = *last;
        auto early = [&db, which, cursor_only, wall] { close(db, which, cursor_only, store::applied(), wall); };
        co_await c.s.store().run("delta.store", early);
    }
    auto job = [&db, which, p, how, last, wall, sent, longest] {
        store::transaction write(db);
        store::applied done;
        for (const auto& rows : p->rows) done.add(store::apply_rows(db, *rows, how));
        if (which == resource::invoices) store::mark_lines_due(db, done.differing);
        store::note_page(db, endpoint_of(which), longest, p->as_of);
        if (last) close(db, which, *last, done, wall);
        if (sent > 0) store::add_requests(db, wall, sent);
        const auto state = store::read_state(db, which);
        write.commit();
        return std::pair{done, state};
    };
    const auto done = co_await c.s.store().run("delta.store", job);
    if (last && which == resource::entries && done.second.cursor.at) c.s.stamps_prove = done.second.cursor.at;
    c.s.count(which, done.first);
    c.s.outcome(which).state = done.second.state;
    c.lateness = std::max(c.lateness, done.first.lateness);
}

}  // namespace

asio::awaitable<void> delta(session& s, resource which, const store::resource_state& before) {
    auto cursor = before.cursor;
    cursor.overlap = std::max(cursor.overlap, s.m.how.overlap);
    auto w = co_await begin_walk(s, which, sync::since_of(cursor));
    auto before_walk = s.out.cursor_time();
    if (planted(bug::cursor_from_own_clock)) before_walk = s.m.world.clock.wall();
    changing c{s, w, cursor, before_walk, whole_lists(which), std::chrono::seconds{0}, false, std::nullopt, {}};
    while (!c.open.empty()) {
        const model::window what = c.open.front();
        c.open.pop_front();
        auto fetched = co_await fetch_window(s, c.w, what);
        if (!fetched) {
            co_await record_failure(s, which, fetched.error());
            if (!planted(bug::cursor_despite_failure)) co_return;
            auto nothing = std::make_shared<page>();
            co_await put_in(c, nothing);
            co_return;
        }
        // Time passes during a walk; an earlier Date within it shows that the first one was wrong (T08).
        if (planted(bug::cursor_at_end_of_walk)) c.before_walk = s.out.cursor_time();
        if (c.before_walk) c.before_walk = std::min(*c.before_walk, s.out.cursor_time().value_or(*c.before_walk));
        auto p = std::make_shared<page>(std::move(*fetched));
        if (!c.has_begun) c.newest = newest_in(*p, s.m.world.clock.wall());
        c.has_begun = true;
        if (!p->is_whole) {
            const auto parts = sync::cut_by_date(what, dates_of(*p));
            for (auto part = parts.rbegin(); part != parts.rend(); ++part) c.open.push_front(*part);
            continue;
        }
        if (!p->is_proven) c.unproven += (c.unproven.empty() ? "" : ", ") + format_date(what.from);
        co_await put_in(c, p);
    }
}

}  // namespace mdock::engine
