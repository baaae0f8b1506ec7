// SPDX-License-Identifier: MIT
// The fields of a POST or PUT body, read leniently as Rails does: numbers as text, "" for none. A field that is there
// and cannot be used is a 422, remembered until the handler asks.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/minutedock/asked.h"

namespace minutedock {

class write_fields {
public:
    // The object nested under `resource`, or the flat body as the switch flat_body treats it.
    write_fields(const asked& r, std::string_view resource);

    bool has(std::string_view name) const { return object_.contains(name); }
    bool has_any() const { return !object_.empty(); }

    // Each leaves `into` alone when the field is absent.
    void id(std::string_view name, row_id& into);  // null and "" are none
    void ids(std::string_view name, std::vector<row_id>& into);
    void text(std::string_view name, std::string& into);
    void text(std::string_view name, std::optional<std::string>& into);
    void boolean(std::string_view name, bool& into);
    void count(std::string_view name, std::int64_t& into);  // a whole number, 0 or more
    void real(std::string_view name, std::optional<double>& into);
    void cents(std::string_view name, std::optional<std::int64_t>& into);          // dollars as text or number
    void date(std::string_view name, std::optional<std::chrono::sys_days>& into);  // null and "" are none

    bool is_good() const { return wrong_.empty(); }
    // Refuses the request for the first field that could not be used.
    void refuse_wrong(const asked& r) const;

private:
    const boost::json::value* find(std::string_view name) const { return object_.if_contains(name); }
    void is_wrong(std::string_view name);

    boost::json::object object_;
    std::string wrong_;
};

}  // namespace minutedock
