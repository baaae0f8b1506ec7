// SPDX-License-Identifier: MIT
// Rows into the file: new ones are inserted, those that are as they were are not touched, and each difference leaves a
// row in `changes` with exactly the fields that differed.
#include <gtest/gtest.h>

#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

using strings = std::vector<std::string>;

const std::string entry =
    R"([{"id":1,"user_account_id":456,"contact_id":7,"task_ids":[11,12],"description":"a","duration":60,"date":"2024-01-20",)"
    R"("billing_rate":"1.50","updated_at":"2024-01-20T15:45:00Z","logged":true,"new":{"x":[1]}}])";

TEST(Apply, InsertsAndSaysSo) {
    mirror m;
    const auto done = m.apply(resource::entries, entry);
    EXPECT_EQ(done.inserted, 1);
    EXPECT_EQ(done.updated + done.unchanged, 0);
    EXPECT_EQ(m.cell("SELECT entry_id, user_account_id, contact_id, project_id, description, duration_seconds, entry_date, invoice_id, "
                     "billing_rate_cents, updated_at, sync_state, extra FROM entries"),
              R"(1|456|7|NULL|a|60|2024-01-20|NULL|150|2024-01-20 15:45:00|synced|{"new":{"x":[1]}})");
    EXPECT_EQ(m.rows("SELECT task_id FROM entry_tasks ORDER BY 1"), (strings{"11", "12"}));
    EXPECT_EQ(m.changes(),
              strings{R"(insert entries 1 NULL {"entry_id":1,"user_account_id":456,"contact_id":7,"description":"a","duration_seconds":60,)"
                      R"("entry_date":"2024-01-20","billing_rate_cents":150,"updated_at":"2024-01-20 15:45:00","extra":"{\"new\":{\"x\":[1]}}",)"
                      R"("task_ids":[11,12]})"});
    EXPECT_EQ(m.cell("SELECT at, origin FROM changes"), "2024-02-01 12:00:00|minutedock");
}

TEST(Apply, AnEqualRowTouchesNothing) {
    for (const bool expects_new : {false, true}) {
        mirror m;
        m.apply(resource::entries, entry);
        const auto before = m.total_changes();
        const auto done = m.apply(resource::entries, entry, expecting_new(expects_new));
        EXPECT_EQ(done.unchanged, 1);
        EXPECT_EQ(done.inserted + done.updated, 0);
        EXPECT_EQ(m.total_changes(), before);
        EXPECT_EQ(m.changes().size(), 1U);
    }
}

TEST(Apply, ADifferenceIsWrittenWithItsFieldsAlone) {
    mirror m;
    m.apply(resource::entries, entry);
    const auto done = m.apply(resource::entries,
                              R"([{"id":1,"user_account_id":456,"contact_id":null,"task_ids":[11,12],"description":"","duration":90,)"
                              R"("date":"2024-01-20","billing_rate":"1.50","updated_at":"2024-01-20T15:45:00Z","logged":true}])");
    EXPECT_EQ(done.updated, 1);
    EXPECT_EQ(m.changes().back(),
              R"(update entries 1 {"contact_id":7,"description":"a","duration_seconds":60,"extra":"{\"new\":{\"x\":[1]}}"} )"
              R"({"contact_id":null,"description":"","duration_seconds":90,"extra":null})");
    EXPECT_EQ(m.cell("SELECT contact_id, description, duration_seconds, extra FROM entries"), "NULL||90|NULL");
}

TEST(Apply, LinkedTasksAreExchanged) {
    mirror m;
    const auto with_tasks = [](const std::string& ids) { return R"([{"id":1,"date":"2024-01-20","task_ids":)" + ids + "}]"; };
    m.apply(resource::entries, with_tasks("[1,2,3]"));
    const auto done = m.apply(resource::entries, with_tasks("[2,4]"));
    EXPECT_EQ(done.updated, 1);
    EXPECT_EQ(m.rows("SELECT task_id FROM entry_tasks"), (strings{"2", "4"}));
    EXPECT_EQ(m.changes().back(), R"(update entries 1 {"task_ids":[1,2,3]} {"task_ids":[2,4]})");
    m.apply(resource::entries, with_tasks("[]"));
    EXPECT_EQ(m.changes().back(), R"(update entries 1 {"task_ids":[2,4]} {"task_ids":[]})");
    const auto before = m.total_changes();
    m.apply(resource::entries, with_tasks("null"));
    EXPECT_EQ(m.total_changes(), before);
    m.apply(resource::entries, with_tasks("[9]"));
    EXPECT_EQ(m.rows("SELECT task_id FROM entry_tasks"), strings{"9"});
}

TEST(Apply, NothingIsRecordedDuringAFirstLoad) {
    mirror m;
    m.apply(resource::entries, entry, first_load());
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-21"}])", first_load());
    EXPECT_TRUE(m.changes().empty());
    EXPECT_EQ(m.cell("SELECT entry_date FROM entries"), "2024-01-21");
    EXPECT_EQ(m.cell("SELECT count(*) FROM entry_tasks"), "0");
}

TEST(Apply, OfTwoVersionsInOnePageTheLaterCounts) {
    for (const bool expects_new : {false, true}) {
        mirror m;
        const auto done = m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20","duration":1},{"id":1,"date":"2024-01-20","duration":2}])",
                                  expecting_new(expects_new));
        EXPECT_EQ(done.inserted, 1);
        EXPECT_EQ(done.updated, 1);
        EXPECT_EQ(m.cell("SELECT duration_seconds FROM entries"), "2");
    }
}

TEST(Apply, H10_TextComesBackByteForByte) {
    mirror m;
    m.apply(resource::tasks, R"([{"id":1,"name":"a\u0000b\u202e\n😀","new":"x\u0000"}])");
    EXPECT_EQ(m.cell("SELECT hex(name) FROM tasks"), "610062E280AE0AF09F9880");
    EXPECT_EQ(m.cell("SELECT typeof(name), length(CAST(name AS BLOB)) FROM tasks"), "text|11");
    EXPECT_EQ(m.cell("SELECT extra FROM tasks"), R"({"new":"x\u0000"})");
    EXPECT_NE(m.changes().back().find(R"("name":"a\u0000b)"), std::string::npos) << m.changes().back();
    const auto before = m.total_changes();
    m.apply(resource::tasks, R"([{"id":1,"name":"a\u0000b\u202e\n😀","new":"x\u0000"}])");
    EXPECT_EQ(m.total_changes(), before) << "what follows a NUL is compared too";
    m.apply(resource::tasks, R"([{"id":1,"name":"a\u0000c\u202e\n😀","new":"x\u0000"}])");
    EXPECT_EQ(m.changes().size(), 2U);
}

TEST(Apply, EmptyTextIsNotNull) {
    mirror m;
    m.apply(resource::tasks, R"([{"id":1,"name":""},{"id":2,"name":null}])");
    EXPECT_EQ(m.rows("SELECT name IS NULL FROM tasks ORDER BY task_id"), (strings{"0", "1"}));
    m.apply(resource::tasks, R"([{"id":1,"name":null},{"id":2,"name":""}])");
    EXPECT_EQ(m.changes().back(), R"(update tasks 2 {"name":null} {"name":""})");
}

TEST(Apply, P09_ARowThatWasStampedBeforeTheCursorIsLate) {
    mirror m;
    const auto stamped = [](int id, const std::string& at) { return R"([{"id":)" + std::to_string(id) + R"(,"date":"2024-01-20","updated_at":")" + at + R"("}])"; };
    const apply_how how = after_cursor("2024-01-20 12:00:00");
    EXPECT_EQ(m.apply(resource::entries, stamped(1, "2024-01-20T12:00:00Z"), how).lateness.count(), 0);
    EXPECT_EQ(m.apply(resource::entries, stamped(2, "2024-01-20T11:58:20Z"), how).lateness.count(), 100);
    EXPECT_EQ(m.apply(resource::entries, stamped(2, "2024-01-20T11:58:20Z"), how).lateness.count(), 0) << "seen before";
    EXPECT_EQ(m.apply(resource::entries, stamped(3, "2024-01-20T11:00:00Z")).lateness.count(), 0) << "no cursor yet";
    // Same stamp, other content: computed live, not late.
    EXPECT_EQ(m.apply(resource::entries, R"([{"id":2,"date":"2024-01-20","billing_rate":"9.00","updated_at":"2024-01-20T11:58:20Z"}])", how).lateness.count(), 0);
}

TEST(Apply, NamesTheInvoicesWhoseLinesMayDiffer) {
    mirror m;
    EXPECT_EQ(m.apply(resource::invoices, R"([{"id":2},{"id":1}])").differing, (std::vector<std::int64_t>{1, 2}));
    EXPECT_TRUE(m.apply(resource::invoices, R"([{"id":2},{"id":1}])").differing.empty());
    EXPECT_EQ(m.apply(resource::invoices, R"([{"id":2,"number":"x"},{"id":1}])").differing, std::vector<std::int64_t>{2});
    EXPECT_TRUE(m.apply(resource::tasks, R"([{"id":2}])").differing.empty());
}

TEST(Apply, AWholePageIsAppliedOrNone) {
    mirror m;
    try {
        transaction write(m.db());
        apply_rows(m.db(), page(resource::tasks, R"([{"id":1},{"id":2}])"), live());
        m.run("INSERT INTO tasks (task_id) VALUES ('broken')");
        write.commit();
        FAIL() << "the statement must fail";
    } catch (const SQLite::Exception&) {
    }
    EXPECT_EQ(m.cell("SELECT count(*) FROM tasks"), "0");
    EXPECT_TRUE(m.changes().empty());
    m.apply(resource::tasks, R"([{"id":1}])");
    EXPECT_EQ(m.cell("SELECT count(*) FROM tasks"), "1");
}

TEST(Applied, AddsUp) {
    applied first, second, sum;
    first.inserted = 1;
    first.lateness = std::chrono::seconds{5};
    first.differing = {1};
    second.inserted = 1;
    second.lateness = std::chrono::seconds{4};
    second.differing = {2, 3};
    for (const auto& part : {first, second, applied{}}) sum.add(part);
    EXPECT_EQ(sum.inserted, 2);
    EXPECT_EQ(sum.lateness.count(), 5);
    EXPECT_EQ(sum.differing.size(), 3U);
}

}  // namespace
}  // namespace mdock::store
