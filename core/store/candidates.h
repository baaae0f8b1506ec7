// SPDX-License-Identifier: MIT
// Which rows of MinuteDock may be what a create without an answer has made (C4 rule 3): rows that came in after it was
// sent, answer to no other create of ours, and have its content.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/store/database.h"
#include "core/store/outbox.h"

namespace mdock::store {

struct candidate_rows {
    std::vector<std::int64_t> equal;    // ascending
    std::vector<std::int64_t> near;     // of the same user and day, and of the same client or text: a person has to look
};

// `user_account_id`: whose entries they are where the create does not say so.
candidate_rows find_candidates(database& db, const waiting_change& create, std::int64_t known_seq, std::int64_t user_account_id);

// Whether the mirror knew the row before the create was sent; then it cannot be what the create has made (O12).
bool was_known(database& db, resource which, std::int64_t id, std::int64_t known_seq);

// A create without an answer that was adopted or sent again may have been carried out twice: its row is watched for another
// of the same content until then.
void watch_for_twin(database& db, const waiting_change& create, std::int64_t id, utc_seconds until);

bool is_watching_for_twins(database& db);

// Reports such a row as a conflict of the field `possible_duplicate`, once, with our row's id; a person decides, nothing is
// deleted (O16). Returns how many were found. Inside the caller's transaction.
std::int64_t report_twins(database& db, std::int64_t user_account_id, utc_seconds at);
inline constexpr std::string_view twin_field = "possible_duplicate";

}  // namespace mdock::store
