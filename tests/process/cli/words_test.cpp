// SPDX-License-Identifier: MIT
// What people call rows, and what they type of an entry, understood against a mirror: names, codes, ambiguity.
#include <gtest/gtest.h>

#include "daemon/cli/entry_words.h"
#include "daemon/cli/names.h"
#include "daemon/cli/outbox_plan.h"
#include "daemon/cli/placed_row.h"
#include "daemon/cli/session.h"

namespace mdock::cli {
namespace {

constexpr const char* rows = R"(
CREATE TABLE contacts (contact_id INTEGER PRIMARY KEY, name, short_code, is_active, presence);
CREATE TABLE projects (project_id INTEGER PRIMARY KEY, contact_id, name, short_code, is_active, presence);
CREATE TABLE tasks (task_id INTEGER PRIMARY KEY, name, presence);
CREATE TABLE users (user_account_id INTEGER PRIMARY KEY, user_name, email, is_archived, presence);
CREATE TABLE local_ids (local_id INTEGER PRIMARY KEY, resource, row_id);
INSERT INTO contacts VALUES (1, 'Acme', 'acme', 1, 'present'), (2, 'Beta ', 'beta', 1, 'present'), (3, 'Acme', 'old', 0, 'present'),
                            (4, '2024', 'year', 1, 'present'), (5, 'Twin', 'twin', 1, 'present'), (6, 'twin', 'twin2', 1, 'present');
INSERT INTO projects VALUES (10, 1, 'App', 'android', 1, 'present'), (11, 2, 'App', 'android', 1, 'present'),
                            (12, 1, 'Web Site', NULL, 1, 'present'), (13, 2, 'Gone', 'gone', 1, 'gone');
INSERT INTO tasks VALUES (20, 'Code Review', 'present'), (21, 'Design', 'present'), (22, 'gone', 'present');
INSERT INTO users VALUES (30, 'User One', 'one@example.com', 0, 'present');
INSERT INTO local_ids VALUES (9000000000000001, 'contacts', 1);
)";

class Words : public testing::Test {
protected:
    Words() : here(flags(), environment()), db(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) { db.exec(rows); }

    static global_flags flags() {
        global_flags silent;
        silent.no_input = silent.quiet = true;
        return silent;
    }

    std::int64_t found(std::string_view noun, const std::string& text) { return find_row(here, db, noun, text).id; }
    std::string refusal(std::string_view noun, const std::string& text) {
        try {
            find_row(here, db, noun, text);
        } catch (const failure_exception& error) {
            return std::string(name_of(error.why().code())) + ": " + error.why().context();
        }
        return "none";
    }

    entry_words words(const std::string& text, std::optional<std::int64_t> contact = std::nullopt) {
        entry_options said;
        said.words = {text};
        return understand(here, db, said, contact);
    }
    std::string wrong(const std::string& text) {
        try {
            words(text);
        } catch (const failure_exception& error) {
            return error.why().context();
        }
        return "none";
    }

    session here;
    SQLite::Database db;
};

TEST_F(Words, ARowIsFoundByIdCodeAndName) {
    EXPECT_EQ(found("contact", "1"), 1);
    EXPECT_EQ(found("contact", "ACME"), 1) << "the archived one of that name is not meant";
    EXPECT_EQ(found("contact", "old"), 3) << "but can be";
    EXPECT_EQ(found("contact", "beta"), 2);
    EXPECT_EQ(found("contact", "Beta"), 2) << "MinuteDock keeps spaces behind a name";
    EXPECT_EQ(found("contact", "2024"), 4) << "a name may be a number";
    EXPECT_EQ(found("project", "web site"), 12);
    EXPECT_EQ(found("task", "design"), 21);
    EXPECT_EQ(found("user", "one@example.com"), 30);
}

TEST_F(Words, I04_AnIdThatARowHadBeforeIsStillItsName) { EXPECT_EQ(found("contact", "9000000000000001"), 1); }

TEST_F(Words, WhatFitsSeveralIsRefusedWithAllOfThem) {
    const auto said = refusal("contact", "twin");
    EXPECT_TRUE(said.starts_with("none") == false && said.find("contact 5") != std::string::npos) << said;
    EXPECT_NE(said.find("contact 6"), std::string::npos) << said;
    EXPECT_TRUE(said.starts_with("usage")) << said;
    EXPECT_TRUE(refusal("contact", "nobody").starts_with("not_found_locally"));
    EXPECT_TRUE(refusal("contact", "'; DROP TABLE contacts; --").starts_with("not_found_locally"));
}

TEST_F(Words, CodesOfATextAreRows) {
    const auto all = words("#codereview of the app @acme #android 20 mins");
    EXPECT_EQ((*all.contact)->id, 1);
    EXPECT_EQ((*all.project)->id, 10) << "of the contact that the text names";
    ASSERT_EQ(all.tasks.size(), 1U);
    EXPECT_EQ(all.tasks[0].id, 20);
    EXPECT_EQ(all.duration_seconds, 1200);
    EXPECT_EQ(all.description, "of the app");
}

TEST_F(Words, AProjectBringsItsContact) {
    const auto all = words("#website start page");
    EXPECT_EQ((*all.project)->id, 12);
    EXPECT_EQ((*all.contact)->id, 1);
}

TEST_F(Words, AnAmbiguousCodeIsRefusedWithTheCandidates) {
    const auto said = wrong("#android fix");
    EXPECT_NE(said.find("project 10 of Acme"), std::string::npos) << said;
    EXPECT_NE(said.find("project 11 of Beta"), std::string::npos) << said;
    EXPECT_EQ((*words("#android fix", 2).project)->id, 11) << "the row's own contact decides";
}

TEST_F(Words, ALiveTaskComesBeforeAProjectThatIsGone) {
    const auto all = words("#gone");
    EXPECT_FALSE(all.project);
    ASSERT_EQ(all.tasks.size(), 1U);
    EXPECT_EQ(all.tasks[0].id, 22);
}

TEST_F(Words, AnUnknownCodeStaysAWord) {
    const auto all = words("see #12 with @nobody");
    EXPECT_FALSE(all.contact);
    EXPECT_EQ(all.description, "see #12 with @nobody");
}

TEST_F(Words, ContradictionsAreRefused) {
    EXPECT_NE(wrong("@acme @beta call").find("one contact"), std::string::npos);
    EXPECT_NE(wrong("20 mins and 30 mins").find("more than one duration"), std::string::npos);
    EXPECT_NE(wrong("@beta #website").find("is not a project of"), std::string::npos);
}

TEST_F(Words, ADurationOptionIsReadLikeTheText) {
    EXPECT_EQ(duration_of("1h 15m"), 4500);
    EXPECT_THROW(duration_of("soon"), failure_exception);
    EXPECT_THROW(duration_of("90"), failure_exception) << "of what?";
}

}  // namespace
}  // namespace mdock::cli
