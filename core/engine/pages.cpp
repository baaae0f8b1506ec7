// SPDX-License-Identifier: MIT
#include "core/engine/pages.h"

#include <algorithm>

#include "core/api/decode.h"
#include "core/engine/crowded_day.h"
#include "core/store/load_state.h"
#include "core/sync/window.h"

namespace mdock::engine {

std::string_view endpoint_of(resource which) { return name_of(which); }

api::list_query query_for(const walk& w, const model::window& what, int offset) {
    api::list_query query;
    query.which = w.which;
    query.is_archived = what.is_archived;
    query.from = what.from;
    query.to = what.to;
    query.since = w.since;
    query.user_account_id = what.user_account_id;
    query.contact_id = what.contact_id;
    query.offset = offset;
    return query;
}

asio::awaitable<walk> begin_walk(session& s, resource which, std::optional<utc_seconds> since) {
    walk w;
    w.which = which;
    w.since = since;
    auto& db = s.db();
    const auto now = s.out.now();
    auto job = [&db, which, now] { return store::longest_page(db, endpoint_of(which), now); };
    const auto longest = co_await s.store().run("page.read", job);
    w.longest_page = longest;
    co_return w;
}

asio::awaitable<result<page>> fetch_page(session& s, walk& w, api::list_query query) {
    auto answer = co_await ask(s, "page.request", api::list_dated(query));
    if (!answer) co_return result<page>(answer.error());
    page out;
    out.as_of = s.out.now();
    auto rows = api::decode_list(w.which, answer->body);
    if (!rows) co_return result<page>(rows.error());
    out.received = static_cast<std::int64_t>(rows->size() + rows->out_of_scope);
    out.is_whole = sync::is_whole(out.received, w.longest_page);
    w.longest_page = std::max(w.longest_page, out.received);
    out.rows.push_back(std::make_shared<model::row_batch>(std::move(*rows)));
    co_return result<page>(std::move(out));
}

asio::awaitable<result<page>> fetch_window(session& s, walk& w, model::window what) {
    auto first = co_await fetch_page(s, w, query_for(w, what, 0));
    if (!first || first->is_whole || !what.is_one_day()) co_return first;
    auto all = co_await read_crowded_day(s, w, what, std::move(*first));
    co_return all;
}

std::vector<std::chrono::sys_days> dates_of(const page& p) {
    std::vector<std::chrono::sys_days> out;
    for (const auto& rows : p.rows) {
        const auto at = static_cast<std::size_t>(rows->columns().date);
        for (std::size_t i = 0; i < rows->size(); ++i)
            if (const auto day = parse_date(rows->row(i)[at].view())) out.push_back(*day);
    }
    return out;
}

}  // namespace mdock::engine
