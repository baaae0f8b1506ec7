// SPDX-License-Identifier: MIT
// Bodies in, plain texts out: what the decoder's tests compare. A cell is shown as "NULL", its number, or 'its text'.
#pragma once

#include <string>
#include <string_view>

#include "core/api/decode.h"

namespace mdock::api {

std::string shown(const model::cell& cell);

// The cell of a column by name; "extra" too.
std::string cell_in(const model::row_batch& rows, std::size_t i, std::string_view column);

// A list of one row with a key, a day where the table has one, and these members: R"("name":"x")".
std::string list_with(resource which, std::string_view members);

// R"("delivery":{"id":5})" for the field delivery.id and the value 5.
std::string member(std::string_view api_field, std::string_view value);

// The cell that `value` becomes in `api_field`, or "refused: " and the reason.
std::string becomes(resource which, std::string_view api_field, std::string_view value);

// "bad_shape entries[0].id: …", or "decoded".
std::string outcome(resource which, std::string_view body);

// The rows of a body that must decode; fails the test otherwise.
model::row_batch rows_of(resource which, std::string_view body);

// The lists of the API: everything but the dock and lines, which come by other answers.
inline constexpr resource listed[] = {resource::accounts, resource::users,   resource::contacts, resource::projects, resource::tasks,
                                      resource::items,    resource::entries, resource::expenses, resource::invoices};

// A page of two lifelike rows.
std::string sample_page(resource which);

}  // namespace mdock::api
