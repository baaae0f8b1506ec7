// SPDX-License-Identifier: MIT
// The lines of one invoice, replaced as a set: the single-invoice answer is whole, so a line that is not in it is no
// line any more. Called inside a transaction.
#pragma once

#include "core/store/apply.h"

namespace mdock::store {

// Applies the lines and drops the invoice from the list of those whose lines are due.
applied apply_lines(database& db, std::int64_t invoice_id, const model::row_batch& lines, const apply_how& how);

// Invoices whose lines must be read, ascending.
std::vector<std::int64_t> lines_due(database& db);
void mark_lines_due(database& db, const std::vector<std::int64_t>& invoices);
// The invoice has no readable lines now (404, or no line_items in its answer); it is marked again when it changes.
void forget_lines_due(database& db, std::int64_t invoice_id);

}  // namespace mdock::store
