// SPDX-License-Identifier: MIT
// A key that comes twice in an object: the last one counts, everywhere and whatever the first one was (H08).
#include <gtest/gtest.h>

#include "tests/unit/api/reading.h"

namespace mdock::api {
namespace {

model::row_batch one(resource which, std::string_view members) { return rows_of(which, list_with(which, members)); }

TEST(RepeatedKeys, H08_TheLastValueOfAFieldCounts) {
    const auto rows = one(resource::contacts, R"("name":"first","active":true,"name":"last","active":null,"id":7)");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(cell_in(rows, 0, "name"), "'last'");
    EXPECT_EQ(cell_in(rows, 0, "is_active"), "NULL");
    EXPECT_EQ(rows.key(0), 7);
}

TEST(RepeatedKeys, H08_TheLastUnknownValueCounts) {
    EXPECT_EQ(cell_in(one(resource::contacts, R"("x":1,"y":2,"x":{"a":[3]})"), 0, "extra"), R"('{"x":{"a":[3]},"y":2}')");
    EXPECT_EQ(cell_in(one(resource::contacts, R"("x":{"a":[3]},"x":null)"), 0, "extra"), R"('{"x":null}')");
    // Inside a value that nobody reads, it is copied as it came.
    EXPECT_EQ(cell_in(one(resource::contacts, R"("x":{"a":1,"a":2})"), 0, "extra"), R"('{"x":{"a":1,"a":2}}')");
}

TEST(RepeatedKeys, H08_TheLastSetOfLinksCounts) {
    EXPECT_EQ(one(resource::entries, R"("task_ids":[1,2],"task_ids":[3])").links(0).size(), 1U);
    EXPECT_EQ(one(resource::entries, R"("task_ids":[1,2],"task_ids":[])").links(0).size(), 0U);
    EXPECT_EQ(one(resource::entries, R"("task_ids":[1,2],"task_ids":null)").links(0).size(), 0U);
    EXPECT_EQ(one(resource::entries, R"("task_ids":null,"task_ids":[1,2])").links(0).size(), 2U);
}

TEST(RepeatedKeys, H08_TheLastObjectCountsAlone) {
    const auto rows = one(resource::invoices, R"("delivery":{"service":"xero","id":"a","x":1},"delivery":{"id":"b"})");
    EXPECT_EQ(cell_in(rows, 0, "delivery_service"), "NULL");
    EXPECT_EQ(cell_in(rows, 0, "delivery_ref"), "'b'");
    EXPECT_EQ(cell_in(rows, 0, "extra"), "NULL");
    const auto none = one(resource::invoices, R"("delivery":{"service":"xero","id":"a"},"delivery":null)");
    EXPECT_EQ(cell_in(none, 0, "delivery_service"), "NULL");
    EXPECT_EQ(cell_in(none, 0, "delivery_ref"), "NULL");
}

TEST(RepeatedKeys, H08_TheLastWordOnScopeCounts) {
    EXPECT_EQ(one(resource::entries, R"("logged":false,"logged":true)").size(), 1U);
    EXPECT_EQ(one(resource::entries, R"("logged":true,"logged":false)").size(), 0U);
    EXPECT_EQ(one(resource::entries, R"("logged":false,"logged":null)").size(), 1U);
}

TEST(RepeatedKeys, H08_TheLastListOfLinesCounts) {
    const auto detail = decode_invoice(R"({"id":1,"line_items":[{"id":1},{"id":2}],"line_items":[{"id":3}]})");
    ASSERT_TRUE(detail);
    ASSERT_EQ(detail->lines.size(), 1U);
    EXPECT_EQ(detail->lines.key(0), 3);
    const auto none = decode_invoice(R"({"id":1,"line_items":[{"id":1}],"line_items":null})");
    ASSERT_TRUE(none);
    EXPECT_FALSE(none->has_lines);
    EXPECT_TRUE(none->lines.empty());
}

TEST(RepeatedKeys, H08_ABadFirstValueIsStillRefused) {
    EXPECT_TRUE(outcome(resource::contacts, R"([{"id":"","id":1}])").starts_with("bad_shape contacts[0].id"));
    EXPECT_TRUE(outcome(resource::contacts, R"([{"id":1,"id":null}])").starts_with("bad_shape contacts[0].id"));
}

}  // namespace
}  // namespace mdock::api
