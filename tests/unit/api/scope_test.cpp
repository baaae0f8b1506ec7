// SPDX-License-Identifier: MIT
// What a list of entries holds that is no entry: the dock, by its own word or for want of a day (C1 rule 1).
#include <gtest/gtest.h>

#include "tests/unit/api/reading.h"

namespace mdock::api {
namespace {

struct scope {
    std::string_view row;
    bool is_entry;
};

TEST(Scope, EntriesAreLoggedAndHaveADay) {
    const scope table[] = {
        {R"({"id":1,"date":"2024-01-20","logged":true})", true},
        {R"({"id":1,"date":"2024-01-20"})", true},
        {R"({"id":1,"date":"2024-01-20","logged":null})", true},
        {R"({"id":1,"date":"2024-01-20","logged":false})", false},
        {R"({"id":1,"logged":false})", false},
        {R"({"logged":false})", false},
        {R"({"id":1,"date":"","logged":true})", false},
        {R"({"id":1,"date":null,"logged":true})", false},
        {R"({"id":1,"date":""})", false},
        {R"({"id":1,"date":null})", false},
        {R"({"id":1})", false},
        {R"({"logged":false,"id":1,"date":null,"task_ids":[4,5],"new":{"a":1}})", false},
    };
    for (const auto& [row, is_entry] : table) {
        const auto rows = decode_list(resource::entries, "[" + std::string(row) + "]");
        ASSERT_TRUE(rows) << row << " " << rows.error().context();
        EXPECT_EQ(rows->size(), is_entry ? 1U : 0U) << row;
        EXPECT_EQ(rows->out_of_scope, is_entry ? 0U : 1U) << row;
    }
}

TEST(Scope, RowsAroundTheDockKeepTheirCellsAndLinks) {
    const auto rows = rows_of(resource::entries,
                              R"([{"id":1,"date":"2024-01-20","task_ids":[4]},{"id":2,"date":"","task_ids":[5,6],"description":"dock","x":1},)"
                              R"({"id":3,"date":"2024-01-21","task_ids":[7]}])");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows.out_of_scope, 1U);
    EXPECT_EQ(rows.key(1), 3);
    EXPECT_EQ(cell_in(rows, 1, "description"), "NULL");
    EXPECT_EQ(cell_in(rows, 1, "extra"), "NULL");
    EXPECT_EQ(std::vector<std::int64_t>(rows.links(1).begin(), rows.links(1).end()), std::vector<std::int64_t>{7});
}

TEST(Scope, H14_ALoggedEntryWhoseDayVanishedIsNotTakenForTheDock) {
    EXPECT_TRUE(outcome(resource::entries, R"([{"id":1,"logged":true,"duration":60}])").starts_with("bad_shape entries[0].date: missing"));
    EXPECT_TRUE(outcome(resource::entries, R"([{"id":1,"date":"2024-01-20"},{"id":2,"logged":true}])").starts_with("bad_shape entries[1].date"));
}

TEST(Scope, ExpensesAndInvoicesWithoutADayAreKept) {
    for (const resource which : {resource::expenses, resource::invoices}) {
        EXPECT_EQ(rows_of(which, R"([{"id":1,"date":null},{"id":2,"date":""},{"id":3}])").size(), 3U);
    }
}

TEST(Scope, ABadValueInTheDockStillRefusesThePage) {
    EXPECT_TRUE(outcome(resource::entries, R"([{"id":1,"logged":false,"duration":"x"}])").starts_with("bad_shape entries[0].duration"));
    EXPECT_TRUE(outcome(resource::entries, R"([{"id":"","logged":false}])").starts_with("bad_shape entries[0].id"));
}

}  // namespace
}  // namespace mdock::api
