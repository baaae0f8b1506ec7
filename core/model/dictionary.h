// SPDX-License-Identifier: MIT
// The rows of dict_tables and dict_columns that follow from the description: every mirrored table and its stored
// columns. schema/dictionary.sql adds the rest (generated columns, link and status tables, views) and derives the
// views' columns from these, so it runs after them.
#pragma once

#include <string_view>
#include <vector>

namespace mdock::model {

// Texts live for the program's life. An empty one stands for NULL.
struct dictionary_table {
    std::string_view table_name;
    std::string_view kind;
    std::string_view grain;
    std::string_view meaning;
};

struct dictionary_column {
    std::string_view table_name;
    std::string_view column_name;
    std::string_view type;
    std::string_view meaning;
    std::string_view unit;
    std::string_view api_field;
    std::string_view permission;
};

// In the order of all_resources, columns in DDL order. Empty both tables first: a column that a newer program no longer
// has must not stay.
std::vector<dictionary_table> dictionary_tables();
std::vector<dictionary_column> dictionary_columns();

}  // namespace mdock::model
