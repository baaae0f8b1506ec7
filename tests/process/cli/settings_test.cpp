// SPDX-License-Identifier: MIT
// Settings: every source, every refusal with its place, and the example file as the reference.
#include <gtest/gtest.h>

#include <regex>

#include "daemon/settings.h"
#include "tests/process/cli/scratch.h"

namespace mdock {
namespace {

using testing_cli::read_all;
using testing_cli::scratch_folder;

result<settings> load(const std::filesystem::path& file, environment::variables variables = {},
                      std::map<std::string, std::string, std::less<>> flags = {}) {
    variables.emplace("HOME", "/home/somebody");
    const environment all(std::move(variables));
    return load_settings({file, all, std::move(flags), "/data/mirror.db"});
}

std::string complaint_about(std::string_view text) {
    const scratch_folder folder;
    const auto file = folder.write("config.toml", text);
    const auto all = load(file);
    if (all) return "accepted";
    const auto place = file.string() + ":";
    const auto said = all.error().context();
    return said.starts_with(place) ? said.substr(place.size()) : said;
}

bool accepts_variable(const std::string& name, const std::string& text) {
    return load("/none", {{name, text}}).has_value();
}

TEST(Settings, DefaultsAreThoseOfTheContract) {
    const auto all = load("/none").value();
    EXPECT_EQ(all.api.base_url, "https://minutedock.com/api/v1");
    EXPECT_EQ(all.api.max_requests_per_minute, 60);
    EXPECT_EQ(all.api.retry_max, std::chrono::minutes(5));
    EXPECT_EQ(all.sync.interval, std::chrono::seconds(60));
    EXPECT_EQ(all.sync.sweep_interval, std::chrono::days(30));
    EXPECT_EQ(all.dock.active_interval, std::chrono::seconds(15));
    EXPECT_EQ(all.writes.settle_time, std::chrono::seconds(120));
    EXPECT_EQ(all.database.path, "/data/mirror.db");
    EXPECT_EQ(static_cast<int>(all.database.file_mode), 0600);
    EXPECT_EQ(all.bi.weekly_capacity_hours, 40);
    EXPECT_EQ(all.auth.kind, "bearer");
    EXPECT_TRUE(all.auth.token_file.empty());
}

TEST(Settings, TheExampleFileNamesEveryKeyWithItsDefault) {
    const auto text = read_all(std::filesystem::path(MDOCK_SOURCE) / "config" / "mdock.example.toml");
    const auto from_file =
        read_settings_file(std::filesystem::path(MDOCK_SOURCE) / "config" / "mdock.example.toml").value();
    for (const auto& row : all_settings()) {
        const auto found =
            std::find_if(from_file.begin(), from_file.end(), [&](const file_value& v) { return v.key == row.key; });
        if (row.by_default.empty()) {
            const auto name = std::string(row.key.substr(row.key.find('.') + 1));
            EXPECT_TRUE(std::regex_search(text, std::regex("\n# " + name + " = ")))
                << row.key << " is not shown, commented out";
            EXPECT_EQ(found, from_file.end()) << row.key << " has no default";
        } else if (found == from_file.end()) {
            ADD_FAILURE() << row.key << " is missing";
        } else {
            EXPECT_EQ(found->text, row.by_default) << row.key;
        }
    }
}

TEST(Settings, TheCommentedLinesOfTheExampleAreValidToo) {
    auto text = read_all(std::filesystem::path(MDOCK_SOURCE) / "config" / "mdock.example.toml");
    text = std::regex_replace(text, std::regex("\n# ([a-z_]+ = )"), "\n$1");
    const scratch_folder folder;
    const auto all = load(folder.write("config.toml", text));
    ASSERT_TRUE(all) << all.error().context();
    EXPECT_EQ(all->auth.token_command.size(), 4U);
    EXPECT_EQ(all->auth.token_file, folder.path() / "token") << "a relative path is beside the file";
}

TEST(Settings, FlagBeatsEnvironmentBeatsFileBeatsDefault) {
    const scratch_folder folder;
    const auto file = folder.write("config.toml", "[log]\nlevel = \"notice\"\n[sync]\ninterval = \"2m\"\n");
    const environment::variables variables{{"MDOCK_LOG_LEVEL", "warning"}};
    const auto with_flag = load(file, variables, {{"log.level", "debug"}}).value();
    EXPECT_EQ(with_flag.log.level, "debug");
    EXPECT_EQ(with_flag.shown.at("log.level").from, origin::flag);
    const auto with_variable = load(file, variables).value();
    EXPECT_EQ(with_variable.log.level, "warning");
    EXPECT_EQ(with_variable.shown.at("log.level").where, "MDOCK_LOG_LEVEL");
    const auto of_file = load(file).value();
    EXPECT_EQ(of_file.log.level, "notice");
    EXPECT_EQ(of_file.shown.at("sync.interval").where, file.string() + ":4:1");
    EXPECT_EQ(of_file.shown.at("dock.idle_interval").from, origin::by_default);
}

TEST(Settings, EveryKeyHasItsVariable) {
    for (const auto& row : all_settings()) {
        if (row.by_default.empty()) continue;
        const auto all = load("/none", {{variable_of(row.key), std::string(row.by_default)}});
        ASSERT_TRUE(all) << all.error().context();
        EXPECT_EQ(all->shown.at(std::string(row.key)).from, origin::environment) << row.key;
    }
    EXPECT_EQ(load("/none", {{"MDOCK_AUTH_TOKEN_COMMAND", "pass show minutedock"}})->auth.token_command.size(), 3U);
    EXPECT_EQ(load("/none", {{"MDOCK_AUTH_TOKEN_COMMAND", "[\"my tool\", \"-x\"]"}})->auth.token_command[0], "my tool");
    EXPECT_EQ(load("/none", {{"MDOCK_AUTH_TOKEN_FILE", "~/token"}})->auth.token_file, "/home/somebody/token");
}

TEST(Settings, AMistakeIsNamedWithLineAndColumn) {
    EXPECT_EQ(complaint_about("[sync]\n\n  intervall = \"60s\"\n"),
              "3:3: unknown key sync.intervall; did you mean sync.interval?");
    EXPECT_EQ(complaint_about("[snyc]\ninterval = \"60s\"\n"), "1:2: unknown section [snyc]");
    EXPECT_EQ(complaint_about("interval = \"60s\"\n").substr(0, 26), "1:1: unknown key interval");
    EXPECT_EQ(complaint_about("[sync]\ninterval = 60\n").substr(0, 52),
              "2:12: sync.interval must be a text in quotes, such a");
    EXPECT_EQ(complaint_about("[api]\nmax_requests_per_minute = 0\n"),
              "2:1: api.max_requests_per_minute must be from 1 to 6000");
    EXPECT_EQ(complaint_about("[sync]\ninterval = \"0s\"\n"), "2:1: sync.interval must be from 1s to 3650d");
    EXPECT_EQ(complaint_about("[sync]\ninterval = \"soon\"\n").substr(0, 38), "2:1: sync.interval must be a number wi");
    EXPECT_EQ(complaint_about("[log]\nlevel = \"loud\"\n"),
              "2:1: log.level must be one of trace, debug, info, notice, warning, error");
    EXPECT_EQ(complaint_about("[api\n").substr(0, 2), "1:") << "broken TOML";
    EXPECT_EQ(complaint_about("[sync]\ninterval = \"1m\"\ninterval = \"2m\"\n").substr(0, 2), "3:") << "said twice";
}

TEST(Settings, ATokenInTheFileIsRefusedAndNotShown) {
    for (const auto* key : {"token", "api_key", "access_token"}) {
        const auto said = complaint_about(std::string("[auth]\n") + key + " = \"sesame-1234\"\n");
        EXPECT_NE(said.find("auth.token_file"), std::string::npos) << said;
        EXPECT_EQ(said.find("sesame"), std::string::npos) << said;
    }
    EXPECT_NE(complaint_about("token = \"sesame-1234\"\n").find("auth.token_file"), std::string::npos);
}

TEST(Settings, X04_HttpIsRefusedOnThisMachineToo) {
    EXPECT_NE(complaint_about("[api]\nbase_url = \"http://minutedock.com/api/v1\"\n").find("https"), std::string::npos);
    EXPECT_NE(complaint_about("[api]\nbase_url = \"http://127.0.0.1:8080/api/v1\"\n").find("https"), std::string::npos);
    EXPECT_TRUE(accepts_variable("MDOCK_API_BASE_URL", "https://localhost:8443/api/v1"));
    EXPECT_FALSE(accepts_variable("MDOCK_API_BASE_URL", "https://user:word@minutedock.com/api/v1"));
    EXPECT_FALSE(accepts_variable("MDOCK_API_BASE_URL", "https://minutedock.com/api/v1?key=1"));
    EXPECT_EQ(load("/none", {{"MDOCK_API_BASE_URL", "https://localhost/api/v1/"}})->api.base_url,
              "https://localhost/api/v1");
}

TEST(Settings, X25_ControlCharactersAreRefusedEverywhere) {
    EXPECT_FALSE(accepts_variable("MDOCK_API_BASE_URL", "https://minutedock.com/api\r\nX-Evil: 1"));
    EXPECT_FALSE(accepts_variable("MDOCK_DATABASE_PATH", "/data/a\nb"));
    EXPECT_NE(complaint_about("[auth]\ntoken_command = [\"a\", \"b\\nc\"]\n").find("control character"),
              std::string::npos);
}

TEST(Settings, AMistypedVariableIsAnErrorAndAForeignOneIsNot) {
    const auto all = load("/none", {{"MDOCK_SYNC_INTERVALL", "60s"}});
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().context(),
              "environment variable MDOCK_SYNC_INTERVALL is not known; did you mean MDOCK_SYNC_INTERVAL?");
    EXPECT_TRUE(accepts_variable("MDOCK_TOKEN", "x"));
    EXPECT_TRUE(accepts_variable("MDOCK_CONFIG", "x"));
    EXPECT_TRUE(accepts_variable("MDOCK_SANDBOX_URL", "x"));
    EXPECT_TRUE(accepts_variable("MDOCK_SYNC_INTERVAL", "")) << "set to nothing is not set";
}

TEST(Settings, RangesAreChecked) {
    EXPECT_TRUE(accepts_variable("MDOCK_API_MAX_REQUESTS_PER_MINUTE", "6000"));
    EXPECT_FALSE(accepts_variable("MDOCK_API_MAX_REQUESTS_PER_MINUTE", "6001"));
    EXPECT_FALSE(accepts_variable("MDOCK_API_MAX_REQUESTS_PER_MINUTE", "60.0"));
    EXPECT_FALSE(accepts_variable("MDOCK_API_RETRY_MIN", "10m")) << "above api.retry_max";
    EXPECT_FALSE(accepts_variable("MDOCK_AUTH_KIND", "api_key")) << "needs auth.account_id";
    EXPECT_FALSE(accepts_variable("MDOCK_WRITES_CREATE_MARKER", "true")) << "is not built";
    EXPECT_FALSE(accepts_variable("MDOCK_DATABASE_FILE_MODE", "0644"));
    EXPECT_TRUE(accepts_variable("MDOCK_DATABASE_FILE_MODE", "0640"));
    EXPECT_FALSE(accepts_variable("MDOCK_HTTP_LISTEN", "0.0.0.0:8377"));
    EXPECT_TRUE(accepts_variable("MDOCK_BI_TIME_ZONE", "Pacific/Auckland"));
    EXPECT_FALSE(accepts_variable("MDOCK_BI_TIME_ZONE", "Middle/Earth"));
    EXPECT_FALSE(accepts_variable("MDOCK_BI_WEEKLY_CAPACITY_HOURS", "200"));
}

TEST(Settings, DurationsAreANumberAndAUnit) {
    using std::chrono::milliseconds;
    EXPECT_EQ(parse_duration("90s").value(), milliseconds(90'000));
    EXPECT_EQ(parse_duration("1.5h").value(), milliseconds(5'400'000));
    EXPECT_EQ(parse_duration("0.2s").value(), milliseconds(200));
    EXPECT_EQ(parse_duration("30d").value(), milliseconds(2'592'000'000));
    for (const auto* text :
         {"", "s", "60", "1 m", "-1s", "+1s", "1e3s", "1,5h", "1w", "1s ", "99999999d", "infs", "nans", "1.2.3s"})
        EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Settings, AFileThatEverybodyMayWriteIsRefused) {
    const scratch_folder folder;
    const auto all = load(folder.write("config.toml", "[log]\nlevel = \"info\"\n", 0666));
    ASSERT_FALSE(all);
    EXPECT_NE(all.error().context().find("chmod o-w"), std::string::npos);
}

TEST(Settings, ThePasswordOfAProxyIsNotShown) {
    const auto all = load("/none", {{"MDOCK_API_PROXY", "http://ann:sesame@proxy.example.com:3128"}}).value();
    EXPECT_EQ(all.api.proxy, "http://ann:sesame@proxy.example.com:3128");
    EXPECT_EQ(all.shown.at("api.proxy").text, "http://***@proxy.example.com:3128");
}

TEST(NearestWord, IsOfferedOnlyWhenNear) {
    const std::vector<std::string_view> known{"status", "sync", "show", "today", "week"};
    EXPECT_EQ(nearest_word("statsu", known), "status");
    EXPECT_EQ(nearest_word("snyc", known), "sync");
    EXPECT_EQ(nearest_word("todya", known), "today");
    EXPECT_EQ(nearest_word("frobnicate", known), "");
    EXPECT_EQ(nearest_word("x", known), "");
}

}  // namespace
}  // namespace mdock
