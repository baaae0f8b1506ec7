// SPDX-License-Identifier: MIT
// How a command changes something here: through the daemon when it has the file, else with the file's lock taken for as
// long as it takes. Both ends run the same store functions, so that there is one way into the outbox.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/store/local_write.h"
#include "daemon/cli/session.h"

namespace mdock::cli {

struct write_request {
    std::vector<store::write_statement> statements;
    bool keeps = true;    // false: only say what would be queued
    std::optional<std::string> agreed{};    // what a rehearsal showed (store::shown_as); anything else is refused
};

// What a person does with a change that waits, or with a conflict.
enum class change_action { retry, discard, hold, release, mine, theirs };

struct action_request {
    change_action what = change_action::retry;
    std::optional<std::int64_t> id;    // of the change or the conflict; none: all, for hold and release
};

struct write_answer {
    store::write_outcome done;
    bool by_daemon = false;
};

struct action_answer {
    bool was_done = false;
    bool by_daemon = false;
};

// The store's part, for both ends. Never throws for the database: its failures are values too.
result<store::write_outcome> run_on(store::database& db, const write_request& what);
result<bool> run_on(store::database& db, const action_request& what, utc_seconds at);

// Throw failure_exception: write_refused with the rule's sentence, database_busy and the like.
write_answer change(session& here, const write_request& what);
action_answer change(session& here, const action_request& what);

}  // namespace mdock::cli
