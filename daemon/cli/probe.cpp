// SPDX-License-Identifier: MIT
#include "daemon/cli/probe.h"

#include <numeric>

#include "core/api/decode.h"
#include "core/api/report_counts.h"
#include "core/api/requests.h"

namespace mdock::cli {
namespace {

using namespace std::chrono_literals;

class probing {
public:
    probing(ports world, probe_ground on) : world_(world), on_(on) {}

    asio::awaitable<std::vector<learned>> run() {
        co_await headers();
        if (on_.newest) co_await since(*on_.newest);
        co_await whole_page();
        co_await id_of_nothing("an id that never was", 1);
        if (on_.gone) co_await id_of_nothing("the id of a deleted entry", *on_.gone);
        co_await counts();
        co_return std::move(out_);
    }

private:
    void note(std::string name, std::string answer) { out_.push_back({std::move(name), std::move(answer)}); }

    // Nothing after the network has failed once.
    asio::awaitable<std::optional<http_answer>> get(http_request request) {
        if (has_failed_) co_return std::nullopt;
        auto answer = co_await world_.http.send("doctor.probe", std::move(request));
        has_failed_ = !answer;
        if (has_failed_) co_return std::nullopt;
        co_return std::move(*answer);
    }

    asio::awaitable<std::optional<model::row_batch>> list(api::list_query query) {
        auto answer = co_await get(api::list_dated(query));
        if (!answer || answer->status != 200) co_return std::nullopt;
        auto rows = api::decode_list(query.which, answer->body);
        if (!rows) co_return std::nullopt;
        co_return std::move(*rows);
    }

    static bool has(const model::row_batch& rows, std::int64_t id) {
        for (std::size_t i = 0; i < rows.size(); ++i)
            if (rows.key(i) == id) return true;
        return false;
    }

    asio::awaitable<void> headers() {
        const auto answer = co_await get(api::get_me());
        if (!answer) co_return;
        note("Date header", answer->date.empty() ? "none" : "yes");
        note("ETag header", answer->etag.empty() ? "none" : "yes");
    }

    // Which side of its own moment a row is on, and whether a second makes the difference.
    asio::awaitable<void> since(probe_ground::row newest) {
        api::list_query query;
        query.from = query.to = newest.date;
        query.since = newest.updated_at;
        const auto at = co_await list(query);
        query.since = newest.updated_at + 1s;
        const auto after = co_await list(query);
        if (!at || !after) co_return;
        const bool is_in = has(*at, newest.id), is_in_after = has(*after, newest.id);
        note("since and a row of that second", is_in_after ? "shown a second later too: since is coarser" : is_in ? "shown" : "left out");
    }

    asio::awaitable<void> whole_page() {
        const api::list_query everything;
        const auto rows = co_await list(everything);
        if (!rows) co_return;
        note("rows of a page of at most " + std::to_string(api::page_limit), std::to_string(rows->size()));
        note("order of entries", order_of(*rows));
    }

    static std::string order_of(const model::row_batch& rows) {
        const auto cell = rows.columns().cell_of("entry_date");
        bool rises = true, falls = true;
        for (std::size_t i = 1; i < rows.size(); ++i) {
            const auto before = rows.row(i - 1)[cell].view(), now = rows.row(i)[cell].view();
            rises = rises && before <= now;
            falls = falls && before >= now;
        }
        if (rows.size() < 2 || (rises && falls)) return "not to be told from so few";
        return rises ? "oldest date first" : falls ? "newest date first" : "not by date";
    }

    asio::awaitable<void> id_of_nothing(std::string name, std::int64_t id) {
        const auto answer = co_await get(api::get_one(resource::entries, id));
        if (answer) note("answer to " + name, std::to_string(answer->status));
    }

    asio::awaitable<void> counts() {
        const auto answer = co_await get(api::report_counts(api::first_day, api::last_day, "month"));
        if (!answer) co_return;
        if (answer->status != 200) {
            note("report counts", "answered " + std::to_string(answer->status));
            co_return;
        }
        const auto told = api::decode_report_counts(answer->body, false);
        if (!told) {
            note("report counts", "of a shape that is not understood");
            co_return;
        }
        const auto sum = std::accumulate(told->periods.begin(), told->periods.end(), std::int64_t{0},
                                         [](std::int64_t so_far, const auto& one) { return so_far + one.entries; });
        note("report counts", std::to_string(sum) + " entries in " + std::to_string(told->periods.size()) + " months" +
                                  (told->total ? ", " + std::to_string(*told->total) + " in all" : ", without a total"));
    }

    ports world_;
    probe_ground on_;
    bool has_failed_ = false;
    std::vector<learned> out_;
};

}  // namespace

asio::awaitable<std::vector<learned>> probe(ports world, probe_ground on) {
    probing all(world, on);
    auto found = co_await all.run();
    co_return found;
}

}  // namespace mdock::cli
