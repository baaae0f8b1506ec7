// SPDX-License-Identifier: MIT
// Asks the make-believe MinuteDock everything that can be asked, under the default switches and under drawn ones, and
// prints one JSON line a request: method, path template, query, request body, status, content type, answer.
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "tests/minutedock/server.h"

namespace {

namespace json = boost::json;
using namespace minutedock;

constexpr mdock::utc_seconds now{std::chrono::seconds{1'715'774'400}};
constexpr std::string_view far = "from=1900-01-01&to=2199-12-31";

class caller {
public:
    caller(std::uint64_t seed, switches how)
        : service_(
              generate_account(
                  seed,
                  {.entries = 150, .years = 1, .users = 7, .contacts = 6, .tasks = 5, .invoices = 6, .expenses = 6},
                  now),
              how, seed),
          how_(describe(how)) {}

    void everything() {
        for (const std::string_view token : {admin_token, plain_token, invoices_token, limited_token}) {
            token_ = token;
            read_lists();
            read_single_rows();
            run_reports();
        }
        token_ = admin_token;
        write_reference();
        write_entries();
        use_dock();
        write_expenses();
        sign_in();
        fail_everywhere();
    }

private:
    // `path` has the template's names filled in; the query is described by its parameters.
    reply send_as(std::string_view path_template, std::string_view method, const std::string& path,
                  std::string_view query, const std::string& body) {
        call request;
        request.method = method;
        request.target = path + (query.empty() ? "" : "?" + std::string{query});
        request.body = body;
        request.bearer = token_;
        reply given = service_.handle(request, now);
        std::cout << json::serialize(json::object{{"method", method},
                                                  {"template", path_template},
                                                  {"query", query},
                                                  {"request", body},
                                                  {"status", given.answer.status},
                                                  {"content_type", given.answer.content_type},
                                                  {"answer", given.answer.body},
                                                  {"switches", how_}})
                  << '\n';
        return given;
    }
    reply send(std::string_view method, std::string_view path, std::string_view query = {},
               const std::string& body = {}) {
        return send_as(path, method, std::string{path}, query, body);
    }
    reply send_id(std::string_view method, std::string_view collection, std::string_view name, row_id id,
                  std::string_view after = {}, std::string_view query = {}, const std::string& body = {}) {
        const std::string path_template = std::string{collection} + "/{" + std::string{name} + "}" + std::string{after};
        return send_as(path_template, method, std::string{collection} + "/" + std::to_string(id) + std::string{after},
                       query, body);
    }

    void read_lists() {
        for (const char* path :
             {"/accounts", "/accounts/current", "/users/me", "/dock", "/entries/current", "/tasks", "/items"})
            send("GET", path);
        for (const char* path : {"/users", "/contacts", "/projects"})
            for (const char* query : {"", "active=true", "active=false"}) send("GET", path, query);
        send("GET", "/contacts", "pinned=true");
        send("GET", "/projects", "contact_id=" + text(first(service_.account().contacts)));
        send("GET", "/entries");
        const std::string dates = std::string{far} + "&";
        for (const std::string_view more :
             {"user_accounts=all&limit=12&offset=3", "contacts=null", "projects=null", "tasks=null",
              "users=all&limit=3", "limit=5000", "limit=0", "since=2024-01-01T00:00:00Z&limit=4", "since=nonsense",
              "user_accounts=all&limit=40"})
            send("GET", "/entries", dates + std::string{more});
        for (const std::string_view more : {"limit=7&offset=1", "contact_id=1", "project_id=1", "user_account_id=1",
                                            "invoiced_only=true", "uninvoiced_only=true", "since=2024-01-01T00:00:00Z"})
            send("GET", "/expenses", dates + std::string{more});
        for (const std::string_view more : {"limit=7&offset=0", "contact_id=1", "sent_only=true", "draft_only=true",
                                            "archived=true", "since=2024-01-01T00:00:00Z"})
            send("GET", "/invoices", dates + std::string{more});
    }

    void read_single_rows() {
        const state& account = service_.account();
        send_id("GET", "/accounts", "account_id", account.account_id);
        for (const auto& [id, what] : account.contacts) send_id("GET", "/contacts", "contact_id", id);
        for (const auto& [id, what] : account.projects) send_id("GET", "/projects", "project_id", id);
        for (const auto& [id, what] : account.tasks) send_id("GET", "/tasks", "task_id", id);
        for (const auto& [id, what] : account.invoices) send_id("GET", "/invoices", "invoice_id", id);
        int shown = 0;
        account.entries.for_each([&](const entry& what) {
            if (++shown <= 12) send_id("GET", "/entries", "entry_id", what.id);
        });
        send_id("GET", "/reports", "report_id", 1, {}, "run=true");
        send_id("GET", "/reports", "report_id", 1);
    }

    void run_reports() {
        for (const char* body :
             {R"({})", R"({"from":"1900-01-01","to":"2199-12-31","user_accounts":"all","group_by":["month"]})",
              R"({"user_accounts":["all"],"group_by":"contact,user,project,date"})",
              R"({"group_by":["year"],"contacts":[null]})",
              R"({"projects":["1",null],"tasks":"all","users":[1],"billable_only":true})",
              R"({"unbillable_only":true,"invoiced_only":false,"uninvoiced_only":true})",
              R"({"group_by":["month","year"]})", R"({"from":"yesterday"})"})
            send("POST", "/reports/generate", {}, body);
    }

    void write_reference() {
        const row_id contact = made(send(
            "POST", "/contacts", {},
            R"({"contact":{"name":"Made here","default_rate_dollars":"10.00","budget_type":"hours","budget_frequency":"weekly","budget_target":12.5,"billable":true,"active":true,"pinned":true,"short_code":"mh"}})"));
        const std::string owner = text(contact);
        const row_id project = made(send(
            "POST", "/projects", {},
            R"({"project":{"name":"Made too","contact_id":")" + owner +
                R"(","default_rate_dollars":null,"short_code":"m2","pinned":false,"billable":true,"budget_type":"billable","budget_frequency":"total","budget_target":100}})"));
        const row_id task = made(send("POST", "/tasks", {},
                                      R"({"task":{"name":"Made three","pinned":true,"default_rate_dollars":"9.50"}})"));
        send("POST", "/contacts", {}, R"({"contact":{"name":""}})");
        send("POST", "/projects", {}, R"({"project":{"name":"No owner"}})");
        send("POST", "/tasks", {}, R"({"name":""})");
        send_id("PUT", "/contacts", "contact_id", contact, {}, {}, R"({"contact":{"name":"Renamed","active":false}})");
        send_id("PUT", "/projects", "project_id", project, {}, {},
                R"({"project":{"name":"Renamed","contact_id":")" + owner + R"(","active":false}})");
        send_id("PUT", "/tasks", "task_id", task, {}, {}, R"({"task":{"name":"Renamed"}})");
        send_id("POST", "/projects", "project_id", project, "/archive");
        send_id("POST", "/tasks", "task_id", task, "/archive");
        for (int twice = 0; twice < 2; ++twice) {
            send_id("DELETE", "/tasks", "task_id", task);
            send_id("DELETE", "/projects", "project_id", project);
            send_id("DELETE", "/contacts", "contact_id", contact);
        }
    }

    void write_entries() {
        const row_id id = made(send(
            "POST", "/entries", {},
            R"({"entry":{"date":"2024-05-14","duration":900,"description":"Made #development","task_ids":[],"contact_id":null,"project_id":null,"user_account_id":")" +
                text(first(service_.account().users)) + R"("}})"));
        send_id("PUT", "/entries", "entry_id", id, {}, {}, R"({"entry":{"duration":60}})");
        send_id("PUT", "/entries", "entry_id", id, {}, {}, R"({"entry":{"contact_id":"88888888"}})");
        send_id("POST", "/entries", "entry_id", id, "/redock");
        send("PUT", "/entries/current", {}, R"({"entry":{"timer_active":false,"logged":true}})");
        for (int twice = 0; twice < 2; ++twice) send_id("DELETE", "/entries", "entry_id", id);
        send_id("GET", "/entries", "entry_id", id);
        send("POST", "/entries", {}, R"({"entry":{"description":"A timer","timer_active":true}})");
        send("POST", "/entries", {}, R"({"entry":{"date":"soon"}})");
    }

    void use_dock() {
        for (const char* verb : {"start", "pause", "log"})
            send_as("/entries/current/{verb}", "POST", std::string{"/entries/current/"} + verb, {}, {});
        for (
            const char* body :
            {R"({"entry":{"version_id":"a","version_client_id":"me","version_number":1000,"description":"On the dock","timer_active":true,"contact_id":null,"project_id":null,"task_ids":[]}})",
             R"({"entry":{"version_id":"b","version_client_id":"other","version_number":1,"duration":5}})",
             R"({"entry":{"description":"No version"}})",
             R"({"entry":{"version_id":"c","version_client_id":"me","version_number":1002,"logged":true,"date":"2024-05-15"}})"}) {
            send("PUT", "/dock", {}, body);
            send("GET", "/dock");
            send("GET", "/entries/current");
        }
        for (int twice = 0; twice < 2; ++twice) send("DELETE", "/entries/current");
        send("PUT", "/entries/current", {}, R"({"entry":{"description":"Nobody there"}})");
        send("POST", "/entries", {}, R"({"entry":{"description":"To be thrown away"}})");
        send("PUT", "/entries/current", {}, R"({"entry":{"description":"Changed"}})");
        send("DELETE", "/entries/current");
    }

    void write_expenses() {
        const std::string item = text(first(service_.account().items));
        for (const auto& [id, what] : service_.account().expenses) {
            send_id("PUT", "/expenses", "expense_id", id, {}, {},
                    R"({"expense":{"quantity":2.5,"item_id":")" + item + R"("}})");
            send_id(
                "PUT", "/expenses", "expense_id", id, {}, {},
                R"({"expense":{"rate_cents":1234,"manually_invoiced":true,"description":"Changed","date":"2024-05-01","contact_id":null,"project_id":null}})");
        }
    }

    void sign_in() {
        const reply back =
            send("GET", "/oauth/authorize", "response_type=code&client_id=c&redirect_uri=http://127.0.0.1/&state=s");
        send("GET", "/oauth/authorize", "client_id=c");
        const std::string location = back.headers.empty() ? "" : back.headers.front().second;
        const std::string code =
            location.substr(location.find("code=") + 5, location.find('&') - location.find("code=") - 5);
        send("POST", "/oauth/token", {}, "grant_type=authorization_code&code=" + code);
        send("POST", "/oauth/token", {}, "grant_type=refresh_token&refresh_token=refresh-1");
        send("POST", "/oauth/token", {}, "grant_type=authorization_code&code=stale");
    }

    // Every operation once with a bad token, and once too often.
    void fail_everywhere() {
        for (const bool is_throttled : {false, true}) {
            token_ = is_throttled ? admin_token : std::string_view{"nobody"};
            if (is_throttled) service_.set_rate_limit(1);
            for (const char* path :
                 {"/accounts", "/accounts/current", "/users", "/users/me", "/dock", "/entries", "/entries/current",
                  "/contacts", "/projects", "/tasks", "/items", "/expenses", "/invoices"})
                send("GET", path);
            fail_by_id("GET", {{"/accounts", "account_id"},
                               {"/entries", "entry_id"},
                               {"/contacts", "contact_id"},
                               {"/projects", "project_id"},
                               {"/tasks", "task_id"},
                               {"/invoices", "invoice_id"},
                               {"/reports", "report_id"}});
            fail_by_id("PUT", {{"/entries", "entry_id"},
                               {"/contacts", "contact_id"},
                               {"/projects", "project_id"},
                               {"/tasks", "task_id"},
                               {"/expenses", "expense_id"}});
            fail_by_id("DELETE", {{"/entries", "entry_id"},
                                  {"/contacts", "contact_id"},
                                  {"/projects", "project_id"},
                                  {"/tasks", "task_id"}});
            for (const char* path : {"/entries", "/contacts", "/projects", "/tasks", "/reports/generate"})
                send("POST", path, {}, "{}");
            for (const char* path : {"/dock", "/entries/current"}) send("PUT", path, {}, "{}");
            send("DELETE", "/entries/current");
            send_as("/entries/current/{verb}", "POST", "/entries/current/start", {}, {});
            send_id("POST", "/entries", "entry_id", 1, "/redock");
            send_id("POST", "/projects", "project_id", 1, "/archive");
            send_id("POST", "/tasks", "task_id", 1, "/archive");
        }
    }
    void fail_by_id(std::string_view method, std::initializer_list<std::pair<const char*, const char*>> where) {
        for (const auto& [collection, name] : where)
            send_id(method, collection, name, 77'777'777, {}, {}, method == "PUT" ? "{}" : "");
    }

    static row_id made(const reply& given) {
        boost::system::error_code error;
        const json::value row = json::parse(given.answer.body, error);
        if (error || !row.is_object() || !row.get_object().contains("id")) return 0;
        const json::value& id = row.at("id");
        return id.is_int64() ? id.get_int64() : std::atoll(std::string{std::string_view{id.as_string()}}.c_str());
    }
    template <class Map>
    static row_id first(const Map& from) {
        return from.empty() ? 0 : from.begin()->first;
    }
    static std::string text(row_id id) { return std::to_string(id); }

    server service_;
    std::string how_;
    std::string_view token_ = admin_token;
};

}  // namespace

int main(int argc, char** argv) {
    const int drawn = argc > 1 ? std::atoi(argv[1]) : 10;
    caller{1, {}}.everything();
    switches open;
    set_switch(open, "legacy_endpoints", "open");
    set_switch(open, "unknown_fields", "yes");
    set_switch(open, "me_user_account_id", "yes");
    caller{2, open}.everything();
    for (int seed = 1; seed <= drawn; ++seed)
        caller{static_cast<std::uint64_t>(seed), draw_switches(static_cast<std::uint64_t>(seed))}.everything();
}
