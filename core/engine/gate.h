// SPDX-License-Identifier: MIT
// The one way out: every request of every part of the engine passes here, so that the rate, the pauses after a 429 and
// the count of requests hold for all of them together (N13). What it learns is kept in the database.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/base/error.h"
#include "core/engine/mirror.h"
#include "core/ports.h"
#include "core/sync/pace.h"

namespace mdock::engine {

class gate {
public:
    // `deadline`: nothing is waited for beyond it.
    gate(mirror& m, std::optional<monotonic_time> deadline);

    // Takes up the pace that an earlier process left in the file.
    asio::awaitable<void> restore();

    // Waits until a request may go at once; a failure where that is beyond the deadline. What is written down just before
    // a sending is then true of the sending.
    asio::awaitable<std::optional<failure>> turn();

    // Waits for its turn and sends once. Any complete answer is a value; a 429 also pauses everybody.
    asio::awaitable<result<http_answer>> once(step_name step, http_request request);

    // Sends until there is a 2xx, or until the failure is one that waiting does not mend, or the tries are used up.
    // Only for requests that change nothing on the service.
    asio::awaitable<result<http_answer>> ask(step_name step, http_request request);

    // The Date of the last complete answer, when the service sends one.
    std::optional<utc_seconds> last_date() const { return last_date_; }
    // That Date as a cursor may use it.
    std::optional<utc_seconds> cursor_time() const;
    // By the last answer's Date, else by the machine's clock: for stamps that are shown, never for a cursor.
    utc_seconds now() const;
    std::int64_t requests() const { return requests_; }
    // Requests not yet counted in the file; the caller adds them in its next transaction.
    std::int64_t take_uncounted();
    // Writes the pace again, after what was written of it was taken back.
    asio::awaitable<void> keep_pace_again();
    void set_deadline(std::optional<monotonic_time> deadline) { deadline_ = deadline; }
    bool is_past_deadline() const;

private:
    asio::awaitable<void> keep_pace(bool is_limit);
    asio::awaitable<std::optional<failure>> pause_before_retry(int tries, failure why);
    void note(const http_answer& answer);
    double jitter();
    std::optional<failure> too_late(monotonic_time until, const failure& why) const;

    mirror& m_;
    sync::pace pace_;
    std::optional<monotonic_time> deadline_;
    std::optional<utc_seconds> last_date_;
    utc_seconds last_date_came_{};    // by the machine's clock
    std::int64_t requests_ = 0;
    std::int64_t uncounted_ = 0;
    bool has_new_pause_ = false;
    bool has_stored_pause_ = false;    // the file remembers a pause of ours that a good answer has ended
    failure last_limit_;    // why the gate is closed, for whoever waits
};

}  // namespace mdock::engine
