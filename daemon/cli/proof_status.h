// SPDX-License-Identifier: MIT
// What the mirror remembers of its proofs, for `status` and `doctor`: what is held back and why, rows that should have
// come and had not, and how far MinuteDock's report counts can be compared.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.h"
#include "daemon/cli/doctor.h"

namespace mdock::cli {

struct held_back {
    std::string resource, reason, detail;    // reason: mass, empty, visibility, rewound
    std::int64_t rows = 0;
    std::optional<utc_seconds> since;
};

struct incident {
    std::optional<utc_seconds> at;
    std::string resource, kind, detail;
};

struct count_calibration {
    std::string scope = "unknown", grouping = "unknown", docks = "unknown", hours = "unknown";
    std::optional<utc_seconds> learned_at;
};

struct proof_state {
    std::vector<held_back> held;
    std::int64_t incidents = 0;
    std::vector<incident> latest;    // newest first, a few
    count_calibration counts;
};

// Nothing of it in a mirror that this version has not written to yet.
proof_state read_proof_state(SQLite::Database& db);

// Keys for `status --json` beside those of the contract: `held`, `incidents`, `report_counts`.
void add_to(boost::json::object& body, const proof_state& proof);

std::string describe(const held_back& one);              // without the way on
std::string describe(const incident& one);
std::string describe(const count_calibration& counts);    // "all entries, by month, …"

// The doctor's view: what is held needs a person; an incident of the last thirty days is a warning.
finding judge_held(const proof_state& proof);
finding judge_incidents(const proof_state& proof, utc_seconds now);

}  // namespace mdock::cli
