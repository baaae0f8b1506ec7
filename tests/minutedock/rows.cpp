// SPDX-License-Identifier: MIT
#include "tests/minutedock/rows.h"

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

std::string offset_text(int zone_minutes) {
    std::string text;
    put_offset(text, zone_minutes);
    return text;
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
    if (is_utc) text += 'Z';
    else put_offset(text, zone_minutes);
    return text;
}

}  // namespace

std::string hours_text(std::int64_t seconds_in) {
    std::string text = mdock::format_cents((seconds_in * 100 + 1800) / 3600);
    if (text.ends_with('0')) text.pop_back();
    return text;
}

void row_writer::id_value(row_id id) {
    if (how_.ids == id_form::integer) {
        json.integer(id);
    } else {
        json.quoted(std::to_string(id));
    }
}

void row_writer::id_field(std::string_view name, row_id id) {
    json.key(name);
    id_value(id);
}

bool row_writer::unset(std::string_view name, bool may_be_empty) {
    if (how_.null_style == null_form::absent) return false;
    json.key(name);
    if (may_be_empty && how_.null_style == null_form::empty) {
        json.quoted("");
    } else {
        json.null();
    }
    return true;
}

void row_writer::parent_field(std::string_view name, row_id id) {
    if (id != 0) {
        id_field(name, id);
    } else {
        unset(name, true);
    }
}

void row_writer::task_ids(const std::vector<row_id>& ids) {
    json.key("task_ids");
    json.begin_array();
    for (const row_id id : ids) id_value(id);
    json.end_array();
}

void row_writer::text_field(std::string_view name, const std::optional<std::string>& text) {
    if (!text) {
        unset(name, false);
        return;
    }
    json.key(name);
    json.string(*text);
}

void row_writer::money_field(std::string_view name, std::optional<std::int64_t> cents) {
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

void row_writer::real_field(std::string_view name, std::optional<double> value) {
    if (!value) {
        unset(name, false);
        return;
    }
    json.key(name);
    json.real(*value);
}

void row_writer::date_field(std::string_view name, std::optional<std::chrono::sys_days> day) {
    if (!day) {
        unset(name, true);
        return;
    }
    std::string text;
    put_date(text, *day);
    json.key(name);
    json.quoted(text);
}

void row_writer::stamp_field(std::string_view name, std::optional<stamp> at, bool is_update) {
    if (!at) {
        unset(name, true);
        return;
    }
    const bool reply_is_finer = is_reply_ && is_update && how_.write_reply_stamp == reply_stamp::ms;
    const bool fine = how_.ts_precision_store == stored_precision::ms || reply_is_finer;
    const stamp shown = fine ? *at : stamp{floor<seconds>(*at)};
    json.key(name);
    json.quoted(stamp_text(shown, how_.ts_format, fine, account_.zone_minutes));
}

void row_writer::local_midnight_field(std::string_view name, std::optional<std::chrono::sys_days> day) {
    if (!day) {
        unset(name, true);
        return;
    }
    std::string text;
    text.reserve(32);
    put_date(text, *day);
    text += "T00:00:00";
    put_offset(text, account_.zone_minutes);
    json.key(name);
    json.quoted(text);
}

void row_writer::account(const state& what) {
    json.begin_object();
    id_field("id", what.account_id);
    json.key("name");
    json.string(what.account_name);
    json.end_object();
}

void row_writer::user_row(const user& what) {
    json.begin_object();
    id_field("user_account_id", what.id);
    json.key("archived");
    json.boolean(what.archived);
    text_field("email", what.email);
    text_field("first_name", what.first_name);
    text_field("last_name", what.last_name);
    money_field("billing_rate", who_.sees_all_rates() ? what.rate_cents : std::nullopt);
    id_field("id", what.legacy_id);
    id_field("account_id", account_.account_id);
    json.key("time_zone_id");
    json.quoted("Etc/UTC");
    json.key("time_zone_offset");
    json.quoted(offset_text(account_.zone_minutes));
    text_field("push_channel_token", std::nullopt);
    if (how_.unknown_fields) text_field("avatar_url", "https://images.example.com/" + std::to_string(what.id));
    json.end_object();
}

void row_writer::me(const user& what) {
    if (how_.me_user_account_id) {
        user_row(what);
        return;
    }
    json.begin_object();
    id_field("id", what.legacy_id);
    text_field("email", what.email);
    text_field("first_name", what.first_name);
    text_field("last_name", what.last_name);
    money_field("billing_rate", who_.sees_all_rates() ? what.rate_cents : std::nullopt);
    json.end_object();
}

void row_writer::common_fields(const contact& what, bool sees_rate, bool is_short) {
    json.key("name");
    json.string(what.name);
    text_field("short_code", what.short_code);
    json.key("active");
    json.boolean(what.active);
    json.key("pinned");
    json.boolean(what.pinned);
    money_field("default_rate_dollars", sees_rate ? what.rate_cents : std::nullopt);
    if (is_short) return;
    text_field("budget_type", what.budget_type);
    text_field("budget_frequency", what.budget_frequency);
    real_field("budget_target", what.budget_target);
    real_field("budget_progress", what.budget_progress);
    json.key("billable");
    json.boolean(what.billable);
    if (!how_.unknown_fields) return;
    json.key("hidden");
    json.boolean(!what.active);
}

void row_writer::contact_row(const contact& what, bool is_short) {
    json.begin_object();
    id_field("id", what.id);
    common_fields(what, who_.sees_contact_rates(), is_short);
    json.end_object();
}

void row_writer::project_row(const project& what, bool is_short) {
    json.begin_object();
    id_field("id", what.id);
    id_field("contact_id", what.contact_id);
    common_fields(what, who_.sees_project_rates(), is_short);
    json.end_object();
}

void row_writer::task_row(const task& what) {
    json.begin_object();
    id_field("id", what.id);
    json.key("name");
    json.string(what.name);
    json.key("pinned");
    json.boolean(what.pinned);
    money_field("default_rate_dollars", who_.sees_project_rates() ? what.rate_cents : std::nullopt);
    json.key("entries_count");
    json.integer(account_.entries.uses_of_task(what.id));
    if (how_.unknown_fields) text_field("short_code", what.short_code);
    json.end_object();
}

void row_writer::item_row(const item& what) {
    json.begin_object();
    id_field("id", what.id);
    json.key("name");
    json.string(what.name);
    text_field("description", what.description);
    if (what.rate_cents && who_.sees_all_rates()) {
        json.key("default_rate_cents");
        json.integer(*what.rate_cents);
    } else {
        unset("default_rate_cents", false);
    }
    json.end_object();
}

void row_writer::content_fields(const std::vector<row_id>& tasks, const std::optional<std::string>& text,
                                std::int64_t duration) {
    task_ids(tasks);
    text_field("description", text);
    json.key("duration");
    json.integer(duration);
    json.key("duration_hours");
    json.quoted(hours_text(duration));
    id_field("account_id", account_.account_id);
}

void row_writer::entry_row(const entry& what) {
    const auto rate = who_.sees_all_rates() ? billing_rate(account_, what) : std::nullopt;
    const auto author = account_.users.find(what.user);
    json.begin_object();
    id_field("id", what.id);
    id_field("user_account_id", what.user);
    parent_field("contact_id", what.contact);
    parent_field("project_id", what.project);
    content_fields(what.tasks, what.description, what.duration);
    parent_field("user_id", author == account_.users.end() ? 0 : author->second.legacy_id);
    date_field("date", what.date);
    parent_field("invoice_id", what.invoice);
    money_field("billing_rate", rate);
    stamp_field("updated_at", what.updated_at, true);
    local_midnight_field("logged_at", what.date);
    json.key("logged");
    json.boolean(true);
    money_field("rate", rate);
    if (how_.unknown_fields) {
        date_field("log_at", std::nullopt);
        json.key("timer_active");
        json.boolean(false);
    }
    json.end_object();
}

void row_writer::docked_entry_row(const dock& what, row_id user, mdock::utc_seconds now) {
    json.begin_object();
    id_field("id", what.entry_id);
    id_field("user_account_id", user);
    parent_field("contact_id", what.contact);
    parent_field("project_id", what.project);
    content_fields(what.tasks, what.description, what.duration(now));
    id_field("user_id", account_.users.at(user).legacy_id);
    date_field("date", std::nullopt);
    parent_field("invoice_id", 0);
    money_field("billing_rate", std::nullopt);
    stamp_field("updated_at", stamp{now}, true);
    local_midnight_field("logged_at", std::nullopt);
    json.key("logged");
    json.boolean(false);
    json.key("timer_active");
    json.boolean(what.running_since.has_value());
    json.end_object();
}

void row_writer::dock_row(const dock& what, row_id user, mdock::utc_seconds now) {
    json.begin_object();
    if (how_.dock_has_id && what.entry_id != 0) {
        id_field("id", what.entry_id);
    } else {
        unset("id", false);
    }
    id_field("user_account_id", user);
    parent_field("contact_id", what.contact);
    parent_field("project_id", what.project);
    content_fields(what.tasks, what.description, what.duration(now));
    id_field("user_id", account_.users.at(user).legacy_id);
    unset("invoice_id", false);
    unset("rate", false);
    json.key("timer_active");
    json.boolean(what.running_since.has_value());
    json.key("logged");
    json.boolean(false);
    json.key("date");
    json.quoted("");
    text_field("version_id", what.version_id);
    text_field("version_client_id", what.version_client_id);
    json.key("version_number");
    json.integer(what.version_number);
    json.end_object();
}

void row_writer::expense_row(const expense& what) {
    json.begin_object();
    id_field("id", what.id);
    json.key("description");
    json.string(what.description);
    json.key("quantity");
    json.real(static_cast<double>(what.quantity_hundredths) / 100);
    json.key("unit_amount");
    json.quoted(what.unit_amount);
    money_field("amount", what.amount_cents);
    json.key("currency");
    json.quoted(what.currency);
    date_field("date", what.date);
    parent_field("contact_id", what.contact);
    parent_field("project_id", what.project);
    id_field("user_account_id", what.user);
    parent_field("invoice_id", what.invoice);
    json.key("manually_invoiced");
    json.boolean(what.manually_invoiced);
    json.key("written_off");
    json.boolean(what.written_off);
    if (const auto found = account_.items.find(what.item); found != account_.items.end()) {
        json.key("item");
        item_row(found->second);
    } else {
        unset("item", false);
    }
    stamp_field("created_at", what.created_at);
    stamp_field("updated_at", what.updated_at, true);
    json.end_object();
}

void row_writer::line_row(const invoice_line& what) {
    json.begin_object();
    id_field("id", what.id);
    json.key("description");
    json.string(what.description);
    json.key("quantity");
    json.quoted(what.quantity);
    json.key("unit_amount");
    json.quoted(what.unit_amount);
    money_field("subtotal", what.subtotal_cents);
    money_field("tax", what.tax_cents);
    money_field("total", what.total_cents);
    json.key("position");
    json.integer(what.position);
    json.end_object();
}

void row_writer::invoice_row(const invoice& what, bool with_lines) {
    json.begin_object();
    id_field("id", what.id);
    json.key("contact_id");
    json.integer(what.contact);
    text_field("number", what.number);
    text_field("reference", what.reference);
    json.key("status");
    json.quoted(what.status);
    stamp_field("sent_at", what.sent_at);
    json.key("archived");
    json.boolean(what.archived);
    date_field("date", what.date);
    date_field("due_date", what.due_date);
    json.key("currency");
    json.quoted(what.currency);
    money_field("subtotal", what.subtotal_cents);
    money_field("tax", what.tax_cents);
    money_field("total", what.total_cents);
    if (what.delivery_service.empty()) {
        unset("delivery", false);
    } else {
        json.key("delivery");
        json.begin_object();
        json.key("service");
        json.quoted(what.delivery_service);
        json.key("id");
        json.quoted(what.delivery_ref);
        json.end_object();
    }
    stamp_field("created_at", what.created_at);
    stamp_field("updated_at", what.updated_at, true);
    if (with_lines) {
        json.key("line_items");
        json.begin_array();
        for (const invoice_line& line : what.lines) line_row(line);
        json.end_array();
    }
    json.end_object();
}

void row_writer::deleted(row_id id) {
    json.begin_object();
    id_field("id", id);
    json.key("status");
    json.quoted("deleted");
    json.end_object();
}

}  // namespace minutedock
