// SPDX-License-Identifier: MIT
// HTTP dates in the three forms of RFC 9110: the cursor of every sync comes out of one (T01).
#include <gtest/gtest.h>

#include "core/base/time.h"

namespace mdock {
namespace {

std::string read(std::string_view text) {
    const auto at = parse_http_date(text);
    return at ? format_rfc3339(*at) : "";
}

TEST(HttpDates, AllThreeFormsAreRead) {
    for (const auto* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
        EXPECT_EQ(read(text), "1994-11-06T08:49:37Z") << text;
    EXPECT_EQ(read("Wed Nov 16 08:49:37 1994"), "1994-11-16T08:49:37Z");
    EXPECT_EQ(read("Thu, 29 Feb 2024 00:00:00 GMT"), "2024-02-29T00:00:00Z");
    EXPECT_EQ(read("Sat, 31 Dec 2016 23:59:60 GMT"), "2017-01-01T00:00:00Z");
}

TEST(HttpDates, TwoDigitYearsArePutIntoTheRightCentury) {
    EXPECT_EQ(read("Saturday, 20-Jan-24 08:49:37 GMT"), "2024-01-20T08:49:37Z");
    EXPECT_EQ(read("Thursday, 01-Jan-70 00:00:00 GMT"), "1970-01-01T00:00:00Z");
    EXPECT_EQ(read("Tuesday, 31-Dec-69 00:00:00 GMT"), "2069-12-31T00:00:00Z");
}

TEST(HttpDates, EveryMonthHasItsNumber) {
    const char* names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (unsigned m = 1; m <= 12; ++m) {
        const auto day = std::chrono::sys_days{std::chrono::year{2024} / std::chrono::month{m} / 5};
        EXPECT_EQ(parse_http_date(std::string("Mon, 05 ") + names[m - 1] + " 2024 01:02:03 GMT"),
                  utc_seconds{day} + std::chrono::seconds{3723});
    }
}

TEST(HttpDates, AnythingElseIsRefused) {
    for (const auto* text :
         {"", "0", "2024-01-20T15:45:00Z", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37 GMT ",
          "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 1994 24:00:00 GMT", "Sun 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
          "Sun Nov  6 08:49:37 94", "Sun Nov  6 08:49:37 1994 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "garbage"})
        EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace mdock
