// SPDX-License-Identifier: MIT
// Rows of `changes`: what differed, old and new, as JSON of changed fields only. Written in the transaction that makes
// the difference, so that a reader of the log and a reader of the table never disagree.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/model/rows.h"
#include "core/store/database.h"

namespace mdock::store {

// Collects {"column":value,…}; empty text when nothing was added.
class json_fields {
public:
    void add(std::string_view column, const model::cell& value);
    void add(std::string_view column, std::span<const std::int64_t> ids);
    std::string text() const { return text_.empty() ? std::string{} : text_ + "}"; }
    bool empty() const { return text_.empty(); }

private:
    void begin(std::string_view column);
    void add_real(double value);
    std::string text_;
};

// Where a change came from: an ordinary reading, or the proof, which finds what no reading of changes would have brought.
inline constexpr std::string_view from_minutedock = "minutedock";
inline constexpr std::string_view from_proof = "verify";

// `operation`: insert, update, gone, back. Texts that are empty are stored as NULL.
void write_change(database& db, utc_seconds at, resource which, std::int64_t row_id, std::string_view operation,
                  std::string_view origin, const json_fields& old_values, const json_fields& new_values);

// The last sequence number of `changes`.
std::int64_t last_change(database& db);

}  // namespace mdock::store
