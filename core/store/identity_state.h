// SPDX-License-Identifier: MIT
// Whose file this is. Pinned at the first sync; afterwards another account or user is refused before anything is
// written (schema rule 1, D11).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/time.h"
#include "core/store/database.h"

namespace mdock::store {

struct pinned_identity {
    std::int64_t account_id = 0;
    std::optional<std::int64_t> user_account_id;
    std::optional<std::int64_t> legacy_user_id;
    std::string email;
};

std::optional<pinned_identity> read_identity(database& db);
// Inside a transaction; also keeps users.is_me on the one row.
void pin_identity(database& db, const pinned_identity& who, utc_seconds at);
void mark_me(database& db, std::int64_t user_account_id);

}  // namespace mdock::store
