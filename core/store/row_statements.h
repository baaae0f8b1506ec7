// SPDX-License-Identifier: MIT
// The SQL of one mirrored table, generated from its description: every statement names the stored columns in the order
// of a batch's cells, `extra` last.
#pragma once

#include <string>

#include "core/model/rows.h"
#include "core/store/statement.h"

namespace mdock::store {

struct row_statements {
    row_statements(SQLite::Database& db, resource which);

    statement select;         // ?1 key -> stored cells, extra, then presence where the table has one
    statement insert;         // cells 1…width; does nothing when the key is there
    statement update;         // cells 1…width; the key is found by its own cell
    statement select_links;   // ?1 key -> linked ids ascending; "SELECT 1 WHERE 0" where there is no link table
    statement insert_link;    // ?1 key, ?2 linked id
    statement delete_link;    // ?1 key, ?2 linked id
};

}  // namespace mdock::store
