// SPDX-License-Identifier: MIT
// The star never loses a fact and never doubles one.
#include <gtest/gtest.h>

#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {
namespace {

class StarViews : public testing::Test {
protected:
    StarViews() { file.apply(sample_rows); }
    mirror_file file;
};

TEST_F(StarViews, HoldEachFactOnceWhateverItsParents) {
    for (const auto& [view, table, key] :
         {std::tuple{"fact_time_entry", "entries", "entry_id"}, std::tuple{"fact_expense", "expenses", "expense_id"},
          std::tuple{"fact_invoice", "invoices", "invoice_id"},
          std::tuple{"fact_invoice_line", "invoice_line_items", "line_item_id"},
          std::tuple{"dim_user", "users", "user_account_id"}, std::tuple{"dim_contact", "contacts", "contact_id"},
          std::tuple{"dim_project", "projects", "project_id"}, std::tuple{"dim_task", "tasks", "task_id"},
          std::tuple{"dim_item", "items", "item_id"}}) {
        const std::string ids = std::string("SELECT ") + key + " FROM ";
        EXPECT_EQ(file.rows(ids + view + " ORDER BY 1"), file.rows(ids + table + " ORDER BY 1")) << view;
    }
}

TEST_F(StarViews, KeepTheirHoursWhenJoinedToTheDimensions) {
    const std::string joined =
        "SELECT count(*), sum(hours) FROM fact_time_entry LEFT JOIN dim_user USING (user_account_id) LEFT JOIN "
        "dim_contact USING "
        "(contact_id) LEFT JOIN dim_project USING (project_id) LEFT JOIN dim_date ON date_key = entry_date";
    EXPECT_EQ(file.rows(joined), file.rows("SELECT count(*), sum(hours) FROM entries"));
    // A placeholder is a row, so that not even an inner join drops hours of an entry that has a contact.
    EXPECT_EQ(file.cell("SELECT count(*) FROM fact_time_entry JOIN dim_contact USING (contact_id)"),
              file.cell("SELECT count(*) FROM entries WHERE contact_id IS NOT NULL"));
}

TEST_F(StarViews, AllocateHoursToTasksSoThatTheyAddUp) {
    EXPECT_EQ(file.rows("SELECT entry_id, task_id, round(allocation, 6) FROM fact_entry_task ORDER BY 1, 2"),
              (std::vector<row>{{"101", "NULL", "1.0"},
                                {"102", "41", "1.0"},
                                {"103", "41", "0.333333"},
                                {"103", "42", "0.333333"},
                                {"103", "43", "0.333333"},
                                {"104", "NULL", "1.0"}}));
    EXPECT_EQ(file.cell("SELECT round(sum(hours * allocation), 9) FROM fact_entry_task"),
              file.cell("SELECT round(sum(hours), 9) FROM entries"));
    EXPECT_EQ(file.cell("SELECT count(*) FROM fact_entry_task WHERE typeof(allocation) <> 'real'"), "0");
}

TEST_F(StarViews, GiveLinesTheirInvoice) {
    EXPECT_EQ(
        file.rows("SELECT line_item_id, invoice_date, contact_id, currency, status FROM fact_invoice_line ORDER BY 1"),
        (std::vector<row>{{"91", "2024-02-01", "21", "USD", "sent"}, {"92", "NULL", "NULL", "NULL", "NULL"}}));
}

TEST_F(StarViews, GiveProjectsTheirContact) {
    EXPECT_EQ(
        file.rows("SELECT project_id, project_name, contact_name FROM dim_project ORDER BY 1"),
        (std::vector<row>{{"31", "Project A", "Contact A"}, {"32", "Project B", "NULL"}, {"33", "NULL", "NULL"}}));
}

TEST_F(StarViews, AnswerTheUsualSumsFromACoveringIndex) {
    const auto plan = [&](const std::string& sql) {
        std::string text;
        for (const auto& r : file.rows("EXPLAIN QUERY PLAN " + sql)) text += r.back() + '\n';
        return text;
    };
    EXPECT_NE(plan("SELECT contact_id, sum(duration_seconds) FROM fact_time_entry GROUP BY contact_id")
                  .find("USING COVERING INDEX entries_by_contact"),
              std::string::npos);
    EXPECT_NE(
        plan("SELECT sum(duration_seconds) FROM fact_time_entry WHERE entry_date BETWEEN '2024-01-01' AND '2024-01-31'")
            .find("USING COVERING INDEX entries_by_date"),
        std::string::npos);
}

}  // namespace
}  // namespace mdock::schema_test
