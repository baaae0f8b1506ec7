// SPDX-License-Identifier: MIT
// Where a person's `mdock sync` or `mdock verify` reaches the daemon's loop: a round asked for here is done next, in the loop's own
// session, so that there is one gate and one writer. All on one executor.
#pragma once

#include <deque>
#include <functional>

#include "core/engine/mirror.h"

namespace mdock::engine {

class round_desk {
public:
    struct request {
        round_request what;
        std::optional<verify_request> proof;          // when given, a verification instead of a round
        std::function<void(verify_report)> answer;    // called once, also when the loop ends; of a round only `sync` is filled
    };

    // Resumes with the round's report; `stopped_by` is interrupted when the loop ended before.
    asio::awaitable<round_report> ask(round_request what);
    // Likewise for a verification: `sync.stopped_by` is interrupted when the loop ended before.
    asio::awaitable<verify_report> ask_proof(verify_request what);

    // A person has changed something here: the loop sends it now.
    void note_write();
    // For the loop: whether there was one since the last time it asked.
    bool take_write();

    // For the loop: the oldest request, if there is one.
    std::optional<request> take();
    // For the loop: resumes when there is a request, at once if there already is.
    asio::awaitable<void> wait();
    // For the loop's end: everybody who waits is told so, and later askers at once.
    void close();

private:
    asio::awaitable<verify_report> put(round_request what, std::optional<verify_request> proof);
    void wake();

    std::deque<request> requests_;
    std::function<void(boost::system::error_code)> sleeper_;
    bool is_closed_ = false;
    bool has_write_ = false;
};

}  // namespace mdock::engine
