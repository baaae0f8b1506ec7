// SPDX-License-Identifier: MIT
// What a verification found, row by row: read from `changes` by the store, told by the engine.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/resource.h"

namespace mdock::model {

// One row that no reading of changes would have brought right.
struct difference {
    enum class kind : std::uint8_t { missing, ghost, changed };
    resource which = resource::entries;
    std::int64_t row_id = 0;
    kind what = kind::missing;
    std::vector<std::string> fields;                 // of a changed row
    std::optional<std::chrono::sys_days> day;        // of an entry, expense or invoice: the day it is or was on
};

// Rows that are not taken away before a person has said so, or before a second look.
struct held_rows {
    resource which = resource::entries;
    std::int64_t rows = 0;
    std::string reason;            // a sentence: what was seen, what is safe, what to do
};

}  // namespace mdock::model
