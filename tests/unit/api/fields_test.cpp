// SPDX-License-Identifier: MIT
// Every documented field of every list arrives in its column: derived from the description, so that a new column is
// tested without a word here.
#include <gtest/gtest.h>

#include "tests/unit/api/reading.h"

namespace mdock::api {
namespace {

using model::kind;

struct example {
    std::string_view value;
    std::string_view cell;
};

// A value of the kind; none for what is not a cell.
example example_of(kind how) {
    switch (how) {
        case kind::key:
        case kind::parent_id:
        case kind::loose_id: return {R"("77")", "77"};
        case kind::text: return {R"("some text")", "'some text'"};
        case kind::integer: return {"42", "42"};
        case kind::real: return {"0.5", "0.5"};
        case kind::boolean: return {"true", "1"};
        case kind::date: return {R"("2024-02-29")", "'2024-02-29'"};
        case kind::timestamp: return {R"("2024-01-20T15:45:00+01:00")", "'2024-01-20 14:45:00'"};
        case kind::cents: return {R"("12.34")", "1234"};
        case kind::cents_number: return {"1234", "1234"};
        case kind::decimal_text: return {R"("1.2345")", "'1.2345'"};
        default: return {};
    }
}

TEST(Fields, EachArrivesInItsColumnAndNowhereElse) {
    for (const resource which : listed) {
        for (const auto* column : model::layout_of(which).stored) {
            const auto [value, cell] = example_of(column->how);
            const auto rows = rows_of(which, list_with(which, member(column->api_field, value)));
            ASSERT_EQ(rows.size(), 1U) << column->api_field;
            for (const auto* other : rows.columns().stored) {
                const auto got = cell_in(rows, 0, other->name);
                if (other == column) {
                    EXPECT_EQ(got, cell) << name_of(which) << " " << other->name;
                } else if (other->how == kind::key) {
                    EXPECT_EQ(got, "1");
                } else if (which == resource::entries && other->how == kind::date) {
                    EXPECT_EQ(got, "'2024-01-20'");
                } else {
                    EXPECT_EQ(got, "NULL") << name_of(which) << " " << other->name << " from " << column->api_field;
                }
            }
            EXPECT_EQ(cell_in(rows, 0, "extra"), "NULL") << column->api_field;
        }
    }
}

TEST(Fields, NullAndAbsentAreTheSame) {
    for (const resource which : listed) {
        for (const auto& column : model::describe(which).columns) {
            if (column.api_field.empty() || column.how == kind::key) continue;
            if (which == resource::entries && column.how == kind::date) continue;  // says whether the row is an entry
            const auto rows = rows_of(which, list_with(which, member(column.api_field, "null")));
            ASSERT_EQ(rows.size(), 1U) << column.api_field;
            for (std::size_t c = 0; c < rows.columns().width; ++c)
                EXPECT_EQ(rows.row(0)[c], rows_of(which, list_with(which, "")).row(0)[c]) << name_of(which) << " " << column.api_field;
        }
    }
}

TEST(Fields, ThoseThatAreReadAndNotKeptMayBeAnything) {
    for (const resource which : listed)
        for (const auto& column : model::describe(which).columns)
            if (column.how == kind::dropped)
                for (const auto* value : {"1", R"("x")", "true", "[1,[2]]", R"({"a":{"b":[]}})", "null"}) {
                    const auto rows = rows_of(which, list_with(which, member(column.api_field, value)));
                    ASSERT_EQ(rows.size(), 1U);
                    EXPECT_EQ(cell_in(rows, 0, "extra"), "NULL") << column.api_field << " " << value;
                }
}

TEST(Fields, MayComeInAnyOrder) {
    const auto forward = rows_of(resource::contacts, R"([{"id":1,"name":"A","short_code":"a","active":true,"pinned":false,"billable":true}])");
    const auto backward = rows_of(resource::contacts, R"([{"billable":true,"pinned":false,"active":true,"short_code":"a","name":"A","id":1}])");
    for (std::size_t c = 0; c < forward.columns().width; ++c) EXPECT_EQ(forward.row(0)[c], backward.row(0)[c]) << c;
}

TEST(Fields, H14_AFieldThatVanishedIsNullAndNotARefusal) {
    const auto rows = rows_of(resource::users, R"([{"user_account_id":"456"}])");
    EXPECT_EQ(cell_in(rows, 0, "legacy_user_id"), "NULL");
    EXPECT_EQ(rows.key(0), 456);
}

TEST(Fields, ChangedWordsOfMinuteDockAreKept) {
    EXPECT_EQ(becomes(resource::contacts, "budget_type", R"("days")"), "'days'");
    EXPECT_EQ(becomes(resource::invoices, "status", R"("paid")"), "'paid'");
}

TEST(Fields, TaskIdsAreASet) {
    const auto links = [](std::string_view value) {
        const auto rows = rows_of(resource::entries, list_with(resource::entries, member("task_ids", value)));
        return std::vector<std::int64_t>(rows.links(0).begin(), rows.links(0).end());
    };
    using ids = std::vector<std::int64_t>;
    EXPECT_EQ(links("[]"), ids{});
    EXPECT_EQ(links("null"), ids{});
    EXPECT_EQ(links(R"(["12","11",12])"), (ids{11, 12}));
    EXPECT_EQ(links(R"([null,"11"])"), ids{11});
    for (const auto* value : {R"([""])", "[0]", "[1.5]", R"(["a"])", "[[1]]", "[{}]", R"("11")", "11", "{}", "true"})
        EXPECT_TRUE(outcome(resource::entries, list_with(resource::entries, member("task_ids", value))).starts_with("bad_shape entries[0].task_ids"))
            << value;
}

TEST(Fields, EachRowHasItsOwnCellsAndLinks) {
    const auto rows = rows_of(resource::entries, R"([{"id":3,"date":"2024-01-20","task_ids":[5,4]},{"id":1,"date":"2024-01-21","description":"x"},)"
                                                 R"({"id":2,"date":"2024-01-22","task_ids":[9]}])");
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows.key(0), 3);
    EXPECT_EQ(rows.links(0).size(), 2U);
    EXPECT_EQ(cell_in(rows, 0, "description"), "NULL");
    EXPECT_EQ(rows.links(1).size(), 0U);
    EXPECT_EQ(cell_in(rows, 1, "description"), "'x'");
    EXPECT_EQ(rows.links(2).size(), 1U);
    EXPECT_EQ(rows.by_key(), (std::vector<std::uint32_t>{1, 2, 0}));
}

}  // namespace
}  // namespace mdock::api
