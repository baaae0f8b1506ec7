// SPDX-License-Identifier: MIT
#include "tests/minutedock/selection.h"

#include <boost/json/value.hpp>

namespace minutedock {
namespace {

using std::chrono::days;
using std::chrono::floor;

std::chrono::sys_days today_of(const asked& r) {
    return floor<days>(r.now + std::chrono::minutes{r.account.zone_minutes});
}

// The deprecated `users` filter names people by their legacy ids.
list_filter of_legacy_ids(const state& account, const list_filter& legacy) {
    list_filter out = legacy;
    out.ids.clear();
    for (const auto& [id, who] : account.users)
        for (const row_id wanted : legacy.ids)
            if (who.legacy_id == wanted) out.ids.push_back(id);
    return out;
}

// Whether the filter asks for somebody else's time.
bool names_others(const asked& r, const list_filter& users) {
    if (users.everything) return true;
    for (const row_id id : users.ids)
        if (id != r.who.id()) return true;
    return false;
}

list_filter only(row_id id) {
    list_filter own;
    own.everything = false;
    own.ids.push_back(id);
    return own;
}

std::optional<list_filter> users_of_query(const asked& r) {
    const std::string* asked_for = r.parameter("user_accounts");
    const std::string* legacy = r.parameter("users");
    if (asked_for == nullptr && legacy == nullptr)
        return r.how.list_default_users == default_users::own ? only(r.who.id()) : list_filter{};
    const list_filter users =
        asked_for != nullptr ? filter_of_text(*asked_for) : of_legacy_ids(r.account, filter_of_text(*legacy));
    if (r.how.all_users_denied == others_denied::refuse && !r.who.sees_others_time() && names_others(r, users)) {
        refuse(r, 403, "You may not see the time of others");
        return std::nullopt;
    }
    return users;
}

list_filter filter_of(const asked& r, const std::string& name) {
    const std::string* text = r.parameter(name);
    return text == nullptr ? list_filter{} : filter_of_text(*text);
}

void read_billing_switches(const asked& r, selection& into) {
    into.billable_only = is_on(r, "billable_only");
    into.unbillable_only = is_on(r, "unbillable_only");
    into.invoiced_only = is_on(r, "invoiced_only");
    into.uninvoiced_only = is_on(r, "uninvoiced_only");
}

const boost::json::value& field(const asked& r, std::string_view name) {
    static const boost::json::value nothing;
    const auto* found = r.body.if_contains(name);
    return found == nullptr ? nothing : *found;
}

bool flag(const asked& r, std::string_view name) {
    const auto& value = field(r, name);
    return value.is_bool() && value.get_bool();
}

bool read_day(const asked& r, std::string_view name, std::optional<std::chrono::sys_days>& into) {
    const auto& value = field(r, name);
    if (value.is_null()) return true;
    if (!value.is_string()) return false;
    into = mdock::parse_date(std::string_view{value.get_string()});
    return into.has_value();
}

}  // namespace

bool selection::passes(const asked& r, const entry& what) const {
    if (!r.who.sees(what) || !users.matches(what.user) || !contacts.matches(what.contact)) return false;
    if (!projects.matches(what.project) || !tasks.matches(what.tasks)) return false;
    if ((invoiced_only && what.invoice == 0) || (uninvoiced_only && what.invoice != 0)) return false;
    if (!billable_only && !unbillable_only) return true;
    const bool is_billable = billing_rate(r.account, what).value_or(0) > 0;
    return is_billable ? !unbillable_only : !billable_only;
}

std::optional<selection> selection_of_query(const asked& r) {
    const auto window = page_of(r);
    if (!window) return std::nullopt;
    const auto users = users_of_query(r);
    if (!users) return std::nullopt;
    selection which;
    which.window = *window;
    which.users = *users;
    which.contacts = filter_of(r, "contacts");
    which.projects = filter_of(r, "projects");
    which.tasks = filter_of(r, "tasks");
    read_billing_switches(r, which);
    if (!which.window.from && !which.window.to && r.how.list_default_window == default_window::week) {
        const auto today = today_of(r);
        which.window.from = today - days{std::chrono::weekday{today}.iso_encoding() - 1};
        which.window.to = *which.window.from + days{6};
    }
    return which;
}

std::optional<selection> selection_of_report(const asked& r) {
    selection which;
    if (!read_day(r, "from", which.window.from) || !read_day(r, "to", which.window.to)) {
        refuse(r, 422, "from and to must be dates (YYYY-MM-DD)");
        return std::nullopt;
    }
    const auto& users = field(r, "user_accounts");
    if (!users.is_null()) {
        which.users = filter_of_json(users);
    } else if (r.body.contains("users")) {
        which.users = of_legacy_ids(r.account, filter_of_json(field(r, "users")));
    }
    if (r.how.report_own_only) which.users = only(r.who.id());
    which.contacts = filter_of_json(field(r, "contacts"));
    which.projects = filter_of_json(field(r, "projects"));
    which.tasks = filter_of_json(field(r, "tasks"));
    which.billable_only = flag(r, "billable_only");
    which.unbillable_only = flag(r, "unbillable_only");
    which.invoiced_only = flag(r, "invoiced_only");
    which.uninvoiced_only = flag(r, "uninvoiced_only");
    return which;
}

std::vector<std::pair<row_id, const dock*>> docked_in(const asked& r, const selection& which) {
    std::vector<std::pair<row_id, const dock*>> found;
    if (!which.window.holds(today_of(r)) || !is_since(which.window, r.how, stamp{r.now})) return found;
    for (const auto& [user, what] : r.account.docks) {
        const bool is_visible = user == r.who.id() || r.who.sees_others_time();
        if (!what.idle() && is_visible && which.users.matches(user) && which.contacts.matches(what.contact) &&
            which.projects.matches(what.project) && which.tasks.matches(what.tasks))
            found.emplace_back(user, &what);
    }
    return found;
}

}  // namespace minutedock
