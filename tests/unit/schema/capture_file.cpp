// SPDX-License-Identifier: MIT
#include "tests/unit/schema/capture_file.h"

#include <regex>

namespace mdock::schema_test {
namespace {

lines cells(mirror_file& file, const std::string& sql) {
    // The time of a dock's change differs from run to run; that it is there is seen.
    static const std::regex moment(R"re("at":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")re");
    lines out;
    for (const auto& r : file.rows(sql)) out.push_back(std::regex_replace(r.front(), moment, "AT"));
    return out;
}

}  // namespace

const std::string_view captured_rows = R"sql(
INSERT INTO _identity VALUES (1, 1, 11, NULL, 'one@example.com', '2024-01-01 00:00:00');
INSERT INTO users (user_account_id, email, is_me) VALUES (11, 'one@example.com', 1), (12, 'two@example.com', 0);
INSERT INTO contacts (contact_id, name, short_code, is_active, budget_target, budget_progress) VALUES
    (21, 'Contact A', 'a', 1, 0.5, 2.25), (23, 'Contact C', NULL, 1, NULL, NULL);
INSERT INTO contacts (contact_id, presence) VALUES (22, 'placeholder');
INSERT INTO projects (project_id, contact_id, name) VALUES (31, 21, 'Project A'), (32, 23, 'Project B');
INSERT INTO tasks (task_id, name, entries_count) VALUES (41, 'Task A', 2), (42, 'Task B', 1), (43, 'Task C', 0);
INSERT INTO items (item_id, name) VALUES (51, 'Item A');
INSERT INTO entries (entry_id, user_account_id, contact_id, project_id, description, duration_seconds, entry_date,
                     invoice_id, billing_rate_cents, updated_at) VALUES
    (102, 11, 21, 31, 'first', 3600, '2024-01-20', NULL, 15000, '2024-01-20 15:45:00'),
    (103, 11, 21, NULL, 'second', 1800, '2024-01-21', NULL, 0, '2024-01-21 00:00:00'),
    (104, 12, NULL, NULL, NULL, 100, '2024-12-30', 999, NULL, '2024-12-30 23:59:59');
INSERT INTO entry_tasks (entry_id, task_id) VALUES (102, 41), (103, 41), (103, 42);
INSERT INTO expenses (expense_id, user_account_id, item_id, description, quantity, unit_amount, amount_cents, currency,
                      expense_date) VALUES (61, 11, 51, 'bought', 2.0, '12.505', 2501, 'USD', '2024-02-29');
INSERT INTO dock (user_account_id, duration_seconds, is_running, observed_at, version_number)
    VALUES (11, 0, 0, '2024-01-01 00:00:00', 3), (12, 0, 0, '2024-01-01 00:00:00', 1);
)sql";

Capture::Capture() {
    file.apply(captured_rows);
    file.db().exec("UPDATE _gate SET is_open = 1");
}

std::string Capture::refused(const std::string& sql) {
    std::string said = file.refusal(sql);
    const std::string_view tail = "; nothing was changed";
    if (said.starts_with("mdock: ")) said.erase(0, 7);
    if (said.ends_with(tail)) said.erase(said.size() - tail.size());
    return said;
}

lines Capture::outbox() {
    return cells(file, "SELECT operation || ' ' || resource || ' ' || row_id || ' ' || coalesce(new_values, '-') || ' ' || "
                       "coalesce(old_values, '-') FROM outbox ORDER BY outbox_id");
}

lines Capture::changes() {
    return cells(file, "SELECT operation || ' ' || resource || ' ' || row_id || ' ' || coalesce(old_values, '-') || ' ' || "
                       "coalesce(new_values, '-') FROM changes WHERE origin = 'local' ORDER BY seq");
}

std::string Capture::state_of(const std::string& table, const std::string& id) {
    const std::string key = file.cell("SELECT name FROM pragma_table_info('" + table + "') WHERE pk = 1");
    return file.cell("SELECT sync_state FROM " + table + " WHERE " + key + " = " + id);
}

}  // namespace mdock::schema_test
