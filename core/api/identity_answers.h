// SPDX-License-Identifier: MIT
// Whose token it is: the answers of /users/me and /accounts/current. Both leave fields out at times (facts 2), so every
// field but the account's id is optional.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace mdock::api {

struct me_answer {
    std::optional<std::int64_t> user_account_id;
    std::optional<std::int64_t> legacy_user_id;
    std::string email;
    std::string first_name;
    std::string last_name;
    bool shows_rates = false;    // billing_rate was there: this token has billing rights
};

struct account_answer {
    std::int64_t account_id = 0;
    std::string name;
};

result<me_answer> decode_me(std::string_view body);
result<account_answer> decode_account(std::string_view body);
// The user_account_id of a GET /dock answer, where it names one.
std::optional<std::int64_t> decode_dock_owner(std::string_view body);

}  // namespace mdock::api
