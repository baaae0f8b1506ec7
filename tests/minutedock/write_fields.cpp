// SPDX-License-Identifier: MIT
#include "tests/minutedock/write_fields.h"

#include <array>
#include <boost/json/value.hpp>
#include <charconv>
#include <cmath>

#include "core/base/decimal.h"
#include "core/base/time.h"

namespace minutedock {
namespace {

using boost::json::value;

std::optional<std::int64_t> whole_number(const value& from) {
    if (from.is_int64()) return from.get_int64();
    if (from.is_double() && from.get_double() == std::floor(from.get_double()) && std::abs(from.get_double()) < 9e15)
        return static_cast<std::int64_t>(from.get_double());
    if (!from.is_string()) return std::nullopt;
    const std::string_view text = from.get_string();
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool is_none(const value& from) { return from.is_null() || (from.is_string() && from.get_string().empty()); }

}  // namespace

write_fields::write_fields(const asked& r, std::string_view resource) {
    const value* nested = r.body.if_contains(resource);
    if (nested != nullptr && nested->is_object()) {
        object_ = nested->get_object();
        return;
    }
    if (r.how.flat_body == flat_body::ignore) return;
    object_ = r.body;
    if (r.how.flat_body == flat_body::accept) return;
    // Rails wraps a flat body's real columns only; these are computed fields of the model.
    constexpr std::array virtual_fields{"default_rate_dollars", "task_ids", "billable", "timer_active", "logged"};
    for (const char* name : virtual_fields) object_.erase(name);
}

void write_fields::is_wrong(std::string_view name) {
    if (wrong_.empty()) wrong_ = name;
}

void write_fields::refuse_wrong(const asked& r) const { refuse(r, 422, wrong_ + " is not valid"); }

void write_fields::id(std::string_view name, row_id& into) {
    const value* given = find(name);
    if (given == nullptr) return;
    if (is_none(*given)) {
        into = 0;
        return;
    }
    const auto number = whole_number(*given);
    if (!number || *number <= 0) return is_wrong(name);
    into = *number;
}

void write_fields::ids(std::string_view name, std::vector<row_id>& into) {
    const value* given = find(name);
    if (given == nullptr) return;
    into.clear();
    if (is_none(*given)) return;
    if (!given->is_array()) return is_wrong(name);
    for (const value& one : given->get_array()) {
        const auto number = whole_number(one);
        if (!number || *number <= 0) return is_wrong(name);
        if (std::find(into.begin(), into.end(), *number) == into.end()) into.push_back(*number);
    }
}

void write_fields::text(std::string_view name, std::string& into) {
    std::optional<std::string> read{into};
    text(name, read);
    into = read.value_or("");
}

void write_fields::text(std::string_view name, std::optional<std::string>& into) {
    const value* given = find(name);
    if (given == nullptr) return;
    if (given->is_null())
        into.reset();
    else if (given->is_string())
        into = std::string{std::string_view{given->get_string()}};
    else if (const auto number = whole_number(*given))
        into = std::to_string(*number);
    else
        is_wrong(name);
}

void write_fields::boolean(std::string_view name, bool& into) {
    const value* given = find(name);
    if (given == nullptr) return;
    if (given->is_bool())
        into = given->get_bool();
    else if (given->is_string())
        into = given->get_string() == "true" || given->get_string() == "1";
    else if (given->is_int64())
        into = given->get_int64() != 0;
    else
        is_wrong(name);
}

void write_fields::count(std::string_view name, std::int64_t& into) {
    const value* given = find(name);
    if (given == nullptr) return;
    if (is_none(*given)) {
        into = 0;
        return;
    }
    const auto number = whole_number(*given);
    if (!number || *number < 0) return is_wrong(name);
    into = *number;
}

void write_fields::real(std::string_view name, std::optional<double>& into) {
    const value* given = find(name);
    if (given == nullptr) return;
    if (is_none(*given)) return into.reset();
    if (given->is_double()) {
        into = given->get_double();
    } else if (const auto number = whole_number(*given)) {
        into = static_cast<double>(*number);
    } else if (given->is_string()) {
        const std::string_view text = given->get_string();
        double parsed = 0;
        if (std::from_chars(text.data(), text.data() + text.size(), parsed).ec != std::errc{}) return is_wrong(name);
        into = parsed;
    } else {
        is_wrong(name);
    }
}

void write_fields::cents(std::string_view name, std::optional<std::int64_t>& into) {
    const value* given = find(name);
    if (given == nullptr) return;
    if (is_none(*given)) return into.reset();
    if (given->is_double()) {
        into = std::llround(given->get_double() * 100);
    } else if (given->is_int64()) {
        into = given->get_int64() * 100;
    } else {
        const auto parsed =
            given->is_string() ? mdock::parse_cents(std::string_view{given->get_string()}) : std::nullopt;
        if (!parsed) return is_wrong(name);
        into = parsed;
    }
}

void write_fields::date(std::string_view name, std::optional<std::chrono::sys_days>& into) {
    const value* given = find(name);
    if (given == nullptr) return;
    if (is_none(*given)) return into.reset();
    const auto parsed = given->is_string() ? mdock::parse_date(std::string_view{given->get_string()}) : std::nullopt;
    if (!parsed) return is_wrong(name);
    into = parsed;
}

}  // namespace minutedock
