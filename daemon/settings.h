// SPDX-License-Identifier: MIT
// What a person may set, each with its default, its range and where its value came from. One table drives reading,
// checking, `config show` and the test that compares config/mdock.example.toml. Order: flag, environment, file,
// default. A token in the file is an error; a proxy's password is never shown.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "daemon/environment.h"
#include "daemon/setting_values.h"

namespace mdock {

enum class origin { by_default, file, environment, flag };
std::string_view name_of(origin from);  // "default", "file", "environment", "flag"

struct settings {
    struct {
        std::vector<std::string> token_command;
        std::filesystem::path token_file;
        std::string kind;
        std::optional<std::int64_t> account_id;
    } auth;
    struct {
        std::string base_url;
        std::filesystem::path ca_file;
        int max_requests_per_minute = 0;
        std::chrono::milliseconds connect_timeout{0}, request_timeout{0};
        std::string proxy;
        std::chrono::milliseconds retry_min{0}, retry_max{0}, rate_limit_pause{0};
    } api;
    struct {
        std::chrono::milliseconds interval{0}, billing_interval{0}, reference_interval{0}, verify_interval{0},
            sweep_interval{0};
        std::chrono::milliseconds overlap{0}, second_read_after{0}, retry_denied_after{0};
    } sync;
    struct {
        std::chrono::milliseconds active_interval{0}, idle_interval{0};
    } dock;
    struct {
        bool direct_sql = false;
        std::int64_t hold_above = 0;
        std::int64_t max_creates_per_minute = 0;
        std::chrono::milliseconds settle_time{0}, undo_window{0};
        std::string on_conflict;
        bool create_marker = false;
    } writes;
    struct {
        std::filesystem::path path;
        std::filesystem::perms file_mode{};
    } database;
    struct {
        std::string time_zone;
        std::string week_start;
        double weekly_capacity_hours = 0;
    } bi;
    struct {
        bool enable = false;
        std::string listen;
    } http;
    struct {
        std::string level;
        std::string format;
    } log;

    struct shown_value {
        std::string text;  // as written; empty when nothing is set
        origin from = origin::by_default;
        std::string where;  // "/home/…/config.toml:3:1", "MDOCK_SYNC_INTERVAL", "--verbose"
    };
    std::map<std::string, shown_value, std::less<>> shown;  // by key
};

struct setting_row {
    std::string_view key;  // "api.base_url"
    setting_rule rule;
    std::string_view by_default;  // empty: none
    void (*assign)(settings& into, setting_value value);
};

// The table, in the order of config/mdock.example.toml.
std::span<const setting_row> all_settings();
const setting_row* find_setting(std::string_view key);

// "sync.interval" is MDOCK_SYNC_INTERVAL.
std::string variable_of(std::string_view key);

// A value as the file has it.
struct file_value {
    std::string key;
    std::string text;
    std::vector<std::string> words;
    bool is_list = false;
    unsigned line = 0, column = 0;
};

// Reads TOML. A wrong line, an unknown key, a value of the wrong type and a token are errors that begin with
// "FILE:LINE:COLUMN: ". No file is no error: nothing is set by it.
result<std::vector<file_value>> read_settings_file(const std::filesystem::path& file);

struct settings_sources {
    std::filesystem::path file;  // may not exist
    const environment& variables;
    std::map<std::string, std::string, std::less<>> flags;  // key to text, from the command line
    std::filesystem::path default_database;                 // what database.path is when nothing says
};

// Everything together. The first thing that is wrong is the error, with its place.
result<settings> load_settings(const settings_sources& from);

}  // namespace mdock
