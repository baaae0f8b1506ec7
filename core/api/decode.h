// SPDX-License-Identifier: MIT
// Bodies to rows. A body is refused whole or decoded whole: a page with a hole is not a page (H04). Failures are
// not_json (no JSON, bad UTF-8, too deep) or bad_shape, and name the place: "entries[3].duration: not an integer".
#pragma once

#include <string_view>

#include "core/base/error.h"
#include "core/model/rows.h"

namespace mdock::api {

// A list answer: an array of objects of `which`.
result<model::row_batch> decode_list(resource which, std::string_view body);

// GET /entries/{id}, /contacts/{id}, /projects/{id}, /tasks/{id}: a batch of that row, or of none where the answer is the
// running timer (counted as out_of_scope).
result<model::row_batch> decode_one(resource which, std::string_view body);

struct invoice_detail {
    model::row_batch invoice{resource::invoices};              // one row
    model::row_batch lines{resource::invoice_line_items};      // ids of lines; invoice_id is the store's to set
    bool has_lines = false;                                    // false: the answer carried no line_items at all
};

// GET /invoices/{id}.
result<invoice_detail> decode_invoice(std::string_view body);

// GET /dock. null and an empty body are an idle dock: a batch of no row; a blank object is a row, which the store takes
// as idle. `user_account_id` is used when the answer leaves it out; an answer for somebody else is bad_shape.
result<model::row_batch> decode_dock(std::string_view body, std::int64_t user_account_id);

}  // namespace mdock::api
