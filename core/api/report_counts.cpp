// SPDX-License-Identifier: MIT
#include "core/api/report_counts.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <charconv>
#include <string>

#include "core/base/decimal.h"
#include "core/base/time.h"

namespace mdock::api {
namespace {

namespace json = boost::json;

std::optional<std::int64_t> count_of(const json::value& value) {
    if (value.is_int64()) return value.get_int64();
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_string();
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return count;
}

std::optional<std::int64_t> count_in(const json::object& object) {
    for (const char* key : {"entries", "total_entries", "entries_count", "count"})
        if (const auto* value = object.if_contains(key))
            if (const auto count = count_of(*value)) return count;
    return std::nullopt;
}

std::optional<std::int64_t> hundredths_in(const json::object& object) {
    for (const char* key : {"hours", "total_hours"})
        if (const auto* value = object.if_contains(key); value != nullptr && value->is_string())
            return parse_cents({value->get_string().data(), value->get_string().size()});
    return std::nullopt;
}

// "January 2024", and no other words.
std::optional<std::chrono::sys_days> month_in_words(std::string_view text) {
    constexpr std::array<std::string_view, 12> names{"January", "February", "March",     "April",   "May",      "June",
                                                     "July",    "August",   "September", "October", "November", "December"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (text.size() != names[i].size() + 5 || !text.starts_with(names[i]) || text[names[i].size()] != ' ') continue;
        const std::string month = std::to_string(i + 1);
        return parse_date(std::string(text.substr(text.size() - 4)) + (i < 9 ? "-0" : "-") + month + "-01");
    }
    return std::nullopt;
}

std::optional<std::chrono::sys_days> period_of_text(std::string_view text, bool by_day) {
    if (text.size() >= 10 && text[4] == '-') {
        const auto day = parse_date(text.substr(0, 10));
        if (!day) return std::nullopt;
        if (by_day) return day;
        const std::chrono::year_month_day date{*day};
        return std::chrono::sys_days{date.year() / date.month() / 1};
    }
    if (by_day) return std::nullopt;
    return text.size() == 7 ? parse_date(std::string(text) + "-01") : month_in_words(text);
}

// The period of a group: a text that reads as one, under any key, or in an object one level down.
std::optional<std::chrono::sys_days> period_in(const json::object& group, bool by_day) {
    for (const auto& [key, value] : group) {
        if (value.is_string()) {
            const auto& text = value.get_string();
            if (const auto period = period_of_text({text.data(), text.size()}, by_day)) return period;
        } else if (value.is_object()) {
            if (const auto period = period_in(value.get_object(), by_day)) return period;
        }
    }
    return std::nullopt;
}

std::vector<period_count> periods_in(const json::array& groups, bool by_day) {
    std::vector<period_count> periods;
    for (const auto& group : groups) {
        if (!group.is_object()) return {};
        const auto period = period_in(group.get_object(), by_day);
        const auto count = count_in(group.get_object());
        if (!count || *count < 0) return {};
        // A group of rows without a date is the dock's; it is in no window.
        if (period) periods.push_back({*period, *count, hundredths_in(group.get_object())});
    }
    std::sort(periods.begin(), periods.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    const auto same = [](const auto& a, const auto& b) { return a.from == b.from; };
    // A period that comes twice is of groups that we did not ask for.
    if (std::adjacent_find(periods.begin(), periods.end(), same) != periods.end()) return {};
    return periods;
}

}  // namespace

result<entry_counts> decode_report_counts(std::string_view body, bool by_day) {
    json::error_code ec;
    const json::value document = json::parse({body.data(), body.size()}, ec);
    if (ec) return failure{errc::not_json, "reports: no valid JSON (" + ec.message() + ")"};
    if (!document.is_object()) return failure{errc::bad_shape, "reports: not an object"};
    entry_counts counts;
    counts.total = count_in(document.get_object());
    const auto* groups = document.get_object().if_contains("groups");
    // One list for each dimension, or one list.
    if (groups != nullptr && groups->is_object()) groups = groups->get_object().if_contains(by_day ? "date" : "month");
    if (groups != nullptr && groups->is_array()) counts.periods = periods_in(groups->get_array(), by_day);
    return counts;
}

}  // namespace mdock::api
