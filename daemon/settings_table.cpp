// SPDX-License-Identifier: MIT
// The table of settings: key, kind, range, default, and where the value goes.
#include <algorithm>
#include <array>
#include <limits>

#include "daemon/settings.h"

namespace mdock {
namespace {

using value = setting_value;
using kind = setting_kind;

constexpr std::int64_t minute = 60, hour = 3600, day = 86400, decade = 3650 * day;

constexpr setting_rule plain(kind how) { return {how, 0, 0, {}}; }
constexpr setting_rule one_of(std::string_view choices) { return {kind::choice, 0, 0, choices}; }
constexpr setting_rule from_to(kind how, std::int64_t least, std::int64_t most) { return {how, least, most, {}}; }
constexpr setting_rule interval = from_to(kind::duration, 1, decade);
constexpr setting_rule pause = from_to(kind::duration, 1, day);

const std::array rows{
    setting_row{"auth.token_command", plain(kind::words), "",
                [](settings& s, value v) { s.auth.token_command = std::move(v.words); }},
    setting_row{"auth.token_file", plain(kind::path), "", [](settings& s, value v) { s.auth.token_file = v.text; }},
    setting_row{"auth.kind", one_of("bearer|api_key"), "bearer", [](settings& s, value v) { s.auth.kind = v.text; }},
    setting_row{"auth.account_id", from_to(kind::whole, 1, 8'999'999'999'999'999), "",
                [](settings& s, value v) { s.auth.account_id = v.whole; }},

    setting_row{"api.base_url", plain(kind::https_url), "https://minutedock.com/api/v1",
                [](settings& s, value v) { s.api.base_url = v.text; }},
    setting_row{"api.ca_file", plain(kind::path), "", [](settings& s, value v) { s.api.ca_file = v.text; }},
    setting_row{"api.max_requests_per_minute", from_to(kind::whole, 1, 6000), "60",
                [](settings& s, value v) { s.api.max_requests_per_minute = static_cast<int>(v.whole); }},
    setting_row{"api.connect_timeout", from_to(kind::duration, 0, hour), "10s",
                [](settings& s, value v) { s.api.connect_timeout = v.duration; }},
    setting_row{"api.request_timeout", from_to(kind::duration, 0, hour), "30s",
                [](settings& s, value v) { s.api.request_timeout = v.duration; }},
    setting_row{"api.proxy", plain(kind::proxy_url), "", [](settings& s, value v) { s.api.proxy = v.text; }},
    setting_row{"api.retry_min", pause, "2s", [](settings& s, value v) { s.api.retry_min = v.duration; }},
    setting_row{"api.retry_max", pause, "5m", [](settings& s, value v) { s.api.retry_max = v.duration; }},
    setting_row{"api.rate_limit_pause", from_to(kind::duration, 1, 15 * minute), "60s",
                [](settings& s, value v) { s.api.rate_limit_pause = v.duration; }},

    setting_row{"sync.interval", interval, "60s", [](settings& s, value v) { s.sync.interval = v.duration; }},
    setting_row{"sync.billing_interval", interval, "15m",
                [](settings& s, value v) { s.sync.billing_interval = v.duration; }},
    setting_row{"sync.reference_interval", interval, "10m",
                [](settings& s, value v) { s.sync.reference_interval = v.duration; }},
    setting_row{"sync.verify_interval", interval, "1h",
                [](settings& s, value v) { s.sync.verify_interval = v.duration; }},
    setting_row{"sync.sweep_interval", interval, "30d",
                [](settings& s, value v) { s.sync.sweep_interval = v.duration; }},
    setting_row{"sync.overlap", from_to(kind::duration, 1, day), "5m",
                [](settings& s, value v) { s.sync.overlap = v.duration; }},
    setting_row{"sync.second_read_after", interval, "5m",
                [](settings& s, value v) { s.sync.second_read_after = v.duration; }},
    setting_row{"sync.retry_denied_after", interval, "1d",
                [](settings& s, value v) { s.sync.retry_denied_after = v.duration; }},

    setting_row{"dock.active_interval", interval, "15s",
                [](settings& s, value v) { s.dock.active_interval = v.duration; }},
    setting_row{"dock.idle_interval", interval, "5m", [](settings& s, value v) { s.dock.idle_interval = v.duration; }},

    setting_row{"writes.direct_sql", plain(kind::boolean), "false",
                [](settings& s, value v) { s.writes.direct_sql = v.boolean; }},
    setting_row{"writes.hold_above", from_to(kind::whole, 1, 1'000'000), "50",
                [](settings& s, value v) { s.writes.hold_above = v.whole; }},
    setting_row{"writes.max_creates_per_minute", from_to(kind::whole, 1, 6000), "30",
                [](settings& s, value v) { s.writes.max_creates_per_minute = v.whole; }},
    setting_row{"writes.settle_time", from_to(kind::duration, 1, day), "120s",
                [](settings& s, value v) { s.writes.settle_time = v.duration; }},
    setting_row{"writes.undo_window", from_to(kind::duration, 0, day), "0s",
                [](settings& s, value v) { s.writes.undo_window = v.duration; }},
    setting_row{"writes.on_conflict", one_of("ask|theirs|mine"), "ask",
                [](settings& s, value v) { s.writes.on_conflict = v.text; }},
    setting_row{"writes.create_marker", plain(kind::boolean), "false",
                [](settings& s, value v) { s.writes.create_marker = v.boolean; }},

    setting_row{"database.path", plain(kind::path), "", [](settings& s, value v) { s.database.path = v.text; }},
    setting_row{"database.file_mode", plain(kind::file_mode), "0600",
                [](settings& s, value v) { s.database.file_mode = static_cast<std::filesystem::perms>(v.whole); }},

    setting_row{"bi.time_zone", plain(kind::time_zone), "system",
                [](settings& s, value v) { s.bi.time_zone = v.text; }},
    setting_row{"bi.week_start", one_of("monday|tuesday|wednesday|thursday|friday|saturday|sunday"), "monday",
                [](settings& s, value v) { s.bi.week_start = v.text; }},
    setting_row{"bi.weekly_capacity_hours", from_to(kind::real, 0, 168), "40",
                [](settings& s, value v) { s.bi.weekly_capacity_hours = v.real; }},

    setting_row{"http.enable", plain(kind::boolean), "false", [](settings& s, value v) { s.http.enable = v.boolean; }},
    setting_row{"http.listen", plain(kind::loopback), "127.0.0.1:8377",
                [](settings& s, value v) { s.http.listen = v.text; }},

    setting_row{"log.level", one_of("trace|debug|info|notice|warning|error"), "info",
                [](settings& s, value v) { s.log.level = v.text; }},
    setting_row{"log.format", one_of("auto|text|json|journal"), "auto",
                [](settings& s, value v) { s.log.format = v.text; }},
};

}  // namespace

std::span<const setting_row> all_settings() { return rows; }

const setting_row* find_setting(std::string_view key) {
    const auto found = std::find_if(rows.begin(), rows.end(), [key](const setting_row& row) { return row.key == key; });
    return found == rows.end() ? nullptr : &*found;
}

std::string variable_of(std::string_view key) {
    std::string name = "MDOCK_";
    for (const char c : key) name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

}  // namespace mdock
