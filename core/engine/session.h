// SPDX-License-Identifier: MIT
// What the parts of a round share: the mirror, the gate, whose token it is, and what has happened so far. Lives as long
// as one `mdock sync`, or as long as the daemon.
#pragma once

#include <map>
#include <optional>

#include "core/engine/gate.h"
#include "core/engine/mirror.h"
#include "core/store/apply.h"
#include "core/store/database.h"
#include "core/store/resource_state.h"

namespace mdock::engine {

struct session {
    explicit session(mirror& mirror_at_work, std::optional<monotonic_time> deadline)
        : m(mirror_at_work), out(m, deadline) {}

    mirror& m;
    gate out;
    std::optional<identity> who;             // checked in this session, and again after a 401
    std::optional<failure> stopped_by;       // ends the round for all resources
    std::map<resource, resource_outcome> outcomes;
    // Whose entries this token may list: some services refuse `all` to a token without the right to see others' time,
    // and such a token's own entries are then all there is to mirror (facts 5.2).
    bool may_list_all = true;

    store::database& db() { return m.db; }
    store_port& store() { return m.world.store; }
    resource_outcome& outcome(resource which);
    void count(resource which, const store::applied& done);
};

// As gate::ask, and a 401 or 403 is looked into: one GET /users/me tells a hiccup (asked once more, N16) and a missing
// right from a token that is gone, which some services answer with 403 (H19): the session stops, nothing is dropped.
asio::awaitable<result<http_answer>> ask(session& s, step_name step, http_request request);

// Puts the failure of reading `which` where people look: mirror_status and the round's outcome. 403, 404 and 422 make
// it denied or unavailable, which is no failure of the round; what would fail for every resource stops the round.
asio::awaitable<void> record_failure(session& s, resource which, failure why);

// Reads a resource's state, and says whether it is to be asked now; a refused one rests for sync.retry_denied_after.
struct standing {
    store::resource_state state;
    bool is_resting = false;
};
asio::awaitable<standing> standing_of(session& s, resource which, bool is_forced);

}  // namespace mdock::engine
