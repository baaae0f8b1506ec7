// SPDX-License-Identifier: MIT
// Views, gate and dictionary are made anew when this program's text of them differs, and are left alone when not.
#include <gtest/gtest.h>

#include "core/store/migrate.h"
#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

const std::string surface = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY 1, 2";

TEST(Surface, OpeningAgainWritesNothing) {
    mirror m;
    m.close();
    const std::string before = bytes_of(m.file());
    auto reader = open_reader(m.file());
    for (int i = 0; i < 3; ++i) {
        // Taken anew each time: the checkpoint at the end begins a new log, which counts as a change of its own.
        const int version = reader.execAndGet("PRAGMA data_version").getInt();
        m.open();
        EXPECT_EQ(m.total_changes(), 0);
        EXPECT_EQ(reader.execAndGet("PRAGMA data_version").getInt(), version);
        m.close();
    }
    EXPECT_TRUE(bytes_of(m.file()) == before);
}

TEST(Surface, ATextOfAnotherProgramIsReplacedWhole) {
    mirror m;
    const auto views = m.rows(surface);
    ASSERT_GT(views.size(), 5U);
    const auto dictionary = m.rows("SELECT * FROM dict_columns ORDER BY 1, 2");
    const std::string one = m.cell("SELECT name FROM sqlite_master WHERE type = 'view'");
    m.run("DROP VIEW " + one + "; CREATE VIEW " + one + " AS SELECT 1 AS other");
    m.run("DELETE FROM dict_columns WHERE table_name = 'entries'; INSERT INTO dict_columns VALUES ('entries', 'bygone', 'TEXT', 'x', NULL, NULL, NULL)");
    m.run("UPDATE _surface SET fingerprint = 1");
    m.apply(resource::tasks, R"([{"id":1,"name":"stays"}])");
    m.close();
    m.open();
    EXPECT_EQ(m.rows(surface), views);
    EXPECT_EQ(m.rows("SELECT * FROM dict_columns ORDER BY 1, 2"), dictionary);
    EXPECT_EQ(m.cell("SELECT name FROM tasks"), "stays");
}

TEST(Surface, AMigrationThatFailsLeavesTheFileAsItWas) {
    SQLite::Database db(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    db.exec("CREATE TABLE outbox (in_the_way)");
    EXPECT_THROW(migrate(db), SQLite::Exception);
    EXPECT_EQ(db.execAndGet("PRAGMA user_version").getInt(), 0);
    EXPECT_EQ(db.execAndGet("SELECT count(*) FROM sqlite_master").getInt(), 1);
}

}  // namespace
}  // namespace mdock::store
