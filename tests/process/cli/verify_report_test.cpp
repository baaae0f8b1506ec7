// SPDX-License-Identifier: MIT
// What a verification found, as people, scripts and the daemon's callers get it: exit code, text, document; and what
// status and doctor make of what the mirror remembers of its proofs.
#include <gtest/gtest.h>

#include <boost/json/serialize.hpp>

#include "daemon/cli/proof_status.h"
#include "daemon/cli/verify_json.h"
#include "daemon/cli/verify_text.h"
#include "daemon/exit_codes.h"

namespace mdock::cli {
namespace {

using engine::difference;
using engine::verify_report;
using engine::verify_request;

constexpr verify_request plain{};
constexpr verify_request rehearsal{true, false};

std::optional<std::chrono::sys_days> day(std::string_view text) { return parse_date(text); }

verify_report equal_report() {
    verify_report report;
    report.sync.resources.push_back({resource::entries, "current", 12345, 0, 0, 0, std::nullopt});
    report.sync.resources.push_back({resource::invoices, "denied", 0, 0, 0, 0, std::nullopt});
    report.sync.requests = 7;
    report.is_equal = true;
    report.requests = 12;
    report.verified_as_of = parse_timestamp("2024-05-15T12:00:00Z");
    return report;
}

verify_report report_with_differences() {
    auto report = equal_report();
    report.differences.push_back({resource::entries, 30, difference::kind::ghost, {}, day("2024-02-03")});
    report.differences.push_back({resource::entries, 12, difference::kind::changed, {"description", "task_ids"}, day("2024-01-20")});
    report.differences.push_back({resource::entries, 11, difference::kind::missing, {}, day("2024-01-20")});
    report.differences.push_back({resource::contacts, 5, difference::kind::ghost, {}, std::nullopt});
    return report;
}

verify_report held_report() {
    auto report = equal_report();
    report.is_equal = false;
    report.held.push_back({resource::contacts, 300, "300 of 400 contacts were gone at once"});
    report.open.push_back({resource::users, 1, "not in one whole read; a second one has to agree"});
    return report;
}

TEST(VerifyExitCode, FollowsTheContract) {
    EXPECT_EQ(exit_code_of(equal_report(), plain), 0);
    EXPECT_EQ(exit_code_of(report_with_differences(), plain), 0) << "mended";
    EXPECT_EQ(exit_code_of(report_with_differences(), rehearsal), 9) << "found";
    EXPECT_EQ(exit_code_of(equal_report(), rehearsal), 0);
    EXPECT_EQ(exit_code_of(held_report(), plain), 9);
    auto unequal = equal_report();
    unequal.is_equal = false;
    EXPECT_EQ(exit_code_of(unequal, plain), 9);
    auto open = equal_report();
    open.open.push_back({resource::users, 1, "why"});
    EXPECT_EQ(exit_code_of(open, plain), 9) << "not settled";
}

TEST(VerifyExitCode, WhereSeveralHoldTheFirstOf8459Wins) {
    const auto with = [](errc code) {
        auto report = held_report();
        report.sync.resources.clear();
        report.sync.stopped_by = failure(code, "why");
        return exit_code_of(report, plain);
    };
    EXPECT_EQ(with(errc::database_full), 8);
    EXPECT_EQ(with(errc::unauthorized), 4);
    EXPECT_EQ(with(errc::connect_failed), 5);
    EXPECT_EQ(with(errc::bad_shape), 9) << "degraded is before what is not in the order";
}

TEST(VerifyText, NamesDifferencesByResourceMonthDayAndId) {
    EXPECT_EQ(verify_as_text(report_with_differences(), plain),
              "Compared: entries 12,345.\n"
              "Not compared: invoices (denied).\n"
              "contacts: 1 difference\n"
              "    5  gone on MinuteDock\n"
              "entries: 3 differences\n"
              "  2024-01\n"
              "    2024-01-20  11  missing here\n"
              "                12  changed: description, task_ids\n"
              "  2024-02\n"
              "    2024-02-03  30  gone on MinuteDock\n"
              "The mirror has all of these now.\n"
              "The mirror is equal to the account as of 2024-05-15T12:00:00Z, shown by 12 requests.\n");
}

TEST(VerifyText, NamesAFewOfVeryManyAndSaysWhereTheOthersAre) {
    const auto text = verify_as_text(report_with_differences(), plain, 1);
    EXPECT_NE(text.find("entries: 3 differences\n"
                        "  2024-01\n"
                        "    2024-01-20  11  missing here\n"
                        "    and 2 more: all are in the table `changes`, where origin is 'verify'\n"),
              std::string::npos) << text;
    EXPECT_NE(text.find("contacts: 1 difference\n    5  gone on MinuteDock\nentries"), std::string::npos) << "none left out, none promised";
    EXPECT_NE(verify_as_text(report_with_differences(), rehearsal, 2).find("    and 1 more: --json tells all\n"), std::string::npos);
}

TEST(VerifyText, SaysThatARehearsalChangedNothing) {
    auto report = report_with_differences();
    report.is_equal = false;
    const auto text = verify_as_text(report, rehearsal);
    EXPECT_NE(text.find("4 differences found after 12 requests, and no row was changed. `mdock verify` mends this.\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("has all of these"), std::string::npos);
}

TEST(VerifyText, SaysWhatIsHeldWhatIsOpenAndTheWayOn) {
    const auto text = verify_as_text(held_report(), plain);
    for (const auto* part : {"No differences were found.\n", "  contacts, 300 rows: 300 of 400 contacts were gone at once\n", "mdock verify --accept\n",
                             "  users, 1 row: not in one whole read", "looks again",
                             "not shown to be equal to the account, after 12 requests. It last was, as of 2024-05-15T12:00:00Z.\n"})
        EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
}

TEST(VerifyText, DoesNotRepeatAWayOnThatTheReasonNames) {
    auto report = held_report();
    report.held.front().reason += ". If that is right, run: mdock verify --accept";
    const auto text = verify_as_text(report, plain);
    EXPECT_EQ(text.find("--accept"), text.rfind("--accept")) << text;
}

TEST(VerifyText, DoesNotCallACutProofAProof) {
    auto report = equal_report();
    report.is_equal = false;
    report.sync.stopped_by = failure(errc::timed_out, "no answer");
    const auto text = verify_as_text(report, plain);
    EXPECT_NE(text.find("Not proven"), std::string::npos);
    EXPECT_EQ(text.find("No differences"), std::string::npos) << "nobody looked";
}

TEST(VerifyText, X15_ReasonsCannotSteerATerminal) {
    auto report = held_report();
    report.held.front().reason = "\x1b[2Jgone";
    EXPECT_EQ(verify_as_text(report, plain).find('\x1b'), std::string::npos);
}

TEST(VerifyDocument, HasTheContractsKeys) {
    const auto body = verify_as_json(report_with_differences());
    EXPECT_EQ(body.at("equal"), true);
    EXPECT_EQ(body.at("requests"), 12);
    EXPECT_EQ(body.at("verified_as_of"), "2024-05-15T12:00:00Z");
    EXPECT_EQ(boost::json::serialize(body.at("differences").as_array().at(1)),
              R"({"resource":"entries","id":12,"kind":"changed","fields":["description","task_ids"],"date":"2024-01-20"})");
    EXPECT_EQ(body.at("errors").as_array().size(), 0U);
    EXPECT_EQ(body.if_contains("error"), nullptr);
    const auto held = verify_as_json(held_report());
    EXPECT_EQ(boost::json::serialize(held.at("held")), R"([{"resource":"contacts","rows":300,"reason":"300 of 400 contacts were gone at once"}])");
    EXPECT_EQ(held.at("unsettled").as_array().size(), 1U);
    auto never = equal_report();
    never.verified_as_of.reset();
    EXPECT_TRUE(verify_as_json(never).at("verified_as_of").is_null());
}

TEST(VerifyDocument, ComesThroughTheSocketAsItWas) {
    for (auto report : {equal_report(), report_with_differences(), held_report()}) {
        report.sync.stopped_by = failure(errc::rate_limited, "later");
        const auto sent = verify_as_message(report);
        const auto back = verify_from_message(boost::json::serialize(sent));
        ASSERT_TRUE(back) << back.error().context();
        EXPECT_EQ(verify_as_message(*back), sent);
        EXPECT_EQ(exit_code_of(*back, plain), exit_code_of(report, plain));
        EXPECT_EQ(verify_as_text(*back, plain), verify_as_text(report, plain));
    }
    for (const auto* odd : {"", "{}", "[]", R"({"equal":true})", R"({"equal":1,"sync":{"resources":[]}})", R"({"equal":true,"sync":{}})"})
        EXPECT_FALSE(verify_from_message(odd)) << odd;
}

TEST(ProofState, IsEmptyInAMirrorOfAnOlderVersion) {
    SQLite::Database older(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    const auto proof = read_proof_state(older);
    EXPECT_TRUE(proof.held.empty());
    EXPECT_EQ(proof.incidents, 0);
    EXPECT_EQ(describe(proof.counts), "not compared yet");
    EXPECT_EQ(judge_held(proof).state, finding::good);
    EXPECT_EQ(judge_incidents(proof, utc_seconds{}).state, finding::good);
}

TEST(ProofState, WhatIsHeldNeedsAPersonAndSaysTheWayOn) {
    proof_state proof;
    proof.held.push_back({"contacts", "mass", "300 of 400 were gone at once", 300, parse_timestamp("2024-05-15T12:00:00Z")});
    const auto found = judge_held(proof);
    EXPECT_EQ(found.state, finding::bad);
    EXPECT_EQ(found.message, "contacts: 300 rows kept since 2024-05-15T12:00:00Z: 300 of 400 were gone at once");
    EXPECT_NE(found.remedy.find("mdock verify --accept"), std::string::npos);
    boost::json::object body;
    add_to(body, proof);
    EXPECT_EQ(body.at("held").as_array().size(), 1U);
}

TEST(ProofState, AnIncidentIsAWarningForThirtyDays) {
    proof_state proof;
    proof.incidents = 2;
    proof.latest.push_back({parse_timestamp("2024-05-15T12:00:00Z"), "entries", "late", "one row of 2024-05-01"});
    const auto at = *parse_timestamp("2024-05-15T12:00:00Z");
    EXPECT_EQ(judge_incidents(proof, at + std::chrono::days{30}).state, finding::doubtful);
    EXPECT_EQ(judge_incidents(proof, at + std::chrono::days{31}).state, finding::good);
    EXPECT_NE(judge_incidents(proof, at).message.find("2 so far"), std::string::npos);
}

TEST(ProofState, TheCalibrationOfReportCountsIsSaidInWords) {
    EXPECT_EQ(describe(count_calibration{"all", "month", "left out", "equal", parse_timestamp("2024-05-15T12:00:00Z")}),
              "all entries, by month, running timers left out, hours as a second sum (learned 2024-05-15T12:00:00Z)");
    EXPECT_EQ(describe(count_calibration{"own", "total", "counted", "other", std::nullopt}),
              "this user's entries, as one total, running timers counted too, hours are summed otherwise and not used");
    EXPECT_NE(describe(count_calibration{"none", "unknown", "unknown", "unknown", std::nullopt}).find("not comparable"), std::string::npos);
}

}  // namespace
}  // namespace mdock::cli
