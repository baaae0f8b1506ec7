// SPDX-License-Identifier: MIT
// Rows that other rows point to and that this token has never seen get a placeholder, so that no JOIN drops hours and
// foreign_key_check stays empty after every transaction (schema rule 6).
#pragma once

#include "core/model/rows.h"
#include "core/store/database.h"

namespace mdock::store {

// Makes a placeholder for each parent that the cells and links of row `i` name and the file lacks. A table that keeps
// no unseen rows is not pointed to by any foreign key but invoice_line_items, whose invoice is always there first.
void ensure_parents(database& db, const model::row_batch& rows, std::size_t i);

void ensure_parent(database& db, resource which, std::int64_t id);

}  // namespace mdock::store
