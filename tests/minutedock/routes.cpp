// SPDX-License-Identifier: MIT
#include "tests/minutedock/routes.h"

#include <boost/json/value.hpp>

namespace minutedock {
namespace {

using id_handler = void (*)(asked&, row_id);
using handler = void (*)(asked&);

void refuse_method(const asked& r) { refuse(r, 405, "Method not allowed"); }

// GET and POST on a collection; a null handler is a method that is not there.
void collection(asked& r, std::string_view method, handler get, handler post) {
    const handler chosen = method == "GET" ? get : method == "POST" ? post : nullptr;
    if (chosen == nullptr) return refuse_method(r);
    chosen(r);
}

void member(asked& r, std::string_view method, std::string_view segment, id_handler get, id_handler put,
            id_handler del) {
    const row_id id = id_of_segment(segment);
    if (id == 0) return refuse(r, 404, "Not found");
    const id_handler chosen = method == "GET"                        ? get
                              : method == "PUT" || method == "PATCH" ? put
                              : method == "DELETE"                   ? del
                                                                     : nullptr;
    if (chosen == nullptr) return refuse_method(r);
    chosen(r, id);
}

void account_routes(asked& r, std::string_view method, const std::vector<const state*>& accounts) {
    if (method != "GET") return refuse_method(r);
    if (r.where.path.size() == 1) return list_accounts(r, accounts);
    if (r.where.path[1] == "current") return r.rows().account(r.account);
    if (r.how.legacy_endpoints)
        for (const state* one : accounts)
            if (one->account_id == id_of_segment(r.where.path[1])) return r.rows().account(*one);
    refuse(r, 404, "Not found");
}

void user_routes(asked& r, std::string_view method) {
    if (method != "GET") return refuse_method(r);
    if (r.where.path.size() == 1) return list_users(r);
    if (r.where.path[1] == "me") return r.rows().me(r.who.who());
    refuse(r, 404, "Not found");
}

void current_entry_routes(asked& r, std::string_view method) {
    const auto& path = r.where.path;
    if (path.size() == 3) {
        if (method != "POST" || !r.how.legacy_endpoints) return refuse(r, 404, "Not found");
        return legacy_verb(r, path[2]);
    }
    if (method == "GET") return show_current_entry(r);
    if (method == "PUT" || method == "PATCH") return update_current_entry(r);
    if (method == "DELETE") return discard_dock(r);
    refuse_method(r);
}

void entry_routes(asked& r, std::string_view method) {
    const auto& path = r.where.path;
    if (path.size() == 1) return collection(r, method, list_entries, create_entry);
    if (path[1] == "current") return current_entry_routes(r, method);
    if (path.size() == 2) return member(r, method, path[1], show_entry, update_entry, delete_entry);
    if (path.size() == 3 && path[2] == "redock" && method == "POST" && id_of_segment(path[1]) != 0)
        return redock_entry(r, id_of_segment(path[1]));
    refuse(r, 404, "Not found");
}

void project_routes(asked& r, std::string_view method) {
    const auto& path = r.where.path;
    if (path.size() == 1) return collection(r, method, list_projects, create_project);
    if (path.size() == 2) return member(r, method, path[1], show_project, update_project, delete_project);
    if (path[2] == "archive" && method == "POST" && r.how.legacy_endpoints)
        return archive_project(r, id_of_segment(path[1]));
    refuse(r, 404, "Not found");
}

void task_routes(asked& r, std::string_view method) {
    const auto& path = r.where.path;
    if (path.size() == 1) return collection(r, method, list_tasks, create_task);
    if (path.size() == 2) return member(r, method, path[1], show_task, update_task, delete_task);
    // Tasks have no sign of being archived in the documented API, so archiving one is only answered.
    if (path[2] == "archive" && method == "POST" && r.how.legacy_endpoints) return show_task(r, id_of_segment(path[1]));
    refuse(r, 404, "Not found");
}

void report_routes(asked& r, std::string_view method) {
    const auto& path = r.where.path;
    if (path.size() == 2 && path[1] == "generate") return collection(r, method, nullptr, generate_report);
    if (path.size() == 2) return member(r, method, path[1], show_report, nullptr, nullptr);
    refuse(r, 404, "Not found");
}

}  // namespace

void dispatch(asked& r, std::string_view method, const std::vector<const state*>& accounts) {
    const auto& path = r.where.path;
    const std::string_view first = path.empty() ? std::string_view{} : std::string_view{path.front()};
    if (path.size() > 3) return refuse(r, 404, "Not found");
    if (first == "accounts" && path.size() < 3) return account_routes(r, method, accounts);
    if (first == "users" && path.size() < 3) return user_routes(r, method);
    if (first == "dock" && path.size() == 1) {
        if (method == "GET") return show_dock(r);
        return method == "PUT" || method == "PATCH" ? update_dock(r) : refuse_method(r);
    }
    if (first == "entries") return entry_routes(r, method);
    if (first == "contacts" && path.size() == 1) return collection(r, method, list_contacts, create_contact);
    if (first == "contacts" && path.size() == 2)
        return member(r, method, path[1], show_contact, update_contact, delete_contact);
    if (first == "projects") return project_routes(r, method);
    if (first == "tasks") return task_routes(r, method);
    if (first == "items" && path.size() == 1) return collection(r, method, list_items, nullptr);
    if (first == "expenses" && path.size() == 1) return collection(r, method, list_expenses, nullptr);
    if (first == "expenses" && path.size() == 2) return member(r, method, path[1], nullptr, update_expense, nullptr);
    if (first == "invoices" && path.size() == 1) return collection(r, method, list_invoices, nullptr);
    if (first == "invoices" && path.size() == 2) return member(r, method, path[1], show_invoice, nullptr, nullptr);
    if (first == "reports") return report_routes(r, method);
    refuse(r, 404, "Not found");
}

}  // namespace minutedock
