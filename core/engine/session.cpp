// SPDX-License-Identifier: MIT
#include "core/engine/session.h"

#include "core/api/error_body.h"
#include "core/api/requests.h"
#include "core/base/planted.h"
#include "core/store/pace_state.h"

namespace mdock::engine {
namespace {

// Failures that every other resource would meet as well: going on would only knock on the same closed door.
bool stops_all(errc code) {
    switch (code) {
        case errc::resolve_failed:
        case errc::connect_failed:
        case errc::tls_failed:
        case errc::certificate_refused:
        case errc::proxy_refused:
        case errc::redirect_refused:
        case errc::rate_limited:
        case errc::cancelled: return true;
        default: return false;
    }
}

}  // namespace

resource_outcome& session::outcome(resource which) {
    auto& out_of = outcomes[which];
    out_of.which = which;
    return out_of;
}

void session::leave_open(resource which, std::int64_t rows, std::string reason) {
    open.push_back({which, rows, std::move(reason)});
}

void session::leave_open(resource which, const failure& why) {
    if (stops_all(why.code()) || out.is_past_deadline()) stopped_by = why;
    leave_open(which, 0, why.context());
}

bool session::has_waited(resource which, std::int64_t row, utc_seconds since, std::chrono::seconds wait) {
    const auto known = doubted_since.find({which, row});
    if (known == doubted_since.end()) return out.now() - since >= wait;
    return m.world.clock.monotonic() - known->second >= wait;
}

std::optional<utc_seconds> session::claim_time() const {
    const auto date = planted(bug::verified_by_own_clock) ? m.world.clock.wall() : out.cursor_time();
    return date ? date : stamps_prove;
}

void session::count(resource which, const store::applied& done) {
    auto& to = outcome(which);
    to.inserted += done.inserted;
    to.updated += done.updated;
    to.unchanged += done.unchanged;
}

asio::awaitable<result<http_answer>> ask(session& s, step_name step, http_request request) {
    auto answer = co_await s.out.ask(step, request);
    const auto code = answer ? errc::none : answer.error().code();
    if (code != errc::unauthorized && code != errc::forbidden) co_return answer;
    auto me = co_await s.out.ask("identity.me", api::get_me());
    if (!me && (me.error().code() == errc::unauthorized || me.error().code() == errc::forbidden)) {
        s.who.reset();
        s.stopped_by = failure{errc::unauthorized, me.error().context()};
        co_return result<http_answer>(*s.stopped_by);
    }
    if (code == errc::forbidden) co_return answer;
    auto again = co_await s.out.ask(step, std::move(request));
    co_return again;
}

asio::awaitable<void> record_failure(session& s, resource which, failure why) {
    if (stops_all(why.code()) || s.out.is_past_deadline()) s.stopped_by = why;
    const bool is_denied = why.code() == errc::forbidden;
    const bool is_unavailable = why.code() == errc::unprocessable || why.code() == errc::not_found;
    auto& outcome = s.outcome(which);
    if (!is_denied && !is_unavailable) outcome.error = why;
    const auto at = s.m.world.clock.wall();
    const auto retry_at = s.out.now() + s.m.how.retry_denied_after;
    auto& db = s.db();
    const auto sent = s.out.take_uncounted();
    auto job = [&db, which, why, is_denied, is_unavailable, at, retry_at, sent] {
        store::transaction write(db);
        if (is_denied || is_unavailable)
            store::mark_refused(db, which, is_denied ? "denied" : "unavailable", why.context(), at, retry_at);
        else
            store::mark_failed(db, which, why.context(), at);
        if (sent > 0) store::add_requests(db, at, sent);
        const auto state = store::read_state(db, which).state;
        write.commit();
        return state;
    };
    auto now = co_await s.store().run("state.store", job);
    outcome.state = std::move(now);
}

asio::awaitable<standing> standing_of(session& s, resource which, bool is_forced) {
    auto& db = s.db();
    standing out;
    auto read = [&db, which] { return store::read_state(db, which); };
    auto state = co_await s.store().run("state.read", read);
    out.state = std::move(state);
    const auto& again = out.state.retry_denied_at;
    out.is_resting = !is_forced && again && *again > s.out.now();
    auto& outcome = s.outcome(which);
    outcome.state = out.state.state;
    co_return out;
}

}  // namespace mdock::engine
