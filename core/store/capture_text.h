// SPDX-License-Identifier: MIT
// What the generators of capture triggers share: SQL with {names} filled in, and the expressions that are written out
// once for each column of a table.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/description.h"

namespace mdock::store::capture {

// Replaces each {name} that is known; any other brace stays ('{}' is an empty JSON object).
using names = std::map<std::string, std::string, std::less<>>;
std::string filled(std::string_view text, const names& values);

// What a column is to a local write. One row for each column that is more than `written_by` says.
struct rule {
    resource which;
    std::string_view column;
    std::string_view when_missing;    // what an INSERT without it stores, or empty: it has to be given
    bool is_sent = true;              // whether that becomes part of the create
};
const rule* rule_of(const model::table& table, std::string_view column);
// Whether MinuteDock always has a value there, so that no NULL can be put over one.
bool is_never_null(const model::table& table, const model::column& column);

using columns = std::vector<const model::column*>;
columns updatable(const model::table& table);     // a person may change them
columns insertable(const model::table& table);    // a person may give them to a new row
columns computed(const model::table& table);      // refused by name; the key is not among them
columns stored(const model::table& table);        // all with a place in the table but the key

// `each` filled for every column and joined: {c} is the column's name; {new}, {old} and {here} are its values in the rows
// of these names as JSON takes them.
std::string for_each(const columns& list, std::string_view separator, std::string_view each);

// The names that all triggers of a table use: t, k, open; and for the row NEW: replaced, queue, last, unsent, mark, with
// _of_old appended for the row OLD (see the .cpp).
names names_of(const model::table& table);

// The ids linked to the row {id}, as JSON text.
std::string link_list(std::string_view link_table, std::string_view key, std::string_view id);

}  // namespace mdock::store::capture
