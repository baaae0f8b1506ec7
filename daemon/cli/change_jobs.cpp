// SPDX-License-Identifier: MIT
#include "daemon/cli/change_jobs.h"

namespace mdock::cli {
namespace {

constexpr std::chrono::milliseconds look_again{200};

template <class T, class F>
asio::awaitable<result<T>> between_jobs(engine::mirror& mirror, F work) {
    auto* db = &mirror.db;
    auto job = [db, work = std::move(work)]() -> std::optional<result<T>> {
        if (db->is_rehearsing()) return std::nullopt;
        return work(*db);
    };
    while (true) {
        auto done = co_await mirror.world.store.run("control.change", job);
        if (done) co_return std::move(*done);
        const auto until = mirror.world.clock.monotonic() + look_again;
        co_await mirror.world.clock.sleep_until("control.wait", until);
    }
}

}  // namespace

asio::awaitable<result<store::write_outcome>> write_between_jobs(engine::mirror& mirror, write_request what) {
    auto shared = std::make_shared<write_request>(std::move(what));
    auto work = [shared](store::database& db) { return run_on(db, *shared); };
    auto done = co_await between_jobs<store::write_outcome>(mirror, std::move(work));
    co_return done;
}

asio::awaitable<result<bool>> act_between_jobs(engine::mirror& mirror, action_request what) {
    const auto at = mirror.world.clock.wall();
    auto work = [what, at](store::database& db) { return run_on(db, what, at); };
    auto done = co_await between_jobs<bool>(mirror, std::move(work));
    co_return done;
}

}  // namespace mdock::cli
