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

}  // namespace

std::string happen(minutedock::state& account, const json::object& what) {
    if (const auto* pair = what.if_contains("merge_contacts")) return merge(account, *pair);
    if (const auto* task = what.if_contains("strip_task")) return strip(account, *task);
    if (const auto* expense = what.if_contains("delete_expense")) return erase(account, *expense);
    if (what.contains("edit_entry")) return edit(account, what);
    return "known: merge_contacts, strip_task, delete_expense and edit_entry";
}

}  // namespace sandbox
