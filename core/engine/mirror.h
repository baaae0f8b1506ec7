// SPDX-License-Identifier: MIT
// What the daemon asks of the engine: one round, or rounds until stopped. Everything here runs on one executor; the
// database is touched only inside jobs of the store port.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/model/proof_findings.h"
#include "core/model/resource.h"
#include "core/ports.h"
#include "core/sync/merge.h"

namespace mdock::store {
class database;
}

namespace mdock::engine {

// The settings that steer the engine (names and defaults as in config/mdock.example.toml).
struct options {
    int max_requests_per_minute = 60;
    std::chrono::seconds retry_min{2};
    std::chrono::seconds retry_max{300};
    std::chrono::seconds rate_limit_pause{60};
    std::chrono::seconds interval{60};
    std::chrono::seconds billing_interval{900};
    std::chrono::seconds reference_interval{600};
    std::chrono::seconds overlap{300};
    std::chrono::seconds verify_interval{3600};
    std::chrono::seconds sweep_interval{30 * 86400};
    std::chrono::seconds second_read_after{300};
    std::size_t most_windows_read = 3;                   // a person's proof reads whole what takes no more windows
    std::chrono::seconds retry_denied_after{86400};
    std::chrono::seconds dock_active_interval{15};
    std::chrono::seconds dock_idle_interval{300};
    std::optional<std::chrono::seconds> give_up_after;   // --timeout; a round that takes longer ends with timed_out
    std::int64_t hold_above = 50;                        // writes.hold_above; 0: no limit
    int max_creates_per_minute = 30;
    std::chrono::seconds settle_time{120};
    std::chrono::seconds undo_window{0};
    sync::on_conflict on_conflict = sync::on_conflict::ask;
    std::int64_t most_log_bytes = 64 * 1024 * 1024;      // beyond it no load goes on: a reader keeps the log from shrinking
    bool sends = true;                                   // false: local changes stay where they are
    bool waits_patiently = false;                        // `run`: pauses are waited out instead of ending the round
};

struct round_report;

// Told on the engine's executor, as it happens.
class progress {
public:
    virtual ~progress() = default;
    // The first whole read of `which` is planned; `rows` is what MinuteDock's report counts promise, if they do.
    virtual void planned(resource which, std::optional<std::int64_t> rows) = 0;
    // `rows` of `which` are now in the file since the load began (a resumed load counts what was in).
    virtual void advanced(resource which, std::int64_t rows) = 0;
    virtual void finished(resource which) = 0;
    // Nothing is sent before `seconds` have passed, because of `why`.
    virtual void pausing(const failure& why, std::chrono::seconds seconds) = 0;
    // A round of `run` has ended; `report` says what it changed, what it could not read and what stopped it.
    virtual void round_done(const round_report&) {}
};

struct round_request {
    std::vector<resource> only;    // empty: all
    bool full = false;             // read everything again, content compared
};

// What became of local changes in a round.
struct push_counts {
    std::int64_t applied = 0;
    std::int64_t adopted = 0;      // found on MinuteDock after an answer was lost
    std::int64_t merged = 0;       // nothing was left to send
    std::int64_t conflicts = 0;    // fields that wait for a person
    std::int64_t parked = 0;       // refused by MinuteDock
    std::int64_t unknown = 0;      // sent without an answer; looked for later
};

struct resource_outcome {
    resource which = resource::accounts;
    std::string state;             // as in mirror_status
    std::int64_t row_count = 0;
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::optional<failure> error;  // set when this resource could not be read in this round (not for denied/unavailable)
};

struct round_report {
    std::vector<resource_outcome> resources;
    push_counts pushed;
    std::int64_t requests = 0;
    std::int64_t waiting = 0;            // local changes that are still to be sent, or wait for a person
    bool timer_runs = false;             // as this file shows it
    std::optional<failure> stopped_by;   // what ended the round for all: identity, database, network, interruption
};

struct verify_request {
    bool is_rehearsal = false;     // --dry-run: say what would be mended, leave the rows as they are
    bool accepts_held = false;     // --accept: a person takes what the mass-gone guard holds
};

using model::difference;
using model::held_rows;

// Rows or days about which this verification could not come to a verdict, and why; the next one looks again.
struct unsettled {
    resource which = resource::entries;
    std::int64_t rows = 0;
    std::string reason;
};

struct verify_report {
    round_report sync;                               // the round that came first; its `requests` are of that round only
    bool is_equal = false;                           // in the end, after mending; false for a rehearsal that found anything
    std::vector<difference> differences;
    std::vector<held_rows> held;
    std::vector<unsettled> open;
    std::int64_t requests = 0;                       // all of them, the round's included
    std::optional<utc_seconds> verified_as_of;       // the oldest over all resources that this token may read
};

// What a token turned out to be; from GET /users/me, /accounts/current and, where needed, /users.
struct identity {
    std::int64_t account_id = 0;
    std::string account_name;
    std::int64_t user_account_id = 0;      // 0 when not known yet
    std::int64_t legacy_user_id = 0;       // 0 when not told
    std::string email;
    std::string user_name;
};

class round_desk;

// One mirror at work. `db` is the writer's database, used on the store thread only.
struct mirror {
    ports world;
    store::database& db;
    options how;
    progress* watcher = nullptr;           // may be null
    round_desk* desk = nullptr;            // where run() is asked for rounds; may be null
};

// One complete round: identity, reference lists, loads or deltas, line items, dock. Never throws for the network;
// rethrows what the store throws.
asio::awaitable<round_report> sync_round(mirror& m, round_request what);

// A round as above, then the proof (docs/sync.md, "Proof"): delta, count, delta for entries, whole reads for the rest;
// what differs is mended and reported. Does not wait for second reads: what needs one is in `open`.
asio::awaitable<verify_report> verify(mirror& m, verify_request what);

// Rounds at the configured intervals until a failure that a restart cannot help, which it returns; when cancelled it
// throws boost::system::system_error(operation_aborted).
asio::awaitable<failure> run(mirror& m);

// Asks whose token this is, without touching the file. Costs two or three requests.
asio::awaitable<result<identity>> who_is_this(ports world);

}  // namespace mdock::engine
