// SPDX-License-Identifier: MIT
#include "tests/minutedock/rows.h"

#include "core/base/decimal.h"

namespace minutedock {

std::string hours_text(std::int64_t seconds_in) {
    std::string text = mdock::format_cents((seconds_in * 100 + 1800) / 3600);
    if (text.ends_with('0')) text.pop_back();
    return text;
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
    flag_field("archived", what.archived);
    text_field("email", what.email);
    text_field("first_name", what.first_name);
    text_field("last_name", what.last_name);
    money_field("billing_rate", who_.sees_all_rates() ? what.rate_cents : std::nullopt);
    id_field("id", what.legacy_id);
    id_field("account_id", account_.account_id);
    plain_field("time_zone_id", "Etc/UTC");
    plain_field("time_zone_offset", offset_text(account_.zone_minutes));
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
    flag_field("active", what.active);
    flag_field("pinned", what.pinned);
    money_field("default_rate_dollars", sees_rate ? what.rate_cents : std::nullopt);
    if (is_short) return;
    text_field("budget_type", what.budget_type);
    text_field("budget_frequency", what.budget_frequency);
    real_field("budget_target", what.budget_target);
    real_field("budget_progress", what.budget_progress);
    flag_field("billable", what.billable);
    if (!how_.unknown_fields) return;
    flag_field("hidden", !what.active);
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
    flag_field("pinned", what.pinned);
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
    plain_field("duration_hours", hours_text(duration));
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
    flag_field("logged", true);
    money_field("rate", rate);
    if (how_.unknown_fields) {
        date_field("log_at", std::nullopt);
        flag_field("timer_active", false);
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
    flag_field("logged", false);
    flag_field("timer_active", what.running_since.has_value());
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
    flag_field("timer_active", what.running_since.has_value());
    flag_field("logged", false);
    plain_field("date", "");
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
    plain_field("unit_amount", what.unit_amount);
    money_field("amount", what.amount_cents);
    plain_field("currency", what.currency);
    date_field("date", what.date);
    parent_field("contact_id", what.contact);
    parent_field("project_id", what.project);
    id_field("user_account_id", what.user);
    parent_field("invoice_id", what.invoice);
    flag_field("manually_invoiced", what.manually_invoiced);
    flag_field("written_off", what.written_off);
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

void row_writer::delivery_field(const invoice& what) {
    if (what.delivery_service.empty()) return unset("delivery", false);
    json.key("delivery");
    json.begin_object();
    plain_field("service", what.delivery_service);
    plain_field("id", what.delivery_ref);
    json.end_object();
}

void row_writer::line_row(const invoice_line& what) {
    json.begin_object();
    id_field("id", what.id);
    json.key("description");
    json.string(what.description);
    plain_field("quantity", what.quantity);
    plain_field("unit_amount", what.unit_amount);
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
    plain_field("status", what.status);
    stamp_field("sent_at", what.sent_at);
    flag_field("archived", what.archived);
    date_field("date", what.date);
    date_field("due_date", what.due_date);
    plain_field("currency", what.currency);
    money_field("subtotal", what.subtotal_cents);
    money_field("tax", what.tax_cents);
    money_field("total", what.total_cents);
    delivery_field(what);
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
    plain_field("status", "deleted");
    json.end_object();
}

}  // namespace minutedock
