// SPDX-License-Identifier: MIT
// What `list` and `show` know of each noun: its query, its table's columns, its filters. Names of parents are joined in
// so that no row drops out when a parent is gone or never visible.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/output.h"

namespace mdock::cli {

struct noun_column {
    std::string_view title;
    std::string_view column;  // of the query
    align side = align::left;
    bool may_shrink = false;
};

struct noun {
    std::string_view name;    // "entry"
    std::string_view plural;  // "entries": the table, and the key of the JSON document
    std::string_view key;     // "entry_id"
    std::string_view meaning;
    std::string query;  // SELECT … FROM …, without WHERE; the noun's table is called x
    std::string_view order;
    std::string_view date;  // column that --from and --to cut, or empty
    std::vector<noun_column> columns;
    bool has_contact = false, has_project = false, has_task = false, has_user = false;  // filters
    bool keeps_unseen = false;  // has presence; --all shows what is gone too
    bool has_show = false;
};

std::span<const noun> all_nouns();

}  // namespace mdock::cli
