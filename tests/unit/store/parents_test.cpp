// SPDX-License-Identifier: MIT
// Rows that others point to are always there: as placeholders until they are seen, and back when they were away.
#include <gtest/gtest.h>

#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

using strings = std::vector<std::string>;

TEST(Parents, AreThereAsPlaceholdersBeforeTheyAreSeen) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"user_account_id":456,"contact_id":7,"project_id":8,"task_ids":[11],"date":"2024-01-20"}])");
    m.apply(resource::expenses, R"([{"id":1,"user_account_id":457,"item":{"id":3}}])");
    m.apply(resource::projects, R"([{"id":9,"contact_id":70,"name":"P"}])");
    EXPECT_EQ(m.rows("SELECT user_account_id, presence FROM users ORDER BY 1"), (strings{"456|placeholder", "457|placeholder"}));
    EXPECT_EQ(m.rows("SELECT contact_id, presence, name FROM contacts ORDER BY 1"), (strings{"7|placeholder|NULL", "70|placeholder|NULL"}));
    EXPECT_EQ(m.rows("SELECT project_id, presence FROM projects ORDER BY 1"), (strings{"8|placeholder", "9|present"}));
    EXPECT_EQ(m.cell("SELECT task_id, presence FROM tasks"), "11|placeholder");
    EXPECT_EQ(m.cell("SELECT item_id, presence FROM items"), "3|placeholder");
    EXPECT_TRUE(m.rows("PRAGMA foreign_key_check").empty());
    for (const auto& change : m.changes()) EXPECT_EQ(change.find("placeholder"), std::string::npos) << change;
}

TEST(Parents, APlaceholderThatIsSeenIsAnInsert) {
    for (const bool expects_new : {false, true}) {
        mirror m;
        m.apply(resource::entries, R"([{"id":1,"contact_id":7,"date":"2024-01-20"}])");
        const auto done = m.apply(resource::contacts, R"([{"id":7,"name":"Acme"}])", expecting_new(expects_new));
        EXPECT_EQ(done.inserted, 1);
        EXPECT_EQ(done.updated, 0);
        EXPECT_EQ(m.cell("SELECT name, presence, gone_at FROM contacts"), "Acme|present|NULL");
        EXPECT_EQ(m.changes().back(), R"(insert contacts 7 NULL {"contact_id":7,"name":"Acme"})");
        const auto before = m.total_changes();
        EXPECT_EQ(m.apply(resource::contacts, R"([{"id":7,"name":"Acme"}])").unchanged, 1);
        EXPECT_EQ(m.total_changes(), before);
    }
}

TEST(Parents, APlaceholderThatIsSeenWithoutAnyFieldIsPresentToo) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"contact_id":7,"date":"2024-01-20"}])");
    m.apply(resource::contacts, R"([{"id":7}])");
    EXPECT_EQ(m.cell("SELECT presence FROM contacts"), "present");
}

TEST(Parents, ARowThatWasAwayComesBack) {
    for (const auto* away : {"gone", "hidden"}) {
        mirror m;
        m.apply(resource::contacts, R"([{"id":7,"name":"Acme"}])");
        m.run("UPDATE contacts SET presence = '" + std::string(away) + "', gone_at = '2024-01-25 00:00:00'");
        m.apply(resource::contacts, R"([{"id":7,"name":"Acme"}])");
        EXPECT_EQ(m.cell("SELECT presence, gone_at FROM contacts"), "present|NULL");
        EXPECT_EQ(m.changes().back(), "back contacts 7 NULL NULL");
        m.run("UPDATE contacts SET presence = 'gone', gone_at = '2024-01-25 00:00:00'");
        m.apply(resource::contacts, R"([{"id":7,"name":"New"}])");
        EXPECT_EQ(m.changes().back(), R"(back contacts 7 {"name":"Acme"} {"name":"New"})");
    }
}

TEST(Parents, AFactThatWasMovedToGoneRowsIsTakenBack) {
    mirror m;
    m.run("INSERT INTO gone_rows VALUES ('entries', 1, '2024-01-25 00:00:00', '404', '{}'), ('entries', 2, '2024-01-25 00:00:00', '404', '{}')");
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    EXPECT_EQ(m.changes(), strings{R"(back entries 1 NULL {"entry_id":1,"entry_date":"2024-01-20"})"});
    EXPECT_EQ(m.rows("SELECT row_id FROM gone_rows"), strings{"2"});
}

TEST(Parents, AFactIsNeverBothThereAndGone) {
    mirror m;
    m.run("INSERT INTO gone_rows VALUES ('entries', 1, '2024-01-25 00:00:00', '404', '{}')");
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])", first_load());
    EXPECT_EQ(m.cell("SELECT count(*) FROM gone_rows"), "0");
}

TEST(Parents, WhatARollbackTookBackIsMadeAgain) {
    mirror m;
    const auto rows = page(resource::entries, R"([{"id":1,"contact_id":7,"task_ids":[11],"date":"2024-01-20"}])");
    const apply_how how = live();
    {
        transaction lost(m.db());
        apply_rows(m.db(), rows, how);
    }
    EXPECT_EQ(m.cell("SELECT count(*) FROM contacts"), "0");
    m.apply(resource::entries, R"([{"id":1,"contact_id":7,"task_ids":[11],"date":"2024-01-20"}])");
    EXPECT_EQ(m.cell("SELECT count(*) FROM contacts"), "1");
    EXPECT_TRUE(m.rows("PRAGMA foreign_key_check").empty());
}

TEST(Parents, InvoicesAreNoParentsThatCouldBeMissing) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"invoice_id":99,"date":"2024-01-20"}])");
    EXPECT_EQ(m.cell("SELECT count(*) FROM invoices"), "0");
    EXPECT_TRUE(m.rows("PRAGMA foreign_key_check").empty());
}

}  // namespace
}  // namespace mdock::store
