// SPDX-License-Identifier: MIT
#include "core/engine/lines.h"

#include <deque>
#include <memory>

#include "core/api/decode.h"
#include "core/api/requests.h"
#include "core/engine/at_once.h"
#include "core/store/apply_lines.h"
#include "core/store/pace_state.h"

namespace mdock::engine {
namespace {

struct reading {
    session& s;
    bool is_loaded = false;
    std::deque<std::int64_t> due;
    std::int64_t done = 0;
    std::optional<failure> failed;
};

asio::awaitable<void> put_in(reading& r, std::int64_t invoice, std::shared_ptr<api::invoice_detail> detail) {
    auto& db = r.s.db();
    store::apply_how how;
    how.at = r.s.out.now();
    how.records_changes = r.is_loaded;
    how.expects_new = !r.is_loaded;
    const auto wall = r.s.m.world.clock.wall();
    const auto sent = r.s.out.take_uncounted();
    auto job = [&db, invoice, detail, how, wall, sent] {
        store::transaction write(db);
        store::applied done;
        // Only the lines: the summary in this answer may leave fields out that the list has, and taking both would
        // change the row to and fro.
        if (detail && detail->has_lines)
            done = store::apply_lines(db, invoice, detail->lines, how);
        else
            store::forget_lines_due(db, invoice);
        if (sent > 0) store::add_requests(db, wall, sent);
        write.commit();
        return done;
    };
    const auto done = co_await r.s.store().run("lines.store", job);
    r.s.count(resource::invoice_line_items, done);
    ++r.done;
    if (r.s.m.watcher != nullptr && !r.is_loaded) r.s.m.watcher->advanced(resource::invoice_line_items, r.done);
}

asio::awaitable<void> one_invoice(reading& r, std::int64_t invoice) {
    auto answer = co_await ask(r.s, "lines.request", api::get_one(resource::invoices, invoice));
    std::shared_ptr<api::invoice_detail> detail;
    if (!answer && answer.error().code() != errc::not_found) {
        if (!r.failed) r.failed = answer.error();
        co_return;
    }
    if (answer) {
        auto decoded = api::decode_invoice(answer->body);
        if (!decoded) {
            if (!r.failed) r.failed = decoded.error();
            co_return;
        }
        detail = std::make_shared<api::invoice_detail>(std::move(*decoded));
    }
    // A 404 here is an invoice that went between the list and now; whether it is gone is not for this to judge.
    co_await put_in(r, invoice, detail);
}

asio::awaitable<void> worker(reading& r) {
    while (!r.due.empty() && !r.failed && !r.s.stopped_by) {
        const auto invoice = r.due.front();
        r.due.pop_front();
        co_await one_invoice(r, invoice);
    }
}

// Lines come with invoices and are refused with them.
asio::awaitable<void> follow_refusal(session& s, const store::resource_state& invoices) {
    auto& db = s.db();
    const auto wall = s.m.world.clock.wall();
    const auto retry_at = invoices.retry_denied_at.value_or(s.out.now());
    const std::string state = invoices.state;
    auto job = [&db, wall, retry_at, state] {
        store::transaction write(db);
        store::mark_refused(db, resource::invoice_line_items, state, "invoices are " + state, wall, retry_at);
        write.commit();
    };
    co_await s.store().run("lines.refused", job);
    s.outcome(resource::invoice_line_items).state = state;
}

}  // namespace

asio::awaitable<void> read_lines(session& s, bool is_forced) {
    auto& db = s.db();
    auto standing = co_await standing_of(s, resource::invoice_line_items, is_forced);
    auto state = [&db] { return std::pair{store::lines_due(db), store::read_state(db, resource::invoices)}; };
    const auto before = co_await s.store().run("lines.read", state);
    const auto& invoices = before.second;
    if (invoices.state == "denied" || invoices.state == "unavailable") {
        co_await follow_refusal(s, invoices);
        co_return;
    }
    if (standing.is_resting && standing.state.is_loaded) co_return;
    reading r{s, standing.state.is_loaded, {before.first.begin(), before.first.end()}, 0, std::nullopt};
    if (s.m.watcher != nullptr && !r.is_loaded)
        s.m.watcher->planned(resource::invoice_line_items, static_cast<std::int64_t>(r.due.size()));
    co_await four_at_once(&worker, r);
    if (!r.failed && s.stopped_by) r.failed = s.stopped_by;
    if (r.failed) {
        co_await record_failure(s, resource::invoice_line_items, *r.failed);
        co_return;
    }
    const auto complete = model::cursor(before.second.cursor);
    const auto wall = s.m.world.clock.wall();
    const bool invoices_are_in = before.second.is_loaded;
    auto close = [&db, complete, wall, invoices_are_in] {
        store::transaction write(db);
        if (invoices_are_in) {
            std::optional<utc_seconds> as_of;
            if (complete.at) as_of = *complete.at - complete.overlap;
            store::set_loaded(db, resource::invoice_line_items);
            store::mark_current(db, resource::invoice_line_items, as_of, wall);
        }
        const auto now = store::read_state(db, resource::invoice_line_items).state;
        write.commit();
        return now;
    };
    const auto now = co_await s.store().run("lines.close", close);
    s.outcome(resource::invoice_line_items).state = now;
    if (s.m.watcher != nullptr && !r.is_loaded) s.m.watcher->finished(resource::invoice_line_items);
}

}  // namespace mdock::engine
