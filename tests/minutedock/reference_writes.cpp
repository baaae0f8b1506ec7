// SPDX-License-Identifier: MIT
// Creating, updating and deleting contacts, projects and tasks, and updating expenses.
#include <algorithm>

#include "core/base/decimal.h"
#include "tests/minutedock/asked.h"
#include "tests/minutedock/generator_text.h"
#include "tests/minutedock/write_fields.h"

namespace minutedock {
namespace {

bool refuse_without(const asked& r, bool may) {
    if (may) return false;
    refuse(r, 403, "You do not have the permission");
    return true;
}

void answer_created(asked& r) {
    if (r.how.create_status_201) r.out.status = 201;
}

void answer_deleted(asked& r, row_id id) {
    if (r.how.delete_status_204)
        r.out.status = 204;
    else
        r.rows().deleted(id);
}

// The row to change; null when the request was refused.
template <class Map>
auto* shown(const asked& r, Map& from, row_id id) {
    const auto found = from.find(id);
    if (found != from.end() && r.who.sees(found->second)) return &found->second;
    refuse_unseen(r, found != from.end() && !found->second.deleted, found != from.end() && found->second.deleted);
    return static_cast<typename Map::mapped_type*>(nullptr);
}

bool is_one_of(const std::optional<std::string>& text, std::initializer_list<std::string_view> allowed) {
    return !text || std::find(allowed.begin(), allowed.end(), *text) != allowed.end();
}

// Fields that contacts and projects share. False when the request was refused.
bool read_common(const asked& r, write_fields& fields, contact& what) {
    fields.text("name", what.name);
    fields.text("short_code", what.short_code);
    fields.boolean("active", what.active);
    fields.boolean("pinned", what.pinned);
    fields.text("budget_type", what.budget_type);
    fields.text("budget_frequency", what.budget_frequency);
    fields.real("budget_target", what.budget_target);
    fields.cents("default_rate_dollars", what.rate_cents);
    if (fields.has("default_rate_dollars")) what.billable = !(what.rate_cents && *what.rate_cents == 0);
    fields.boolean("billable", what.billable);
    if (!fields.is_good()) {
        fields.refuse_wrong(r);
        return false;
    }
    if (what.name.empty() || !is_one_of(what.budget_type, {"hours", "billable"}) ||
        !is_one_of(what.budget_frequency, {"total", "weekly", "monthly", "quarterly", "yearly"})) {
        refuse(r, 422, what.name.empty() ? "name can't be blank" : "the budget is not valid");
        return false;
    }
    if (!what.short_code || what.short_code->empty()) what.short_code = text::short_code(what.name);
    if (what.budget_type && !what.budget_progress) what.budget_progress = 0;
    return true;
}

bool read_project(const asked& r, write_fields& fields, project& what) {
    fields.id("contact_id", what.contact_id);
    if (!read_common(r, fields, what)) return false;
    const auto owner = r.account.contacts.find(what.contact_id);
    if (owner != r.account.contacts.end() && r.who.sees(owner->second)) return true;
    refuse(r, 422, "contact_id must name a contact");
    return false;
}

bool read_task(const asked& r, write_fields& fields, task& what) {
    fields.text("name", what.name);
    fields.boolean("pinned", what.pinned);
    fields.cents("default_rate_dollars", what.rate_cents);
    if (!fields.is_good()) {
        fields.refuse_wrong(r);
        return false;
    }
    if (what.name.empty()) {
        refuse(r, 422, "name can't be blank");
        return false;
    }
    what.short_code = text::short_code(what.name);
    return true;
}

}  // namespace

void create_contact(asked& r) {
    if (refuse_without(r, r.who.edits_contacts())) return;
    write_fields fields{r, "contact"};
    contact what;
    if (!read_common(r, fields, what)) return;
    what.id = r.account.new_id();
    r.rows().contact_row(what, r.how.short_create_reply);
    r.account.contacts.emplace(what.id, std::move(what));
    answer_created(r);
}

void update_contact(asked& r, row_id id) {
    if (refuse_without(r, r.who.edits_contacts())) return;
    contact* found = shown(r, r.account.contacts, id);
    if (found == nullptr) return;
    write_fields fields{r, "contact"};
    contact what = *found;
    if (!read_common(r, fields, what)) return;
    *found = std::move(what);
    r.rows().contact_row(*found);
}

void delete_contact(asked& r, row_id id) {
    if (refuse_without(r, r.who.edits_contacts())) return;
    contact* found = shown(r, r.account.contacts, id);
    if (found == nullptr) return;
    found->deleted = true;
    for (auto& [project_id, what] : r.account.projects)
        if (what.contact_id == id) what.deleted = true;
    answer_deleted(r, id);
}

void create_project(asked& r) {
    if (refuse_without(r, r.who.edits_projects())) return;
    write_fields fields{r, "project"};
    project what;
    if (!read_project(r, fields, what)) return;
    what.id = r.account.new_id();
    r.rows().project_row(what, r.how.short_create_reply);
    r.account.projects.emplace(what.id, std::move(what));
    answer_created(r);
}

void update_project(asked& r, row_id id) {
    if (refuse_without(r, r.who.edits_projects())) return;
    project* found = shown(r, r.account.projects, id);
    if (found == nullptr) return;
    write_fields fields{r, "project"};
    project what = *found;
    if (!read_project(r, fields, what)) return;
    *found = std::move(what);
    r.rows().project_row(*found);
}

void delete_project(asked& r, row_id id) {
    if (refuse_without(r, r.who.edits_projects())) return;
    project* found = shown(r, r.account.projects, id);
    if (found == nullptr) return;
    found->deleted = true;
    answer_deleted(r, id);
}

void archive_project(asked& r, row_id id) {
    if (refuse_without(r, r.who.edits_projects())) return;
    project* found = shown(r, r.account.projects, id);
    if (found == nullptr) return;
    found->active = false;
    r.rows().project_row(*found);
}

void create_task(asked& r) {
    if (refuse_without(r, r.who.edits_projects())) return;
    write_fields fields{r, "task"};
    task what;
    if (!read_task(r, fields, what)) return;
    what.id = r.account.new_id();
    r.rows().task_row(what);
    r.account.tasks.emplace(what.id, std::move(what));
    answer_created(r);
}

void update_task(asked& r, row_id id) {
    if (refuse_without(r, r.who.edits_projects())) return;
    task* found = shown(r, r.account.tasks, id);
    if (found == nullptr) return;
    write_fields fields{r, "task"};
    task what = *found;
    if (!read_task(r, fields, what)) return;
    *found = std::move(what);
    r.rows().task_row(*found);
}

void delete_task(asked& r, row_id id) {
    if (refuse_without(r, r.who.edits_projects())) return;
    task* found = shown(r, r.account.tasks, id);
    if (found == nullptr) return;
    found->deleted = true;
    strip_task(r.account, id, r.how.delete_touches_entries ? std::optional{r.at} : std::nullopt);
    for (auto& [user, what] : r.account.docks) std::erase(what.tasks, id);
    answer_deleted(r, id);
}

namespace {

// An item brings its price and allows a quantity; a price without an item means a quantity of one.
bool price_expense(const asked& r, write_fields& fields, expense& what) {
    fields.id("item_id", what.item);
    std::optional<double> quantity;
    fields.real("quantity", quantity);
    std::int64_t rate = mdock::parse_cents(what.unit_amount).value_or(0);
    const bool has_rate = fields.has("rate_cents");
    fields.count("rate_cents", rate);
    if (!fields.is_good()) {
        fields.refuse_wrong(r);
        return false;
    }
    if (fields.has("item_id") && what.item != 0) {
        const auto found = r.account.items.find(what.item);
        if (found == r.account.items.end()) {
            refuse(r, 422, "item_id is not valid");
            return false;
        }
        rate = found->second.rate_cents.value_or(0);
    } else if (has_rate) {
        what.item = 0;
        quantity = 1;
    }
    if (quantity) what.quantity_hundredths = static_cast<std::int64_t>(*quantity * 100 + 0.5);
    if (fields.has("item_id") || has_rate || quantity) {
        what.unit_amount = mdock::format_cents(rate);
        what.amount_cents = (rate * what.quantity_hundredths + 50) / 100;
    }
    return true;
}

}  // namespace

void update_expense(asked& r, row_id id) {
    if (!r.account.expenses_enabled || r.how.expenses != endpoint::open)
        return refuse(r, r.how.expenses == endpoint::status_403 ? 403 : 422,
                      "Expenses are not enabled for this account");
    const auto found = r.account.expenses.find(id);
    if (found == r.account.expenses.end() || !r.who.sees(found->second))
        return refuse_unseen(r, found != r.account.expenses.end(), false);
    if (found->second.invoice != 0)
        return refuse(r, r.how.locked_write == refusal::status_422 ? 422 : 403, "The expense is invoiced");
    write_fields fields{r, "expense"};
    expense what = found->second;
    std::optional<std::chrono::sys_days> date = what.date;
    fields.text("description", what.description);
    fields.date("date", date);
    fields.id("contact_id", what.contact);
    fields.id("project_id", what.project);
    fields.boolean("manually_invoiced", what.manually_invoiced);
    if (!price_expense(r, fields, what)) return;
    what.date = date.value_or(what.date);
    what.updated_at = r.at;
    found->second = std::move(what);
    row_writer rows = r.rows();
    rows.in_write_reply();
    rows.expense_row(found->second);
}

}  // namespace minutedock
