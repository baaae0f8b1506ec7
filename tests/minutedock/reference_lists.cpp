// SPDX-License-Identifier: MIT
// Reading accounts, users, contacts, projects, tasks and items: whole lists without paging, and single rows.
#include <algorithm>

#include "tests/minutedock/asked.h"
#include "tests/minutedock/paging.h"

namespace minutedock {
namespace {

// `active=true|false` is an equality; without it the archived may be left out.
bool passes_active(const asked& r, bool is_active) {
    const std::string* wanted = r.parameter("active");
    if (wanted == nullptr || wanted->empty()) return is_active || r.how.archived_default == archived_default::include;
    return is_active == (*wanted == "true" || *wanted == "1");
}

bool passes_pinned(const asked& r, bool is_pinned) {
    const std::string* wanted = r.parameter("pinned");
    return wanted == nullptr || wanted->empty() || is_pinned == (*wanted == "true" || *wanted == "1");
}

template <class Map, class Passes, class Write>
void write_list(asked& r, const Map& from, Passes passes, Write write) {
    row_writer rows = r.rows();
    rows.json.begin_array();
    for (const auto& [id, what] : from)
        if (passes(what)) write(rows, what);
    rows.json.end_array();
}

template <class Map, class Write>
void write_one(asked& r, const Map& from, row_id id, Write write) {
    const auto found = from.find(id);
    if (found == from.end() || !r.who.sees(found->second)) {
        refuse_unseen(r, found != from.end() && !found->second.deleted, found != from.end() && found->second.deleted);
        return;
    }
    row_writer rows = r.rows();
    write(rows, found->second);
}

bool refuse_closed(const asked& r, endpoint how, std::string_view what) {
    switch (how) {
        case endpoint::open: return false;
        case endpoint::status_403: refuse(r, 403, "You do not have access to this resource"); break;
        case endpoint::status_404: refuse(r, 404, "Not found"); break;
        case endpoint::status_422: refuse(r, 422, std::string{what} + " is not enabled for this account"); break;
    }
    return true;
}

}  // namespace

void list_accounts(asked& r, const std::vector<const state*>& all) {
    row_writer rows = r.rows();
    rows.json.begin_array();
    for (const state* one : all) rows.account(*one);
    rows.json.end_array();
}

void list_users(asked& r) {
    write_list(
        r, r.account.users, [&](const user& who) { return passes_active(r, !who.archived); },
        [](row_writer& rows, const user& who) { rows.user_row(who); });
}

void list_contacts(asked& r) {
    write_list(
        r, r.account.contacts,
        [&](const contact& what) {
            return r.who.sees(what) && passes_active(r, what.active) && passes_pinned(r, what.pinned);
        },
        [](row_writer& rows, const contact& what) { rows.contact_row(what); });
}

void list_projects(asked& r) {
    const std::string* of = r.parameter("contact_id");
    const list_filter wanted = of == nullptr ? list_filter{} : filter_of_text(*of);
    write_list(
        r, r.account.projects,
        [&](const project& what) {
            return r.who.sees(what) && wanted.matches(what.contact_id) && passes_active(r, what.active) &&
                   passes_pinned(r, what.pinned);
        },
        [](row_writer& rows, const project& what) { rows.project_row(what); });
}

void list_tasks(asked& r) {
    write_list(
        r, r.account.tasks, [&](const task& what) { return r.who.sees(what); },
        [](row_writer& rows, const task& what) { rows.task_row(what); });
}

void list_items(asked& r) {
    if (refuse_closed(r, r.how.items, "Expenses")) return;
    write_list(
        r, r.account.items, [](const item&) { return true; },
        [](row_writer& rows, const item& what) { rows.item_row(what); });
}

void show_contact(asked& r, row_id id) {
    write_one(r, r.account.contacts, id, [](row_writer& rows, const contact& what) { rows.contact_row(what); });
}

void show_project(asked& r, row_id id) {
    write_one(r, r.account.projects, id, [](row_writer& rows, const project& what) { rows.project_row(what); });
}

void show_task(asked& r, row_id id) {
    write_one(r, r.account.tasks, id, [](row_writer& rows, const task& what) { rows.task_row(what); });
}

}  // namespace minutedock
