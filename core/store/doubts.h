// SPDX-License-Identifier: MIT
// What the proof is not sure of, kept over restarts: rows absent once, rows that the guard holds, and the incidents in
// which MinuteDock had a row that the mirror should have had.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/time.h"
#include "core/store/database.h"

namespace mdock::store {

// `ids` were absent from a whole read at `at` (server time): new ones are noted, those of `which` that are back are
// forgotten. Returns since when each has been absent.
std::map<std::int64_t, utc_seconds> note_absent(database& db, resource which, const std::vector<std::int64_t>& ids,
                                                utc_seconds at);
// A reading of changes named this row: it is there.
void forget_absent(database& db, resource which, std::int64_t id);

// This contact or invoice went; its entries are owed a reading, also by the process after this one.
void note_vanished(database& db, resource which, std::int64_t id);
std::vector<std::pair<resource, std::int64_t>> vanished(database& db);
void forget_vanished(database& db, resource which, std::int64_t id);

struct hold {
    std::string reason;    // mass, empty, visibility, rewound
    std::int64_t rows = 0;
    utc_seconds since{};
    std::string detail;    // a sentence for a person
};

std::optional<hold> held(database& db, resource which);
// Sets the resource to held, or keeps it so: `since` stays when the reason is the same.
void hold_rows(database& db, resource which, const hold& what);
// The resource is as it was before it was held. Nothing happens when it is not.
void release(database& db, resource which);

// Kept: the last hundred.
void add_incident(database& db, utc_seconds at, resource which, std::string_view kind, std::string_view detail);

}  // namespace mdock::store
