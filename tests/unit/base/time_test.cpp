// SPDX-License-Identifier: MIT
// Instants and days as MinuteDock sends them: every form it is known to use, nothing that would have to be guessed.
#include "core/base/time.h"

#include <gtest/gtest.h>

#include <random>
#include <span>

namespace mdock {
namespace {

using namespace std::chrono;

struct reading {
    std::string_view text;
    std::string_view utc;    // as the database keeps it; empty: refused
};

void expect_readings(std::span<const reading> table) {
    for (const auto& [text, utc] : table) {
        const auto at = parse_timestamp(text);
        EXPECT_EQ(at ? format_timestamp(*at) : "", utc) << text;
    }
}

TEST(Timestamps, T05_OffsetsAndZoneFormsAreOneInstant) {
    const reading table[] = {
        {"2024-01-20T15:45:00Z", "2024-01-20 15:45:00"},
        {"2024-01-20t15:45:00z", "2024-01-20 15:45:00"},
        {"2024-01-20 15:45:00Z", "2024-01-20 15:45:00"},
        {"2024-01-20 15:45:00 +0000", "2024-01-20 15:45:00"},
        {"2024-01-20T14:30:00-05:00", "2024-01-20 19:30:00"},
        {"2024-01-20T14:30:00-0500", "2024-01-20 19:30:00"},
        {"2024-01-20T14:30:00+05:45", "2024-01-20 08:45:00"},
        {"2024-01-20T14:30:00-00:00", "2024-01-20 14:30:00"},
        {"2024-01-20T14:30:00+00:00", "2024-01-20 14:30:00"},
        {"2024-01-20T00:30:00+14:00", "2024-01-19 10:30:00"},
        {"2023-12-31T23:30:00-01:00", "2024-01-01 00:30:00"},
        {"2024-01-01T00:30:00+01:00", "2023-12-31 23:30:00"},
        {"2024-03-01T00:00:00+00:01", "2024-02-29 23:59:00"},
        {"1969-12-31T23:59:59Z", "1969-12-31 23:59:59"},
    };
    expect_readings(table);
}

TEST(Timestamps, T10_FractionsOfAnyLengthAreCutAndNeverRounded) {
    std::string nines;
    for (int digits = 1; digits <= 9; ++digits) {
        nines += '9';
        const auto at = parse_timestamp("2016-10-02T12:22:53." + nines + "-02:00");
        ASSERT_TRUE(at) << nines;
        EXPECT_EQ(format_timestamp(*at), "2016-10-02 14:22:53") << nines;
    }
    EXPECT_EQ(parse_timestamp("2016-10-02T12:22:53.921Z"), parse_timestamp("2016-10-02T12:22:53.000Z"));
    EXPECT_EQ(parse_timestamp("2016-10-02T12:22:53,921Z"), parse_timestamp("2016-10-02T12:22:53Z"));
    // Before 1970 too, where rounding towards zero would go up.
    EXPECT_EQ(format_timestamp(parse_timestamp("1960-01-01T00:00:00.999Z").value()), "1960-01-01 00:00:00");
}

TEST(Timestamps, T07_LeapSecondsLeapDaysAndFarYearsAreReadByRule) {
    const reading table[] = {
        {"2016-12-31T23:59:60Z", "2017-01-01 00:00:00"},
        {"2016-12-31T23:59:60.5Z", "2017-01-01 00:00:00"},
        {"2024-02-29T12:00:00Z", "2024-02-29 12:00:00"},
        {"2000-02-29T00:00:00Z", "2000-02-29 00:00:00"},
        {"2023-02-29T12:00:00Z", ""},
        {"1900-02-29T12:00:00Z", ""},
        {"2024-02-30T12:00:00Z", ""},
        {"0001-01-01T00:00:00Z", "0001-01-01 00:00:00"},
        {"9999-12-31T23:59:59Z", "9999-12-31 23:59:59"},
        {"0000-01-01T00:00:00Z", ""},
        {"", ""},
        // In UTC these lie in years that neither SQLite nor format_timestamp can write.
        {"9999-12-31T23:59:60Z", ""},
        {"9999-12-31T23:30:00-01:00", ""},
        {"0001-01-01T00:30:00+01:00", ""},
    };
    expect_readings(table);
}

TEST(Timestamps, OtherTextIsRefused) {
    const std::string_view refused[] = {
        "2024-01-20",
        "2024-01-20T15:45:00",
        "2024-01-20T15:45Z",
        "2024-01-20T15:45:00.Z",
        "2024-01-20T15:45:00.5",
        "2024-01-20T15:45:00+05",
        "2024-01-20T15:45:00+5:00",
        "2024-01-20T15:45:00+24:00",
        "2024-01-20T15:45:00+05:60",
        "2024-01-20T15:45:00+05:000",
        "2024-01-20T15:45:00ZZ",
        "2024-01-20T15:45:00 UTC",
        "2024-01-20T24:00:00Z",
        "2024-01-20T15:60:00Z",
        "2024-01-20T15:45:61Z",
        "2024-13-20T15:45:00Z",
        "2024-00-20T15:45:00Z",
        "2024-01-00T15:45:00Z",
        "2024-01-32T15:45:00Z",
        "2024-1-20T15:45:00Z",
        "+2024-01-20T15:45:00Z",
        "-024-01-20T15:45:00Z",
        "20240120T154500Z",
        "2024-01-20X15:45:00Z",
        " 2024-01-20T15:45:00Z",
        "2024-01-20T15:45:00Z ",
        "2024-01-20T15:45:00Z\n",
        "2024-01-20T1５:45:00Z",
        "1705765500",
        "now",
    };
    for (const auto text : refused) EXPECT_FALSE(parse_timestamp(text)) << text;
    EXPECT_FALSE(parse_timestamp(std::string_view("2024-01-20T15:45:00Z\0", 21)));
}

TEST(Dates, OnlyDaysThatExistInOneForm) {
    for (const auto* text : {"2024-01-20", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "1900-01-01", "2199-12-31"}) {
        const auto day = parse_date(text);
        ASSERT_TRUE(day) << text;
        EXPECT_EQ(format_date(*day), text);
    }
    for (const auto* text : {"", "2024-1-20", "2024-01-2", "20240120", "2024-01-20T00:00:00Z", "2024-01-20 ", " 2024-01-20",
                             "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-01", "2024-01-00", "0000-01-01",
                             "10000-01-01", "01/20/2024", "20.01.2024", "-001-01-01", "2024-01-+1"})
        EXPECT_FALSE(parse_date(text)) << text;
}

TEST(Timestamps, EveryInstantOfFourDigitYearsComesBack) {
    const auto first = utc_seconds{sys_days{year{1} / 1 / 1}}.time_since_epoch().count();
    const auto last = utc_seconds{sys_days{year{9999} / 12 / 31}}.time_since_epoch().count() + 86399;
    for (const unsigned seed : {1U, 2U, 3U}) {
        std::mt19937_64 random(seed);
        std::uniform_int_distribution<long long> any(first, last);
        for (int i = 0; i < 5000; ++i) {
            const utc_seconds at{seconds{any(random)}};
            ASSERT_EQ(parse_timestamp(format_rfc3339(at)), at) << format_rfc3339(at);
            ASSERT_EQ(parse_database_timestamp(format_timestamp(at)), at);
            ASSERT_EQ(parse_date(format_date(floor<days>(at))), floor<days>(at));
            ASSERT_EQ(format_rfc3339(at).size(), 20U);
        }
    }
}

TEST(Timestamps, EveryOffsetShiftsBackToTheSameInstant) {
    std::mt19937_64 random(7);
    std::uniform_int_distribution<long long> any(-2'000'000'000LL, 4'000'000'000LL);
    std::uniform_int_distribution<int> offset(-14 * 60, 14 * 60);
    for (int i = 0; i < 5000; ++i) {
        const utc_seconds at{seconds{any(random)}};
        const int shift = offset(random);
        std::string text = format_rfc3339(at + minutes{shift});
        text.pop_back();
        const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
        text += (shift < 0 ? "-" : "+") + two(std::abs(shift) / 60) + (i % 2 == 0 ? ":" : "") + two(std::abs(shift) % 60);
        ASSERT_EQ(parse_timestamp(text), at) << text;
    }
}

TEST(Timestamps, TheDatabasesFormIsReadStrictly) {
    EXPECT_TRUE(parse_database_timestamp("2024-01-20 15:45:00"));
    for (const auto* text : {"", "2024-01-20T15:45:00", "2024-01-20 15:45:00Z", "2024-01-20 15:45:00.5", "2024-01-20 15:45", "2024-01-20"})
        EXPECT_FALSE(parse_database_timestamp(text)) << text;
}

}  // namespace
}  // namespace mdock
