// SPDX-License-Identifier: MIT
// The program carries the SQL files byte for byte, and its surface can be made anew at every open.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/model/resource.h"
#include "schema/embedded.h"
#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {
namespace {

std::string file_text(const std::string& name) {
    std::ifstream in(std::string(MDOCK_SCHEMA_FOLDER "/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(EmbeddedSql, IsTheFilesByteForByte) {
    EXPECT_EQ(schema::indexes(), file_text("indexes.sql"));
    EXPECT_EQ(schema::gate(), file_text("gate.sql"));
    EXPECT_EQ(schema::capture_dock(), file_text("capture_dock.sql"));
    EXPECT_EQ(schema::capture_dock_commands(), file_text("capture_dock_commands.sql"));
    EXPECT_EQ(schema::views(), file_text("views.sql"));
    EXPECT_EQ(schema::dictionary(), file_text("dictionary.sql"));
    EXPECT_EQ(schema::dates(), file_text("dates.sql"));
    ASSERT_EQ(schema::migrations().size(), 4u);
    EXPECT_EQ(schema::migrations()[0].sql, file_text("0001_tables.sql") + file_text("0001_private.sql"));
    EXPECT_EQ(schema::migrations()[1].sql, file_text("0002_proof.sql"));
    EXPECT_EQ(schema::migrations()[2].sql, file_text("0003_writes.sql"));
    EXPECT_EQ(schema::migrations()[3].sql, file_text("0004_probe.sql"));
}

TEST(EmbeddedSql, MigrationsAreNumberedWithoutGaps) {
    int last = 0;
    for (const auto& step : schema::migrations()) EXPECT_EQ(step.version, ++last);
}

TEST(Surface, CanBeMadeAgainAndIsTheSame) {
    mirror_file file;
    const auto objects = file.rows("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name");
    const auto content = file.everything();
    file.refresh_surface();
    file.apply(schema::indexes());
    EXPECT_EQ(file.rows("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"), objects);
    // sqlite_schema keeps the order of making, the content of the tables must not change.
    EXPECT_EQ(file.everything(), content);
}

TEST(FirstRows, EveryResourceIsThereAndNothingHasBeenRead) {
    mirror_file file;
    for (const resource which : all_resources) {
        const std::string name(name_of(which));
        EXPECT_EQ(
            file.rows("SELECT state, row_count, complete_as_of FROM mirror_status WHERE resource = '" + name + "'"),
            (std::vector<row>{{"never", "0", "NULL"}}));
        EXPECT_EQ(
            file.rows("SELECT is_loaded, cursor_at, overlap_seconds FROM _resource WHERE resource = '" + name + "'"),
            (std::vector<row>{{"0", "NULL", "300"}}));
    }
    EXPECT_EQ(file.cell("SELECT count(*) FROM mirror_status"), std::to_string(all_resources.size()));
    EXPECT_EQ(file.cell("SELECT count(*) FROM _resource"), std::to_string(all_resources.size()));
    EXPECT_EQ(file.cell("SELECT count(*) FROM _identity"), "0");
    EXPECT_EQ(file.rows("SELECT * FROM _gate"), (std::vector<row>{{"1", "0", "0"}}));
    EXPECT_EQ(file.rows("SELECT * FROM _pace"), (std::vector<row>{{"1", "NULL", "NULL", "NULL", "NULL"}}));
}

TEST(SampleRows, LeaveNoDanglingKey) {
    mirror_file file;
    file.apply(sample_rows);
    EXPECT_TRUE(file.rows("PRAGMA foreign_key_check").empty());
    for (const auto& table : file.public_tables()) EXPECT_NE(file.cell("SELECT count(*) FROM " + table), "0") << table;
}

}  // namespace
}  // namespace mdock::schema_test
