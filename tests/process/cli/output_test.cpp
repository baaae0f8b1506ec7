// SPDX-License-Identifier: MIT
// What people and scripts see: widths, escapes, errors as JSON, log lines.
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/log.h"
#include "daemon/output.h"
#include "daemon/text.h"

namespace mdock {
namespace {

TEST(Text, WidthIsCountedInColumns) {
    EXPECT_EQ(display_width("abc"), 3U);
    EXPECT_EQ(display_width("Grüße"), 5U);
    EXPECT_EQ(display_width("日本語"), 6U);
    EXPECT_EQ(display_width("e\xCC\x81"), 1U) << "a combining accent";
    EXPECT_EQ(display_width("👍"), 2U);
    EXPECT_EQ(display_width("\xff\xfe"), 2U);
}

TEST(Text, X15_EscapesAreShownNotObeyed) {
    EXPECT_EQ(made_visible("a\x1b[31mb"), "a\\e[31mb");
    EXPECT_EQ(made_visible("a\nb\tc\r"), "a\\nb\\tc\\r");
    EXPECT_EQ(made_visible("\xc2\x9b"
                           "31m"),
              "\\x9b31m")
        << "the one-character form of the escape";
    EXPECT_EQ(made_visible("\xe2\x80\xae"
                           "gpj.exe"),
              "\\u202egpj.exe")
        << "text that runs backwards";
    EXPECT_EQ(made_visible("\xff"), "\\xff");
    EXPECT_EQ(made_visible("Grüße 日本 👍"), "Grüße 日本 👍");
}

TEST(Text, IsCutBetweenCharacters) {
    EXPECT_EQ(cut_to_width("abcdef", 4), "abc…");
    EXPECT_EQ(cut_to_width("日本語", 4), "日…");
    EXPECT_EQ(cut_to_width("abc", 3), "abc");
}

TEST(Table, ColumnsAlignByWidthAndShrinkOnlyWhereAsked) {
    const std::vector<table_column> columns{
        {"ID", align::right, false}, {"NAME", align::left, true}, {"HOURS", align::right, false}};
    EXPECT_EQ(format_table(columns, {{"1", "日本", "1:30"}, {"22", "Acme\x1b", "0:05"}}, 0),
              "ID  NAME    HOURS\n"
              " 1  日本     1:30\n"
              "22  Acme\\e   0:05\n");
    const auto narrow = format_table(columns, {{"1", std::string(100, 'x'), "1:30"}}, 40);
    for (std::size_t at = 0; at < narrow.size(); at = narrow.find('\n', at) + 1)
        EXPECT_LE(display_width(narrow.substr(at, narrow.find('\n', at) - at)), 40U);
}

TEST(Numbers, AreTheSameInEveryLocale) {
    EXPECT_EQ(with_commas(0), "0");
    EXPECT_EQ(with_commas(999), "999");
    EXPECT_EQ(with_commas(20000), "20,000");
    EXPECT_EQ(with_commas(-1234567), "-1,234,567");
    EXPECT_EQ(as_hours(5400), "1:30");
    EXPECT_EQ(as_hours(59), "0:01");
    EXPECT_EQ(as_hours(360000), "100:00");
}

TEST(ErrorDocument, HasTheFourWords) {
    const auto document = error_document({errc::rate_limited, "MinuteDock says: too many requests"}, "Wait.");
    EXPECT_EQ(
        boost::json::serialize(document),
        R"({"error":{"code":"rate_limited","message":"MinuteDock says: too many requests","hint":"Wait.","retryable":true}})");
    EXPECT_FALSE(error_document({errc::unauthorized, ""}, "").at("error").at("retryable").as_bool());
}

TEST(Log, EachFormatHasItsLine) {
    EXPECT_EQ(format_event(log_format::text, log_level::notice, "online\nagain", 1700000000123),
              "2023-11-14T22:13:20.123Z notice  online\\nagain");
    EXPECT_EQ(format_event(log_format::journal, log_level::error, "x", 0), "<3>x");
    EXPECT_EQ(format_event(log_format::journal, log_level::trace, "x", 0), "<7>x");
    EXPECT_EQ(format_event(log_format::json, log_level::info, "a\"b", 1700000000123),
              R"({"at":"2023-11-14T22:13:20.123Z","level":"info","message":"a\"b"})");
}

TEST(Log, AutoIsTheJournalOnlyWhenStderrGoesThere) {
    EXPECT_EQ(log_format_named("auto", environment()), log_format::text);
    EXPECT_EQ(log_format_named("auto", environment(environment::variables{{"JOURNAL_STREAM", "1:2"}})),
              log_format::text)
        << "inherited from a service";
    EXPECT_EQ(log_format_named("json", environment()), log_format::json);
}

TEST(Log, ARepeatedFailureIsWrittenOnceAndThenCounted) {
    ::testing::internal::CaptureStderr();
    event_log log(log_level::info, log_format::journal);
    for (int i = 0; i < 5; ++i) log.write_once(log_level::warning, "network", "no route");
    log.recovered("network");
    log.recovered("network");
    log.write(log_level::debug, "hidden");
    EXPECT_EQ(::testing::internal::GetCapturedStderr(),
              "<4>network: no route\n<5>network: well again, after it had failed 5 times in the same way\n");
}

}  // namespace
}  // namespace mdock
