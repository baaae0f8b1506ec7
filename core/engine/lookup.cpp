// SPDX-License-Identifier: MIT
#include "core/engine/lookup.h"

#include <memory>

#include "core/api/decode.h"
#include "core/api/requests.h"
#include "core/base/planted.h"
#include "core/store/pace_state.h"

namespace mdock::engine {
namespace {

std::string name_of_row(resource which, std::int64_t id) { return std::string(name_of(which)) + " " + std::to_string(id); }

// Another row's answer proves nothing about this one.
fate refuse_other(session& s, resource which, std::int64_t id) {
    s.leave_open(which, 1, "MinuteDock answered for another row than " + name_of_row(which, id));
    return fate::unknown;
}

asio::awaitable<fate> put_in(session& s, resource which, std::shared_ptr<model::row_batch> rows) {
    auto& db = s.db();
    store::apply_how how;
    how.at = s.out.now();
    how.origin = store::from_proof;
    const auto wall = s.m.world.clock.wall();
    const auto sent = s.out.take_uncounted();
    auto job = [&db, rows, how, wall, sent] {
        store::transaction write(db);
        const auto done = store::apply_rows(db, *rows, how);
        if (sent > 0) store::add_requests(db, wall, sent);
        write.commit();
        return done;
    };
    const auto done = co_await s.store().run("lookup.store", job);
    s.count(which, done);
    co_return done.unchanged > 0 ? fate::unlisted : fate::there;
}

}  // namespace

bool has_lookup(resource which) {
    switch (which) {
        case resource::contacts:
        case resource::projects:
        case resource::tasks:
        case resource::entries:
        case resource::invoices: return true;
        default: return false;
    }
}

asio::awaitable<fate> look_up(session& s, resource which, std::int64_t id) {
    if (planted(bug::absent_is_gone) || planted(bug::resumed_sweep_deletes)) co_return fate::gone;
    auto answer = co_await ask(s, "lookup.request", api::get_one(which, id));
    if (!answer) {
        if (answer.error().code() == errc::not_found) co_return fate::gone;
        if (answer.error().code() == errc::forbidden) co_return planted(bug::hidden_is_gone) ? fate::gone : fate::hidden;
        s.leave_open(which, answer.error());
        co_return fate::unknown;
    }
    if (which == resource::invoices) {
        // Only whether it is there: the single answer may leave out fields that the list has.
        const auto detail = api::decode_invoice(answer->body);
        if (detail && detail->invoice.key(0) == id) co_return fate::there;
        co_return refuse_other(s, which, id);
    }
    auto rows = api::decode_one(which, answer->body);
    if (!rows) {
        s.leave_open(which, rows.error());
        co_return fate::unknown;
    }
    if (rows->out_of_scope > 0) co_return fate::in_dock;
    if (rows->key(0) != id) co_return refuse_other(s, which, id);
    auto kept = std::make_shared<model::row_batch>(std::move(*rows));
    const auto outcome = co_await put_in(s, which, kept);
    co_return outcome;
}

}  // namespace mdock::engine
