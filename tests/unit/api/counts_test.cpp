// SPDX-License-Identifier: MIT
// Entry counts of a report in every shape its undocumented groups may have: understood, or not used.
#include <gtest/gtest.h>

#include "core/api/report_counts.h"
#include "core/base/time.h"

namespace mdock::api {
namespace {

// "2024-01-01=5 2024-02-01=7", or the refusal.
std::string counted(std::string_view body, bool by_day = false) {
    const auto counts = decode_report_counts(body, by_day);
    if (!counts) return std::string(name_of(counts.error().code()));
    std::string text;
    for (const auto& p : counts->periods) text += (text.empty() ? "" : " ") + format_date(p.from) + "=" + std::to_string(p.entries);
    return text;
}

std::string in_groups(std::string_view groups, bool by_day = false) { return counted(R"({"groups":)" + std::string(groups) + "}", by_day); }

TEST(ReportCounts, MonthsAreReadFromAnyFieldThatIsADay) {
    const std::pair<std::string_view, std::string_view> table[] = {
        {R"([{"month":"2024-01","entries":5},{"month":"2024-02","entries":7}])", "2024-01-01=5 2024-02-01=7"},
        {R"([{"month":"2024-02","entries":7},{"month":"2024-01","entries":5}])", "2024-01-01=5 2024-02-01=7"},
        {R"([{"date":"2024-01-01","total_entries":5}])", "2024-01-01=5"},
        {R"([{"date":"2024-01-31","entries_count":5}])", "2024-01-01=5"},
        {R"([{"key":"2024-01-20T00:00:00Z","count":"5"}])", "2024-01-01=5"},
        {R"([{"group":{"month":"2024-01"},"hours":"9.5","entries":5}])", "2024-01-01=5"},
        {R"([{"group":{"month":{"id":"2024-01","name":"January 2024"}},"entries":5}])", "2024-01-01=5"},
        {R"([{"name":"January 2024","from":"2024-01-01","to":"2024-01-31","entries":5}])", "2024-01-01=5"},
        {R"([{"entries":5,"month":"2024-01","contact":"Acme","amounts":{"USD":"1.00"}}])", "2024-01-01=5"},
        {R"([])", ""},
    };
    for (const auto& [groups, text] : table) EXPECT_EQ(in_groups(groups), text) << groups;
}

TEST(ReportCounts, DaysAreKeptAsDays) {
    EXPECT_EQ(in_groups(R"([{"date":"2024-01-20","entries":5},{"date":"2024-01-19","entries":2}])", true), "2024-01-19=2 2024-01-20=5");
    EXPECT_EQ(in_groups(R"([{"date":"2024-01","entries":5}])", true), "") << "a month is no day";
    EXPECT_EQ(in_groups(R"([{"date":"2024-02-30","entries":5}])", true), "");
}

TEST(ReportCounts, AMonthThatComesTwiceIsOfGroupsThatNobodyAskedFor) {
    EXPECT_EQ(in_groups(R"([{"month":"2024-01","user":"456","entries":5},{"month":"2024-01","user":"457","entries":2},{"month":"2024-02","entries":1}])"),
              "");
    EXPECT_EQ(in_groups(R"([{"groups":{"month":"2024-01","user":"A"},"entries":5},{"groups":{"month":"2024-02","user":"B"},"entries":1}])"),
              "2024-01-01=5 2024-02-01=1");
}

TEST(ReportCounts, GroupsThatAreNotUnderstoodAreNotUsed) {
    for (const auto* groups : {R"([{"month":"Januar 2024","entries":5}])", R"([{"month":1,"entries":5}])", R"([{"month":"2024-01"}])",
                               R"([{"month":"2024-01","entries":null}])", R"([{"month":"2024-01","entries":"many"}])",
                               R"([{"month":"2024-01","entries":-5}])", R"([{"month":"2024-01","entries":5.5}])",
                               R"([{"month":"2024-01","entries":99999999999999999999}])", R"([["2024-01",5]])", R"(["2024-01"])", "[null]", "5",
                               R"("none")", "null", R"({"2024-01":5})"})
        EXPECT_EQ(in_groups(groups), "") << groups;
    EXPECT_EQ(in_groups(R"([{"month":"2024-01","entries":5},{"month":"2024-02"}])"), "") << "a hole makes all of it a guess";
    EXPECT_EQ(in_groups(R"([{"month":null,"entries":1},{"month":"2024-01","entries":5}])"), "2024-01-01=5") << "the dock has no month";
}

TEST(ReportCounts, MonthsMayBeWordsAndListsMayBeByDimension) {
    EXPECT_EQ(in_groups(R"([{"month":"January 2024","entries":5},{"month":"October 2023","entries":1}])"), "2023-10-01=1 2024-01-01=5");
    EXPECT_EQ(in_groups(R"({"contact":[{"contact_id":"7","entries":6}],"month":[{"month":"2024-01","entries":5}]})"), "2024-01-01=5");
}

TEST(ReportCounts, HoursAreKeptInHundredths) {
    const auto counts = decode_report_counts(R"({"groups":[{"month":"2024-01","entries":5,"hours":"120.25"},{"month":"2024-02","entries":1}]})", false);
    ASSERT_EQ(counts->periods.size(), 2U);
    EXPECT_EQ(counts->periods[0].hundredths, 12025);
    EXPECT_FALSE(counts->periods[1].hundredths);
}

TEST(ReportCounts, TheTotalHasSeveralNames) {
    const std::pair<std::string_view, std::optional<std::int64_t>> table[] = {
        {R"({"entries":12,"groups":[]})", 12}, {R"({"total_entries":"12"})", 12}, {R"({"entries_count":12})", 12}, {R"({"count":0})", 0},
        {R"({"entries":[1,2],"count":2})", 2}, {R"({"entries":"x"})", {}},        {R"({"entries":1.5})", {}},      {"{}", {}},
    };
    for (const auto& [body, total] : table) {
        const auto counts = decode_report_counts(body, false);
        ASSERT_TRUE(counts) << body;
        EXPECT_EQ(counts->total, total) << body;
        EXPECT_TRUE(counts->periods.empty());
    }
}

TEST(ReportCounts, H02_OtherAnswersAreRefused) {
    for (const auto* body : {"", " ", "<html>", "{", "{}x", "\xff"}) EXPECT_EQ(counted(body), "not_json") << body;
    for (const auto* body : {"null", "[]", "5", R"("x")"}) EXPECT_EQ(counted(body), "bad_shape") << body;
    EXPECT_EQ(counted(R"({"groups":)" + std::string(100'000, '[')), "not_json");
}

}  // namespace
}  // namespace mdock::api
