// SPDX-License-Identifier: MIT
// The line that people type: durations, codes and what is left as the description, as tables; then hostile input.
#include "core/sync/shorthand.h"

#include <gtest/gtest.h>

#include <random>

namespace mdock::sync {
namespace {

struct duration_row {
    const char* text;
    std::optional<std::int64_t> seconds;
};

TEST(Duration, IsReadInEveryFormOfMinuteDocks) {
    const duration_row rows[] = {
        {"20 mins", 1200}, {"1.5 hrs", 5400},     {"1:30", 5400},          {"90m", 5400},
        {"1h 15m", 4500},  {"45 minutes", 2700},  {"1h15m", 4500},         {"1 hour 15 minutes", 4500},
        {"2h", 7200},      {"1 hr", 3600},        {"0:05", 300},           {"1:02:03", 3723},
        {"30s", 30},       {"1H 15M", 4500},      {"1,5 hrs", 5400},       {"  20 mins  ", 1200},
        {"0.25h", 900},    {"0:00", 0},           {"100:00", 360000},      {"1 hour 15m 30 secs", 4530},
        {"20 mins.", 1200}, {"0.1 h", 360},       {"0.0001h", 0},          {"9999h", 35996400},
    };
    for (const auto& row : rows) EXPECT_EQ(read_duration(row.text), row.seconds) << row.text;
}

TEST(Duration, OtherTextIsNone) {
    const char* texts[] = {"",      "20",     "mins",    "20 apples", "1:60",   "1:3",     "1:300",   ":30",     "1:",
                           "-20m",  "+20m",   "20 mins 5 mins", "15m 1h",       "1e3m",   "10000h",  "99999999999999999999h",
                           "1..5h", "1.5.5h", "0x10m",   "20mm",      "20 m in", "1:30 pm", "m20",     "1:30:60", "1:2:3:4",
                           "１５m", "20 mins x"};
    for (const auto* text : texts) EXPECT_EQ(read_duration(text), std::nullopt) << text;
}

struct line_row {
    const char* text;
    std::vector<typed_code> codes;
    std::optional<std::int64_t> seconds;
    const char* description;    // when every code is known
};

TEST(TypedLine, NamesCodesDurationAndDescription) {
    const line_row rows[] = {
        {"#dev @acme homepage 20m", {{'#', "dev"}, {'@', "acme"}}, 1200, "homepage"},
        {"homepage @acme #dev 1.5 hrs", {{'@', "acme"}, {'#', "dev"}}, 5400, "homepage"},
        {"talked to @acme about #website for 20 mins", {{'@', "acme"}, {'#', "website"}}, 1200, "talked to @acme about #website for"},
        {"call 45 minutes with the bank", {}, 2700, "call with the bank"},
        {"@acme", {{'@', "acme"}}, std::nullopt, ""},
        {"20 mins", {}, 1200, ""},
        {"no codes at all", {}, std::nullopt, "no codes at all"},
        {"mail to bob@example.com, see page#3", {}, std::nullopt, "mail to bob@example.com, see page#3"},
        {"design, @acme_ltd.", {{'@', "acme_ltd"}}, std::nullopt, "design,"},
        {"#dev twice #dev", {{'#', "dev"}}, std::nullopt, "twice"},
        {"lone @ and # stay", {}, std::nullopt, "lone @ and # stay"},
        {"## heading", {}, std::nullopt, "## heading"},
        {"  kept  as   typed\n second line ", {}, std::nullopt, "  kept  as   typed\n second line "},
        {"meeting at 1:30 pm", {}, std::nullopt, "meeting at 1:30 pm"},
        {"@größe größer 1h", {{'@', "größe"}}, 3600, "größer"},
        {"1h 15m review 2", {}, 4500, "review 2"},
    };
    for (const auto& row : rows) {
        const typed_line line(row.text);
        EXPECT_EQ(line.codes(), row.codes) << row.text;
        EXPECT_EQ(line.duration_seconds(), row.seconds) << row.text;
        EXPECT_EQ(line.description(line.codes()), row.description) << row.text;
    }
}

TEST(TypedLine, AnUnknownCodeIsAWord) {
    const typed_line line("@acme see #12");
    EXPECT_EQ(line.description({{'@', "acme"}}), "see #12");
    EXPECT_EQ(line.description({}), "@acme see #12");
}

TEST(TypedLine, TwoDurationsAreNone) {
    const typed_line line("20 mins call, 30 mins mail");
    EXPECT_EQ(line.durations(), 2U);
    EXPECT_EQ(line.duration_seconds(), std::nullopt);
    EXPECT_EQ(line.description({}), "20 mins call, 30 mins mail");
}

TEST(TypedLine, DurationsAreWordsWhenOneIsGivenElsewhere) {
    const typed_line line("@acme 20 mins late", false);
    EXPECT_EQ(line.durations(), 0U);
    EXPECT_EQ(line.description(line.codes()), "20 mins late");
}

TEST(TypedLine, HostileTextIsTextAndNothingIsLost) {
    const std::string texts[] = {std::string(100000, '@'), std::string(100000, '9') + "h", std::string("a\0b @c\0d", 8),
                                 "\xff\xfe #\x80\x81 \xc3", std::string(5000, ' ') + "#", "\x1b[31m @\x1b[0m 20m", "@'; DROP TABLE entries; --"};
    for (const auto& text : texts) {
        const typed_line line(text);
        for (const auto& one : line.codes()) EXPECT_FALSE(one.code.empty());
        if (line.durations() == 0) {
            EXPECT_EQ(line.description({}), text);
        }
    }
}

TEST(TypedLine, DrawnTextKeepsEveryWordThatIsNoDuration) {
    std::mt19937 random(7);
    const char alphabet[] = "@#:.,0159hms \tab\n\xc3\xa4";
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        const auto length = random() % 24;
        for (unsigned c = 0; c < length; ++c) text += alphabet[random() % (sizeof alphabet - 1)];
        const typed_line line(text);
        const bool is_blank = text.find_first_not_of(" \t\n") == std::string::npos;
        if (line.durations() != 1) {
            EXPECT_EQ(line.description({}), is_blank ? "" : text);
        }
        EXPECT_LE(line.duration_seconds().value_or(0), 9999 * 3600);
        if (const auto alone = read_duration(text)) {
            EXPECT_EQ(alone, line.duration_seconds());
        }
    }
}

}  // namespace
}  // namespace mdock::sync
