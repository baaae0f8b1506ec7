// SPDX-License-Identifier: MIT
// Rows from MinuteDock into the file: a row that is as it was is not touched, every difference after the first load
// leaves a row in `changes`. Called inside a transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.h"
#include "core/model/rows.h"
#include "core/store/change_log.h"
#include "core/store/database.h"

namespace mdock::store {

struct apply_how {
    utc_seconds at;                             // when the answer was made, by the server's clock; for `changes`
    bool records_changes = true;                // false during a resource's first load
    bool expects_new = false;                   // most rows are not there yet: insert first, look after
    std::optional<utc_seconds> older_cursor;    // rows first seen now with an older stamp are late (C2 rule 3)
    std::string_view origin = from_minutedock;
    // When given: a row whose version here is at least this old and newer than the one that came stays as it is and is
    // told in `older`: the service may have been set back to an old backup (D10).
    std::optional<utc_seconds> settled_before;
};

struct applied {
    std::int64_t inserted = 0;
    std::int64_t updated = 0;
    std::int64_t unchanged = 0;
    std::chrono::seconds lateness{0};
    std::vector<std::int64_t> differing;        // keys of inserted and updated rows, for invoices only
    std::vector<std::int64_t> older;            // keys of rows that came older than they are here
    std::int64_t overdue = 0;                   // inserted rows that an earlier reading should have brought

    void add(const applied& other);
};

applied apply_rows(database& db, const model::row_batch& rows, const apply_how& how);

}  // namespace mdock::store
