// SPDX-License-Identifier: MIT
#include "core/engine/timer.h"

#include <memory>

#include "core/api/decode.h"
#include "core/api/requests.h"
#include "core/store/apply_dock.h"
#include "core/store/pace_state.h"

namespace mdock::engine {
namespace {

bool is_running(store::database& db, std::int64_t user) {
    auto& select = db.prepared("SELECT is_running FROM dock WHERE user_account_id = ?1");
    select.bind(1, user);
    const bool runs = select.step() && select.integer(0) != 0;
    select.reset();
    return runs;
}

}  // namespace

asio::awaitable<bool> read_dock(session& s, bool is_forced) {
    auto standing = co_await standing_of(s, resource::dock, is_forced);
    const auto user = s.who->user_account_id;
    if (standing.is_resting || user == 0) co_return false;
    const auto claim = s.claim_time();
    auto answer = co_await ask(s, "dock.request", api::get_dock());
    std::string body;
    if (answer) {
        body = std::move(answer->body);
    } else if (answer.error().code() != errc::not_found) {
        co_await record_failure(s, resource::dock, answer.error());
        co_return false;
    }
    auto decoded = api::decode_dock(body, user);
    if (!decoded) {
        co_await record_failure(s, resource::dock, decoded.error());
        co_return false;
    }
    auto rows = std::make_shared<model::row_batch>(std::move(*decoded));
    auto& db = s.db();
    store::apply_how how;
    how.at = s.out.now();
    how.records_changes = standing.state.is_loaded;
    const auto wall = s.m.world.clock.wall();
    const auto sent = s.out.take_uncounted();
    auto job = [&db, rows, user, how, wall, sent, claim] {
        store::transaction write(db);
        const auto done = store::apply_dock(db, std::move(*rows), user, how);
        store::set_loaded(db, resource::dock);
        store::mark_current(db, resource::dock, how.at, wall);
        if (claim) store::mark_verified(db, resource::dock, *claim);
        if (sent > 0) store::add_requests(db, wall, sent);
        const bool runs = is_running(db, user);
        write.commit();
        return std::pair{done, runs};
    };
    const auto done = co_await s.store().run("dock.store", job);
    s.count(resource::dock, done.first);
    s.outcome(resource::dock).state = "current";
    co_return done.second;
}

}  // namespace mdock::engine
