// SPDX-License-Identifier: MIT
#include "core/engine/verify.h"

#include "core/engine/round.h"
#include "core/store/change_log.h"
#include "core/store/pace_state.h"
#include "core/store/proof_report.h"

namespace mdock::engine {
namespace {

asio::awaitable<std::int64_t> last_change(session& s) {
    auto& db = s.db();
    auto job = [&db] { return store::last_change(db); };
    const auto seq = co_await s.store().run("verify.begin", job);
    co_return seq;
}

// A file that has never been read is read first; there is nothing in it to rehearse with.
asio::awaitable<void> read_first(session& s) {
    auto& db = s.db();
    auto job = [&db] { return store::is_first_load_open(db); };
    const bool is_open = co_await s.store().run("verify.read", job);
    if (!is_open) co_return;
    parts all;
    round_request everything;
    co_await do_round(s, all, everything);
}

asio::awaitable<void> begin_rehearsal(session& s) {
    auto& db = s.db();
    auto job = [&db] { db.begin_rehearsal(); };
    co_await s.store().run("verify.rehearse", job);
}

// What was sent was sent, and a pause that MinuteDock asked for holds, also when nothing else of it is kept.
asio::awaitable<void> end_rehearsal(session& s, std::int64_t sent) {
    auto& db = s.db();
    const auto wall = s.m.world.clock.wall();
    auto job = [&db, wall, sent] {
        db.end_rehearsal();
        store::transaction write(db);
        if (sent > 0) store::add_requests(db, wall, sent);
        write.commit();
    };
    co_await s.store().run("verify.forget", job);
    co_await s.out.keep_pace_again();
}

}  // namespace

asio::awaitable<verify_report> verify_in(session& s, verify_request what) {
    const auto requests_before = s.out.requests();
    verify_report out;
    if (what.is_rehearsal) co_await read_first(s);
    const auto since = co_await last_change(s);
    const auto sent_before = s.out.requests();
    if (what.is_rehearsal) co_await begin_rehearsal(s);
    const auto doubts = s.doubted_since;
    s.accepts_held = what.accepts_held;
    s.is_thorough = true;
    parts all;
    all.proof = true;
    round_request everything;
    std::exception_ptr broken;
    try {
        auto done = co_await do_round(s, all, everything);
        out.sync = std::move(done.report);
        auto& db = s.db();
        auto job = [&db, since] { return store::read_proof(db, since); };
        auto found = co_await s.store().run("verify.report", job);
        out.differences = std::move(found.differences);
        out.held = std::move(found.held);
        out.verified_as_of = found.verified_as_of;
    } catch (...) {
        broken = std::current_exception();
    }
    s.accepts_held = s.is_thorough = false;
    if (what.is_rehearsal) {
        s.doubted_since = doubts;
        co_await end_rehearsal(s, s.out.requests() - sent_before);
    }
    if (broken) std::rethrow_exception(broken);
    out.open = std::move(s.open);
    s.open.clear();
    out.requests = s.out.requests() - requests_before;
    bool is_read = !out.sync.stopped_by;
    for (const auto& one : out.sync.resources) is_read = is_read && !one.error;
    out.is_equal = is_read && out.held.empty() && out.open.empty() && !(what.is_rehearsal && !out.differences.empty());
    co_return out;
}

asio::awaitable<verify_report> verify(mirror& m, verify_request what) {
    std::optional<monotonic_time> deadline;
    if (m.how.give_up_after) deadline = m.world.clock.monotonic() + *m.how.give_up_after;
    session s(m, deadline);
    co_await s.out.restore();
    auto report = co_await verify_in(s, what);
    co_return report;
}

}  // namespace mdock::engine
