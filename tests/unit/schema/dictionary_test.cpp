// SPDX-License-Identifier: MIT
// Every public table, view and column is in the dictionary with a sentence, and nothing else is.
#include <gtest/gtest.h>

#include <regex>

#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {
namespace {

TEST(Dictionary, ListsEveryPublicTableAndViewAndNothingElse) {
    mirror_file file;
    std::vector<row> wanted;
    for (const auto& name : file.public_tables()) wanted.push_back({name, "table"});
    for (const auto& name : file.views()) wanted.push_back({name, "view"});
    std::sort(wanted.begin(), wanted.end());
    EXPECT_EQ(file.rows("SELECT table_name, kind FROM dict_tables ORDER BY 1"), wanted);
}

TEST(Dictionary, ListsEveryPublicColumnWithItsTypeAndNothingElse) {
    mirror_file file;
    std::vector<row> wanted;
    auto relations = file.public_tables();
    for (auto& view : file.views()) relations.push_back(std::move(view));
    for (const auto& relation : relations) {
        for (auto& c : file.rows("SELECT name, type FROM pragma_table_xinfo('" + relation + "')")) {
            std::string type = std::regex_replace(c[1], std::regex(" GENERATED ALWAYS$"), "");
            // What an expression has no type for, the dictionary says.
            if (relation == "fact_entry_task" && c[0] == "allocation") type = "DOUBLE";
            wanted.push_back({relation, c[0], type});
        }
    }
    std::sort(wanted.begin(), wanted.end());
    EXPECT_EQ(file.rows("SELECT table_name, column_name, type FROM dict_columns ORDER BY 1, 2, 3"), wanted);
}

TEST(Dictionary, SaysSomethingOfEverything) {
    mirror_file file;
    EXPECT_TRUE(file.rows("SELECT table_name FROM dict_tables WHERE length(grain) < 8 OR length(meaning) < 6").empty());
    EXPECT_TRUE(
        file.rows("SELECT table_name, column_name FROM dict_columns WHERE length(meaning) < 6 OR meaning NOT LIKE '%.'")
            .empty());
    EXPECT_TRUE(
        file.rows(
                "SELECT table_name, column_name FROM dict_columns WHERE unit = '' OR api_field = '' OR permission = ''")
            .empty());
}

TEST(Dictionary, GivesMoneyAUnitAndRatesTheirPermission) {
    mirror_file file;
    EXPECT_TRUE(
        file.rows("SELECT table_name, column_name FROM dict_columns WHERE column_name LIKE '%\\_cents' ESCAPE '\\' AND "
                  "(unit IS NULL OR unit NOT LIKE 'cents%')")
            .empty());
    EXPECT_TRUE(file.rows("SELECT table_name, column_name FROM dict_columns WHERE column_name LIKE '%rate\\_cents' "
                          "ESCAPE '\\' AND "
                          "permission IS NULL")
                    .empty());
}

TEST(Dictionary, GivesAViewsColumnTheSentenceOfItsSource) {
    mirror_file file;
    const auto meaning = [&](const std::string& table, const std::string& column) {
        return file.cell("SELECT meaning FROM dict_columns WHERE table_name = '" + table + "' AND column_name = '" +
                         column + "'");
    };
    EXPECT_EQ(meaning("fact_time_entry", "hours"), meaning("entries", "hours"));
    EXPECT_EQ(meaning("dim_project", "contact_name"), meaning("contacts", "name"));
    EXPECT_EQ(meaning("fact_invoice_line", "subtotal_cents"), meaning("invoice_line_items", "subtotal_cents"));
    EXPECT_EQ(meaning("fact_invoice_line", "currency"), meaning("invoices", "currency"));
    EXPECT_EQ(meaning("fact_entry_task", "task_id"), meaning("entry_tasks", "task_id"));
}

}  // namespace
}  // namespace mdock::schema_test
