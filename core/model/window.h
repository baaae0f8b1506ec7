// SPDX-License-Identifier: MIT
// A piece of a dated list that one request asks for, and the cursor of a list's changes: what the decisions of
// core/sync are about and core/store remembers.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/base/time.h"

namespace mdock::model {

struct window {
    bool is_archived = false;    // the invoices' archived list
    std::chrono::sys_days from;
    std::chrono::sys_days to;    // inclusive
    std::optional<std::int64_t> expected;           // rows promised by report counts, for planning
    std::optional<std::int64_t> user_account_id;    // only this user's rows
    std::optional<std::int64_t> contact_id;         // only this contact's rows; 0: only rows without one
    std::optional<std::int64_t> task_id;            // entries only: only rows with this task

    bool is_one_day() const { return from == to; }
    bool operator==(const window&) const = default;
};

struct cursor {
    std::optional<utc_seconds> at;    // server time; every version stamped up to `at - overlap` was applied
    std::chrono::seconds overlap{300};
};

}  // namespace mdock::model
