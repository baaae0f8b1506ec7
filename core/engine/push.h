// SPDX-License-Identifier: MIT
// Sends what waits in the outbox: one change at a time, parents before children, one chain a row, other chains go on.
// Invariant X: no create is sent again while an earlier sending of it may have been carried out. Invariant Y: a change
// leaves the outbox only into MinuteDock, a conflict, or a person's hands.
#pragma once

#include <memory>

#include "core/engine/session.h"
#include "core/store/outbox.h"

namespace mdock::engine {

// Everything that may be sent now. Does not wait for what is of unknown outcome; what stops the round stops it.
asio::awaitable<void> push(session& s);

// The parts of it, one change each.
asio::awaitable<void> send_create(session& s, store::waiting_change what);
asio::awaitable<void> send_update(session& s, store::waiting_change what);
asio::awaitable<void> send_delete(session& s, store::waiting_change what);
// A create whose sending had no answer: adopted when it is found, sent again when it surely is not there, else a
// person's. Not before the settle time is over.
asio::awaitable<void> reconcile(session& s, store::waiting_change what);

// What came of sending a change.
enum class heard : std::uint8_t {
    done,            // 2xx
    gone,            // 404 or 410: there is no such row
    refused,         // MinuteDock says no and will say no again
    not_sent,        // surely nothing was done
    unknown,         // nobody can say
};
struct hearing {
    heard what = heard::unknown;
    failure why;
    http_answer answer;
};
// Sends once, never again by itself. A pause, a missing network and a refused token stop the session (not_sent).
asio::awaitable<hearing> send_once(session& s, http_request request);

// The rows of `which` as of a moment after this call began; false when they could not be read.
asio::awaitable<bool> bring_up_to_date(session& s, resource which, bool is_forced);

// The row as MinuteDock has it at this moment.
struct fresh_row {
    enum class fate : std::uint8_t { there, gone, docked, hidden, unknown } what = fate::unknown;
    std::shared_ptr<model::row_batch> row;    // where it is there; none for expenses, which have no lookup
    model::field_values fields;
    failure why;                              // of hidden
};
asio::awaitable<fresh_row> read_fresh(session& s, resource which, std::int64_t id);

// How long a change rests after it has failed for the `attempts`th time.
std::chrono::seconds rest_after(session& s, int attempts);

}  // namespace mdock::engine
