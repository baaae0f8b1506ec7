// SPDX-License-Identifier: MIT
// What only this mirror knows, and MinuteDock cannot give again: whose it is, changes that wait, their history, conflicts,
// rows that were made here, and what was deleted. Taken from an old file into one that is to take its place.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/store/database.h"

namespace mdock::store {

struct carried {
    std::int64_t waiting = 0;              // changes in the outbox
    std::int64_t conflicts = 0;
    std::vector<std::string> lost;         // tables that could not be read to their end, with SQLite's words
};

// Into `fresh`, in one transaction, before anything is mirrored there. A table of `old` that is damaged gives what can be
// read of it, and is named. Throws what `fresh` throws.
carried carry_over(SQLite::Database& old, database& fresh);

}  // namespace mdock::store
