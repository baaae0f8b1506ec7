// SPDX-License-Identifier: MIT
// Catalogue A2 as the engine meets it: answers that are complete and wrong stay the trouble of their own resource, and
// nothing that is there goes because of them.
#include <regex>

#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

constexpr minutedock::account_size tiny{.entries = 90, .years = 1, .contacts = 8, .invoices = 6, .expenses = 8};
constexpr minutedock::account_size paged{.entries = 2500, .years = 2};

constexpr std::array lists{"/users", "/contacts", "/projects", "/tasks", "/items", "/entries", "/expenses", "/invoices"};

std::string_view resource_of(const char* path) { return path + 1; }

// Each resource but `wrong` is as it should be.
void expect_others_current(world& w, std::string_view wrong) {
    for (const char* path : lists) {
        if (resource_of(path) == wrong) continue;
        EXPECT_EQ(state_of(w, resource_of(path)), "current") << path << " beside " << wrong;
    }
}

TEST(Hostile, H01_EmptyListsTakeNoRowAway) {
    for (const bool is_full : {false, true}) {
        world w(tiny);
        w.sync();
        const auto shown = rows_shown(w);
        add_fault(w, "array:method=GET:path=/users:after=1");
        for (const char* path : lists)
            if (resource_of(path) != "users") add_fault(w, "array:path=" + std::string(path));
        w.sync(is_full ? all_again() : engine::round_request{});
        EXPECT_EQ(rows_shown(w), shown);
        EXPECT_EQ(rows_in(w, "gone_rows"), 0);
        EXPECT_EQ(differences(w), lines{});
    }
}

TEST(Hostile, H01_FirstReadThatComesEmptyOnceIsAskedAgain) {
    for (const char* path : {"/entries", "/expenses", "/invoices"}) {
        world w(tiny);
        add_fault(w, "array:nth=1:path=" + std::string(path));
        EXPECT_EQ(troubles(w.sync()), lines{}) << path;
        expect_equal(w, path);
    }
}

TEST(Hostile, H01_WindowThatComesEmptyAgainstItsCountIsAskedAgain) {
    world w(paged);
    add_fault(w, "array:path=/entries:after=2:times=1");
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Hostile, H02_AnotherShapeIsTheTroubleOfItsResourceAlone) {
    for (const char* body : {"null", "{}", "\"error\"", R"({"entries":[]})", "17"})
        for (const char* path : {"/contacts", "/entries", "/invoices"}) {
            world w(tiny);
            replace_answers(w, path, [body] { return answered(200, body); });
            const auto report = w.sync();
            EXPECT_FALSE(report.stopped_by) << path << body;
            EXPECT_NE(error_of(w, resource_of(path)), "") << path << body;
            EXPECT_EQ(cursor_of(w, resource_of(path)), std::nullopt) << path << body;
            expect_others_current(w, resource_of(path));
        }
}

TEST(Hostile, H02_NothingIsAppliedAndTheNextSyncHeals) {
    world w(tiny);
    w.sync();
    const auto shown = rows_shown(w);
    for (const char* path : lists) {
        replace_answers(w, path, [] { return answered(200, "{}"); });
        EXPECT_EQ(troubles(w.sync()).size(), 1U) << path;
        EXPECT_EQ(rows_shown(w), shown) << path;
        EXPECT_EQ(state_of(w, resource_of(path)), "stale") << path;
        w.http.intercept = nullptr;
        EXPECT_EQ(troubles(w.sync()), lines{}) << path;
        expect_equal(w, path);
    }
}

TEST(Hostile, H02_AnIdentityOfAnotherShapeStopsBeforeAnythingIsRead) {
    for (const char* body : {"null", "[]", "{}", "\"error\""})
        for (const char* path : {"/users/me", "/accounts/current"}) {
            world w(tiny);
            replace_answers(w, path, [body] { return answered(200, body); });
            EXPECT_EQ(stop_code(w.sync()), errc::bad_shape) << path << body;
            EXPECT_EQ(rows_shown(w), 0) << path << body;
            EXPECT_EQ(rows_in(w, "_identity"), 0) << path << body;
        }
}

TEST(Hostile, H03_EmptyAnswerIsTheTroubleOfItsResourceAlone) {
    for (const char* path : lists) {
        world w(tiny);
        replace_answers(w, path, [] { return answered(200, ""); });
        EXPECT_FALSE(w.sync().stopped_by) << path;
        EXPECT_NE(error_of(w, resource_of(path)).find("empty"), std::string::npos) << path << error_of(w, resource_of(path));
        expect_others_current(w, resource_of(path));
    }
}

TEST(Hostile, H03_NoContentIsNoEmptyList) {
    world w(tiny);
    for (const char* path : lists) {
        w.sync();
        replace_answers(w, path, [] { return answered(204, ""); });
        EXPECT_FALSE(w.sync().stopped_by) << path;
        EXPECT_EQ(state_of(w, resource_of(path)), "stale") << path;
        EXPECT_EQ(differences(w), lines{}) << path;
        w.http.intercept = nullptr;
    }
}

TEST(Hostile, H04_ElementWithoutAUsableIdRefusesItsPage) {
    for (const char* kind : {"no_id", "zero_id", "float_id", "big_id"})
        for (const char* path : {"/users", "/projects", "/tasks", "/entries"}) {
            world w(tiny);
            const bool is_users = resource_of(path) == "users";
            add_fault(w, std::string(kind) + ":path=" + path + (is_users ? ":after=1" : ""));
            EXPECT_FALSE(w.sync().stopped_by) << path << kind;
            const auto why = error_of(w, resource_of(path));
            EXPECT_NE(why.find(is_users ? "].user_account_id" : "].id"), std::string::npos) << path << kind << ": " << why;
            EXPECT_EQ(w.number("SELECT row_count FROM mirror_status WHERE resource = '" + std::string(resource_of(path)) + "'"), 0)
                << path << kind;
        }
}

TEST(Hostile, H04_EmptyAndNullIdsAreNoIds) {
    for (const char* id : {"\"\"", "null", "\"0\"", "[]", "{}", "true", "\"abc\"", "-4"}) {
        world w(tiny);
        replace_answers(w, "/tasks", [id] { return answered(200, R"([{"id":"5","name":"ok"},{"id":)" + std::string(id) + R"(,"name":"x"}])"); });
        w.sync();
        EXPECT_NE(error_of(w, "tasks").find("tasks[1].id"), std::string::npos) << id << ": " << error_of(w, "tasks");
        EXPECT_EQ(w.number("SELECT count(*) FROM tasks WHERE task_id = 5"), 0) << id;
    }
}

TEST(Hostile, H04_PageWithAHoleMovesNoCursor) {
    world w(tiny);
    w.sync();
    const auto cursor = cursor_of(w, "entries");
    w.clock.pass(10min);
    add_entry(w, std::chrono::sys_days{std::chrono::year{2024} / 6 / 1});
    add_fault(w, "no_id:path=/entries");
    w.sync();
    EXPECT_EQ(cursor_of(w, "entries"), cursor);
    w.service.clear_faults();
    w.sync();
    expect_equal(w);
}

TEST(Hostile, H13_UnknownFieldsAreKept) {
    world w(tiny);
    add_fault(w, "unknown:path=/tasks");
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
    EXPECT_EQ(w.ask("SELECT json_extract(extra, '$.colour_of_the_day.shades[2]') FROM tasks WHERE extra IS NOT NULL"), "3");
}

TEST(Hostile, H13_UnknownValuesOfKnownFieldsAreStoredAsTheyCome) {
    world w(tiny);
    for (auto& [id, what] : w.service.account().contacts) what.budget_type = "points per fortnight";
    for (auto& [id, what] : w.service.account().invoices) what.status = "half paid";
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
    EXPECT_GT(w.number("SELECT count(*) FROM invoices WHERE status = 'half paid'"), 0);
}

TEST(Hostile, H14_FieldThatVanishesIsNull) {
    world w(tiny);
    add_fault(w, "missing:path=/entries");
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE description IS NOT NULL"), 0);
    EXPECT_GT(rows_in(w, "entries"), 0);
}

TEST(Hostile, H14_DeprecatedFieldsMayGo) {
    world w(tiny);
    const std::regex legacy(R"x(,"(account_id|user_id|logged_at|logged|rate|duration_hours|time_zone_id|time_zone_offset)":("[^"]*"|[^,}"]*))x");
    const std::regex legacy_id(R"(,"id":"[0-9]+")");
    change_answers(w, [&](const http_request& request, http_answer& answer) {
        if (is_path(request, "/users") || is_path(request, "/entries")) answer.body = std::regex_replace(answer.body, legacy, "");
        if (is_path(request, "/users")) answer.body = std::regex_replace(answer.body, legacy_id, "");
    });
    EXPECT_EQ(troubles(w.sync()), lines{});
    for (const auto& line : differences(w)) EXPECT_NE(line.find("legacy_user_id"), std::string::npos) << line;
    EXPECT_EQ(w.number("SELECT count(*) FROM users WHERE is_me = 1"), 1);
}

TEST(Hostile, H14_KeyThatVanishesStopsItsResourceAndKeepsItsRows) {
    world w(tiny);
    w.sync();
    const auto shown = rows_shown(w);
    change_answers(w, [](const http_request& request, http_answer& answer) {
        if (is_path(request, "/users")) answer.body = std::regex_replace(answer.body, std::regex("\"user_account_id\""), "\"person_id\"");
    });
    w.sync();
    EXPECT_NE(error_of(w, "users").find("user_account_id"), std::string::npos) << error_of(w, "users");
    EXPECT_EQ(rows_shown(w), shown);
    expect_others_current(w, "users");
}

std::size_t asked_for(const world& w, std::string_view path, std::size_t from = 0) {
    std::size_t count = 0;
    for (std::size_t i = from; i < w.http.sent.size(); ++i) count += is_path(w.http.sent[i], path) ? 1U : 0U;
    return count;
}

TEST(Refusal, H15_RefusedListsAreNoFailureAndTheOthersGoOn) {
    world w(tiny);
    w.service.how().expenses = minutedock::endpoint::status_422;
    w.service.how().items = minutedock::endpoint::status_404;
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(state_of(w, "expenses"), "unavailable");
    EXPECT_EQ(state_of(w, "items"), "unavailable");
    EXPECT_EQ(state_of(w, "invoices"), "current");
    EXPECT_NE(error_of(w, "expenses").find("422"), std::string::npos);
}

TEST(Refusal, H15_WithoutTheRightInvoicesAreDenied) {
    world w(tiny, 1, {}, minutedock::plain_token);
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(state_of(w, "invoices"), "denied");
    EXPECT_EQ(state_of(w, "entries"), "current");
    expect_equal(w);
}

TEST(Refusal, H15_IsTriedAgainADayLater) {
    world w(tiny);
    w.how.interval = w.how.billing_interval = w.how.reference_interval = w.how.dock_active_interval = w.how.dock_idle_interval = 30min;
    w.service.how().expenses = minutedock::endpoint::status_422;
    EXPECT_EQ(w.run_for(23h), std::nullopt);
    EXPECT_EQ(asked_for(w, "/expenses"), 1U);
    EXPECT_EQ(w.run_for(2h), std::nullopt);
    EXPECT_EQ(asked_for(w, "/expenses"), 2U);
}

TEST(Refusal, H15_ComesWholeOnceItIsAllowed) {
    world w(tiny);
    w.service.how().expenses = minutedock::endpoint::status_422;
    w.sync();
    w.service.how().expenses = minutedock::endpoint::open;
    w.clock.pass(25h);
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(state_of(w, "expenses"), "current");
    expect_equal(w);
}

TEST(Refusal, H15_ListThatWasReadKeepsItsRows) {
    for (const auto how : {minutedock::endpoint::status_403, minutedock::endpoint::status_422}) {
        world w(tiny);
        w.sync();
        const auto shown = rows_shown(w);
        w.service.how().expenses = how;
        EXPECT_EQ(troubles(w.sync()), lines{});
        EXPECT_EQ(rows_shown(w), shown);
        w.service.how().expenses = minutedock::endpoint::open;
        w.clock.pass(25h);
        add_entry(w, std::chrono::sys_days{std::chrono::year{2024} / 6 / 1});
        w.sync();
        expect_equal(w);
    }
}

TEST(Hostile, H17_ReportAnsweredWith201Counts) {
    world w(paged);
    change_answers(w, [](const http_request& request, http_answer& answer) {
        if (request.method == "POST") answer.status = 201;
    });
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
    std::optional<std::int64_t> promised;
    for (const auto& [which, rows] : w.progress.plans)
        if (which == resource::entries && rows) promised = rows;
    EXPECT_EQ(promised, 2500);
}

TEST(Hostile, H18_CorrectnessDependsOnNoETag) {
    std::vector<std::size_t> requests;
    for (const int kind : {0, 1, 2}) {
        world w(tiny);
        change_answers(w, [&, n = 0](const http_request&, http_answer& answer) mutable {
            if (kind == 0) answer.etag.clear();
            if (kind == 1) answer.etag = "W/\"always the same\"";
            if (kind == 2) answer.etag = "W/\"" + std::to_string(++n) + "\"";
        });
        w.sync();
        w.clock.pass(10min);
        edit_entry(w, entry_ids(w).front(), [](minutedock::entry& e) { e.description = "changed"; });
        EXPECT_EQ(troubles(w.sync()), lines{});
        expect_equal(w);
        requests.push_back(w.http.sent.size());
    }
    EXPECT_EQ(requests, std::vector<std::size_t>(3, requests.front()));
}

TEST(Refusal, H19_BadTokenIsUnauthorizedInEveryForm) {
    for (const auto form : {minutedock::auth_answer::empty_401, minutedock::auth_answer::json_401, minutedock::auth_answer::json_403}) {
        world w(tiny);
        w.service.how().bad_auth = form;
        w.sync();
        const auto shown = rows_shown(w);
        w.service.account().credentials.front().revoked = true;
        EXPECT_EQ(stop_code(w.sync()), errc::unauthorized);
        EXPECT_EQ(rows_shown(w), shown);
    }
}

TEST(Refusal, H19_TokenThatGoesDuringARoundMakesNothingDenied) {
    for (const auto form : {minutedock::auth_answer::empty_401, minutedock::auth_answer::json_403}) {
        world w(tiny);
        w.sync();
        w.service.how().bad_auth = form;
        w.http.intercept = [&](const http_request& request) -> std::optional<result<http_answer>> {
            if (is_path(request, "/projects")) w.service.account().credentials.front().revoked = true;
            return std::nullopt;
        };
        EXPECT_EQ(stop_code(w.sync()), errc::unauthorized);
        EXPECT_EQ(w.number("SELECT count(*) FROM mirror_status WHERE state IN ('denied', 'unavailable')"), 0);
        w.http.intercept = nullptr;
        w.service.account().credentials.front().revoked = false;
        EXPECT_EQ(troubles(w.sync()), lines{});
        expect_equal(w);
    }
}

TEST(Refusal, H19_DaemonThatMeets403EverywhereEndsAsWith401) {
    world w(tiny);
    w.service.how().bad_auth = minutedock::auth_answer::json_403;
    w.sync();
    timetable then(w);
    then.at(3min + 30s, [&] { w.service.account().credentials.front().revoked = true; });
    const auto ended = w.run_for(2h);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->code(), errc::unauthorized);
    EXPECT_LT(w.clock.monotonic() - then.begun, 15min);
}

TEST(Refusal, H19_A429InPlainTextIsARateLimit) {
    world w(tiny);
    w.how.give_up_after = 5s;
    change_answers(w, [](const http_request&, http_answer& answer) {
        answer.status = 429;
        answer.body = "Retry later\n";
        answer.content_type = "text/plain";
    });
    EXPECT_EQ(stop_code(w.sync()), errc::rate_limited);
}

}  // namespace
}  // namespace mdock::test
