// SPDX-License-Identifier: MIT
#include "tests/sim/web.h"

#include <algorithm>

#include "core/base/decimal.h"
#include "tests/sim/picks.h"

namespace mdock::sim {
namespace {

using std::chrono::milliseconds;

}  // namespace

stamp web::shown_at(stamp at) {
    switch (service_.how().commit_lag) {
        case minutedock::commit_lag::none: break;
        case minutedock::commit_lag::upto_5: return at + milliseconds{chance_.between(0, 5'000)};
        case minutedock::commit_lag::upto_30: return at + milliseconds{chance_.between(0, 30'000)};
    }
    return at;
}

// What is written last counts, whether lists show it yet or not. Few picks fall on many entries, so that acts meet.
std::optional<minutedock::entry> web::pick_entry(std::uint64_t pick) {
    std::vector<row_id> ids;
    account().entries.for_each([&](const minutedock::entry& what) { ids.push_back(what.id); });
    for (const auto& change : account().late)
        if (change.becomes) ids.push_back(change.id);
    std::sort(ids.begin(), ids.end());
    if (ids.empty()) return std::nullopt;
    const auto* found = account().latest(ids[static_cast<std::size_t>(pick % ids.size())]);
    return found != nullptr ? std::optional{*found} : std::nullopt;
}

void web::write(minutedock::entry what, stamp at, bool is_silent, bool shows_in_hours) {
    const row_id id = what.id;
    if (!is_silent) what.updated_at = at;
    const auto shown = is_silent ? at : shown_at(at);
    account().write_entry(id, std::move(what), at, shown);
    stamp last = shown;
    for (const auto& change : account().late)
        if (change.id == id) last = std::max(last, change.visible_at);
    past_.touched(resource::entries, id, last, is_silent, shows_in_hours);
}

void web::silently(resource which, stamp at, const std::function<bool(const minutedock::entry&)>& are) {
    account().entries.for_each([&](const minutedock::entry& what) {
        if (are(what)) past_.touched(which, what.id, at, true);
    });
    for (const auto& change : account().late)
        if (change.becomes && are(*change.becomes)) past_.touched(which, change.id, std::max(at, change.visible_at), true);
}

void web::act_on(const event& what, stamp at) {
    switch (what.what) {
        case act::create:
        case act::edit:
        case act::edit_silent:
        case act::redate:
        case act::erase:
        case act::erase_many:
        case act::exchange:
        case act::bulk_edit: return on_entries(what, at);
        case act::merge_contacts:
        case act::edit_contact:
        case act::create_contact:
        case act::delete_contact: return on_contacts(what, at);
        case act::edit_project:
        case act::create_project:
        case act::delete_project: return on_projects(what, at);
        case act::strip_task:
        case act::edit_task:
        case act::create_task:
        case act::delete_task: return on_tasks(what, at);
        case act::edit_item:
        case act::create_item:
        case act::delete_item: return on_items(what, at);
        case act::edit_expense:
        case act::create_expense:
        case act::delete_expense: return on_expenses(what, at);
        case act::edit_invoice:
        case act::create_invoice:
        case act::delete_invoice:
        case act::attach_invoice: return on_invoices(what, at);
        default: return on_people(what, at);
    }
}

void web::create(const event& what, stamp at) {
    minutedock::entry fresh;
    fresh.id = account().new_id();
    fresh.user = picked(account().users, what.b);
    if (what.a % 4 != 0) fresh.contact = picked(account().contacts, what.a / 4);
    if (what.b % 2 == 0)
        if (const auto task = picked(account().tasks, what.b / 8); task != 0) fresh.tasks.push_back(task);
    fresh.description = "new " + std::to_string(what.a % 100);
    fresh.duration = 900 * static_cast<int>(what.b % 9);
    fresh.date = day_near(at, what.a / 16);
    fresh.updated_at = at;
    const auto shown = shown_at(at);
    past_.born(resource::entries, fresh.id, shown);
    const auto id = fresh.id;
    account().write_entry(id, std::move(fresh), at, shown);
}

void web::bulk_edit(const event& what, stamp at) {
    std::vector<minutedock::entry> those;
    account().entries.for_each([&](const minutedock::entry& one) {
        if (static_cast<std::uint64_t>(one.id) % 3 != what.a % 3) return;
        those.push_back(one);
    });
    for (auto& one : those) {
        if (account().latest(one.id) != account().entries.find(one.id)) continue;    // somebody is at it already
        one.description = "bulk " + std::to_string(what.b % 100);
        one.duration += 900;
        write(std::move(one), at, false);
    }
}

// All of one kind but some: more than anybody is believed to delete in one go.
void web::erase_many(const event& what, stamp at) {
    std::vector<row_id> those;
    account().entries.for_each([&](const minutedock::entry& one) {
        if (static_cast<std::uint64_t>(one.id) % 5 != what.a % 5) those.push_back(one.id);
    });
    for (const auto id : those) {
        if (account().latest(id) != account().entries.find(id)) continue;
        account().write_entry(id, std::nullopt, at, at);
        past_.died(resource::entries, id, at);
    }
}

void web::on_entries(const event& what, stamp at) {
    if (what.what == act::create) return create(what, at);
    if (what.what == act::bulk_edit) return bulk_edit(what, at);
    if (what.what == act::erase_many) return erase_many(what, at);
    auto found = pick_entry(what.a);
    if (!found) return;
    if (what.what == act::erase || what.what == act::exchange) {
        // Deleted and made again in one instant: equal counts, another row.
        if (what.what == act::exchange) create(what, at);
        const auto shown = shown_at(at);
        account().write_entry(found->id, std::nullopt, at, shown);
        stamp last = shown;
        for (const auto& change : account().late)
            if (change.id == found->id) last = std::max(last, change.visible_at);
        return past_.died(resource::entries, found->id, last);
    }
    if (what.what == act::redate) {
        found->date = day_near(at, what.b);
        return write(std::move(*found), at, false);
    }
    switch (what.b % 4) {
        case 0: found->description = "edited " + std::to_string(what.b % 1000); break;
        case 1: found->duration += 900 * static_cast<int>(1 + what.b / 4 % 5); break;
        case 2: found->contact = picked(account().contacts, what.b / 4); break;
        default:
            found->tasks.clear();
            if (const auto task = picked(account().tasks, what.b / 4); task != 0) found->tasks.push_back(task);
    }
    write(std::move(*found), at, what.what == act::edit_silent, what.b % 4 == 1);
}

void web::merge(row_id from, row_id into, stamp at) {
    silently(resource::entries, at, [&](const minutedock::entry& e) { return e.contact == from; });
    for (const auto& [id, what] : account().projects)
        if (what.contact_id == from) past_.touched(resource::projects, id, at, true);
    for (const auto& [id, what] : account().invoices)
        if (what.contact == from) past_.touched(resource::invoices, id, at, true);
    for (const auto& [id, what] : account().expenses)
        if (what.contact == from) past_.touched(resource::expenses, id, at, true);
    minutedock::merge_contacts(account(), from, into);
    past_.died(resource::contacts, from, at);
    // Whose rows are whose changed for everybody who may not see all clients.
    for (const auto& [id, who] : account().users)
        if (who.allowed_contacts) past_.rights_changed(id, at);
}

void web::on_contacts(const event& what, stamp at) {
    if (what.what == act::create_contact) {
        minutedock::contact fresh;
        fresh.id = account().new_id();
        fresh.name = "Client new " + std::to_string(what.a % 100);
        account().contacts.emplace(fresh.id, fresh);
        return past_.born(resource::contacts, fresh.id, at);
    }
    const auto id = picked(account().contacts, what.a);
    if (id == 0) return;
    if (what.what == act::edit_contact) {
        auto& of = account().contacts.at(id);
        if (what.b % 2 == 0) of.active = !of.active; else of.name = "Client " + std::to_string(what.b % 1000);
        return past_.touched(resource::contacts, id, at, false);
    }
    if (what.what == act::merge_contacts) {
        const auto into = picked(account().contacts, what.b);
        if (into != id) merge(id, into, at);
        return;
    }
    account().contacts.at(id).deleted = true;
    past_.died(resource::contacts, id, at);
    for (auto& [number, of] : account().projects)
        if (of.contact_id == id && !of.deleted) {
            of.deleted = true;
            past_.died(resource::projects, number, at);
        }
}

void web::on_projects(const event& what, stamp at) {
    if (what.what == act::create_project) {
        minutedock::project fresh;
        fresh.id = account().new_id();
        fresh.contact_id = picked(account().contacts, what.b);
        if (fresh.contact_id == 0) return;
        fresh.name = "Project new " + std::to_string(what.a % 100);
        account().projects.emplace(fresh.id, fresh);
        return past_.born(resource::projects, fresh.id, at);
    }
    const auto id = picked(account().projects, what.a);
    if (id == 0) return;
    auto& of = account().projects.at(id);
    if (what.what == act::edit_project) {
        if (what.b % 2 == 0) of.active = !of.active; else of.name = "Project " + std::to_string(what.b % 1000);
        return past_.touched(resource::projects, id, at, false);
    }
    of.deleted = true;
    past_.died(resource::projects, id, at);
}

void web::strip(row_id task, bool is_stamped, stamp at) {
    const auto has = [&](const minutedock::entry& e) { return std::count(e.tasks.begin(), e.tasks.end(), task) > 0; };
    if (is_stamped) {
        account().entries.for_each([&](const minutedock::entry& e) {
            if (has(e)) past_.touched(resource::entries, e.id, at, false);
        });
        // A change on its way is stripped too, and shown no earlier than it would have been.
        for (const auto& change : account().late)
            if (change.becomes && has(*change.becomes))
                past_.touched(resource::entries, change.id, std::max(at, change.visible_at), false);
    } else {
        silently(resource::entries, at, has);
    }
    minutedock::strip_task(account(), task, is_stamped ? std::optional{at} : std::nullopt);
}

void web::on_tasks(const event& what, stamp at) {
    if (what.what == act::create_task) {
        minutedock::task fresh;
        fresh.id = account().new_id();
        fresh.name = "Task new " + std::to_string(what.a % 100);
        fresh.short_code = "n" + std::to_string(fresh.id);
        account().tasks.emplace(fresh.id, fresh);
        return past_.born(resource::tasks, fresh.id, at);
    }
    const auto id = picked(account().tasks, what.a);
    if (id == 0) return;
    if (what.what == act::strip_task) return strip(id, false, at);
    auto& of = account().tasks.at(id);
    if (what.what == act::edit_task) {
        of.name = "Task " + std::to_string(what.b % 1000);
        return past_.touched(resource::tasks, id, at, false);
    }
    strip(id, service_.how().delete_touches_entries, at);
    for (auto& [user, timer] : account().docks) std::erase(timer.tasks, id);
    of.deleted = true;
    past_.died(resource::tasks, id, at);
}

void web::on_items(const event& what, stamp at) {
    if (what.what == act::create_item) {
        minutedock::item fresh;
        fresh.id = account().new_id();
        fresh.name = "Item new " + std::to_string(what.a % 100);
        account().items.emplace(fresh.id, fresh);
        return past_.born(resource::items, fresh.id, at);
    }
    const auto id = picked(account().items, what.a);
    if (id == 0) return;
    if (what.what == act::edit_item) {
        account().items.at(id).name = "Item " + std::to_string(what.b % 1000);
        return past_.touched(resource::items, id, at, false);
    }
    // Expenses stop naming it, without a stamp.
    for (const auto& [number, of] : account().expenses)
        if (of.item == id) past_.touched(resource::expenses, number, at, true);
    account().items.erase(id);
    past_.died(resource::items, id, at);
}

void web::on_expenses(const event& what, stamp at) {
    if (what.what == act::create_expense) {
        minutedock::expense fresh;
        fresh.id = account().new_id();
        fresh.user = picked(account().users, what.a);
        fresh.contact = picked(account().contacts, what.b);
        fresh.description = "new cost";
        fresh.amount_cents = 100 + static_cast<std::int64_t>(what.a % 900);
        fresh.unit_amount = format_cents(fresh.amount_cents);
        fresh.currency = "USD";
        fresh.date = day_near(at, what.b);
        fresh.created_at = fresh.updated_at = at;
        past_.born(resource::expenses, fresh.id, at);
        account().expenses.emplace(fresh.id, std::move(fresh));
        return;
    }
    const auto id = picked(account().expenses, what.a);
    if (id == 0) return;
    if (what.what == act::edit_expense) {
        auto& of = account().expenses.at(id);
        of.amount_cents += 1 + static_cast<std::int64_t>(what.b % 100);
        if (what.b % 3 == 0) of.date = day_near(at, what.b / 3);
        of.updated_at = at;
        return past_.touched(resource::expenses, id, at, false);
    }
    account().expenses.erase(id);
    past_.died(resource::expenses, id, at);
}

void web::on_invoices(const event& what, stamp at) {
    if (what.what == act::create_invoice) {
        minutedock::invoice fresh;
        fresh.id = account().new_id();
        fresh.contact = picked(account().contacts, what.a);
        fresh.number = "INV-new-" + std::to_string(what.a % 100);
        fresh.date = day_near(at, what.b);
        fresh.currency = "USD";
        fresh.created_at = fresh.updated_at = at;
        past_.born(resource::invoices, fresh.id, at);
        account().invoices.emplace(fresh.id, std::move(fresh));
        return;
    }
    const auto id = picked(account().invoices, what.a);
    if (id == 0) return;
    if (what.what == act::edit_invoice) {
        auto& of = account().invoices.at(id);
        if (what.b % 2 == 0) of.archived = !of.archived; else of.reference = "PO " + std::to_string(what.b % 1000);
        of.updated_at = at;
        return past_.touched(resource::invoices, id, at, false);
    }
    if (what.what == act::attach_invoice) {
        const auto found = pick_entry(what.b);
        if (!found) return;
        auto changed = *found;
        changed.invoice = id;
        return write(std::move(changed), at, what.b % 2 == 0);
    }
    silently(resource::entries, at, [&](const minutedock::entry& e) { return e.invoice == id; });
    for (const auto& line : account().invoices.at(id).lines) past_.died(resource::invoice_line_items, line.id, at);
    minutedock::delete_invoice(account(), id);
    past_.died(resource::invoices, id, at);
}

}  // namespace mdock::sim
