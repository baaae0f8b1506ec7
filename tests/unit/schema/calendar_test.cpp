// SPDX-License-Identifier: MIT
// dim_date against a calendar computed without SQLite and without its formula: weeks are counted day by day from
// Monday 2009-12-28, the first day of 2009-W53.
#include <gtest/gtest.h>

#include <chrono>

#include "schema/embedded.h"
#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {
namespace {

using namespace std::chrono;

std::string text(sys_days day) {
    const year_month_day d(day);
    char out[32];
    std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(d.year()), static_cast<unsigned>(d.month()),
                  static_cast<unsigned>(d.day()));
    return out;
}

// A week belongs to the year that has most of its days.
int year_of_week(sys_days monday) {
    int days_in_first = 0;
    const int first = static_cast<int>(year_month_day(monday).year());
    for (int i = 0; i < 7; ++i)
        days_in_first += static_cast<int>(year_month_day(monday + days(i)).year()) == first ? 1 : 0;
    return days_in_first >= 4 ? first : first + 1;
}

TEST(DimDate, IsTheCalendarFrom2010OnWithIsoWeeks) {
    mirror_file file;
    std::vector<row> wanted;
    int iso_year = 2009;
    int week = 53;
    sys_days monday = 2009y / December / 28;
    for (sys_days day = 2010y / January / 1; day <= sys_days(2031y / December / 31); day += days(1)) {
        if (day - monday == days(7)) {
            monday = day;
            week = year_of_week(monday) == iso_year ? week + 1 : 1;
            iso_year = year_of_week(monday);
        }
        const year_month_day d(day);
        const unsigned month = static_cast<unsigned>(d.month());
        const auto weekday = (day - monday).count() + 1;
        wanted.push_back({text(day), std::to_string(static_cast<int>(d.year())), std::to_string((month - 1) / 3 + 1),
                          std::to_string(month), text(d.year() / d.month() / 1), text(monday), std::to_string(iso_year),
                          std::to_string(week), std::to_string(weekday), weekday > 5 ? "1" : "0"});
    }
    EXPECT_EQ(
        file.rows(
            "SELECT date_key, year, quarter, month, month_start, week_start, iso_year, iso_week, weekday, is_weekend "
            "FROM dim_date ORDER BY date_key"),
        wanted);
}

TEST(DimDate, KnowsTheYearEndsThatAreOftenWrong) {
    mirror_file file;
    const auto iso = [&](const std::string& day) {
        return file.cell("SELECT iso_year || '-W' || iso_week FROM dim_date WHERE date_key = '" + day + "'");
    };
    EXPECT_EQ(iso("2021-01-03"), "2020-W53");
    EXPECT_EQ(iso("2021-01-04"), "2021-W1");
    EXPECT_EQ(iso("2024-12-30"), "2025-W1");
    EXPECT_EQ(iso("2010-01-01"), "2009-W53");
    EXPECT_EQ(iso("2018-12-31"), "2019-W1");
    EXPECT_EQ(iso("2026-12-31"), "2026-W53");
}

TEST(DimDate, GrowsAndNeverShrinksOrDoubles) {
    mirror_file file;
    const auto fill = [&](const std::string& last) {
        SQLite::Statement statement(file.db(), std::string(schema::dates()));
        statement.bind(":last_day", last);
        statement.exec();
        return file.rows("SELECT count(*), max(date_key) FROM dim_date").front();
    };
    EXPECT_EQ(fill("2031-12-31"), (row{"8035", "2031-12-31"}));
    EXPECT_EQ(fill("2020-01-01"), (row{"8035", "2031-12-31"}));
    EXPECT_EQ(fill("2032-01-02"), (row{"8037", "2032-01-02"}));
}

}  // namespace
}  // namespace mdock::schema_test
