// SPDX-License-Identifier: MIT
// What a token may see, found out by asking for as little as possible; and whether it is the one the mirror belongs to.
#pragma once

#include <boost/json/array.hpp>

#include <string>
#include <vector>

#include "core/engine/mirror.h"
#include "core/ports.h"
#include "daemon/cli/session.h"
#include "daemon/credentials.h"

namespace mdock::cli {

struct right {
    std::string name;   // "invoices"
    std::string state;  // "ok", "missing", "unavailable" (switched off in the account), "unknown"
    std::string message;
};

struct token_report {
    result<engine::identity> who;
    std::vector<right> rights;  // empty when `who` is a failure
};

// Who the token is, then four small reads: invoices and expenses of one day, items, users (rates).
asio::awaitable<token_report> examine_token(ports world, std::chrono::sys_days today);

// For an answer to a list that may be refused.
right judge_listing(std::string name, const result<http_answer>& answer);
// Are hourly rates visible? `answer` is the list of users.
right judge_rates(const result<http_answer>& answer);

boost::json::array as_json(const std::vector<right>& rights);
void show_rights(output& out, const std::vector<right>& rights);

// The token, or a failure thrown; its warning is shown. Also sees to it that memory is not dumped.
found_token require_token(session& here);

// What the mirror says of whose it is: "matches", "another account", "another user", or "no mirror yet".
std::string compare_with_mirror(session& here, const engine::identity& who);

// "Ann Example (ann@example.com)"
std::string describe_user(const engine::identity& who);

}  // namespace mdock::cli
