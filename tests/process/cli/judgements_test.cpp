// SPDX-License-Identifier: MIT
// What the commands decide without asking anybody: exit codes, rights, the doctor's findings, weeks, the bar, the file
// that `init` writes.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "daemon/cli/doctor.h"
#include "daemon/cli/init_file.h"
#include "daemon/cli/rights.h"
#include "daemon/cli/week.h"
#include "daemon/exit_codes.h"
#include "daemon/progress_bar.h"
#include "tests/process/cli/scratch.h"

namespace mdock {
namespace {

using testing_cli::scratch_folder;

engine::resource_outcome outcome(resource which, std::string state, std::optional<errc> error = std::nullopt) {
    engine::resource_outcome one;
    one.which = which;
    one.state = std::move(state);
    if (error) one.error = failure(*error, "why");
    return one;
}

engine::round_report round(std::vector<engine::resource_outcome> resources,
                           std::optional<errc> stopped_by = std::nullopt) {
    engine::round_report report;
    report.resources = std::move(resources);
    if (stopped_by) report.stopped_by = failure(*stopped_by, "why");
    return report;
}

TEST(ExitCode, OfARoundFollowsTheContract) {
    const auto good = outcome(resource::entries, "current");
    EXPECT_EQ(exit_code_of(round({good})), 0);
    EXPECT_EQ(
        exit_code_of(round({good, outcome(resource::invoices, "denied"), outcome(resource::items, "unavailable")})), 0);
    EXPECT_EQ(exit_code_of(round({good, outcome(resource::invoices, "stale", errc::bad_shape)})), 9);
    EXPECT_EQ(exit_code_of(round({good, outcome(resource::invoices, "stale", errc::server_error)})), 9);
    EXPECT_EQ(exit_code_of(round({good, outcome(resource::invoices, "held")})), 9);
    EXPECT_EQ(exit_code_of(round({outcome(resource::entries, "stale", errc::server_error)})), 5)
        << "nothing could be read";
    EXPECT_EQ(exit_code_of(round({}, errc::connect_failed)), 5);
    EXPECT_EQ(exit_code_of(round({}, errc::rate_limited)), 5);
    EXPECT_EQ(exit_code_of(round({}, errc::timed_out)), 5);
    EXPECT_EQ(exit_code_of(round({good}, errc::connection_lost)), 9) << "some of it was read";
    EXPECT_EQ(exit_code_of(round({good}, errc::unauthorized)), 4);
    EXPECT_EQ(exit_code_of(round({}, errc::wrong_account)), 4);
    EXPECT_EQ(exit_code_of(round({}, errc::certificate_refused)), 4);
    EXPECT_EQ(exit_code_of(round({}, errc::database_corrupt)), 8);
}

TEST(ExitCode, WhereSeveralHoldTheFirstOf8459Wins) {
    const auto good = outcome(resource::entries, "current");
    const auto bad = outcome(resource::tasks, "stale", errc::server_error);
    const auto held = outcome(resource::users, "held");
    EXPECT_EQ(exit_code_of(round({good, bad, held}, errc::unauthorized)), 4);
    EXPECT_EQ(exit_code_of(round({good, bad, held}, errc::database_full)), 8);
    EXPECT_EQ(exit_code_of(round({bad, held})), 5);
    EXPECT_EQ(exit_code_of(round({good, bad, held})), 9);
    EXPECT_EQ(exit_code_of(round({good, outcome(resource::tasks, "stale", errc::database_error)}, errc::unauthorized)),
              8);
}

TEST(ExitCode, OfRunIsDoneWhenItWasStopped) {
    EXPECT_EQ(exit_code_of_run(errc::interrupted), 0);
    EXPECT_EQ(exit_code_of_run(errc::unauthorized), 4);
    EXPECT_EQ(exit_code_of_run(errc::database_busy), 8);
    EXPECT_EQ(exit_code_of_run(errc::bad_config), 2);
}

result<http_answer> answer(int status, std::string body = "[]") {
    http_answer one;
    one.status = status;
    one.body = std::move(body);
    return one;
}

TEST(Rights, AreJudgedByTheAnswer) {
    EXPECT_EQ(cli::judge_listing("invoices", answer(200)).state, "ok");
    EXPECT_EQ(cli::judge_listing("invoices", answer(403)).state, "missing");
    EXPECT_EQ(cli::judge_listing("expenses", answer(422)).state, "unavailable");
    EXPECT_EQ(cli::judge_listing("expenses", answer(500)).state, "unknown");
    EXPECT_EQ(cli::judge_listing("expenses", failure(errc::timed_out, "x")).state, "unknown");
    EXPECT_EQ(cli::judge_rates(answer(200, R"([{"billing_rate":"150.00"}])")).state, "ok");
    EXPECT_EQ(cli::judge_rates(answer(200, R"([{"billing_rate":"0.00"}])")).state, "ok") << "zero is a rate";
    EXPECT_EQ(cli::judge_rates(answer(200, R"([{"billing_rate":""},{"billing_rate":null},{}])")).state, "missing");
    EXPECT_EQ(cli::judge_rates(answer(200, "<html>")).state, "unknown");
}

TEST(Doctor, T01_AWrongClockIsAWarningOnly) {
    const utc_seconds now{std::chrono::seconds(1'700'000'000)};
    EXPECT_EQ(cli::judge_clock(now, now).state, "ok");
    EXPECT_EQ(cli::judge_clock(now, now - std::chrono::years(5)).state, "warning");
    EXPECT_NE(cli::judge_clock(now, now + std::chrono::hours(1)).message.find("3600 s behind"), std::string::npos);
    EXPECT_EQ(cli::judge_clock(now, std::nullopt).state, "warning");
}

TEST(Doctor, S01_AVersionWithTheTwoWriterFaultIsNamed) {
    EXPECT_EQ(cli::judge_sqlite(3006023).state, "ok");
    EXPECT_EQ(cli::judge_sqlite(3007000).state, "warning");
    EXPECT_EQ(cli::judge_sqlite(3040001).state, "warning");
    EXPECT_EQ(cli::judge_sqlite(3051002).state, "warning");
    EXPECT_EQ(cli::judge_sqlite(3051003).state, "ok");
    EXPECT_NE(cli::judge_sqlite(3040001).remedy.find("only writer"), std::string::npos);
}

TEST(Doctor, X24_AFileThatEverybodyCanReadIsAnError) {
    const scratch_folder folder;
    EXPECT_EQ(cli::judge_modes(folder.write("mirror.db", "x", 0600)).state, "ok");
    EXPECT_EQ(cli::judge_modes(folder.write("mirror.db", "x", 0640)).state, "ok");
    EXPECT_EQ(cli::judge_modes(folder.write("mirror.db", "x", 0644)).state, "error");
    EXPECT_EQ(cli::judge_modes(folder.write("open/mirror.db", "x", 0600)).state, "ok");
    ::chmod((folder.path() / "open").c_str(), 0777);
    EXPECT_EQ(cli::judge_modes(folder.path() / "open/mirror.db").state, "error");
    EXPECT_EQ(cli::judge_space(1024 * 1024).state, "error");
    EXPECT_EQ(cli::judge_wal(100 * 1024 * 1024).state, "warning");
}

TEST(Week, StartsWhereTheSettingSays) {
    using namespace std::chrono;
    const sys_days wednesday = 2024y / January / 17;
    EXPECT_EQ(cli::weekday_name(wednesday), "Wednesday");
    EXPECT_EQ(cli::first_of_week(wednesday, "monday"), sys_days(2024y / January / 15));
    EXPECT_EQ(cli::first_of_week(wednesday, "sunday"), sys_days(2024y / January / 14));
    EXPECT_EQ(cli::first_of_week(wednesday, "wednesday"), wednesday);
    EXPECT_EQ(cli::first_of_week(wednesday, "thursday"), sys_days(2024y / January / 11));
}

TEST(Bar, HasCountsPercentRateAndTimeLeft) {
    bar_state state{"entries", 10000, 20000, std::chrono::milliseconds(4000), 0};
    EXPECT_EQ(format_bar(state, 200), "entries     [############------------] 10,000 of 20,000  50%  2,500/s  4s left");
    state.rows_at_start = 6000;
    EXPECT_NE(format_bar(state, 200).find("1,000/s  10s left"), std::string::npos)
        << "a resumed load counts only what came now";
    state.of = std::nullopt;
    EXPECT_EQ(format_bar(state, 200).find('%'), std::string::npos);
    state.of = 5000;
    EXPECT_NE(format_bar(state, 200).find("100%"), std::string::npos) << "more rows than promised";
}

TEST(InitFile, AddsTheTokensPlaceAndLeavesTheRest) {
    using cli::with_token_line;
    EXPECT_EQ(with_token_line("", "token_file = \"t\""), "\n[auth]\ntoken_file = \"t\"\n");
    EXPECT_EQ(with_token_line("[sync]\ninterval = \"2m\"", "token_file = \"t\""),
              "[sync]\ninterval = \"2m\"\n\n[auth]\ntoken_file = \"t\"\n");
    EXPECT_EQ(with_token_line("# mine\n[auth]  # here\nkind = \"bearer\"\n[log]\n", "token_file = \"t\""),
              "# mine\n[auth]  # here\ntoken_file = \"t\"\nkind = \"bearer\"\n[log]\n");
    EXPECT_EQ(cli::token_command_line({"a b", "c\"d"}), "token_command = [\"a b\", \"c\\\"d\"]");
}

TEST(InitFile, KeepsTheServerThatWasChecked) {
    const scratch_folder folder;
    const environment variables(environment::variables{{"MDOCK_API_BASE_URL", "https://localhost:8443/api/v1"}});
    const auto all = load_settings({folder.path() / "none.toml", variables, {}, "/data/mirror.db"}).value();
    const auto file = folder.write("config.toml", cli::new_config(all, cli::token_file_line("/t")));
    const auto again = load_settings({file, environment(), {}, "/data/mirror.db"});
    ASSERT_TRUE(again) << again.error().context();
    EXPECT_EQ(again->api.base_url, "https://localhost:8443/api/v1");
    EXPECT_EQ(again->auth.token_file, "/t");
    EXPECT_EQ(again->shown.at("database.path").from, origin::by_default);
}

}  // namespace
}  // namespace mdock
