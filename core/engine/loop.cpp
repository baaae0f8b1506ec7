// SPDX-License-Identifier: MIT
// The daemon's rounds: what is due or asked for, one round at a time, and what a failure means for the next one.
#include "core/engine/at_once.h"
#include "core/engine/desk.h"
#include "core/engine/round.h"
#include "core/engine/verify.h"
#include "core/store/sqlite_failure.h"
#include "core/sync/pace.h"
#include "core/sync/schedule.h"

namespace mdock::engine {
namespace {

using std::chrono::seconds;

// A single refusal may be the edge's hiccup; only a second one this much later is believed (N16).
constexpr seconds second_look_after = std::chrono::minutes{5};
// What the guard takes for a lost right wants a second look this much later (C3 rule 9).
constexpr seconds second_proof_after = std::chrono::minutes{10};

class loop {
public:
    explicit loop(mirror& m) : m_(m), s_(m, std::nullopt) {}
    // Also when the coroutine is destroyed while it waits: nobody is left waiting for an answer.
    ~loop() {
        if (m_.desk != nullptr) m_.desk->close();
    }

    asio::awaitable<failure> run() {
        co_await s_.out.restore();
        co_await start_apart();
        while (true) {
            auto asked = m_.desk != nullptr ? m_.desk->take() : std::nullopt;
            if (asked) {
                co_await asked_round(std::move(*asked));
            } else if (is_to_push() || next_round() <= now()) {
                auto ended = co_await one_round();
                if (ended) co_return *ended;
            } else {
                co_await wait_for_work();
            }
        }
    }

private:
    monotonic_time now() const { return m_.world.clock.monotonic(); }
    double jitter() { return static_cast<double>(m_.world.random.next() >> 11U) * 0x1.0p-53; }

    // Many installs that start together after an outage do not knock together (N15).
    asio::awaitable<void> start_apart() {
        const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(m_.how.retry_min);
        const std::chrono::milliseconds wait{static_cast<long long>(static_cast<double>(most.count()) * jitter())};
        co_await m_.world.clock.sleep_until("loop.start", now() + wait);
    }

    // A change made here a moment ago, unless the network is known to be away.
    bool is_to_push() { return m_.desk != nullptr && retry_at_ <= now() && m_.desk->take_write(); }

    asio::awaitable<std::optional<failure>> one_round() {
        const parts due = due_parts();
        std::optional<failure> broken;
        round_outcome done;
        try {
            auto outcome = co_await do_round(s_, due, round_request());
            done = std::move(outcome);
        } catch (const SQLite::Exception& error) {
            broken = store::failure_of(error, m_.db.file().string());
        }
        if (broken) co_return database_failed(*broken);
        if (m_.watcher != nullptr) m_.watcher->round_done(done.report);
        if (done.report.stopped_by) co_return round_failed(*done.report.stopped_by);
        failures_ = 0;
        first_refusal_.reset();
        plan(due, done);
        plan_push();
        co_return std::nullopt;
    }

    asio::awaitable<void> wait_for_work() {
        const auto until = next_round();
        if (m_.desk == nullptr) {
            co_await m_.world.clock.sleep_until("loop.wait", until);
            co_return;
        }
        auto pause = m_.world.clock.sleep_until("loop.wait", until);
        auto somebody = m_.desk->wait();
        co_await first_of(std::move(pause), std::move(somebody));
    }

    // Somebody waits for this one: all of it, whatever is due, and also while the loop itself is backing off.
    asio::awaitable<void> asked_round(round_desk::request asked) {
        const bool is_for_all = asked.what.only.empty();
        parts done_parts;
        round_outcome done;
        verify_report answer;
        try {
            if (asked.proof) {
                auto proof = co_await verify_in(s_, *asked.proof);
                answer = std::move(proof);
                done_parts.proof = true;
                done_parts.dock = false;    // whether the timer runs is the dock's own round to say
            } else {
                auto outcome = co_await do_round(s_, done_parts, std::move(asked.what));
                done = std::move(outcome);
                answer.sync = done.report;
            }
        } catch (const SQLite::Exception& error) {
            answer.sync.stopped_by = store::failure_of(error, m_.db.file().string());
            m_.db.forget();
        }
        if (m_.watcher != nullptr) m_.watcher->round_done(answer.sync);
        const bool is_rehearsal = asked.proof && asked.proof->is_rehearsal;
        if (is_for_all && !is_rehearsal && !answer.sync.stopped_by) {
            failures_ = 0;
            retry_at_ = {};
            first_refusal_.reset();
            plan(done_parts, done);
        }
        asked.answer(std::move(answer));
    }

    parts due_parts() const {
        const auto at = now();
        parts due;
        due.reference = schedule_.is_due(sync::duty::reference, at);
        due.identity = due.reference || !s_.who;
        due.entries = schedule_.is_due(sync::duty::entries, at);
        due.billing = schedule_.is_due(sync::duty::billing, at);
        due.dock = schedule_.is_due(sync::duty::dock, at);
        due.proof = schedule_.is_due(sync::duty::proof, at);
        due.sweep = schedule_.is_due(sync::duty::sweep, at);
        // A proof begins with a delta, and brings the lists that it reads whole up to date as well.
        if (due.proof) due.entries = due.billing = true;
        return due;
    }

    void plan(const parts& due, const round_outcome& done) {
        const auto at = now();
        if (due.proof) schedule_.done(sync::duty::proof, at, until_next_proof());
        if (due.sweep) schedule_.done(sync::duty::sweep, at, done.until_sweep);
        if (due.reference) schedule_.done(sync::duty::reference, at, m_.how.reference_interval);
        if (due.entries) schedule_.done(sync::duty::entries, at, m_.how.interval);
        if (due.billing) schedule_.done(sync::duty::billing, at, m_.how.billing_interval);
        if (due.dock)
            schedule_.done(sync::duty::dock, at, done.timer_runs ? m_.how.dock_active_interval : m_.how.dock_idle_interval);
    }

    // Changes that rest are looked at when their time has come, and not before.
    void plan_push() { push_at_ = s_.next_push_in ? now() + *s_.next_push_in : monotonic_time::max(); }

    // Rows that were absent once are looked at again as soon as that may settle them.
    seconds until_next_proof() const {
        if (!s_.needs_second_look) return m_.how.verify_interval;
        return std::min(m_.how.verify_interval, std::max(m_.how.second_read_after, second_proof_after));
    }

    monotonic_time next_round() const { return retry_at_ > now() ? retry_at_ : std::min(schedule_.next(), push_at_); }

    void back_off() {
        retry_at_ = now() + sync::retry_pause(failures_, m_.how.retry_min, m_.how.retry_max, jitter());
        if (failures_ < 30) ++failures_;
    }

    // Full disks and busy files heal; a file that is no database any more does not.
    std::optional<failure> database_failed(const failure& why) {
        round_report report;
        report.stopped_by = why;
        if (m_.watcher != nullptr) m_.watcher->round_done(report);
        m_.db.forget();
        if (classify(why.code()) == retry::stop) return why;
        back_off();
        return std::nullopt;
    }

    std::optional<failure> round_failed(const failure& why) {
        const auto code = why.code();
        if (code == errc::wrong_account || code == errc::wrong_user) return why;
        if (code == errc::unauthorized || code == errc::forbidden) {
            if (first_refusal_ && now() - *first_refusal_ >= second_look_after) return why;
            if (!first_refusal_) first_refusal_ = now();
            retry_at_ = *first_refusal_ + second_look_after;
            return std::nullopt;
        }
        back_off();
        return std::nullopt;
    }

    mirror& m_;
    session s_;
    sync::schedule schedule_;
    int failures_ = 0;
    monotonic_time retry_at_{};
    monotonic_time push_at_ = monotonic_time::max();
    std::optional<monotonic_time> first_refusal_;
};

}  // namespace

asio::awaitable<failure> run(mirror& m) {
    loop rounds(m);
    auto why = co_await rounds.run();
    co_return why;
}

}  // namespace mdock::engine
