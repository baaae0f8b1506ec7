// SPDX-License-Identifier: MIT
// A request's target taken apart: path segments without the API's base and without ".json", and parameters decoded.
// List filters ("789,790", "all", null for "none") mean the same in queries and in report bodies.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/minutedock/state.h"

namespace minutedock {

struct target {
    std::vector<std::string> path;                  // {"entries", "123", "redock"}
    std::map<std::string, std::string> parameters;  // "contacts[]" given twice is "contacts" with a comma

    const std::string* find(const std::string& name) const;
};

// Nothing when the text is not an origin-form target.
std::optional<target> parse_target(std::string_view text);

// application/x-www-form-urlencoded.
std::map<std::string, std::string> parse_form(std::string_view text);

struct list_filter {
    bool everything = true;
    bool with_none = false;
    std::vector<row_id> ids;

    bool matches(row_id id) const;
    bool matches(const std::vector<row_id>& any_of) const;
};

list_filter filter_of_text(std::string_view text);
list_filter filter_of_json(const boost::json::value& value);

}  // namespace minutedock
