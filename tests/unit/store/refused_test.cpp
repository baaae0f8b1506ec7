// SPDX-License-Identifier: MIT
// Files that are not for us: each is refused with a reason, and not one byte beside it or in it changes.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "core/store/file_checks.h"
#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

namespace fs = std::filesystem;

// Writer and reader are refused with `why`; the folder is as it was.
void expect_refused_untouched(const fs::path& file, const std::string& why) {
    const auto before = everything_in(file.parent_path());
    EXPECT_TRUE(refusal(file).starts_with(why)) << refusal(file);
    EXPECT_TRUE(reader_refusal(file).starts_with(why)) << reader_refusal(file);
    EXPECT_EQ(everything_in(file.parent_path()), before) << file;
}

TEST(Refused, L08_ANewerMirrorIsLeftAsItIs) {
    for (const auto& version : {std::to_string(schema_version + 1), std::string("99"), std::string("2147483647")}) {
        mirror m;
        m.close();
        SQLite::Database(m.file().string(), SQLite::OPEN_READWRITE).exec(std::string("PRAGMA user_version = ") + version);
        for (const auto* ending : {"-wal", "-shm"}) fs::remove(fs::path(m.file()) += ending);
        expect_refused_untouched(m.file(), "database_newer " + fs::canonical(m.file()).string() + " was written by a newer mdock");
        EXPECT_NE(refusal(m.file()).find(version), std::string::npos);
    }
}

TEST(Refused, L08_ANewerVersionThatIsOnlyInTheLogIsSeenToo) {
    mirror m;
    m.close();
    SQLite::Database newer(m.file().string(), SQLite::OPEN_READWRITE);
    newer.exec("PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99");
    EXPECT_TRUE(refusal(m.file()).starts_with("database_newer"));
    EXPECT_EQ(newer.execAndGet("PRAGMA user_version").getInt(), 99);
}

TEST(Refused, S13_ADatabaseOfAnotherProgramIsLeftAsItIs) {
    for (const auto* mark : {"", "PRAGMA application_id = 5;", "PRAGMA user_version = 1;"}) {
        const test::scratch_folder folder;
        const auto file = folder.path() / "other.db";
        SQLite::Database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(std::string(mark) + "CREATE TABLE t (a)");
        expect_refused_untouched(file, "database_foreign " + file.string() + " is an SQLite database, but not one of mdock's");
    }
}

TEST(Refused, AFileThatIsNoDatabaseIsLeftAsItIs) {
    mirror m;
    m.close();
    const std::string good = bytes_of(m.file());
    for (const auto& content : {std::string("hello"), std::string(5000, 'x'), good.substr(0, 99), std::string(100, '\0'), "sqlite format 3" + good.substr(15)}) {
        const test::scratch_folder folder;
        const auto file = folder.path() / "notes.txt";
        std::ofstream(file, std::ios::binary) << content;
        expect_refused_untouched(file, "database_foreign " + file.string() + " is not an SQLite database");
    }
}

TEST(Refused, S16_ASecondNameByAHardLink) {
    mirror m;
    m.close();
    fs::create_hard_link(m.file(), m.folder() / "second.db");
    expect_refused_untouched(m.file(), "database_foreign " + fs::canonical(m.file()).string() + " has a second name (hard link)");
    expect_refused_untouched(m.folder() / "second.db", "database_foreign");
}

TEST(Refused, WhatIsNoOrdinaryFile) {
    const test::scratch_folder folder;
    fs::create_directory(folder.path() / "folder.db");
    expect_refused_untouched(folder.path() / "folder.db", "database_foreign");
    ASSERT_EQ(::mkfifo((folder.path() / "pipe.db").c_str(), 0600), 0);
    expect_refused_untouched(folder.path() / "pipe.db", "database_foreign");
}

TEST(Refused, AFolderThatIsNotThereIsNotMade) {
    const test::scratch_folder folder;
    EXPECT_TRUE(refusal(folder.path() / "no" / "m.db").starts_with("database_error cannot open the lock file"));
    EXPECT_TRUE(reader_refusal(folder.path() / "no" / "m.db").starts_with("not_found_locally"));
    EXPECT_TRUE(everything_in(folder.path()).empty());
}

TEST(Refused, S07_NetworkFileSystemsAreKnownByTheirNumbers) {
    const std::pair<std::uint32_t, std::string_view> network[] = {
        {0x6969, "NFS"},     {0x517B, "SMB"},     {0xFF534D42, "CIFS"}, {0xFE534D42, "SMB2"}, {0x01021997, "9P"}, {0x5346414F, "AFS"},
        {0x6B414653, "kAFS"}, {0x00C36400, "Ceph"}, {0x564C, "NCP"},     {0x73757245, "Coda"}, {0x65735546, "FUSE"},
    };
    for (const auto& [type, name] : network) EXPECT_EQ(network_filesystem(type), name);
    // ext4, XFS, Btrfs, tmpfs, overlay, ZFS, F2FS, bcachefs, ramfs
    for (const std::uint32_t type : {0xEF53U, 0x58465342U, 0x9123683EU, 0x01021994U, 0x794C7630U, 0x2FC12FC1U, 0xF2F52010U, 0xCA451A4EU, 0x858458F6U, 0U})
        EXPECT_FALSE(network_filesystem(type)) << type;
}

}  // namespace
}  // namespace mdock::store
