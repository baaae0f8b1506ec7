// SPDX-License-Identifier: MIT
#include "core/engine/gate.h"

#include "core/api/error_body.h"
#include "core/base/planted.h"
#include "core/store/pace_state.h"
#include "core/sync/cursor.h"
#include "core/sync/retry_after.h"

namespace mdock::engine {
namespace {

using std::chrono::seconds;

// A person waits for a one-shot round; the daemon has its next round soon, so it tries less within one.
constexpr int tries_for_a_person = 4;
constexpr int tries_in_the_daemon = 2;
// Without --timeout a one-shot round sits out a short pause; a longer one is said and left to a later round.
constexpr seconds longest_wait_for_a_person = std::chrono::minutes{2};

}  // namespace

gate::gate(mirror& m, std::optional<monotonic_time> deadline)
    : m_(m), pace_(m.how.max_requests_per_minute, m.how.rate_limit_pause), deadline_(deadline) {}

utc_seconds gate::now() const { return last_date_ ? *last_date_ : m_.world.clock.wall(); }

std::optional<utc_seconds> gate::cursor_time() const {
    if (!last_date_) return std::nullopt;
    return sync::cautious(*last_date_, last_date_came_);
}

std::int64_t gate::take_uncounted() {
    const auto count = uncounted_;
    uncounted_ = 0;
    return count;
}

bool gate::is_past_deadline() const { return deadline_ && m_.world.clock.monotonic() >= *deadline_; }

// 53 random bits as a number in [0, 1).
double gate::jitter() { return static_cast<double>(m_.world.random.next() >> 11U) * 0x1.0p-53; }

asio::awaitable<void> gate::restore() {
    const auto wall = m_.world.clock.wall();
    auto& db = m_.db;
    auto job = [&db, wall] { return store::read_pace(db, wall); };
    const auto stored = co_await m_.world.store.run("gate.restore", job);
    const seconds wait = stored.not_before ? *stored.not_before - wall : seconds{0};
    const int recent = planted(bug::requests_not_counted) ? 0 : stored.requests_last_minute;
    pace_.restore(stored.allowed_per_minute, wait, seconds{stored.pause_seconds}, recent, m_.world.clock.monotonic());
    has_stored_pause_ = stored.pause_seconds > 0;
    last_limit_ = failure{errc::rate_limited, "MinuteDock asked for a pause"};
}

std::optional<failure> gate::too_late(monotonic_time until, const failure& why) const {
    if (!deadline_ || until <= *deadline_) return std::nullopt;
    if (why.code() != errc::none) return why;
    return failure{errc::timed_out, "the time allowed for this round is over"};
}

asio::awaitable<std::optional<failure>> gate::turn() {
    while (true) {
        const auto now = m_.world.clock.monotonic();
        const auto at = pace_.next_at(now);
        if (at <= now) break;
        const failure why = pace_.is_pausing(now)
                                ? last_limit_
                                : failure{errc::rate_limited, "the allowed requests of this minute are used up"};
        if (auto late = too_late(at, why)) co_return late;
        if (!m_.how.waits_patiently && !deadline_ && at - now > longest_wait_for_a_person)
            co_return failure(why.code(), why.context() + "; nothing may be sent for another " +
                                              std::to_string(std::chrono::ceil<seconds>(at - now).count()) + " s");
        if (m_.watcher != nullptr) m_.watcher->pausing(why, std::chrono::ceil<seconds>(at - now));
        co_await m_.world.clock.sleep_until("gate.wait", at);
    }
    if (is_past_deadline()) co_return failure{errc::timed_out, "the time allowed for this round is over"};
    co_return std::nullopt;
}

void gate::note(const http_answer& answer) {
    if (const auto date = parse_http_date(answer.date)) {
        last_date_ = date;
        last_date_came_ = m_.world.clock.wall();
    }
    const auto now = m_.world.clock.monotonic();
    const bool is_limit = answer.status == 429;
    if (!is_limit) pace_.note_answer(now);
    if (!is_limit && has_stored_pause_ && !pace_.is_pausing(now)) has_new_pause_ = true;    // forget it in the file
    if (!is_limit && answer.status != 503) return;
    const auto by = last_date_ && !answer.date.empty() ? last_date_ : std::optional{m_.world.clock.wall()};
    auto asked = sync::retry_after(answer.retry_after, by);
    if (planted(bug::retry_after_ignored)) asked.reset();
    if (is_limit)
        pace_.note_rate_limit(now, asked, jitter());
    else if (asked)
        pace_.note_pause(now, *asked);
    has_new_pause_ = is_limit || asked;
}

asio::awaitable<void> gate::keep_pace(bool is_limit) {
    if (!has_new_pause_ || planted(bug::not_before_not_stored)) co_return;
    has_new_pause_ = false;
    const auto wall = m_.world.clock.wall();
    const auto now = m_.world.clock.monotonic();
    std::optional<utc_seconds> until;
    // The clock's second has begun already: without one more, a restart would come back that much too early.
    if (pace_.is_pausing(now)) until = wall + seconds{1} + std::chrono::ceil<seconds>(*pace_.not_before() - now);
    const int allowed = pace_.allowed();
    const auto pause = pace_.pause_in_force().count();
    has_stored_pause_ = pause > 0;
    const auto sent = take_uncounted();
    auto& db = m_.db;
    const auto limited_at = is_limit ? std::optional{wall} : std::nullopt;
    auto job = [&db, allowed, until, pause, wall, limited_at, sent] {
        store::transaction write(db);
        store::write_pace(db, allowed, until, pause, limited_at);
        if (sent > 0) store::add_requests(db, wall, sent);
        write.commit();
    };
    co_await m_.world.store.run("gate.store", job);
}

asio::awaitable<void> gate::keep_pace_again() {
    has_new_pause_ = true;
    co_await keep_pace(false);
}

asio::awaitable<result<http_answer>> gate::once(step_name step, http_request request) {
    auto late = co_await turn();
    if (late) co_return result<http_answer>(*late);
    pace_.note_request(m_.world.clock.monotonic());
    ++requests_;
    ++uncounted_;
    auto answer = co_await m_.world.http.send(step, request);
    if (answer) {
        note(*answer);
        if (has_new_pause_ && answer->status >= 300) last_limit_ = api::failure_of(request, *answer);
        co_await keep_pace(answer->status == 429);
    }
    co_return answer;
}

asio::awaitable<std::optional<failure>> gate::pause_before_retry(int tries, failure why) {
    // After a 429 the gate itself waits; sleeping here as well would only add to it.
    if (why.code() == errc::rate_limited) co_return std::nullopt;
    const auto pause = sync::retry_pause(tries, m_.how.retry_min, m_.how.retry_max, jitter());
    const auto until = m_.world.clock.monotonic() + pause;
    if (auto late = too_late(until, why)) co_return late;
    if (m_.watcher != nullptr) m_.watcher->pausing(why, std::chrono::ceil<seconds>(pause));
    co_await m_.world.clock.sleep_until("retry.wait", until);
    co_return std::nullopt;
}

asio::awaitable<result<http_answer>> gate::ask(step_name step, http_request request) {
    const int most = m_.how.waits_patiently ? tries_in_the_daemon : tries_for_a_person;
    failure why;
    for (int tries = 0; tries < most; ++tries) {
        if (tries > 0) {
            auto late = co_await pause_before_retry(tries - 1, why);
            if (late) co_return result<http_answer>(*late);
        }
        auto answer = co_await once(step, request);
        if (answer && answer->status >= 200 && answer->status < 300) co_return answer;
        why = answer ? api::failure_of(request, *answer) : answer.error();
        if (classify(why.code()) != retry::soon) break;
        if (is_past_deadline()) break;
    }
    co_return result<http_answer>(why);
}

}  // namespace mdock::engine
