// SPDX-License-Identifier: MIT
#include "tests/minutedock/switches.h"

#include <array>

#include "tests/minutedock/random.h"

namespace minutedock {
namespace {

using value_names = std::vector<std::string_view>;

struct row {
    std::string_view name;
    value_names values;  // by the enum's number
    std::uint8_t (*get)(const switches&);
    void (*set)(switches&, std::uint8_t);
};

template <auto Member>
row one(std::string_view name, value_names values) {
    using value_type = std::remove_cvref_t<decltype(std::declval<switches>().*Member)>;
    return {name, std::move(values), [](const switches& s) { return static_cast<std::uint8_t>(s.*Member); },
            [](switches& s, std::uint8_t value) { s.*Member = static_cast<value_type>(value); }};
}

// A yes-or-no switch by the number of its bool; known_switches() puts the default first.
const value_names no_yes{"no", "yes"};

const std::vector<row>& table() {
    using s = switches;
    static const std::vector<row> rows{
        one<&s::list_default_window>("list_default_window", {"week", "all"}),
        one<&s::list_default_users>("list_default_users", {"own", "all"}),
        one<&s::all_users_denied>("all_users_denied", {"own", "403"}),
        one<&s::docked_in_list>("docked_in_list", no_yes),
        one<&s::since_op>("since_op", {"gt", "gte"}),
        one<&s::ts_precision_store>("ts_precision_store", {"second", "ms"}),
        one<&s::ts_format>("ts_format", {"utc_z", "local_ms", "local"}),
        one<&s::write_reply_stamp>("write_reply_stamp", {"ms", "stored"}),
        one<&s::ids>("ids", {"string", "int"}),
        one<&s::money>("money", {"text", "number"}),
        one<&s::null_style>("null_style", {"null", "empty", "absent"}),
        one<&s::json_escape>("json_escape", {"html", "plain", "ascii"}),
        one<&s::post_without_date>("post_without_date", {"timer", "logged_today"}),
        one<&s::dock_idle>("dock_idle", {"null", "blank", "no_body", "404"}),
        one<&s::dock_conflict>("dock_conflict", {"409", "422", "silent_200", "lww"}),
        one<&s::version_id>("version_id", {"sha1", "uuid"}),
        one<&s::dock_log_reply>("dock_log_reply", {"dock", "entry"}),
        one<&s::dock_has_id>("dock_has_id", no_yes),
        one<&s::redock_keeps_id>("redock_keeps_id", no_yes),
        one<&s::archived_default>("archived_default", {"include", "exclude"}),
        one<&s::delete_touches_entries>("delete_touches_entries", no_yes),
        one<&s::bad_auth>("bad_auth", {"401_empty", "401_json", "403_json"}),
        one<&s::limit_over_max>("limit_over_max", {"clamp", "422"}),
        one<&s::page_clamp>("page_clamp", {"none", "500", "100"}),
        one<&s::tie_order>("tie_order", {"newest_id", "random", "oldest_id"}),
        one<&s::commit_lag>("commit_lag", {"none", "5", "30"}),
        one<&s::rate_limit>("rate_limit", {"no_retry_after", "retry_after", "retry_after_date"}),
        one<&s::flat_body>("flat_body", {"drop_virtual", "accept", "ignore"}),
        one<&s::put_semantics>("put_semantics", {"partial", "whole"}),
        one<&s::etag>("etag", {"md5", "none"}),
        one<&s::date_header>("date_header", {"present", "missing", "skewed"}),
        one<&s::locked_write>("locked_write", {"422", "403"}),
        one<&s::create_status_201>("create_status", {"200", "201"}),
        one<&s::delete_status_204>("delete_status", {"200", "204"}),
        one<&s::invisible_id>("invisible_id", {"404", "403"}),
        one<&s::deleted_id>("deleted_id", {"404", "410"}),
        one<&s::items>("items", {"open", "403", "404", "422"}),
        one<&s::expenses>("expenses", {"open", "403", "404", "422"}),
        one<&s::reports>("reports", {"open", "403", "404", "422"}),
        one<&s::report_counts_dock>("report_counts_dock", no_yes),
        one<&s::report_own_only>("report_own_only", no_yes),
        one<&s::report_groups>("report_groups",
                               {"combinations", "nested", "per_dimension", "without_counts", "absent"}),
        one<&s::report_month>("report_month", {"iso", "first_day", "words"}),
        one<&s::me_user_account_id>("me_user_account_id", no_yes),
        one<&s::accounts_lists_all>("accounts_list", {"own", "all"}),
        one<&s::hashtags>("hashtags", {"match", "ignore"}),
        one<&s::duration_rounding>("duration_rounding", {"none", "minute"}),
        one<&s::description_trim>("description_trim", no_yes),
        one<&s::unknown_fields>("unknown_fields", no_yes),
        one<&s::short_create_reply>("short_create_reply", no_yes),
        one<&s::legacy_endpoints>("legacy_endpoints", {"gone", "open"}),
        one<&s::error_body>("error_body", {"message", "errors", "empty", "html"}),
    };
    return rows;
}

const row* find(std::string_view name) {
    for (const row& one : table())
        if (one.name == name) return &one;
    return nullptr;
}

std::string_view text_of(const row& one, const switches& which) { return one.values[one.get(which)]; }

// Switches that close an endpoint (to some) are drawn rarely: a closed endpoint tests little else.
bool closes_something(std::string_view name) {
    return name == "items" || name == "expenses" || name == "reports" || name == "all_users_denied";
}

}  // namespace

switches draw_switches(std::uint64_t seed) {
    dice chance{seed ^ 0x5317c4e5U};
    switches drawn;
    for (const row& one : table()) {
        const bool moved = chance.percent(closes_something(one.name) ? 20 : 50);
        const auto value = static_cast<std::uint8_t>(chance.below(one.values.size()));
        if (moved) one.set(drawn, value);
    }
    return drawn;
}

bool set_switch(switches& which, std::string_view name, std::string_view value) {
    const row* one = find(name);
    if (one == nullptr) return false;
    for (std::size_t i = 0; i < one->values.size(); ++i)
        if (one->values[i] == value) {
            one->set(which, static_cast<std::uint8_t>(i));
            return true;
        }
    return false;
}

std::string_view switch_value(const switches& which, std::string_view name) {
    const row* one = find(name);
    return one == nullptr ? std::string_view{} : text_of(*one, which);
}

std::vector<std::pair<std::string, std::vector<std::string>>> known_switches() {
    std::vector<std::pair<std::string, std::vector<std::string>>> all;
    const switches defaults;
    for (const row& one : table()) {
        std::vector<std::string> values{std::string{text_of(one, defaults)}};
        for (const std::string_view value : one.values)
            if (value != values.front()) values.emplace_back(value);
        all.emplace_back(one.name, std::move(values));
    }
    return all;
}

std::string describe(const switches& which) {
    std::string text;
    const switches defaults;
    for (const row& one : table()) {
        if (one.get(which) == one.get(defaults)) continue;
        if (!text.empty()) text += ' ';
        text.append(one.name).append("=").append(text_of(one, which));
    }
    return text.empty() ? "all at their defaults" : text;
}

}  // namespace minutedock
