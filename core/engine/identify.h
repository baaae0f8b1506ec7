// SPDX-License-Identifier: MIT
// Whose token this is, and whether the file is theirs. A token of another account or user stops before the first write
// (D11).
#pragma once

#include "core/engine/session.h"
#include "core/model/rows.h"

namespace mdock::engine {

// GET /users/me and /accounts/current; compares with what is pinned. On success s.who is set and `accounts` is up to
// date once pinned; on failure s.stopped_by says why and nothing was written.
asio::awaitable<void> identify(session& s);

// Our own user_account_id out of the users list, where /users/me does not tell it: by legacy id, else by e-mail.
std::optional<std::int64_t> find_me(const model::row_batch& users, const identity& who);

// Pins the identity and writes the account's row; called with the first rows that are written, in one transaction.
// `db` on the store thread.
void pin(store::database& db, const identity& who, utc_seconds at);

// Learns our user_account_id from GET /dock, when neither /users/me nor /users told it.
asio::awaitable<void> learn_from_dock(session& s);

}  // namespace mdock::engine
