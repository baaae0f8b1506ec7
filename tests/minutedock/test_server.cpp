// SPDX-License-Identifier: MIT
// The frame around the endpoints: credentials, headers, the rate limit, faults, switches, and the expected mirror.
#include <gtest/gtest.h>

#include <array>

#include "tests/minutedock/expected.h"
#include "tests/minutedock/requests.h"

namespace minutedock {
namespace {

fault_rule rule(std::string_view text) {
    auto parsed = parse_fault(text);
    EXPECT_TRUE(parsed) << text;
    return parsed ? std::move(*parsed) : fault_rule{};
}

TEST(Credentials, AreRefusedInTheFormAsked) {
    server from = make_server();
    for (const std::string_view token : {std::string_view{"wrong"}, revoked_token, std::string_view{}, admin_key}) {
        const reply given = ask(from, "GET", "/users/me", {}, token);
        EXPECT_EQ(given.answer.status, 401) << token;
        EXPECT_TRUE(given.answer.body.empty());
    }
    set_switch(from.how(), "bad_auth", "403_json");
    EXPECT_EQ(ask(from, "GET", "/users/me", {}, "wrong").answer.status, 403);
}

TEST(Credentials, TokensAreOfOneAccountAndKeysOfAll) {
    server from = make_server();
    const auto here = json_of(ask(from, "GET", "/accounts/current"));
    const auto there = json_of(ask(from, "GET", "/accounts/current", {}, neighbour_token));
    EXPECT_NE(here.at("id"), there.at("id"));
    call by_key;
    by_key.target = "/accounts/current.json";
    by_key.api_key = admin_key;
    EXPECT_EQ(boost::json::parse(from.handle(by_key, test_now).answer.body), here);
    by_key.account_id_header = std::string{std::string_view{there.at("id").as_string()}};
    EXPECT_EQ(boost::json::parse(from.handle(by_key, test_now).answer.body), there);
    by_key.account_id_header = "1";
    EXPECT_EQ(from.handle(by_key, test_now).answer.status, 404);
}

TEST(Headers, DateAndTagAsTheSwitchesSay) {
    server from = make_server();
    const reply given = ask(from, "GET", "/api/v1/tasks.json");
    EXPECT_EQ(given.answer.date, "Wed, 15 May 2024 12:00:00 GMT");
    ASSERT_EQ(given.answer.etag.size(), 36U);
    call again;
    again.target = "/tasks";
    again.bearer = admin_token;
    again.if_none_match = given.answer.etag;
    EXPECT_EQ(from.handle(again, test_now).answer.status, 304);
    set_switch(from.how(), "date_header", "missing");
    set_switch(from.how(), "etag", "none");
    EXPECT_TRUE(ask(from, "GET", "/tasks").answer.date.empty());
    EXPECT_TRUE(ask(from, "GET", "/tasks").answer.etag.empty());
}

TEST(RateLimit, IsASlidingMinute) {
    server from = make_server();
    from.set_rate_limit(3);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(from, "GET", "/tasks").answer.status, 200);
    const reply refused = ask(from, "GET", "/tasks");
    EXPECT_EQ(refused.answer.status, 429);
    EXPECT_TRUE(refused.answer.retry_after.empty());
    set_switch(from.how(), "rate_limit", "retry_after");
    EXPECT_EQ(ask(from, "GET", "/tasks", {}, admin_token, test_now + std::chrono::seconds{10}).answer.retry_after,
              std::vector<std::string>{"50"});
    set_switch(from.how(), "rate_limit", "retry_after_date");
    EXPECT_EQ(ask(from, "GET", "/tasks").answer.retry_after, std::vector<std::string>{"Wed, 15 May 2024 12:01:00 GMT"});
    EXPECT_EQ(ask(from, "GET", "/tasks", {}, admin_token, test_now + std::chrono::seconds{60}).answer.status, 200);
}

TEST(Faults, TextIsParsedOrRefused) {
    const fault_rule one = rule("429:every=5:retry-after=Wed, 15 May 2024 12:00:00 GMT:path=/entries:method=GET");
    EXPECT_EQ(one.every, 5U);
    EXPECT_EQ(one.retry_after, std::vector<std::string>{"Wed, 15 May 2024 12:00:00 GMT"});
    EXPECT_EQ(one.path, "/entries");
    EXPECT_EQ(rule("redirect=http://example.com:8080/x:nth=2").value, "http://example.com:8080/x");
    EXPECT_EQ(rule("cut=200:p=0.25:times=4:after=1").chance, 0.25);
    for (const char* wrong : {"", "418", "500:nth=0", "500:p=2", "500:sometimes=1", "cut=5:every=x"})
        EXPECT_FALSE(parse_fault(wrong)) << wrong;
}

TEST(Faults, StrikeWhenTheirRuleSays) {
    server from = make_server();
    from.add_fault(rule("503:every=3:path=/tasks"));
    std::vector<int> statuses;
    for (int i = 0; i < 6; ++i) statuses.push_back(ask(from, "GET", "/tasks").answer.status);
    EXPECT_EQ(statuses, (std::vector<int>{200, 200, 503, 200, 200, 503}));
    EXPECT_EQ(ask(from, "GET", "/users").answer.status, 200);
    from.clear_faults();
    from.add_fault(rule("500:nth=1:done=yes"));
    const std::size_t before = from.account().entries.size();
    EXPECT_EQ(ask(from, "POST", "/entries", R"({"entry":{"date":"2024-05-14"}})").answer.status, 500);
    EXPECT_EQ(from.account().entries.size(), before + 1);
}

TEST(Faults, SpoilTheHonestAnswer) {
    const auto spoiled = [](std::string_view text) {
        server from = make_server();
        from.add_fault(rule(text));
        return ask(from, "GET", "/contacts");
    };
    const std::string honest = spoiled("503:nth=99").answer.body;
    for (const char* kind : {"truncated", "bad_utf8", "no_id", "big_id", "zero_id", "float_id", "duplicate", "deep",
                             "huge=1000", "unknown", "null", "object", "text", "array", "empty", "html"})
        EXPECT_NE(spoiled(kind).answer.body, honest) << kind;
    EXPECT_EQ(spoiled("redirect").headers.front().first, "Location");
    EXPECT_EQ(spoiled("204").answer.status, 204);
    EXPECT_EQ(spoiled("cut=7").wire.amount, 7U);
    EXPECT_EQ(spoiled("lost").wire.what, wire_fault::kind::reset_before);
    EXPECT_EQ(spoiled("hang").wire.what, wire_fault::kind::hang);
}

TEST(Switches, NamesAndValuesRoundTrip) {
    EXPECT_GE(known_switches().size(), 40U);
    for (const auto& [name, values] : known_switches()) {
        switches some;
        EXPECT_EQ(switch_value(some, name), values.front()) << name;
        for (const std::string& value : values) {
            EXPECT_TRUE(set_switch(some, name, value));
            EXPECT_EQ(switch_value(some, name), value);
        }
        EXPECT_FALSE(set_switch(some, name, "no such value"));
    }
    switches some;
    EXPECT_FALSE(set_switch(some, "no_such_switch", "yes"));
    EXPECT_EQ(draw_switches(5), draw_switches(5));
    EXPECT_NE(draw_switches(5), draw_switches(6));
    set_switch(some, "since_op", "gte");
    EXPECT_EQ(describe(some), "since_op=gte");
}

TEST(OAuth, ACodeBecomesAToken) {
    server from = make_server();
    const reply sent_back =
        ask(from, "GET", "/oauth/authorize?response_type=code&client_id=c&redirect_uri=http://127.0.0.1/cb&state=s%20t",
            {}, "");
    ASSERT_EQ(sent_back.answer.status, 302);
    const std::string location = sent_back.headers.front().second;
    const std::string code =
        location.substr(location.find("code=") + 5, location.find('&') - location.find("code=") - 5);
    const reply token = ask(from, "POST", "/oauth/token", "grant_type=authorization_code&code=" + code, "");
    ASSERT_EQ(token.answer.status, 200);
    const std::string text{std::string_view{json_of(token).at("access_token").as_string()}};
    EXPECT_EQ(ask(from, "GET", "/users/me", {}, text).answer.status, 200);
    EXPECT_EQ(ask(from, "POST", "/oauth/token", "grant_type=authorization_code&code=x", "").answer.status, 400);
}

// The expectation is made from the state alone; here it meets the JSON, in the plainest form of each.
TEST(ExpectedMirror, AgreesWithTheListsOfEachToken) {
    for (const std::string_view token : {admin_token, plain_token, invoices_token, limited_token}) {
        server from = make_server(21, {.entries = 800});
        const auto wanted = expected_mirror(from, token);
        const auto rows = list_of(from, "/entries?from=1900-01-01&to=2199-12-31&user_accounts=all&limit=1000", token);
        EXPECT_EQ(rows.size(), wanted.tables.at("entries").size());
        for (const auto& row : rows) {
            const auto& mirrored = wanted.tables.at("entries").at(id_in(row));
            EXPECT_EQ(mirrored.at("entry_date"), std::string{std::string_view{row.at("date").as_string()}});
            EXPECT_EQ(mirrored.at("description").has_value(), row.at("description").is_string());
            EXPECT_EQ(mirrored.at("billing_rate_cents").has_value(), row.at("billing_rate").is_string());
            EXPECT_EQ(mirrored.at("duration_seconds"), std::to_string(row.at("duration").as_int64()));
        }
        for (const auto& [table, path] : {std::pair{"contacts", "/contacts"}, std::pair{"projects", "/projects"},
                                          std::pair{"tasks", "/tasks"}, std::pair{"users", "/users"},
                                          std::pair{"items", "/items"}, std::pair{"expenses", "/expenses?limit=1000"}})
            EXPECT_EQ(list_of(from, path, token).size(), wanted.tables.at(table).size()) << table;
        EXPECT_EQ(wanted.states.at("invoices"), token == admin_token || token == invoices_token ? "current" : "denied");
    }
}

TEST(ExpectedMirror, NamesParentsThatCannotBeSeen) {
    server from = make_server(22, {.entries = 3000});
    const auto wanted = expected_mirror(from, admin_token);
    for (const char* table : {"contacts", "users", "tasks"})
        EXPECT_FALSE(wanted.placeholders.at(table).empty()) << table;
    for (const auto& [id, row] : wanted.tables.at("entries")) {
        const auto& contact = row.at("contact_id");
        if (!contact) continue;
        const row_id parent = std::stoll(*contact);
        EXPECT_TRUE(wanted.tables.at("contacts").contains(parent) ||
                    wanted.placeholders.at("contacts").contains(parent));
    }
}

TEST(ExpectedMirror, HoldsChangesThatListsDoNotShowYet) {
    server from = make_server(23, {.entries = 20});
    set_switch(from.how(), "commit_lag", "30");
    const auto made = json_of(ask(from, "POST", "/entries", R"({"entry":{"date":"2024-05-14"}})"));
    EXPECT_TRUE(expected_mirror(from, admin_token).tables.at("entries").contains(id_in(made)));
}

TEST(Determinism, SameSeedsAndRequestsGiveSameBytes) {
    const auto run = [](std::uint64_t seed) {
        server from{generate_account(seed, {.entries = 200}, test_now), draw_switches(seed), seed};
        from.add_fault(rule("500:p=0.1"));
        std::string all;
        for (int i = 0; i < 40; ++i) {
            all += ask(from, "GET", "/entries?user_accounts=all&from=1900-01-01&to=2199-12-31").answer.body;
            all += ask(from, "POST", "/entries", R"({"entry":{"date":"2024-05-14","duration":7}})").answer.body;
            all += ask(from, "POST", "/entries", R"({"entry":{"description":"timer"}})").answer.body;
        }
        return all;
    };
    for (std::uint64_t seed = 1; seed <= 10; ++seed) EXPECT_EQ(run(seed), run(seed)) << describe(draw_switches(seed));
}

}  // namespace
}  // namespace minutedock
