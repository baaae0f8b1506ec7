// SPDX-License-Identifier: MIT
// The CHECKs do what STRICT would, and no more: a value of another type never gets in, a new word of MinuteDock does.
#include <gtest/gtest.h>

#include "core/model/description.h"
#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {
namespace {

// Values that a column of this type must refuse, as SQL.
std::vector<std::string> wrong_values(std::string_view declared) {
    if (declared == "INTEGER") return {"'abc'", "1.5", "''", "x'00'", "'1e400'"};
    if (declared == "DOUBLE") return {"'abc'", "''", "x'00'"};
    if (declared == "BOOLEAN") return {"2", "'true'", "''", "-1", "x'00'"};
    if (declared == "DATE")
        return {"''",    "20240120",  "'2024-1-2'",   "'2024-13-01'",           "'2024-01-20 00:00:00'",
                "'now'", "2460000.5", "'abcd-ef-gh'", "x'323032342d30312d3230'"};
    if (declared == "TIMESTAMP")
        return {"''",
                "1705765500",
                "'2024-01-20T15:45:00Z'",
                "'2024-01-20 15:45:00Z'",
                "'2024-01-20'",
                "'2024-01-20 15:45:00.5'",
                "'2024-01-20 25:00:00'",
                "'now'"};
    return {"x'00'"};
}

std::vector<std::string> right_values(std::string_view declared) {
    if (declared == "INTEGER") return {"0", "-1", "9223372036854775807", "'12'"};
    if (declared == "DOUBLE") return {"0.5", "7", "-1e9"};
    if (declared == "BOOLEAN") return {"0", "1"};
    if (declared == "DATE") return {"'2024-02-29'", "'1999-12-31'"};
    if (declared == "TIMESTAMP") return {"'2024-01-20 15:45:00'"};
    return {"''", "'  a\nb '", "'Zoë'"};
}

TEST(Checks, RefuseWhatStrictWouldInEveryColumnOfTheApi) {
    mirror_file file;
    for (const resource which : all_resources) {
        const model::table& t = model::describe(which);
        for (const model::column& c : t.columns) {
            if (c.name.empty() || c.how == model::kind::key || c.name == "presence" || c.name == "sync_state") continue;
            const std::string into = "INSERT INTO " + std::string(t.name) + " (" + std::string(c.name) + ") VALUES (";
            for (const auto& value : wrong_values(c.declared))
                EXPECT_NE(file.refusal_without_triggers(into + value + ")"), "") << into << value;
        }
        EXPECT_EQ(file.cell("SELECT count(*) FROM " + std::string(t.name)), "0") << t.name;
    }
}

TEST(Checks, TakeEveryRightValueAndNull) {
    mirror_file file;
    file.db().exec("PRAGMA foreign_keys = OFF");  // the parents are not the subject
    for (const resource which : all_resources) {
        const model::table& t = model::describe(which);
        for (const model::column& c : t.columns) {
            if (c.name.empty() || c.how == model::kind::key || c.name == "presence" || c.name == "sync_state") continue;
            auto values = right_values(c.declared);
            if (c.name != "is_me") values.push_back("NULL");
            const std::string into = "INSERT INTO " + std::string(t.name) + " (" + std::string(c.name) + ") VALUES (";
            for (const auto& value : values) EXPECT_EQ(file.refusal_without_triggers(into + value + ")"), "") << into << value;
        }
    }
}

TEST(Checks, KeepWordsThatMinuteDockInvents) {
    mirror_file file;
    file.apply(
        "INSERT INTO contacts (contact_id, budget_type, budget_frequency) VALUES (1, 'fortunes', 'half-yearly');"
        "INSERT INTO invoices (invoice_id, status, currency, delivery_service) VALUES (1, 'void', 'EURO', 'other');");
    EXPECT_EQ(file.rows("SELECT budget_type, budget_frequency FROM contacts"),
              (std::vector<row>{{"fortunes", "half-yearly"}}));
    EXPECT_EQ(file.rows("SELECT status, currency, delivery_service FROM invoices"),
              (std::vector<row>{{"void", "EURO", "other"}}));
}

TEST(Checks, RefuseOwnWordsThatDoNotExist) {
    mirror_file file;
    EXPECT_NE(file.refusal_without_triggers("INSERT INTO contacts (presence) VALUES ('maybe')"), "");
    EXPECT_NE(file.refusal_without_triggers("INSERT INTO contacts (presence) VALUES (NULL)"), "");
    EXPECT_NE(file.refusal_without_triggers("INSERT INTO entries (sync_state) VALUES ('dirty')"), "");
    EXPECT_NE(file.refusal_without_triggers("UPDATE mirror_status SET state = 'fine'"), "");
    EXPECT_NE(file.refusal_without_triggers("INSERT INTO gone_rows VALUES ('entries', 1, '2024-01-01 00:00:00', 'rumour', '{}')"), "");
}

TEST(Keys, OfRowsMadeHereBeginAboveNineQuadrillion) {
    mirror_file file;
    file.apply("INSERT INTO entries (entry_id) VALUES (123)");
    file.db().exec("INSERT INTO _identity VALUES (1, 1, 11, NULL, NULL, '2024-01-01 00:00:00')");
    file.apply("INSERT INTO users (user_account_id) VALUES (11); INSERT INTO contacts (contact_id, name) VALUES (21, 'a')");
    file.db().exec("UPDATE _gate SET is_open = 1");
    for (const auto& [table, given] : {std::pair{"entries", " DEFAULT VALUES"}, std::pair{"contacts", " (name) VALUES ('b')"},
                                       std::pair{"projects", " (name, contact_id) VALUES ('c', 21)"}, std::pair{"tasks", " (name) VALUES ('d')"}}) {
        const std::string insert = std::string("INSERT INTO ") + table + given;
        const std::string key = file.cell(std::string("SELECT name FROM pragma_table_info('") + table + "') WHERE pk = 1");
        file.db().exec(insert);
        EXPECT_EQ(file.db().getLastInsertRowid(), 9000000000000001) << table;
        EXPECT_EQ(file.cell(insert + " RETURNING " + key), "9000000000000002");
        file.db().exec(std::string("DELETE FROM ") + table + " WHERE " + key + " > 1000");
        EXPECT_EQ(file.cell(insert + " RETURNING " + key), "9000000000000003") << "never again";
    }
}

TEST(Keys, AreCheckedAtTheEndOfTheTransaction) {
    mirror_file file;
    file.apply(
        "INSERT INTO entries (entry_id, contact_id) VALUES (1, 5); INSERT INTO contacts (contact_id) VALUES (5)");
    EXPECT_TRUE(file.rows("PRAGMA foreign_key_check").empty());
    EXPECT_NE(file.refusal_without_triggers("INSERT INTO entries (contact_id) VALUES (6)"), "");
}

}  // namespace
}  // namespace mdock::schema_test
