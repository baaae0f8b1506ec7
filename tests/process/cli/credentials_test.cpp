// SPDX-License-Identifier: MIT
// Where the token comes from, and what is refused. No message may hold it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>

#include "daemon/credentials.h"
#include "tests/process/cli/scratch.h"

namespace mdock {
namespace {

using testing_cli::scratch_folder;

constexpr std::string_view token_text = "md_0123456789abcdefSESAME";

settings with_auth(std::vector<std::string> command, std::filesystem::path file, origin of_command = origin::file,
                   origin of_file = origin::file) {
    settings all;
    all.auth.token_command = std::move(command);
    all.auth.token_file = std::move(file);
    all.shown["auth.token_command"].from = of_command;
    all.shown["auth.token_file"].from = of_file;
    return all;
}

std::string_view used(const result<found_token>& found) { return found ? found->token.reveal() : "nothing"; }

TEST(Credentials, TheOrderIsCredentialVariableCommandFile) {
    const scratch_folder folder;
    folder.write("credentials/token", "from-systemd\n", 0440);
    const auto file = folder.write("token", "from-file\n");
    const auto all = with_auth({"echo", "from-command"}, file);
    const auto credentials = (folder.path() / "credentials").string();
    EXPECT_EQ(used(find_token(all, environment(environment::variables{{"CREDENTIALS_DIRECTORY", credentials},
                                                                      {"MDOCK_TOKEN", "from-variable"}}))),
              "from-systemd");
    EXPECT_EQ(used(find_token(all, environment(environment::variables{{"MDOCK_TOKEN", "from-variable"}}))),
              "from-variable");
    EXPECT_EQ(used(find_token(all, environment())), "from-command");
    EXPECT_EQ(used(find_token(with_auth({}, file), environment())), "from-file");
    EXPECT_EQ(used(find_token(with_auth({"echo", "x"}, file, origin::file, origin::environment), environment())),
              "from-file")
        << "what the environment names is nearer than what the file names";
}

TEST(Credentials, X07_AVariableIsUsedWithAWarning) {
    const auto found =
        find_token(with_auth({}, ""), environment(environment::variables{{"MDOCK_TOKEN", std::string(token_text)}}));
    ASSERT_TRUE(found);
    EXPECT_NE(found->warning.find("MDOCK_TOKEN"), std::string::npos);
    EXPECT_EQ(found->warning.find("SESAME"), std::string::npos);
}

TEST(Credentials, NoneIsNoTokenAndTheUnitsPlaceholderIsNone) {
    EXPECT_EQ(find_token(with_auth({}, ""), environment()).error().code(), errc::no_token);
    const scratch_folder folder;
    folder.write("token", "unset", 0440);
    const auto found = find_token(
        with_auth({}, ""), environment(environment::variables{{"CREDENTIALS_DIRECTORY", folder.path().string()}}));
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code(), errc::no_token);
    EXPECT_NE(found.error().context().find("/etc/mdock/token"), std::string::npos);
}

TEST(TokenFile, X08_WrongModesFoldersAndKindsAreRefused) {
    const scratch_folder folder;
    EXPECT_TRUE(read_token_file(folder.write("good", token_text, 0600)));
    EXPECT_TRUE(read_token_file(folder.write("strict", token_text, 0400)));
    for (const mode_t mode : {0640U, 0604U, 0660U, 0644U, 0700U}) {
        const auto token = read_token_file(folder.write("token", token_text, mode));
        ASSERT_FALSE(token) << std::oct << mode;
        EXPECT_EQ(token.error().code(), errc::bad_config);
        EXPECT_NE(token.error().context().find("chmod 600"), std::string::npos);
        EXPECT_EQ(token.error().context().find("SESAME"), std::string::npos);
    }
    const auto open = folder.write("open/token", token_text);
    ::chmod((folder.path() / "open").c_str(), 0777);
    EXPECT_EQ(read_token_file(open).error().code(), errc::bad_config);
    EXPECT_EQ(read_token_file(folder.path()).error().code(), errc::bad_config) << "a folder";
    ::mkfifo((folder.path() / "fifo").c_str(), 0600);
    EXPECT_EQ(read_token_file(folder.path() / "fifo").error().code(), errc::bad_config) << "refused, not waited for";
    EXPECT_EQ(read_token_file(folder.path() / "none").error().code(), errc::no_token);
}

TEST(TokenFile, X08_AnothersFileIsRefused) {
    const scratch_folder folder;
    const auto given_away = folder.write("token", token_text);
    // Only root can give a file away; for everybody else root's file is another's.
    const bool is_given = ::chown(given_away.c_str(), 12345, 12345) == 0;
    const auto token = read_token_file(is_given ? given_away : std::filesystem::path("/etc/hostname"));
    ASSERT_FALSE(token);
    EXPECT_NE(token.error().context().find("another user"), std::string::npos) << token.error().context();
}

TEST(Token, X25_LineBreaksAndControlCharactersAreRefused) {
    EXPECT_EQ(clean_token("  abc\n").value().reveal(), "abc");
    for (const auto* text : {"abc\r\nX-Evil: 1", "abc\ndef", "ab c",
                             "ab\x01"
                             "c",
                             "ab\x7f", "äbc"})
        EXPECT_EQ(clean_token(text).error().code(), errc::bad_config) << text;
    EXPECT_EQ(clean_token(" \n").error().code(), errc::no_token);
    EXPECT_EQ(clean_token(std::string(5000, 'a')).error().code(), errc::bad_config);
}

TEST(TokenCommand, X19_RunsWithoutAShellAndWithoutOurVariables) {
    const environment variables(
        environment::variables{{"PATH", "/usr/bin:/bin"}, {"MDOCK_TOKEN", "no"}, {"LD_PRELOAD", "no"}, {"HOME", "/h"}});
    EXPECT_EQ(run_token_command({"printf", "%s", "$HOME;id"}, variables).value().reveal(), "$HOME;id");
    EXPECT_EQ(
        run_token_command({"sh", "-c", "env | grep -c -e MDOCK -e LD_PRELOAD || true"}, variables).value().reveal(),
        "0");
    EXPECT_EQ(run_token_command({"printf", "first\\nsecond\\n"}, variables).value().reveal(), "first");
    EXPECT_EQ(run_token_command({"false"}, variables).error().code(), errc::no_token);
    EXPECT_EQ(run_token_command({"/no/such/program"}, variables).error().code(), errc::no_token);
}

TEST(TokenCommand, L10_IsBoundedInTimeAndOutput) {
    const environment variables(environment::variables{{"PATH", "/usr/bin:/bin"}});
    const auto began = std::chrono::steady_clock::now();
    const auto slow =
        run_token_command({"sh", "-c", "sleep 60 & sleep 60"}, variables, {std::chrono::milliseconds(100), 1000});
    EXPECT_EQ(slow.error().code(), errc::no_token);
    const auto closed =
        run_token_command({"sh", "-c", "exec >&-; sleep 60"}, variables, {std::chrono::milliseconds(100), 1000});
    EXPECT_EQ(closed.error().code(), errc::no_token);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(30));
    const auto loud = run_token_command({"yes"}, variables, {std::chrono::milliseconds(5000), 1000});
    EXPECT_EQ(loud.error().code(), errc::bad_config);
}

}  // namespace
}  // namespace mdock
