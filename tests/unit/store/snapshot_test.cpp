// SPDX-License-Identifier: MIT
// Other programs read while we write: they see whole transactions, at once or not at all.
#include <gtest/gtest.h>

#include <chrono>

#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

class any_program {
public:
    explicit any_program(const std::filesystem::path& file) : db_(file.string(), SQLite::OPEN_READONLY) {}
    std::string sees() { return db_.execAndGet("SELECT (SELECT count(*) FROM entries) || ' ' || (SELECT count(*) FROM entry_tasks) || ' ' || (SELECT count(*) FROM changes)").getString(); }
    void run(const char* sql) { db_.exec(sql); }

private:
    SQLite::Database db_;
};

TEST(Snapshot, AReaderSeesWholeTransactionsOnly) {
    mirror m;
    any_program reader(m.file());
    const auto rows = page(resource::entries, R"([{"id":1,"date":"2024-01-20","task_ids":[1,2]},{"id":2,"date":"2024-01-20","task_ids":[3]}])");
    EXPECT_EQ(reader.sees(), "0 0 0");
    {
        transaction write(m.db());
        apply_rows(m.db(), rows, live());
        EXPECT_EQ(reader.sees(), "0 0 0") << "before the commit";
        write.commit();
    }
    EXPECT_EQ(reader.sees(), "2 3 2") << "after it";
    {
        transaction lost(m.db());
        m.run("DELETE FROM entries");
        EXPECT_EQ(reader.sees(), "2 3 2");
    }
    EXPECT_EQ(reader.sees(), "2 3 2") << "after a rollback";
}

TEST(Snapshot, AReaderInATransactionKeepsItsPictureAndDoesNotStopUs) {
    mirror m;
    any_program reader(m.file());
    reader.run("BEGIN");
    EXPECT_EQ(reader.sees(), "0 0 0");
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    EXPECT_EQ(reader.sees(), "0 0 0");
    reader.run("COMMIT");
    EXPECT_EQ(reader.sees(), "1 0 1");
}

TEST(Snapshot, S10_AReaderThatStaysHoldsUpNeitherARoundNorTheEnd) {
    mirror m;
    any_program reader(m.file());
    reader.run("BEGIN");
    EXPECT_EQ(reader.sees(), "0 0 0");
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    const auto before = std::chrono::steady_clock::now();
    m.db().checkpoint();
    m.apply(resource::entries, R"([{"id":2,"date":"2024-01-20"}])");
    m.close();
    // Far below what a statement may wait for a lock.
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::milliseconds{busy_ms} / 2);
    EXPECT_EQ(reader.sees(), "0 0 0");
    m.open();
    EXPECT_EQ(m.cell("PRAGMA busy_timeout"), std::to_string(busy_ms));
    EXPECT_EQ(m.cell("SELECT count(*) FROM entries"), "2");
}

TEST(Snapshot, TheLogIsEmptyAfterACheckpointThatNobodyBlocks) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"date":"2024-01-20"}])");
    const auto log = std::filesystem::path(m.file()) += "-wal";
    EXPECT_GT(std::filesystem::file_size(log), 0U);
    m.db().checkpoint();
    EXPECT_EQ(std::filesystem::file_size(log), 0U);
}

TEST(Snapshot, TheViewsAreReadByAnyProgram) {
    mirror m;
    m.apply(resource::entries, R"([{"id":1,"contact_id":7,"date":"2024-01-20","duration":3600}])");
    SQLite::Database reader(m.file().string(), SQLite::OPEN_READONLY);
    EXPECT_EQ(reader.execAndGet("SELECT count(*) FROM fact_time_entry").getInt(), 1);
}

}  // namespace
}  // namespace mdock::store
