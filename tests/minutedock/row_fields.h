// SPDX-License-Identifier: MIT
// One field of a row at a time, in the form that the switches ask for: ids as text or numbers, money, stamps with or
// without fraction and zone, and the three ways of saying that there is nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/minutedock/json_text.h"
#include "tests/minutedock/state.h"
#include "tests/minutedock/switches.h"

namespace minutedock {

// "-03:00"
std::string offset_text(int zone_minutes);

class field_writer {
public:
    field_writer(std::string& out, const switches& how, int zone_minutes)
        : json(out, how.json_escape), how_(how), zone_minutes_(zone_minutes) {}

    // A row in the answer to a write: its updated_at may be finer than what is stored.
    void in_write_reply() { is_reply_ = true; }

    json_text json;

protected:
    void id_field(std::string_view name, row_id id);
    void parent_field(std::string_view name, row_id id);
    void task_ids(const std::vector<row_id>& ids);
    void text_field(std::string_view name, const std::optional<std::string>& text);
    void money_field(std::string_view name, std::optional<std::int64_t> cents);
    void real_field(std::string_view name, std::optional<double> value);
    void flag_field(std::string_view name, bool value);
    void plain_field(std::string_view name, std::string_view text);  // text with nothing to escape
    void date_field(std::string_view name, std::optional<std::chrono::sys_days> day);
    void stamp_field(std::string_view name, std::optional<stamp> at, bool is_update = false);
    void local_midnight_field(std::string_view name, std::optional<std::chrono::sys_days> day);
    // Null, or "" where the field may be so, or nothing at all.
    void unset(std::string_view name, bool may_be_empty);

    const switches& how_;
    int zone_minutes_;

private:
    void id_value(row_id id);

    bool is_reply_ = false;
};

}  // namespace minutedock
