// SPDX-License-Identifier: MIT
// An invoice's lines are what its last whole answer had: no more, no fewer.
#include <gtest/gtest.h>

#include "core/api/decode.h"
#include "core/store/apply_lines.h"
#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

using strings = std::vector<std::string>;
using ids = std::vector<std::int64_t>;

applied apply(mirror& m, std::int64_t invoice, const std::string& lines, bool records = true) {
    auto detail = std::move(api::decode_invoice("{\"id\":" + std::to_string(invoice) + ",\"line_items\":" + lines + "}").value());
    transaction write(m.db());
    const apply_how how = records ? live() : first_load();
    apply_rows(m.db(), detail.invoice, first_load());
    auto done = apply_lines(m.db(), invoice, detail.lines, how);
    write.commit();
    return done;
}

const std::string stored = "SELECT line_item_id, invoice_id, position, subtotal_cents FROM invoice_line_items ORDER BY 1";

TEST(Lines, AreReplacedAsASet) {
    mirror m;
    apply(m, 7, R"([{"id":1,"position":1,"subtotal":"1.00"},{"id":2,"position":2,"subtotal":"2.00"}])");
    apply(m, 8, R"([{"id":5,"position":1}])");
    EXPECT_EQ(m.rows(stored), (strings{"1|7|1|100", "2|7|2|200", "5|8|1|NULL"}));
    const auto done = apply(m, 7, R"([{"id":2,"position":1,"subtotal":"2.00"},{"id":3,"position":2}])");
    EXPECT_EQ(done.inserted, 1);
    EXPECT_EQ(done.updated, 1);
    EXPECT_EQ(m.rows(stored), (strings{"2|7|1|200", "3|7|2|NULL", "5|8|1|NULL"}));
    apply(m, 7, "[]");
    EXPECT_EQ(m.rows(stored), strings{"5|8|1|NULL"});
    EXPECT_TRUE(m.rows("PRAGMA foreign_key_check").empty());
}

TEST(Lines, EqualOnesTouchNothing) {
    mirror m;
    apply(m, 7, R"([{"id":1,"position":1},{"id":2,"position":2}])");
    const auto before = m.total_changes();
    EXPECT_EQ(apply(m, 7, R"([{"id":2,"position":2},{"id":1,"position":1}])").unchanged, 2);
    EXPECT_EQ(m.total_changes(), before);
}

TEST(Lines, GoneOnesAreRecordedWithWhatTheyWere) {
    mirror m;
    apply(m, 7, R"([{"id":1,"position":1,"description":"x"}])", false);
    apply(m, 7, "[]");
    EXPECT_EQ(m.changes(), strings{R"(gone invoice_line_items 1 {"line_item_id":1,"position":1,"description":"x"} NULL)"});
}

TEST(Lines, AMovedLineBelongsToItsNewInvoice) {
    mirror m;
    apply(m, 7, R"([{"id":1,"position":1}])");
    apply(m, 8, R"([{"id":1,"position":1}])");
    EXPECT_EQ(m.rows(stored), strings{"1|8|1|NULL"});
    apply(m, 7, "[]");
    EXPECT_EQ(m.rows(stored), strings{"1|8|1|NULL"});
}

TEST(Lines, AreDueUntilTheyAreRead) {
    mirror m;
    mark_lines_due(m.db(), {9, 7, 8, 7});
    EXPECT_EQ(lines_due(m.db()), (ids{7, 8, 9}));
    apply(m, 8, "[]");
    EXPECT_EQ(lines_due(m.db()), (ids{7, 9}));
    forget_lines_due(m.db(), 7);
    EXPECT_EQ(lines_due(m.db()), ids{9});
    m.close();
    m.open();
    EXPECT_EQ(lines_due(m.db()), ids{9}) << "a restart forgets nothing";
}

}  // namespace
}  // namespace mdock::store
