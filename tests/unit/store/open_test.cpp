// SPDX-License-Identifier: MIT
// A mirror that is opened: its files and their modes, its settings, its one writer and its many readers.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "core/store/file_checks.h"
#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

namespace fs = std::filesystem;

class umask_of {
public:
    explicit umask_of(mode_t mask) : before_(::umask(mask)) {}
    ~umask_of() { ::umask(before_); }
    umask_of(const umask_of&) = delete;
    umask_of& operator=(const umask_of&) = delete;

private:
    mode_t before_;
};

int mode_of(const fs::path& file) {
    struct stat entry {};
    return ::stat(file.c_str(), &entry) == 0 ? static_cast<int>(entry.st_mode & 07777U) : -1;
}

fs::path with(fs::path file, const char* ending) { return file += ending; }

TEST(Open, X24_FilesHaveExactlyTheirModeWhateverTheUmask) {
    for (const mode_t mask : {mode_t{0}, mode_t{077}}) {
        for (const int mode : {0600, 0640}) {
            const test::scratch_folder folder;
            const umask_of masked(mask);
            const fs::path file = folder.path() / "m.db";
            const auto db = open_writer(file, static_cast<fs::perms>(mode));
            db->connection().exec("CREATE TABLE _t (a)");
            for (const auto* ending : {"", "-wal", "-shm", ".lock"}) EXPECT_EQ(mode_of(with(file, ending)), mode) << ending << " under umask " << mask;
        }
    }
}

TEST(Open, X24_AFileThatOthersCouldReadIsClosedToThem) {
    mirror m;
    m.close();
    fs::permissions(m.file(), static_cast<fs::perms>(0666));
    m.open();
    EXPECT_EQ(mode_of(m.file()), 0600);
}

TEST(Open, SettingsAreAsPromised) {
    mirror m;
    const std::pair<const char*, const char*> settings[] = {
        {"journal_mode", "wal"}, {"synchronous", "2"},        {"foreign_keys", "0"},        {"trusted_schema", "0"},   {"fullfsync", "1"},
        {"secure_delete", "2"},  {"checkpoint_fullfsync", "1"}, {"cell_size_check", "1"}, {"journal_size_limit", "0"}, {"user_version", "4"},
        {"busy_timeout", "5000"},
    };
    for (const auto& [name, value] : settings) EXPECT_EQ(m.cell(std::string("PRAGMA ") + name), value) << name;
    EXPECT_EQ(m.cell("PRAGMA application_id"), std::to_string(application_id));
    EXPECT_EQ(m.cell("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(m.cell("SELECT count(*) FROM mirror_status"), std::to_string(all_resources.size()));
}

TEST(Open, TheWritersTriggersAreOffAndEveryOtherConnectionsAreOn) {
    mirror m;
    m.run("INSERT INTO tasks (task_id, name) VALUES (5, 'x')");
    SQLite::Database other(m.file().string(), SQLite::OPEN_READWRITE);
    other.setBusyTimeout(1000);
    EXPECT_THROW(other.exec("INSERT INTO tasks (task_id, name) VALUES (6, 'y')"), SQLite::Exception);
}

TEST(Open, L04_ASecondWriterIsRefusedAndNamesTheFirst) {
    mirror m{mirror::made_here{}};    // nothing of it is in the file itself but its mark
    const auto why = refusal(m.file());
    EXPECT_TRUE(why.starts_with("database_busy another mdock (process " + std::to_string(::getpid()) + ") is writing to ")) << why;
    EXPECT_EQ(writer_of(m.file()), ::getpid());
    m.run("INSERT INTO tasks (task_id) VALUES (1)");
    m.close();
    EXPECT_FALSE(writer_of(m.file()));
    EXPECT_EQ(refusal(m.file()), "opened");
}

TEST(Open, L04_TheLockFileIsNeverDeleted) {
    mirror m;
    const auto lock = with(m.file(), ".lock");
    struct stat before {}, after {};
    ASSERT_EQ(::stat(lock.c_str(), &before), 0);
    EXPECT_EQ(bytes_of(lock), std::to_string(::getpid()) + "\n");
    m.close();
    EXPECT_EQ(bytes_of(lock), "") << "nothing is left to do";
    m.open();
    ASSERT_EQ(::stat(lock.c_str(), &after), 0);
    EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST(Open, L04_ALockFileThatIsALinkIsNotFollowed) {
    const test::scratch_folder folder;
    std::ofstream(folder.path() / "victim") << "precious";
    fs::create_symlink(folder.path() / "victim", folder.path() / "m.db.lock");
    EXPECT_TRUE(refusal(folder.path() / "m.db").starts_with("database_error cannot open the lock file"));
    EXPECT_EQ(bytes_of(folder.path() / "victim"), "precious");
    EXPECT_FALSE(fs::exists(folder.path() / "m.db"));
}

TEST(Open, S16_ASymbolicLinkLeadsToTheOneFile) {
    mirror m;
    const auto link = m.folder() / "link.db";
    fs::create_symlink(m.file(), link);
    EXPECT_TRUE(refusal(link).starts_with("database_busy"));
    m.close();
    EXPECT_EQ(open_writer(link, owner_only)->file(), fs::canonical(m.file()));
    EXPECT_FALSE(fs::exists(with(link, "-wal")));
    EXPECT_FALSE(fs::exists(with(link, ".lock")));
}

TEST(Open, TheLogStaysForReadersWhenTheWriterStops) {
    mirror m;
    m.apply(resource::tasks, R"([{"id":1,"name":"one"}])");
    m.close();
    EXPECT_TRUE(fs::exists(with(m.file(), "-wal")));
    EXPECT_TRUE(fs::exists(with(m.file(), "-shm")));
    EXPECT_EQ(fs::file_size(with(m.file(), "-wal")), 0U) << "all of it is in the database";
    auto reader = open_reader(m.file());
    EXPECT_EQ(reader.execAndGet("SELECT name FROM tasks").getString(), "one");
}

TEST(Open, AnEmptyFileBecomesAMirror) {
    const test::scratch_folder folder;
    std::ofstream(folder.path() / "m.db").close();
    EXPECT_TRUE(reader_refusal(folder.path() / "m.db").starts_with("not_found_locally"));
    EXPECT_EQ(refusal(folder.path() / "m.db"), "opened");
    EXPECT_EQ(reader_refusal(folder.path() / "m.db"), "opened");
}

TEST(Open, AReaderCannotWriteAndMakesNothing) {
    const test::scratch_folder folder;
    EXPECT_TRUE(reader_refusal(folder.path() / "m.db").starts_with("not_found_locally there is no mirror at "));
    EXPECT_TRUE(everything_in(folder.path()).empty());
    mirror m{mirror::made_here{}};
    auto reader = open_reader(m.file());
    EXPECT_EQ(reader.execAndGet("PRAGMA query_only").getInt(), 1);
    EXPECT_EQ(reader.execAndGet("PRAGMA trusted_schema").getInt(), 0);
    for (const auto* sql : {"INSERT INTO tasks (task_id) VALUES (1)", "UPDATE mirror_status SET row_count = 5", "DELETE FROM _pace",
                            "CREATE TABLE t (a)", "DROP TABLE tasks", "PRAGMA user_version = 7", "VACUUM"})
        EXPECT_THROW(reader.exec(sql), SQLite::Exception) << sql;
    // Not even when it takes the brake off itself.
    reader.exec("PRAGMA query_only = OFF");
    EXPECT_THROW(reader.exec("INSERT INTO tasks (task_id) VALUES (1)"), SQLite::Exception);
    EXPECT_EQ(m.cell("SELECT count(*) FROM tasks"), "0");
}

}  // namespace
}  // namespace mdock::store
