// SPDX-License-Identifier: MIT
#include "tests/sandbox/control.h"

#include <array>
#include <boost/json.hpp>

#include "tests/minutedock/expected.h"
#include "tests/sandbox/behind.h"

namespace sandbox {
namespace {

namespace json = boost::json;
using minutedock::call;
using minutedock::reply;

reply answered(const json::value& body, int status = 200) {
    reply given;
    given.answer.status = status;
    given.answer.content_type = "application/json";
    given.answer.body = json::serialize(body);
    return given;
}

reply refused(int status, std::string_view why) { return answered(json::object{{"error", why}}, status); }

json::object body_of(const call& request) {
    boost::system::error_code error;
    json::value parsed = json::parse(request.body, error);
    return !error && parsed.is_object() ? std::move(parsed.get_object()) : json::object();
}

reply show_requests(world& all) {
    json::array log;
    for (const auto& record : all.model().log())
        log.push_back(json::object{{"at", record.at.time_since_epoch().count()},
                                   {"method", record.method},
                                   {"target", record.target},
                                   {"status", record.status}});
    return answered(json::object{{"count", all.requests()}, {"log", std::move(log)}});
}

reply requests(world& all, const call& request) {
    if (request.method == "DELETE") all.model().clear_log();
    return show_requests(all);
}

reply show_faults(world& all) {
    json::array rules;
    for (const auto& rule : all.model().faults())
        rules.push_back(json::object{
            {"kind", rule.kind}, {"value", rule.value}, {"path", rule.path}, {"seen", rule.seen}, {"hits", rule.hits}});
    return answered(json::object{{"faults", std::move(rules)}});
}

reply faults(world& all, const call& request) {
    if (request.method == "GET") return show_faults(all);
    std::vector<minutedock::fault_rule> rules;
    const json::object body = body_of(request);
    if (const json::value* listed = body.if_contains("faults"); listed && listed->is_array()) {
        for (const json::value& text : listed->get_array()) {
            if (!text.is_string()) return refused(422, "each fault is a text such as \"429:times=3\"");
            auto rule = minutedock::parse_fault(std::string_view(text.get_string()));
            if (!rule) return refused(422, rule.error().context());
            rules.push_back(std::move(*rule));
        }
    }
    if (request.method != "POST") all.model().clear_faults();
    for (auto& rule : rules) all.model().add_fault(std::move(rule));
    return show_faults(all);
}

reply switches(world& all, const call& request) {
    const json::object body = body_of(request);
    if (request.method == "PUT") {
        minutedock::switches changed = all.model().how();
        for (const auto& [name, value] : body)
            if (!value.is_string() ||
                !minutedock::set_switch(changed, std::string_view(name.data(), name.size()),
                                        std::string_view(value.get_string())))
                return refused(422, "no such switch or value: " + std::string(name));
        all.model().how() = changed;
    }
    json::object shown;
    for (const auto& [name, values] : minutedock::known_switches())
        shown[name] = std::string(minutedock::switch_value(all.model().how(), name));
    return answered(shown);
}

bool read_knobs(const json::object& body, knobs& to) {
    for (const auto& [name, value] : body) {
        const bool is_count = value.is_int64() && value.get_int64() >= 0;
        if (name == "rate_limit" && is_count)
            to.rate_limit = static_cast<std::size_t>(value.get_int64());
        else if (name == "latency_ms" && is_count)
            to.latency = std::chrono::milliseconds(value.get_int64());
        else if (name == "paused" && value.is_bool())
            to.is_paused = value.get_bool();
        else
            return false;
    }
    return true;
}

reply settings(world& all, const call& request) {
    knobs to = all.set_to();
    if (request.method == "PUT") {
        if (!read_knobs(body_of(request), to))
            return refused(422, "known: rate_limit and latency_ms, both whole numbers, and paused, true or false");
        all.set(to);
    }
    return answered(
        json::object{{"rate_limit", to.rate_limit}, {"latency_ms", to.latency.count()}, {"paused", to.is_paused}});
}

json::object table_as_json(const minutedock::expected_mirror_rows::table& rows) {
    json::object shown;
    for (const auto& [id, columns] : rows) {
        json::object row;
        for (const auto& [column, text] : columns) row[column] = text ? json::value(*text) : json::value();
        shown[std::to_string(id)] = std::move(row);
    }
    return shown;
}

reply expected(world& all, const std::string& token) {
    const auto rows = minutedock::expected_mirror(all.model(), token);
    json::object tables;
    for (const auto& [name, table] : rows.tables) tables[name] = table_as_json(table);
    json::object entry_tasks;
    for (const auto& [entry, tasks] : rows.entry_tasks) entry_tasks[std::to_string(entry)] = json::value_from(tasks);
    json::object placeholders;
    for (const auto& [table, ids] : rows.placeholders) placeholders[table] = json::value_from(ids);
    return answered(json::object{{"tables", std::move(tables)},
                                 {"entry_tasks", std::move(entry_tasks)},
                                 {"dock_tasks", json::value_from(rows.dock_tasks)},
                                 {"placeholders", std::move(placeholders)},
                                 {"states", json::value_from(rows.states)}});
}

// "admin/entries/7" of "/sandbox/v1/as/admin/entries/7".
reply as_other(world& all, const call& request, std::string_view rest) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    call made = request;
    made.bearer = token_called(rest.substr(0, slash));
    made.target = std::string(rest.substr(slash));
    if (made.bearer.empty() || made.target.empty()) return refused(404, "as/NAME/…: the names are those of the tokens");
    return all.handle_as_other(made);
}

reply behind(world& all, const call& request) {
    if (request.method != "POST") return refused(405, "only POST");
    const auto why_not = happen(all.model().account(), body_of(request));
    return why_not.empty() ? answered(json::object{}) : refused(422, why_not);
}

reply expected_for(world& all, std::string_view name) {
    const std::string token = token_called(name);
    if (token.empty()) return refused(404, "expected/NAME: the names are those of the tokens");
    call asking;
    asking.bearer = token;
    if (all.model().identify(asking).account != &all.model().account())
        return refused(422, "only for tokens that are good in the first account");
    return expected(all, token);
}

}  // namespace

reply control(world& all, const call& request) {
    if (request.bearer != all.control_token()) return refused(401, "this path needs the control token as its bearer");
    std::string_view path = std::string_view(request.target).substr(control_base.size());
    constexpr std::string_view as = "/as/";
    constexpr std::string_view expected_rows = "/expected/";
    if (path.starts_with(as)) return as_other(all, request, path.substr(as.size()));
    if (path.starts_with(expected_rows)) return expected_for(all, path.substr(expected_rows.size()));
    if (path == "/behind") return behind(all, request);
    if (path == "/requests") return requests(all, request);
    if (path == "/faults") return faults(all, request);
    if (path == "/switches") return switches(all, request);
    if (path == "/settings") return settings(all, request);
    return refused(404, "no such control path; mdock-sandbox --help names them");
}

std::string control_help() {
    return R"(Control, for tests: the same port, below control_url of the JSON line, Authorization: Bearer CONTROL_TOKEN.
  GET    /requests             {"count":N,"log":[{"at","method","target","status"}]}; DELETE empties the log, not the count
  any    /as/NAME/PATH         the request PATH of the API as another client with the token NAME (admin, member, …):
                               no fault, no rate limit, not counted. So entries are created, changed and deleted
                               behind the mirror's back.
  POST   /behind               what no stamp tells: {"merge_contacts":[FROM,INTO]}, {"strip_task":ID},
                               {"delete_expense":ID}, {"delete_invoice":ID},
                               {"edit_entry":ID,"duration":N,"description":TEXT,"date":DAY,"task_ids":[…]},
                               {"rights_of":USER_ACCOUNT_ID,"report_on_others":false,"contacts":[…] or null}
  GET    /faults               the rules with how often each was seen and hit; PUT {"faults":["429:times=3"]} replaces
                               them, POST adds, DELETE removes all
  GET    /switches             all; PUT {"ids":"int"} sets some
  GET    /settings             PUT {"rate_limit":60,"latency_ms":50,"paused":true} sets some; while paused, requests wait
  GET    /expected/NAME        what a right mirror for the token NAME holds: {"tables":{TABLE:{ID:{COLUMN:TEXT}}},…}
)";
}

}  // namespace sandbox
