// SPDX-License-Identifier: MIT
#include "tests/minutedock/row_fields.h"

#include <cstdlib>

#include "core/base/decimal.h"

namespace minutedock {
namespace {

using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::seconds;

// Dates and stamps are most of an entry's text, so their digits are put down by hand: a page has thousands of them.
void put_digits(std::string& to, int value, int digits) {
    for (int unit = digits == 4 ? 1000 : digits == 3 ? 100 : 10; unit > 0; unit /= 10)
        to += static_cast<char>('0' + value / unit % 10);
}

void put_date(std::string& to, std::chrono::sys_days day) {
    const std::chrono::year_month_day date{day};
    put_digits(to, static_cast<int>(date.year()), 4);
    to += '-';
    put_digits(to, static_cast<int>(static_cast<unsigned>(date.month())), 2);
    to += '-';
    put_digits(to, static_cast<int>(static_cast<unsigned>(date.day())), 2);
}

// "-03:00"
void put_offset(std::string& to, int zone_minutes) {
    const int size = std::abs(zone_minutes);
    to += zone_minutes < 0 ? '-' : '+';
    put_digits(to, size / 60, 2);
    to += ':';
    put_digits(to, size % 60, 2);
}

std::string stamp_text(stamp at, stamp_format form, bool with_fraction, int zone_minutes) {
    const bool is_utc = form == stamp_format::utc_z;
    const stamp shown = is_utc ? at : at + minutes{zone_minutes};
    const auto day = floor<std::chrono::days>(shown);
    const auto in_day = static_cast<int>((shown - day).count());
    std::string text;
    text.reserve(32);
    put_date(text, day);
    text += 'T';
    put_digits(text, in_day / 3'600'000, 2);
    text += ':';
    put_digits(text, in_day / 60'000 % 60, 2);
    text += ':';
    put_digits(text, in_day / 1000 % 60, 2);
    if (form == stamp_format::local_ms || with_fraction) {
        text += '.';
        put_digits(text, in_day % 1000, 3);
    }
    if (is_utc)
        text += 'Z';
    else
        put_offset(text, zone_minutes);
    return text;
}

}  // namespace

std::string offset_text(int zone_minutes) {
    std::string text;
    put_offset(text, zone_minutes);
    return text;
}

void field_writer::id_value(row_id id) {
    if (how_.ids == id_form::integer) {
        json.integer(id);
    } else {
        json.quoted(std::to_string(id));
    }
}

void field_writer::id_field(std::string_view name, row_id id) {
    json.key(name);
    id_value(id);
}

void field_writer::unset(std::string_view name, bool may_be_empty) {
    if (how_.null_style == null_form::absent) return;
    json.key(name);
    if (may_be_empty && how_.null_style == null_form::empty) {
        json.quoted("");
    } else {
        json.null();
    }
}

void field_writer::parent_field(std::string_view name, row_id id) {
    if (id != 0) {
        id_field(name, id);
    } else {
        unset(name, true);
    }
}

void field_writer::task_ids(const std::vector<row_id>& ids) {
    json.key("task_ids");
    json.begin_array();
    for (const row_id id : ids) id_value(id);
    json.end_array();
}

void field_writer::text_field(std::string_view name, const std::optional<std::string>& text) {
    if (!text) {
        unset(name, false);
        return;
    }
    json.key(name);
    json.string(*text);
}

void field_writer::money_field(std::string_view name, std::optional<std::int64_t> cents) {
    if (!cents) {
        unset(name, true);
        return;
    }
    json.key(name);
    if (how_.money == money_form::text) {
        json.quoted(mdock::format_cents(*cents));
    } else {
        json.raw(mdock::format_cents(*cents));
    }
}

void field_writer::real_field(std::string_view name, std::optional<double> value) {
    if (!value) {
        unset(name, false);
        return;
    }
    json.key(name);
    json.real(*value);
}

void field_writer::date_field(std::string_view name, std::optional<std::chrono::sys_days> day) {
    if (!day) {
        unset(name, true);
        return;
    }
    std::string text;
    put_date(text, *day);
    json.key(name);
    json.quoted(text);
}

void field_writer::stamp_field(std::string_view name, std::optional<stamp> at, bool is_update) {
    if (!at) {
        unset(name, true);
        return;
    }
    const bool reply_is_finer = is_reply_ && is_update && how_.write_reply_stamp == reply_stamp::ms;
    const bool fine = how_.ts_precision_store == stored_precision::ms || reply_is_finer;
    const stamp shown = fine ? *at : stamp{floor<seconds>(*at)};
    json.key(name);
    json.quoted(stamp_text(shown, how_.ts_format, fine, zone_minutes_));
}

void field_writer::local_midnight_field(std::string_view name, std::optional<std::chrono::sys_days> day) {
    if (!day) {
        unset(name, true);
        return;
    }
    std::string text;
    text.reserve(32);
    put_date(text, *day);
    text += "T00:00:00";
    put_offset(text, zone_minutes_);
    json.key(name);
    json.quoted(text);
}

void field_writer::flag_field(std::string_view name, bool value) {
    json.key(name);
    json.boolean(value);
}

void field_writer::plain_field(std::string_view name, std::string_view text) {
    json.key(name);
    json.quoted(text);
}

}  // namespace minutedock
