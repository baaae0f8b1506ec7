// SPDX-License-Identifier: MIT
#include "core/engine/crowded_day.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_set>

#include "core/base/planted.h"
#include "core/sync/window.h"

namespace mdock::engine {
namespace {

// Far more than a lifelike day needs; bounds a service that pages for ever (X15).
constexpr int most_pages_of_a_day = 2'000;
constexpr int most_steps_back = 6;
constexpr int most_passes = 12;
constexpr int most_restarts = 3;

using id_set = std::set<std::int64_t>;

void add_column(const page& p, std::string_view column, id_set& ids) {
    for (const auto& rows : p.rows) {
        const auto at = rows->columns().cell_of(column);
        for (std::size_t i = 0; i < rows->size(); ++i)
            if (rows->row(i)[at].type == model::cell_type::integer) ids.insert(rows->row(i)[at].integer);
    }
}

void append(page& to, page part) {
    to.received += part.received;
    to.is_proven = to.is_proven && part.is_proven;
    for (auto& rows : part.rows) to.rows.push_back(std::move(rows));
}

// Everything in the answer that could not be cut must be in the parts, or the parts are not all of it: a user or
// contact that we do not know of has rows that day.
bool covers(const page& all, const page& first) {
    std::unordered_set<std::int64_t> seen;
    for (const auto& rows : all.rows)
        for (std::size_t i = 0; i < rows->size(); ++i) seen.insert(rows->key(i));
    for (const auto& rows : first.rows)
        for (std::size_t i = 0; i < rows->size(); ++i)
            if (!seen.contains(rows->key(i))) return false;
    return true;
}

asio::awaitable<std::vector<std::int64_t>> known_ids(session& s, resource which) {
    auto& db = s.db();
    auto job = [&db, which] {
        const auto& known = db.known(which);
        std::vector<std::int64_t> ids(known.begin(), known.end());
        std::sort(ids.begin(), ids.end());
        return ids;
    };
    auto ids = co_await s.store().run("crowded.read", job);
    co_return ids;
}

asio::awaitable<std::vector<std::int64_t>> candidates(session& s, resource which, const page& first,
                                                      std::string_view column) {
    const auto known = co_await known_ids(s, which);
    id_set ids(known.begin(), known.end());
    add_column(first, column, ids);
    co_return std::vector<std::int64_t>(ids.begin(), ids.end());
}

// The last row of a page, by what an anchor must agree on.
struct anchor {
    std::int64_t key = 0;
    std::string stamp;
    bool operator==(const anchor&) const = default;
};

anchor anchor_at(const page& p, std::size_t i) {
    const auto& rows = *p.rows.front();
    const auto updated = rows.columns().updated;
    anchor out{rows.key(i), {}};
    if (updated >= 0) out.stamp = rows.row(i)[static_cast<std::size_t>(updated)].view();
    return out;
}

bool contains(const page& p, const anchor& wanted) {
    for (std::size_t i = 0; i < p.rows.front()->size(); ++i)
        if (anchor_at(p, i) == wanted) return true;
    return false;
}

bool same_order(const page& a, const page& b) {
    const auto& left = *a.rows.front();
    const auto& right = *b.rows.front();
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i)
        if (left.key(i) != right.key(i)) return false;
    return true;
}

// The page that holds `wanted`, at `offset` or up to a few half pages before it: rows that went away before us pull
// the anchor forward. Unproven when it is nowhere.
asio::awaitable<result<page>> page_with(session& s, walk& w, model::window what, anchor wanted, int& offset) {
    auto next = co_await fetch_page(s, w, query_for(w, what, offset));
    for (int back = 0; back < most_steps_back; ++back) {
        if (!next || contains(*next, wanted) || offset == 0) break;
        offset = std::max(0, offset - static_cast<int>(w.longest_page / 2));
        auto before = co_await fetch_page(s, w, query_for(w, what, offset));
        next = std::move(before);
    }
    if (next) next->is_proven = contains(*next, wanted);
    co_return next;
}

// One pass in which each page overlaps the one before by the row that it ended with. Ends at a short page with nothing
// behind the anchor, or unproven where the anchor is lost.
asio::awaitable<result<page>> anchored_pass(session& s, walk& w, model::window what, page first) {
    page all;
    all.as_of = first.as_of;
    all.is_whole = true;
    page last = std::move(first);
    std::optional<anchor> before;
    int offset = 0;
    for (int pages = 0; pages < most_pages_of_a_day; ++pages) {
        const auto size = last.rows.front()->size();
        const auto received = static_cast<int>(last.received);
        const anchor wanted = size == 0 ? anchor{} : anchor_at(last, size - 1);
        const bool is_end = size == 0 || (last.is_whole && before == wanted);
        append(all, std::move(last));
        if (is_end) break;
        before = wanted;
        offset += planted(bug::offset_by_limit) ? 1000 : received - 1;
        auto next = co_await page_with(s, w, what, wanted, offset);
        if (!next) co_return next;
        last = std::move(*next);
        if (last.is_proven) continue;
        append(all, std::move(last));
        break;
    }
    co_return result<page>(std::move(all));
}

// One page after another by the rows received, where anchors prove nothing.
asio::awaitable<result<page>> plain_pass(session& s, walk& w, model::window what) {
    page all;
    all.is_whole = true;
    int offset = 0;
    for (int pages = 0; pages < most_pages_of_a_day; ++pages) {
        auto next = co_await fetch_page(s, w, query_for(w, what, offset));
        if (!next) co_return next;
        if (pages == 0) all.as_of = next->as_of;
        offset += planted(bug::offset_by_limit) ? 1000 : static_cast<int>(next->received);
        const bool is_last = next->is_whole;
        append(all, std::move(*next));
        if (is_last) break;
    }
    co_return result<page>(std::move(all));
}

std::size_t distinct(const page& p) {
    std::unordered_set<std::int64_t> seen;
    for (const auto& rows : p.rows)
        for (std::size_t i = 0; i < rows->size(); ++i) seen.insert(rows->key(i));
    return seen.size();
}

// Where equal dates come in another order each time, no paging proves anything (P04): passes are united until two of
// them bring nothing new, and the result stays unproven.
asio::awaitable<result<page>> united_passes(session& s, walk& w, model::window what, page all) {
    int quiet = 0;
    for (int pass = 0; pass < most_passes && quiet < 2; ++pass) {
        const auto before = distinct(all);
        auto more = co_await plain_pass(s, w, what);
        if (!more) co_return more;
        append(all, std::move(*more));
        quiet = distinct(all) == before ? quiet + 1 : 0;
    }
    all.is_proven = false;
    co_return result<page>(std::move(all));
}

// An anchor is lost when it is deleted or edited meanwhile; then the pass begins again (C1 rule 4).
asio::awaitable<result<page>> anchored_pages(session& s, walk& w, model::window what, page first) {
    page seen;
    seen.as_of = first.as_of;
    seen.is_whole = true;
    for (int begun = 0; begun < most_restarts; ++begun) {
        auto again = co_await fetch_page(s, w, query_for(w, what, 0));
        if (!again) co_return again;
        const bool has_order = same_order(first, *again);
        append(seen, std::move(first));
        first = std::move(*again);
        if (!has_order) continue;
        page start = first;
        auto all = co_await anchored_pass(s, w, what, std::move(start));
        if (!all || all->is_proven) co_return all;
        append(seen, std::move(*all));
    }
    auto united = co_await united_passes(s, w, what, std::move(seen));
    co_return united;
}

asio::awaitable<result<page>> one_part(session& s, walk& w, model::window part, bool may_split);

// A user or contact that no list and not the first answer shows has rows beyond as many as the parts brought; then the
// whole is read in pages after all.
asio::awaitable<result<page>> all_parts(session& s, walk& w, model::window whole, std::vector<model::window> parts,
                                        page first, bool may_split) {
    page all;
    all.as_of = first.as_of;
    for (const auto& part : parts) {
        auto rows = co_await one_part(s, w, part, may_split);
        if (!rows) co_return rows;
        append(all, std::move(*rows));
    }
    all.is_whole = true;
    const auto have = static_cast<int>(distinct(all) + first.rows.front()->out_of_scope);
    auto beyond = co_await fetch_page(s, w, query_for(w, whole, have));
    if (!beyond) co_return beyond;
    if (beyond->received == 0 && covers(all, first)) co_return result<page>(std::move(all));
    auto paged = co_await anchored_pages(s, w, whole, std::move(first));
    if (!paged) co_return paged;
    const bool is_proven = paged->is_proven;
    append(all, std::move(*paged));
    all.is_proven = is_proven;
    co_return result<page>(std::move(all));
}

asio::awaitable<result<page>> by_contact(session& s, walk& w, model::window day, page first) {
    const auto contacts = co_await candidates(s, resource::contacts, first, "contact_id");
    const auto parts = sync::cut_by_contact(day, contacts);
    auto all = co_await all_parts(s, w, day, parts, std::move(first), false);
    co_return all;
}

asio::awaitable<result<page>> one_part(session& s, walk& w, model::window part, bool may_split) {
    auto first = co_await fetch_page(s, w, query_for(w, part, 0));
    if (!first || first->is_whole) co_return first;
    if (may_split) {
        auto split = co_await by_contact(s, w, part, std::move(*first));
        co_return split;
    }
    auto paged = co_await anchored_pages(s, w, part, std::move(*first));
    co_return paged;
}

}  // namespace

asio::awaitable<result<page>> read_crowded_day(session& s, walk& w, model::window day, page first) {
    if (w.which == resource::entries) {
        const auto users = co_await candidates(s, resource::users, first, "user_account_id");
        const auto parts = sync::cut_by_user(day, users);
        auto all = co_await all_parts(s, w, day, parts, std::move(first), true);
        co_return all;
    }
    if (w.which == resource::expenses) {
        auto paged = co_await anchored_pages(s, w, day, std::move(first));
        co_return paged;
    }
    auto all = co_await by_contact(s, w, day, std::move(first));
    co_return all;
}

}  // namespace mdock::engine
