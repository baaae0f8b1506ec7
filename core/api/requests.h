// SPDX-License-Identifier: MIT
// The requests that mdock sends, as targets below the API's base. Entries, expenses and invoices always carry `from`
// and `to` (P19), entries always `user_accounts=all` (P20); nothing else builds a path.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/model/resource.h"
#include "core/ports.h"

namespace mdock::api {

// The most rows a page may have, by the official text.
inline constexpr int page_limit = 1000;

// The far bounds: every row with a date lies between them (C1 rule 1).
inline constexpr std::chrono::sys_days first_day = std::chrono::year{1900} / 1 / 1;
inline constexpr std::chrono::sys_days last_day = std::chrono::year{2199} / 12 / 31;

// One list request over dates.
struct list_query {
    resource which = resource::entries;
    bool is_archived = false;                       // invoices only: the archived list instead of the active one
    std::chrono::sys_days from = first_day;
    std::chrono::sys_days to = last_day;            // inclusive
    std::optional<utc_seconds> since;
    std::optional<std::int64_t> user_account_id;    // one user instead of all
    std::optional<std::int64_t> contact_id;         // one contact; 0 asks for rows without one
    std::optional<std::int64_t> task_id;            // entries only: those with this task
    int offset = 0;
};

http_request list_dated(const list_query& query);

// Whole lists. `active` is given for users, contacts and projects only.
http_request list_whole(resource which, std::optional<bool> active);

// One row by its id; users, items and expenses have no such request.
http_request get_one(resource which, std::int64_t id);
http_request get_dock();
http_request get_me();
http_request get_current_account();

// Entry counts between two days, by "month" or "date", or with an empty `group_by` only their total; a read although it
// is a POST.
http_request report_counts(std::chrono::sys_days from, std::chrono::sys_days to, std::string_view group_by);

}  // namespace mdock::api
