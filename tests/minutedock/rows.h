// SPDX-License-Identifier: MIT
// How each record looks in JSON to one viewer: names of fields as documented, forms of ids, money, stamps and null by
// the switches. Nothing is decided here but form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tests/minutedock/json_text.h"
#include "tests/minutedock/state.h"
#include "tests/minutedock/switches.h"
#include "tests/minutedock/viewer.h"

namespace minutedock {

// "1.0", "0.5", "26.67": hours with at most two decimals and at least one.
std::string hours_text(std::int64_t seconds);

class row_writer {
public:
    row_writer(std::string& out, const state& account, const switches& how, viewer who)
        : json(out, how.json_escape), account_(account), how_(how), who_(who) {}

    // A row in the answer to a write: its updated_at may be finer than what is stored.
    void in_write_reply() { is_reply_ = true; }

    void account(const state& what);
    void user_row(const user& what);
    void me(const user& what);
    void contact_row(const contact& what, bool is_short = false);
    void project_row(const project& what, bool is_short = false);
    void task_row(const task& what);
    void item_row(const item& what);
    void entry_row(const entry& what);
    void docked_entry_row(const dock& what, row_id user, mdock::utc_seconds now);   // as an entry that is not logged
    void dock_row(const dock& what, row_id user, mdock::utc_seconds now);
    void expense_row(const expense& what);
    void invoice_row(const invoice& what, bool with_lines);
    void deleted(row_id id);

    json_text json;

private:
    void id_value(row_id id);
    void id_field(std::string_view name, row_id id);
    void parent_field(std::string_view name, row_id id);
    void task_ids(const std::vector<row_id>& ids);
    void text_field(std::string_view name, const std::optional<std::string>& text);
    void money_field(std::string_view name, std::optional<std::int64_t> cents);
    void real_field(std::string_view name, std::optional<double> value);
    void date_field(std::string_view name, std::optional<std::chrono::sys_days> day);
    void stamp_field(std::string_view name, std::optional<stamp> at, bool is_update = false);
    void local_midnight_field(std::string_view name, std::optional<std::chrono::sys_days> day);
    // Writes null, "" or nothing at all for an unset value; true when it wrote.
    bool unset(std::string_view name, bool may_be_empty);
    void common_fields(const contact& what, bool sees_rate, bool is_short);
    void content_fields(const std::vector<row_id>& tasks, const std::optional<std::string>& text, std::int64_t seconds);
    void line_row(const invoice_line& what);

    const state& account_;
    const switches& how_;
    viewer who_;
    bool is_reply_ = false;
};

}  // namespace minutedock
