// SPDX-License-Identifier: MIT
// How each record looks in JSON to one viewer: names of fields as documented, forms of ids, money, stamps and null by
// the switches. Nothing is decided here but form.
#pragma once

#include <string>
#include <string_view>

#include "tests/minutedock/row_fields.h"
#include "tests/minutedock/state.h"
#include "tests/minutedock/viewer.h"

namespace minutedock {

// "1.0", "0.5", "26.67": hours with at most two decimals and at least one.
std::string hours_text(std::int64_t seconds);

class row_writer : public field_writer {
public:
    row_writer(std::string& out, const state& account, const switches& how, viewer who)
        : field_writer(out, how, account.zone_minutes), account_(account), who_(who) {}

    void account(const state& what);
    void user_row(const user& what);
    void me(const user& what);
    void contact_row(const contact& what, bool is_short = false);
    void project_row(const project& what, bool is_short = false);
    void task_row(const task& what);
    void item_row(const item& what);
    void entry_row(const entry& what);
    void docked_entry_row(const dock& what, row_id user, mdock::utc_seconds now);  // as an entry that is not logged
    void dock_row(const dock& what, row_id user, mdock::utc_seconds now);
    void expense_row(const expense& what);
    void invoice_row(const invoice& what, bool with_lines);
    void deleted(row_id id);

private:
    void common_fields(const contact& what, bool sees_rate, bool is_short);
    void content_fields(const std::vector<row_id>& tasks, const std::optional<std::string>& text, std::int64_t seconds);
    void delivery_field(const invoice& what);
    void line_row(const invoice_line& what);

    const state& account_;
    viewer who_;
};

}  // namespace minutedock
