// SPDX-License-Identifier: MIT
#include "core/store/identity_state.h"

namespace mdock::store {

std::optional<pinned_identity> read_identity(database& db) {
    auto& select = db.prepared("SELECT account_id, user_account_id, legacy_user_id, email FROM _identity");
    std::optional<pinned_identity> out;
    if (select.step())
        out = pinned_identity{select.integer(0), select.optional_integer(1), select.optional_integer(2), select.text(3)};
    select.reset();
    return out;
}

void pin_identity(database& db, const pinned_identity& who, utc_seconds at) {
    const std::string time = format_timestamp(at);
    auto& insert = db.prepared(
        "INSERT INTO _identity (only_row, account_id, user_account_id, legacy_user_id, email, pinned_at) "
        "VALUES (1, ?1, ?2, ?3, ?4, ?5) ON CONFLICT (only_row) DO UPDATE SET "
        "user_account_id = coalesce(user_account_id, ?2), legacy_user_id = coalesce(legacy_user_id, ?3), "
        "email = coalesce(nullif(?4, ''), email)");
    insert.bind(1, who.account_id).bind(2, who.user_account_id).bind(3, who.legacy_user_id).bind(4, who.email).bind(5, time).run();
}

void mark_me(database& db, std::int64_t user_account_id) {
    db.prepared("UPDATE users SET is_me = (user_account_id = ?1) WHERE is_me <> (user_account_id = ?1)")
        .bind(1, user_account_id).run();
}

}  // namespace mdock::store
