// SPDX-License-Identifier: MIT
#include "tests/minutedock/expected.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "core/base/time.h"
#include "tests/minutedock/viewer.h"

namespace minutedock {
namespace {

using cell = std::optional<std::string>;
using row = expected_mirror_rows::row;

cell number(std::int64_t value) { return number_text(value); }
cell real(double value) { return number_text(value); }
cell real(std::optional<double> value) { return value ? real(*value) : std::nullopt; }
cell parent(row_id id) { return id == 0 ? std::nullopt : number(id); }
cell yes_no(bool value) { return value ? "1" : "0"; }
cell cents(std::optional<std::int64_t> value) { return value ? number(*value) : std::nullopt; }
cell day(std::chrono::sys_days value) { return mdock::format_date(value); }
cell at(stamp value) { return mdock::format_timestamp(std::chrono::floor<std::chrono::seconds>(value)); }

class expectation {
public:
    expectation(const server& from, const user& me) : account_(from.account()), how_(from.how()), me_(me), who_(me) {}

    expected_mirror_rows make() {
        add_account();
        add_users();
        add_contacts();
        add_projects();
        add_tasks();
        add_items();
        add_entries();
        add_expenses();
        add_invoices();
        add_dock();
        add_placeholders();
        return std::move(out_);
    }

private:
    row& add(const char* table, const char* key, row_id id) {
        row& fresh = out_.tables[table][id];
        fresh[key] = number(id);
        return fresh;
    }
    void state(const char* table, const char* text = "current") {
        out_.states[table] = text;
        out_.tables[table];
    }
    void refer(const char* table, row_id id) {
        if (id != 0) referred_[table].insert(id);
    }

    void add_account() {
        state("accounts");
        add("accounts", "account_id", account_.account_id)["name"] = account_.account_name;
    }

    void add_users() {
        state("users");
        for (const auto& [id, who] : account_.users) {
            row& to = add("users", "user_account_id", id);
            to["email"] = who.email;
            to["first_name"] = who.first_name;
            to["last_name"] = who.last_name;
            to["billing_rate_cents"] = who_.sees_all_rates() ? cents(who.rate_cents) : std::nullopt;
            to["is_archived"] = yes_no(who.archived);
            to["is_me"] = yes_no(id == me_.id);
            to["legacy_user_id"] = number(who.legacy_id);
        }
    }

    void add_common(row& to, const contact& what, bool sees_rate) {
        to["name"] = what.name;
        to["short_code"] = what.short_code;
        to["is_active"] = yes_no(what.active);
        to["is_pinned"] = yes_no(what.pinned);
        to["is_billable"] = yes_no(what.billable);
        to["budget_type"] = what.budget_type;
        to["budget_frequency"] = what.budget_frequency;
        to["budget_target"] = real(what.budget_target);
        to["budget_progress"] = real(what.budget_progress);
        to["default_rate_cents"] = sees_rate ? cents(what.rate_cents) : std::nullopt;
    }

    void add_contacts() {
        state("contacts");
        for (const auto& [id, what] : account_.contacts)
            if (who_.sees(what)) add_common(add("contacts", "contact_id", id), what, who_.sees_contact_rates());
    }

    void add_projects() {
        state("projects");
        for (const auto& [id, what] : account_.projects) {
            if (!who_.sees(what)) continue;
            row& to = add("projects", "project_id", id);
            to["contact_id"] = parent(what.contact_id);
            refer("contacts", what.contact_id);
            add_common(to, what, who_.sees_project_rates());
        }
    }

    void add_tasks() {
        state("tasks");
        std::map<row_id, std::int64_t> uses;
        account_.entries.for_each([&](const entry& what) {
            for (const row_id task : what.tasks) ++uses[task];
        });
        for (const auto& [id, what] : account_.tasks) {
            if (what.deleted) continue;
            row& to = add("tasks", "task_id", id);
            to["name"] = what.name;
            to["is_pinned"] = yes_no(what.pinned);
            to["default_rate_cents"] = who_.sees_project_rates() ? cents(what.rate_cents) : std::nullopt;
            to["entries_count"] = number(uses[id]);
        }
    }

    void add_items() {
        if (how_.items != endpoint::open) return state("items", refused(how_.items));
        state("items");
        for (const auto& [id, what] : account_.items) {
            row& to = add("items", "item_id", id);
            to["name"] = what.name;
            to["description"] = what.description;
            to["default_rate_cents"] = who_.sees_all_rates() ? cents(what.rate_cents) : std::nullopt;
        }
    }

    static const char* refused(endpoint how) { return how == endpoint::status_403 ? "denied" : "unavailable"; }

    void add_entry(const entry& what) {
        if (!who_.sees(what)) return;
        row& to = add("entries", "entry_id", what.id);
        to["user_account_id"] = parent(what.user);
        to["contact_id"] = parent(what.contact);
        to["project_id"] = parent(what.project);
        to["description"] = what.description;
        to["duration_seconds"] = number(what.duration);
        to["entry_date"] = day(what.date);
        to["invoice_id"] = parent(what.invoice);
        to["billing_rate_cents"] = who_.sees_all_rates() ? cents(billing_rate(account_, what)) : std::nullopt;
        to["updated_at"] = at(what.updated_at);
        refer("users", what.user);
        refer("contacts", what.contact);
        refer("projects", what.project);
        auto& tasks = out_.entry_tasks[what.id];
        tasks.assign(what.tasks.begin(), what.tasks.end());
        std::sort(tasks.begin(), tasks.end());
        for (const row_id task : tasks) refer("tasks", task);
    }

    void add_entries() {
        // Where `all` is refused to this person, their own entries can still be asked for by name.
        state("entries");
        // Changes that lists do not show yet are the account's truth all the same.
        std::map<row_id, const entry*> late;
        for (const late_change& change : account_.late) late[change.id] = change.becomes ? &*change.becomes : nullptr;
        account_.entries.for_each([&](const entry& what) {
            if (!late.contains(what.id)) add_entry(what);
        });
        for (const auto& [id, what] : late)
            if (what != nullptr) add_entry(*what);
    }

    void add_expenses() {
        if (how_.expenses != endpoint::open) return state("expenses", refused(how_.expenses));
        if (!account_.expenses_enabled) return state("expenses", "unavailable");
        state("expenses");
        for (const auto& [id, what] : account_.expenses) {
            if (!who_.sees(what)) continue;
            row& to = add("expenses", "expense_id", id);
            const row_id item = account_.items.contains(what.item) ? what.item : 0;
            to["user_account_id"] = parent(what.user);
            to["contact_id"] = parent(what.contact);
            to["project_id"] = parent(what.project);
            to["item_id"] = parent(item);
            to["invoice_id"] = parent(what.invoice);
            to["description"] = what.description;
            to["quantity"] = real(static_cast<double>(what.quantity_hundredths) / 100);
            to["unit_amount"] = what.unit_amount;
            to["amount_cents"] = number(what.amount_cents);
            to["currency"] = what.currency;
            to["expense_date"] = day(what.date);
            to["is_manually_invoiced"] = yes_no(what.manually_invoiced);
            to["is_written_off"] = yes_no(what.written_off);
            to["created_at"] = at(what.created_at);
            to["updated_at"] = at(what.updated_at);
            refer("users", what.user);
            refer("contacts", what.contact);
            refer("projects", what.project);
            refer("items", item);
        }
    }

    void add_invoices() {
        const char* access = who_.sees_invoices() ? "current" : "denied";
        state("invoices", access);
        state("invoice_line_items", access);
        if (!who_.sees_invoices()) return;
        for (const auto& [id, what] : account_.invoices) {
            if (!who_.is_allowed_contact(what.contact)) continue;
            add_invoice(what);
            for (const invoice_line& line : what.lines) add_line(id, line);
        }
    }

    void add_invoice(const invoice& what) {
        row& to = add("invoices", "invoice_id", what.id);
        to["contact_id"] = parent(what.contact);
        to["number"] = what.number;
        to["reference"] = what.reference;
        to["status"] = what.status;
        to["sent_at"] = what.sent_at ? at(*what.sent_at) : std::nullopt;
        to["is_archived"] = yes_no(what.archived);
        to["invoice_date"] = day(what.date);
        to["due_date"] = what.due_date ? day(*what.due_date) : std::nullopt;
        to["currency"] = what.currency;
        to["subtotal_cents"] = number(what.subtotal_cents);
        to["tax_cents"] = number(what.tax_cents);
        to["total_cents"] = number(what.total_cents);
        to["delivery_service"] = what.delivery_service.empty() ? std::nullopt : cell{what.delivery_service};
        to["delivery_ref"] = what.delivery_service.empty() ? std::nullopt : cell{what.delivery_ref};
        to["created_at"] = at(what.created_at);
        to["updated_at"] = at(what.updated_at);
        refer("contacts", what.contact);
    }

    void add_line(row_id invoice_id, const invoice_line& what) {
        row& to = add("invoice_line_items", "line_item_id", what.id);
        to["invoice_id"] = number(invoice_id);
        to["position"] = number(what.position);
        to["description"] = what.description;
        to["quantity"] = what.quantity;
        to["unit_amount"] = what.unit_amount;
        to["subtotal_cents"] = number(what.subtotal_cents);
        to["tax_cents"] = number(what.tax_cents);
        to["total_cents"] = number(what.total_cents);
    }

    void add_dock() {
        state("dock");
        const auto found = account_.docks.find(me_.id);
        const dock what = found == account_.docks.end() ? dock{} : found->second;
        row& to = add("dock", "user_account_id", me_.id);
        const bool tells_versions = !what.idle() || how_.dock_idle == idle_dock::blank;
        to["contact_id"] = parent(what.contact);
        to["project_id"] = parent(what.project);
        to["description"] = what.idle() ? std::nullopt : what.description;
        if (!what.running_since) to["duration_seconds"] = number(what.seconds);
        to["is_running"] = yes_no(what.running_since.has_value());
        to["version_id"] = tells_versions ? cell{what.version_id} : std::nullopt;
        to["version_client_id"] = tells_versions ? cell{what.version_client_id} : std::nullopt;
        to["version_number"] = tells_versions ? number(what.version_number) : std::nullopt;
        out_.dock_tasks.assign(what.tasks.begin(), what.tasks.end());
        std::sort(out_.dock_tasks.begin(), out_.dock_tasks.end());
        refer("contacts", what.contact);
        refer("projects", what.project);
        for (const row_id task : what.tasks) refer("tasks", task);
    }

    void add_placeholders() {
        for (const auto& [table, ids] : referred_)
            for (const row_id id : ids)
                if (!out_.tables[table].contains(id)) out_.placeholders[table].insert(id);
    }

    const minutedock::state& account_;
    const switches& how_;
    const user& me_;
    viewer who_;
    std::map<std::string, std::set<row_id>> referred_;
    expected_mirror_rows out_;
};

}  // namespace

const std::map<std::string, std::vector<std::string>>& expected_mirror_rows::volatile_columns() {
    static const std::map<std::string, std::vector<std::string>> columns{
        {"contacts", {"budget_progress"}},
        {"projects", {"budget_progress"}},
        {"tasks", {"entries_count"}},
        {"entries", {"billing_rate_cents"}},
    };
    return columns;
}

expected_mirror_rows expected_mirror(const server& from, std::string_view token) {
    for (const credential& known : from.account().credentials)
        if (known.text == token && known.account_id == from.account().account_id && !known.revoked)
            if (const user* me = from.account().user_by_email(known.user_email); me != nullptr)
                return expectation{from, *me}.make();
    std::abort();  // the test named a token that is not one of this account
}

std::string number_text(std::int64_t value) { return std::to_string(value); }

std::string number_text(double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    return text.data();
}

}  // namespace minutedock
