// SPDX-License-Identifier: MIT
#include "core/store/capture_text.h"

#include <algorithm>
#include <array>

namespace mdock::store::capture {
namespace {

using model::column;
using model::kind;
using model::table;
using model::writer;

constexpr std::string_view me = "(SELECT user_account_id FROM _identity)";
// K08: an entry sent without a date would start a timer.
constexpr std::string_view today = "(SELECT today FROM _now)";

constexpr std::array rules{
    rule{resource::entries, "user_account_id", me},
    rule{resource::entries, "entry_date", today},
    rule{resource::entries, "duration_seconds", "0"},
    rule{resource::contacts, "name", {}},
    rule{resource::contacts, "is_active", "1", false},
    rule{resource::contacts, "is_pinned", "0", false},
    rule{resource::projects, "name", {}},
    rule{resource::projects, "contact_id", {}},
    rule{resource::projects, "is_active", "1", false},
    rule{resource::projects, "is_pinned", "0", false},
    rule{resource::tasks, "name", {}},
    rule{resource::tasks, "is_pinned", "0", false},
    rule{resource::expenses, "expense_date", {}},
    rule{resource::dock, "duration_seconds", {}},
};

template <class Wanted>
columns those(const table& of, Wanted wanted) {
    columns out;
    for (const auto& c : of.columns)
        if (!c.name.empty() && c.name != of.key && wanted(c)) out.push_back(&c);
    return out;
}

// SQLite before 3.43 writes fifteen digits of a number into JSON; the shortest text that reads back as the same number
// is put there instead.
std::string as_json(const column& c, std::string_view row) {
    const std::string value = std::string(row) + "." + std::string(c.name);
    if (c.how != kind::real) return value;
    return filled("json(CASE WHEN CAST(printf('%!.15g', {v}) AS REAL) = {v} THEN printf('%!.15g', {v}) "
                  "WHEN {v} IS NOT NULL THEN printf('%!.17g', {v}) END)",
                  {{"v", value}});
}

}  // namespace

std::string filled(std::string_view text, const names& values) {
    std::string out;
    out.reserve(text.size() * 2);
    while (!text.empty()) {
        const auto open = text.find('{');
        out += text.substr(0, open);
        if (open == std::string_view::npos) break;
        text.remove_prefix(open);
        const auto close = text.find('}');
        const auto known = close == std::string_view::npos ? values.end() : values.find(text.substr(1, close - 1));
        out += known == values.end() ? text.substr(0, 1) : std::string_view{known->second};
        text.remove_prefix(known == values.end() ? 1 : close + 1);
    }
    return out;
}

const rule* rule_of(const table& of, std::string_view name) {
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const rule& r) { return r.which == of.which && r.column == name; });
    return found == rules.end() ? nullptr : &*found;
}

bool is_never_null(const table& of, const column& c) {
    return c.how == kind::boolean || rule_of(of, c.name) != nullptr;
}

columns updatable(const table& of) {
    return those(of, [](const column& c) { return c.written_by == writer::person; });
}

columns insertable(const table& of) {
    return those(of, [](const column& c) { return c.written_by != writer::nobody; });
}

columns computed(const table& of) {
    return those(of, [](const column& c) { return c.written_by != writer::person; });
}

columns stored(const table& of) {
    return those(of, [](const column&) { return true; });
}

std::string for_each(const columns& list, std::string_view separator, std::string_view each) {
    std::string out;
    for (const auto* c : list) {
        if (!out.empty()) out += separator;
        out += filled(each, {{"c", std::string(c->name)}, {"new", as_json(*c, "NEW")}, {"old", as_json(*c, "OLD")},
                             {"here", as_json(*c, "here")}});
    }
    return out;
}

std::string link_list(std::string_view link_table, std::string_view key, std::string_view id) {
    return filled("(SELECT json_group_array(task_id) FROM (SELECT task_id FROM {l} WHERE {k} = {id} ORDER BY task_id))",
                  {{"l", std::string(link_table)}, {"k", std::string(key)}, {"id", std::string(id)}});
}

names names_of(const table& of) {
    names out{{"t", std::string(of.name)}, {"k", std::string(of.key)}};
    // A trigger's own writes are no person's; the gate's own triggers say why nothing passes while it is closed.
    out["open"] = "(SELECT is_open - is_capturing FROM _gate) = 1";
    for (const std::string row : {"NEW", "OLD"}) {
        const std::string mark = row == "NEW" ? "" : "_of_old";
        const names here{{"t", out["t"]}, {"id", row + "." + out["k"]}};
        out["replaced" + mark] = filled("EXISTS (SELECT 1 FROM _replaced WHERE resource = '{t}' AND row_id = {id})", here);
        out["queue" + mark] = filled("resource = '{t}' AND row_id = {id}", here);
        // The end of the row's chain; later changes fold into it until it is being sent (O09, O10).
        out["last" + mark] = filled("outbox_id = (SELECT max(outbox_id) FROM outbox WHERE resource = '{t}' AND row_id = {id}) "
                                    "AND state IN ('queued', 'held')",
                                    here);
        out["unsent" + mark] = filled("EXISTS (SELECT 1 FROM outbox WHERE resource = '{t}' AND row_id = {id} AND operation = 'create' "
                                      "AND state IN ('queued', 'held', 'parked'))",
                                      here);
        // queued as long as anything waits; a conflict stays one until a person has chosen.
        out["mark" + mark] = filled("UPDATE " + out["t"] + " SET sync_state = iif(sync_state = 'synced', 'queued', 'synced') WHERE " + out["k"] +
                                        " = {id} AND sync_state = iif(EXISTS (SELECT 1 FROM outbox WHERE resource = '{t}' "
                                        "AND row_id = {id}), 'synced', 'queued')",
                                    here);
    }
    return out;
}

}  // namespace mdock::store::capture
