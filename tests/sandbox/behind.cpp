// SPDX-License-Identifier: MIT
#include "tests/sandbox/behind.h"

#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>

#include "core/base/time.h"

namespace sandbox {
namespace {

namespace json = boost::json;
using minutedock::row_id;

std::string merge(minutedock::state& account, const json::value& pair) {
    const auto* ids = pair.if_array();
    if (ids == nullptr || ids->size() != 2 || !ids->at(0).is_int64() || !ids->at(1).is_int64()) return "merge_contacts is [FROM,INTO]";
    const row_id from = ids->at(0).get_int64(), into = ids->at(1).get_int64();
    if (!account.contacts.contains(from) || !account.contacts.contains(into)) return "there is no such contact";
    minutedock::merge_contacts(account, from, into);
    return {};
}

std::string strip(minutedock::state& account, const json::value& id) {
    if (!id.is_int64() || !account.tasks.contains(id.get_int64())) return "there is no such task";
    minutedock::strip_task(account, id.get_int64(), std::nullopt);
    return {};
}

std::string edit(minutedock::state& account, const json::object& what) {
    const auto& id = what.at("edit_entry");
    const auto* found = id.is_int64() ? account.entries.find(id.get_int64()) : nullptr;
    if (found == nullptr) return "there is no such entry";
    minutedock::entry copy = *found;
    for (const auto& [name, value] : what) {
        if (name == "duration" && value.is_int64()) copy.duration = value.get_int64();
        if (name == "description" && value.is_string()) copy.description = std::string(value.get_string());
        if (name == "task_ids" && value.is_array()) copy.tasks = json::value_to<std::vector<row_id>>(value);
        if (name == "date" && value.is_string()) {
            const auto day = mdock::parse_date(std::string_view(value.get_string()));
            if (!day) return "date is YYYY-MM-DD";
            copy.date = *day;
        }
    }
    account.entries.put(std::move(copy));
    return {};
}

std::string erase(minutedock::state& account, const json::value& id) {
    return id.is_int64() && account.expenses.erase(id.get_int64()) == 1 ? "" : "there is no such expense";
}

std::string forget_invoice(minutedock::state& account, const json::value& id) {
    if (!id.is_int64() || !account.invoices.contains(id.get_int64())) return "there is no such invoice";
    minutedock::delete_invoice(account, id.get_int64());
    return {};
}

bool* right_named(minutedock::permissions& may, std::string_view name) {
    if (name == "admin") return &may.admin;
    if (name == "manage_invoices") return &may.manage_invoices;
    if (name == "manage_contacts") return &may.manage_contacts;
    if (name == "manage_projects_and_tasks") return &may.manage_projects_and_tasks;
    if (name == "report_on_others") return &may.report_on_others;
    if (name == "edit_others") return &may.edit_others;
    return nullptr;
}

// What a person may see; with a right or a contact, rows go out of sight that nobody deleted.
std::string permit(minutedock::state& account, const json::object& what) {
    const auto& id = what.at("rights_of");
    const auto found = id.is_int64() ? account.users.find(id.get_int64()) : account.users.end();
    if (found == account.users.end()) return "there is no such user";
    for (const auto& [name, value] : what) {
        if (name == "rights_of") continue;
        if (name == "contacts" && value.is_array()) {
            found->second.allowed_contacts = json::value_to<std::vector<row_id>>(value);
        } else if (name == "contacts" && value.is_null()) {
            found->second.allowed_contacts.reset();
        } else if (bool* right = right_named(found->second.may, name); right != nullptr && value.is_bool()) {
            *right = value.get_bool();
        } else {
            return "there is no such right: " + std::string(name);
        }
    }
    return {};
}

}  // namespace

std::string happen(minutedock::state& account, const json::object& what) {
    if (const auto* pair = what.if_contains("merge_contacts")) return merge(account, *pair);
    if (const auto* task = what.if_contains("strip_task")) return strip(account, *task);
    if (const auto* expense = what.if_contains("delete_expense")) return erase(account, *expense);
    if (const auto* invoice = what.if_contains("delete_invoice")) return forget_invoice(account, *invoice);
    if (what.contains("edit_entry")) return edit(account, what);
    if (what.contains("rights_of")) return permit(account, what);
    return "known: merge_contacts, strip_task, delete_expense, delete_invoice, edit_entry and rights_of";
}

}  // namespace sandbox
