// SPDX-License-Identifier: MIT
// What the parts of a round share: the mirror, the gate, whose token it is, and what has happened so far. Lives as long
// as one `mdock sync`, or as long as the daemon.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

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

    std::optional<utc_seconds> stamps_prove;    // the cursor of entries: a moment that is past for certain

    // Of the proof. `open` is what this round could not settle.
    std::vector<unsettled> open;
    bool accepts_held = false;               // a person has said so
    bool needs_second_look = false;          // of rows that this round found absent once
    bool is_thorough = false;                // a person waits for the proof: nothing is left to the sweep
    bool has_looked_at_identity = false;     // in this round: a verdict counts only in a session proven to be ours (D11)
    std::map<resource, std::int64_t> taken;  // rows taken away since the last proof or sweep began: one guard for them all
    // Since when rows have been absent, or a resource held (row 0), by the clock that nobody can turn back.
    std::map<std::pair<resource, std::int64_t>, monotonic_time> doubted_since;

    // Of the outbox.
    push_counts pushed;                      // in this round
    std::set<resource> is_up_to_date;        // read to the end in this round: a create may be decided on it (C4 rule 1)
    bool has_recovered_outbox = false;
    std::optional<std::chrono::seconds> next_push_in;    // until the next change that rests is due

    store::database& db() { return m.db; }
    store_port& store() { return m.world.store; }
    resource_outcome& outcome(resource which);
    void leave_open(resource which, std::int64_t rows, std::string reason);
    // A failure that leaves something unsettled; what would fail for every resource stops the round.
    void leave_open(resource which, const failure& why);
    // Since `since` (server time) or since this process first knew of it, whichever it can tell better.
    bool has_waited(resource which, std::int64_t row, utc_seconds since, std::chrono::seconds wait);
    // Server time for what is claimed: the last Date as a cursor may use it, else what the entries' stamps prove.
    std::optional<utc_seconds> claim_time() const;
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
