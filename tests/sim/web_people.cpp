// SPDX-License-Identifier: MIT
// The acts of the web application that are about people: their timers, names and rights.
#include <algorithm>

#include "tests/sim/picks.h"
#include "tests/sim/web.h"

namespace mdock::sim {

// An entry goes back into the dock: lists lose it, its id finds it there.
bool web::redock(minutedock::dock& d, row_id user, const event& what, stamp at) {
    const auto found = pick_entry(what.b / 3);
    if (!found || found->user != user || account().latest(found->id) != account().entries.find(found->id)) return false;
    account().write_entry(found->id, std::nullopt, at, at);
    past_.died(resource::entries, found->id, at);
    d.entry_id = service_.how().redock_keeps_id ? found->id : account().new_id();
    d.contact = found->contact;
    d.project = found->project;
    d.tasks = found->tasks;
    d.description = found->description;
    d.seconds = found->duration;
    d.begun_on = found->date;
    d.running_since = std::chrono::floor<std::chrono::seconds>(at);
    return true;
}

void web::run_dock(minutedock::dock& d, row_id user, const event& what, stamp at) {
    const auto now = std::chrono::floor<std::chrono::seconds>(at);
    ++d.version_number;
    d.version_client_id = "web-app";
    d.version_id = "version-" + std::to_string(what.b);
    if (d.idle() && what.b % 3 == 0 && redock(d, user, what, at)) return;
    if (d.idle()) {
        d.entry_id = account().new_id();
        d.description = "timer " + std::to_string(what.b % 100);
        d.contact = picked(account().contacts, what.b);
        d.begun_on = std::chrono::floor<std::chrono::days>(now);
        d.running_since = now;
        return;
    }
    if (what.b % 2 == 0) {
        d.seconds = d.duration(now);
        if (d.running_since) d.running_since.reset(); else d.running_since = now;
        return;
    }
    minutedock::entry logged;
    logged.id = d.entry_id;
    logged.user = user;
    logged.contact = d.contact;
    logged.project = d.project;
    logged.tasks = d.tasks;
    logged.description = d.description;
    logged.duration = d.duration(now);
    logged.date = day_near(at, 0);
    logged.updated_at = at;
    const auto shown = shown_at(at);
    past_.born(resource::entries, logged.id, shown);
    const auto id = logged.id;
    account().write_entry(id, std::move(logged), at, shown);
    d = minutedock::dock{};
}

void web::on_people(const event& what, stamp at) {
    // The admin's own rights stay: somebody must be able to see everything in the end.
    const auto user = picked(account().users, what.what == act::run_dock || what.what == act::edit_user ? what.a : 1 + what.a % 3);
    if (user == 0) return;
    auto& who = account().users.at(user);
    switch (what.what) {
        case act::run_dock: return run_dock(account().docks[user], user, what, at);
        case act::edit_user:
            who.last_name = "Renamed " + std::to_string(what.b % 100);
            return past_.touched(resource::users, user, at, false);
        case act::hide_contact: {
            std::vector<row_id> left;
            const auto hidden = picked(account().contacts, what.b);
            for (const auto& [id, of] : account().contacts)
                if (id != hidden && (!who.allowed_contacts ||
                                     std::count(who.allowed_contacts->begin(), who.allowed_contacts->end(), id) > 0))
                    left.push_back(id);
            who.allowed_contacts = std::move(left);
            break;
        }
        case act::show_contact: who.allowed_contacts.reset(); break;
        case act::change_rights:
            if (what.b % 2 == 0) who.may.report_on_others = !who.may.report_on_others;
            else who.may.manage_invoices = !who.may.manage_invoices;
            break;
        default: return;
    }
    past_.rights_changed(user, at);
}

}  // namespace mdock::sim
