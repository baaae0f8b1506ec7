// SPDX-License-Identifier: MIT
// Some fields of one row by their column names, as `outbox`, `conflicts` and `changes` keep them in JSON: what a local
// change sets, what it found, and what MinuteDock has. Links are the field `task_ids`, a set.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/error.h"
#include "core/model/rows.h"

namespace mdock::model {

using id_set = std::vector<std::int64_t>;    // ascending, without repeats
using field_value = std::variant<std::nullptr_t, std::int64_t, double, std::string, id_set>;
using field_values = std::map<std::string, field_value, std::less<>>;

inline constexpr std::string_view links_field = "task_ids";

// Both sides set a field, differently; `*` stands for the whole row.
struct field_conflict {
    std::string field;
    field_value base, mine, theirs;
};

// 1 and 1.0 are the same; NULL is equal to NULL only.
bool is_same(const field_value& a, const field_value& b);

// An object of JSON; an empty text is no fields. bad_shape for anything that the file should not hold.
result<field_values> parse_fields(std::string_view json);
// The object's text; empty for no fields.
std::string text_of(const field_values& fields);
// One value as JSON, for `conflicts`.
std::string text_of(const field_value& value);
result<field_value> parse_value(std::string_view json);

// Every stored cell of a row with its links, NULLs included.
field_values fields_of(const row_batch& rows, std::size_t i);

field_value value_of(const cell& from);
// Borrows the text of `value`.
cell cell_of(const field_value& value);

}  // namespace mdock::model
