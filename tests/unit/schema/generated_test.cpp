// SPDX-License-Identifier: MIT
// The columns that follow from their own row.
#include <gtest/gtest.h>

#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {
namespace {

TEST(EntryColumns, HoursAreSecondsByThreeThousandSixHundred) {
    mirror_file file;
    file.apply("INSERT INTO entries (entry_id, duration_seconds) VALUES (1, 5400), (2, 0), (3, NULL)");
    EXPECT_EQ(file.rows("SELECT hours, typeof(hours) FROM entries ORDER BY entry_id"),
              (std::vector<row>{{"1.5", "real"}, {"0.0", "real"}, {"NULL", "null"}}));
}

TEST(EntryColumns, AmountIsRoundedHalfUpToACent) {
    mirror_file file;
    struct {
        long long seconds, rate, cents;
    } const cases[] = {
        {3600, 15000, 15000},  // an hour
        {1, 1800, 1},          // half a cent goes up
        {1, 1799, 0},          // just below half
        {3, 600, 1},           // 0.5
        {1800, 1, 1},          // 0.5
        {1799, 1, 0},         {0, 15000, 0}, {3600, 0, 0}, {2147483647, 1000000, 596523235278},
    };
    int id = 0;
    for (const auto& c : cases) {
        ++id;
        file.apply("INSERT INTO entries (entry_id, duration_seconds, billing_rate_cents) VALUES (" +
                   std::to_string(id) + "," + std::to_string(c.seconds) + "," + std::to_string(c.rate) + ")");
        const std::string where = " FROM entries WHERE entry_id = " + std::to_string(id);
        EXPECT_EQ(file.cell("SELECT amount_cents" + where), std::to_string(c.cents)) << c.seconds << " s at " << c.rate;
        EXPECT_EQ(file.cell("SELECT typeof(amount_cents) || ' ' || typeof(amount)" + where), "integer real");
        EXPECT_EQ(file.cell("SELECT amount = amount_cents / 100.0" + where), "1");
    }
}

TEST(EntryColumns, BillableIsUnknownWithoutARate) {
    mirror_file file;
    file.apply(
        "INSERT INTO entries (entry_id, duration_seconds, billing_rate_cents) VALUES (1, 60, NULL), (2, 60, 0), (3, "
        "60, 1)");
    EXPECT_EQ(file.rows("SELECT is_billable, amount_cents, amount FROM entries ORDER BY entry_id"),
              (std::vector<row>{{"NULL", "NULL", "NULL"}, {"0", "0", "0.0"}, {"1", "0", "0.0"}}));
}

TEST(EntryColumns, InvoicedMeansThatAnInvoiceIsNamed) {
    mirror_file file;
    file.apply("INSERT INTO entries (entry_id, invoice_id) VALUES (1, NULL), (2, 77)");
    EXPECT_EQ(file.rows("SELECT is_invoiced FROM entries ORDER BY entry_id"), (std::vector<row>{{"0"}, {"1"}}));
}

TEST(EntryColumns, EpochIsTheInstantInSeconds) {
    mirror_file file;
    file.apply(
        "INSERT INTO entries (entry_id, updated_at) VALUES (1, '1970-01-01 00:00:01'), (2, '2024-01-20 15:45:00'), "
        "(3, NULL), (4, '2040-01-01 00:00:00')");
    EXPECT_EQ(
        file.rows("SELECT updated_epoch, typeof(updated_epoch) FROM entries ORDER BY entry_id"),
        (std::vector<row>{{"1", "integer"}, {"1705765500", "integer"}, {"NULL", "null"}, {"2208988800", "integer"}}));
}

TEST(UserName, ComesFromThePartsThatAreThere) {
    mirror_file file;
    file.apply(R"(INSERT INTO users (user_account_id, first_name, last_name, email) VALUES
        (1, 'One', 'User', 'a@example.com'), (2, 'One', NULL, 'a@example.com'), (3, NULL, 'User', 'a@example.com'),
        (4, NULL, NULL, 'a@example.com'), (5, '', ' ', 'a@example.com'), (6, NULL, NULL, NULL), (7, ' One ', '', NULL),
        (8, 'One ', 'User', NULL), (9, 'Zoë', 'Ålund', NULL))");
    EXPECT_EQ(file.rows("SELECT user_name FROM users ORDER BY user_account_id"), (std::vector<row>{{"One User"},
                                                                                                   {"One"},
                                                                                                   {"User"},
                                                                                                   {"a@example.com"},
                                                                                                   {"a@example.com"},
                                                                                                   {"NULL"},
                                                                                                   {"One"},
                                                                                                   {"One User"},
                                                                                                   {"Zoë Ålund"}}));
}

TEST(GeneratedColumns, CannotBeWritten) {
    mirror_file file;
    file.db().exec("UPDATE _gate SET is_open = 1");
    EXPECT_NE(file.refusal("INSERT INTO entries (hours) VALUES (1)"), "");
    EXPECT_NE(file.refusal("UPDATE entries SET amount_cents = 1"), "");
}

}  // namespace
}  // namespace mdock::schema_test
