// SPDX-License-Identifier: MIT
// The SQL of this folder as text inside the program. Each text is a script of several statements to be run as it is,
// with triggers switched off and inside the opener's transaction; the order is migrations, dates, views, gate,
// capture (the store's generated triggers too), the model's dictionary rows, dictionary; indexes after the first load.
#pragma once

#include <span>
#include <string_view>

namespace mdock::schema {

struct migration {
    int version;             // user_version after it has run
    std::string_view sql;
};

std::span<const migration> migrations();   // ascending, without gaps, from 1
std::string_view indexes();      // CREATE INDEX IF NOT EXISTS; built after the first load, so apart from the tables
std::string_view gate();         // drops and makes the triggers that refuse local writes
std::string_view capture_dock();           // drops and makes the timer's capture triggers; its commands' come after it
std::string_view capture_dock_commands();
std::string_view views();        // drops and makes the star views
std::string_view dictionary();   // everything of dict_tables and dict_columns that the model does not describe
std::string_view dates();        // one statement: fills dim_date up to the parameter :last_day (YYYY-MM-DD)

}  // namespace mdock::schema
