// SPDX-License-Identifier: MIT
// Everything that MinuteDock's documentation leaves open, one switch each, the likeliest behaviour first. A client is
// right only if it is right under every drawing of these.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace minutedock {

enum class default_window : std::uint8_t { week, all };   // GET /entries without from and to
enum class default_users : std::uint8_t { own, all };     // GET /entries without user_accounts
enum class others_denied : std::uint8_t { own, refuse };  // user_accounts=all without the permission
enum class since_op : std::uint8_t { gt, gte };
enum class stored_precision : std::uint8_t { second, ms };
enum class stamp_format : std::uint8_t { utc_z, local_ms, local };
enum class reply_stamp : std::uint8_t { ms, stored };  // updated_at in the answer to a write
enum class id_form : std::uint8_t { string, integer };
enum class money_form : std::uint8_t { text, number };
enum class null_form : std::uint8_t { null, empty, absent };  // `empty`: "" for ids, money and dates, null else
enum class escape_form : std::uint8_t { html, plain, ascii };
enum class undated_post : std::uint8_t { timer, logged_today };
enum class idle_dock : std::uint8_t { null, blank, no_body, not_found };
enum class conflict_answer : std::uint8_t { status_409, status_422, silent_200, last_write_wins };
enum class version_form : std::uint8_t { sha1, uuid };
enum class log_answer : std::uint8_t { dock, entry };  // PUT /dock with logged=true
enum class archived_default : std::uint8_t { include, exclude };
enum class auth_answer : std::uint8_t { empty_401, json_401, json_403 };
enum class over_limit : std::uint8_t { clamp, refuse };
enum class page_clamp : std::uint8_t { none, at_500, at_100 };  // pages silently shorter than the documented most
enum class tie_order : std::uint8_t { newest_id, random, oldest_id };
enum class commit_lag : std::uint8_t { none, upto_5, upto_30 };  // seconds until a list shows a change
enum class throttle_answer : std::uint8_t { bare, seconds, http_date };
enum class flat_body : std::uint8_t { drop_virtual, accept, ignore };
enum class put_body : std::uint8_t { partial, whole };
enum class etag_form : std::uint8_t { md5, none };
enum class date_header : std::uint8_t { present, missing, skewed };
enum class refusal : std::uint8_t { status_422, status_403 };
enum class invisible_answer : std::uint8_t { status_404, status_403 };
enum class deleted_answer : std::uint8_t { status_404, status_410 };
enum class endpoint : std::uint8_t { open, status_403, status_404, status_422 };
enum class report_groups : std::uint8_t { combinations, nested, per_dimension, without_counts, absent };
enum class month_form : std::uint8_t { iso, first_day, words };
enum class hashtags : std::uint8_t { match, ignore };
enum class rounding : std::uint8_t { none, minute };
enum class error_form : std::uint8_t { message, errors, empty, html };

struct switches {
    default_window list_default_window{};
    default_users list_default_users{};
    others_denied all_users_denied{};
    bool docked_in_list = false;
    minutedock::since_op since_op{};
    stored_precision ts_precision_store{};
    stamp_format ts_format{};
    reply_stamp write_reply_stamp{};
    id_form ids{};
    money_form money{};
    null_form null_style{};
    escape_form json_escape{};
    undated_post post_without_date{};
    idle_dock dock_idle{};
    conflict_answer dock_conflict{};
    version_form version_id{};
    log_answer dock_log_reply{};
    bool dock_has_id = false;
    bool redock_keeps_id = true;
    minutedock::archived_default archived_default{};
    bool delete_touches_entries = false;
    auth_answer bad_auth{};
    over_limit limit_over_max{};
    minutedock::page_clamp page_clamp{};
    minutedock::tie_order tie_order{};
    minutedock::commit_lag commit_lag{};
    throttle_answer rate_limit{};
    minutedock::flat_body flat_body{};
    put_body put_semantics{};
    etag_form etag{};
    minutedock::date_header date_header{};
    refusal locked_write{};
    bool create_status_201 = false;
    bool delete_status_204 = false;
    invisible_answer invisible_id{};
    deleted_answer deleted_id{};
    endpoint items{};
    endpoint expenses{};
    endpoint reports{};
    bool report_counts_dock = false;
    bool report_own_only = false;
    minutedock::report_groups report_groups{};
    month_form report_month{};
    bool me_user_account_id = false;
    bool accounts_lists_all = false;
    minutedock::hashtags hashtags{};
    rounding duration_rounding{};
    bool description_trim = false;
    bool unknown_fields = false;
    bool short_create_reply = false;
    bool legacy_endpoints = false;
    error_form error_body{};

    bool operator==(const switches&) const = default;
};

// Every switch at its first value in about half of the drawings, at any value in the others.
switches draw_switches(std::uint64_t seed);

// set_switch(s, "since_op", "gte"). False when the name or the value is not known.
bool set_switch(switches& which, std::string_view name, std::string_view value);

// A switch's value by its text, empty for an unknown name.
std::string_view switch_value(const switches& which, std::string_view name);

// Every name with its values, the default first.
std::vector<std::pair<std::string, std::vector<std::string>>> known_switches();

// "since_op=gte ids=int": those that are not at their default, to name a failing drawing.
std::string describe(const switches& which);

}  // namespace minutedock
