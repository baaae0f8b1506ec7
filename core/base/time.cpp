// SPDX-License-Identifier: MIT
#include "core/base/time.h"

#include <array>
#include <string>

namespace mdock {
namespace {

using namespace std::chrono;

// Reads exactly `digits` decimal digits from the front of `text` and takes them off.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const char c = text[i];
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<sys_days> take_day(std::string_view& text) {
    const auto y = take_number(text, 4);
    if (!y || !take(text, '-')) return std::nullopt;
    const auto m = take_number(text, 2);
    if (!m || !take(text, '-')) return std::nullopt;
    const auto d = take_number(text, 2);
    if (!d) return std::nullopt;
    const year_month_day day{year{*y}, month{static_cast<unsigned>(*m)}, std::chrono::day{static_cast<unsigned>(*d)}};
    if (*y == 0 || !day.ok()) return std::nullopt;
    return sys_days{day};
}

// "hh:mm:ss"; a leap second (:60) counts on into the next minute (T07).
std::optional<seconds> take_clock(std::string_view& text) {
    const auto h = take_number(text, 2);
    if (!h || *h > 23 || !take(text, ':')) return std::nullopt;
    const auto m = take_number(text, 2);
    if (!m || *m > 59 || !take(text, ':')) return std::nullopt;
    const auto s = take_number(text, 2);
    if (!s || *s > 60) return std::nullopt;
    return hours{*h} + minutes{*m} + seconds{*s};
}

void drop_fraction(std::string_view& text) {
    if (text.size() < 2 || (text[0] != '.' && text[0] != ',') || text[1] < '0' || text[1] > '9') return;
    text.remove_prefix(1);
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') text.remove_prefix(1);
}

std::optional<seconds> take_zone(std::string_view& text) {
    if (take(text, 'Z') || take(text, 'z')) return seconds{0};
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const auto h = take_number(text, 2);
    if (!h || *h > 23) return std::nullopt;
    take(text, ':');
    const auto m = take_number(text, 2);
    if (!m || *m > 59) return std::nullopt;
    return sign * (hours{*h} + minutes{*m});
}

constexpr utc_seconds first_instant = sys_days{year{1} / 1 / 1};
constexpr utc_seconds end_of_years = sys_days{year{10000} / 1 / 1};

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<unsigned> take_month_name(std::string_view& text) {
    for (unsigned i = 0; i < month_names.size(); ++i)
        if (text.starts_with(month_names[i])) {
            text.remove_prefix(3);
            return i + 1;
        }
    return std::nullopt;
}

std::optional<utc_seconds> instant_of(int y, unsigned m, int d, seconds clock) {
    const year_month_day day{year{y}, month{m}, std::chrono::day{static_cast<unsigned>(d)}};
    if (!day.ok()) return std::nullopt;
    return utc_seconds{sys_days{day}} + clock;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<utc_seconds> parse_imf_fixdate(std::string_view text) {
    if (text.size() < 5 || text.substr(3, 2) != ", ") return std::nullopt;
    text.remove_prefix(5);
    const auto d = take_number(text, 2);
    if (!d || !take(text, ' ')) return std::nullopt;
    const auto m = take_month_name(text);
    if (!m || !take(text, ' ')) return std::nullopt;
    const auto y = take_number(text, 4);
    if (!y || !take(text, ' ')) return std::nullopt;
    const auto clock = take_clock(text);
    if (!clock || text != " GMT") return std::nullopt;
    return instant_of(*y, *m, *d, *clock);
}

// "Sunday, 06-Nov-94 08:49:37 GMT"
std::optional<utc_seconds> parse_rfc850(std::string_view text) {
    const auto comma = text.find(", ");
    if (comma == std::string_view::npos) return std::nullopt;
    text.remove_prefix(comma + 2);
    const auto d = take_number(text, 2);
    if (!d || !take(text, '-')) return std::nullopt;
    const auto m = take_month_name(text);
    if (!m || !take(text, '-')) return std::nullopt;
    const auto y = take_number(text, 2);
    if (!y || !take(text, ' ')) return std::nullopt;
    const auto clock = take_clock(text);
    if (!clock || text != " GMT") return std::nullopt;
    return instant_of(*y < 70 ? 2000 + *y : 1900 + *y, *m, *d, *clock);
}

// "Sun Nov  6 08:49:37 1994"
std::optional<utc_seconds> parse_asctime(std::string_view text) {
    if (text.size() < 4 || text[3] != ' ') return std::nullopt;
    text.remove_prefix(4);
    const auto m = take_month_name(text);
    if (!m || !take(text, ' ')) return std::nullopt;
    const bool one_digit = take(text, ' ');
    const auto d = take_number(text, one_digit ? 1 : 2);
    if (!d || !take(text, ' ')) return std::nullopt;
    const auto clock = take_clock(text);
    if (!clock || !take(text, ' ')) return std::nullopt;
    const auto y = take_number(text, 4);
    if (!y || !text.empty()) return std::nullopt;
    return instant_of(*y, *m, *d, *clock);
}

// Written by hand: a store writes tens of these a second for every row it compares, and printf is ten times as slow.
void put(std::string& text, long value, int digits) {
    const auto from = text.size();
    text.append(static_cast<std::size_t>(digits), '0');
    for (auto at = from + static_cast<std::size_t>(digits); at > from && value > 0; value /= 10)
        text[--at] = static_cast<char>('0' + value % 10);
}

void put_day(std::string& text, std::chrono::sys_days day) {
    const year_month_day date{day};
    const int year = static_cast<int>(date.year());
    if (year < 0 || year > 9999) text += std::to_string(year);
    else put(text, year, 4);
    text += '-';
    put(text, static_cast<long>(static_cast<unsigned>(date.month())), 2);
    text += '-';
    put(text, static_cast<long>(static_cast<unsigned>(date.day())), 2);
}

std::string format(utc_seconds at, char between) {
    const auto day = floor<days>(at);
    const hh_mm_ss clock{at - day};
    std::string text;
    text.reserve(24);
    put_day(text, day);
    text += between;
    put(text, clock.hours().count(), 2);
    text += ':';
    put(text, clock.minutes().count(), 2);
    text += ':';
    put(text, clock.seconds().count(), 2);
    return text;
}

}  // namespace

std::optional<utc_seconds> parse_timestamp(std::string_view text) {
    const auto day = take_day(text);
    if (!day || !(take(text, 'T') || take(text, 't') || take(text, ' '))) return std::nullopt;
    const auto clock = take_clock(text);
    if (!clock) return std::nullopt;
    drop_fraction(text);
    take(text, ' ');
    const auto zone = take_zone(text);
    if (!zone || !text.empty()) return std::nullopt;
    const utc_seconds at = utc_seconds{*day} + *clock - *zone;
    // An offset at the edge of the calendar may lead out of the years that the database can write (T07).
    if (at < first_instant || at >= end_of_years) return std::nullopt;
    return at;
}

std::optional<std::chrono::sys_days> parse_date(std::string_view text) {
    const auto day = take_day(text);
    if (!day || !text.empty()) return std::nullopt;
    return day;
}

std::optional<utc_seconds> parse_http_date(std::string_view text) {
    if (const auto at = parse_imf_fixdate(text)) return at;
    if (const auto at = parse_rfc850(text)) return at;
    return parse_asctime(text);
}

std::string format_date(std::chrono::sys_days day) {
    std::string text;
    put_day(text, day);
    return text;
}

std::string format_timestamp(utc_seconds at) { return format(at, ' '); }

std::string format_rfc3339(utc_seconds at) { return format(at, 'T') + 'Z'; }

std::optional<utc_seconds> parse_database_timestamp(std::string_view text) {
    const auto day = take_day(text);
    if (!day || !take(text, ' ')) return std::nullopt;
    const auto clock = take_clock(text);
    if (!clock || !text.empty()) return std::nullopt;
    return utc_seconds{*day} + *clock;
}

}  // namespace mdock
