// SPDX-License-Identifier: MIT
// The targets that mdock asks for, character by character.
#include <gtest/gtest.h>

#include "core/api/requests.h"

namespace mdock::api {
namespace {

using namespace std::chrono;

list_query asking(resource which) {
    list_query query;
    query.which = which;
    return query;
}

TEST(Requests, P19_DatedListsAlwaysCarryBothBounds) {
    EXPECT_EQ(list_dated(asking(resource::entries)).target, "/entries?from=1900-01-01&to=2199-12-31&limit=1000&user_accounts=all");
    EXPECT_EQ(list_dated(asking(resource::expenses)).target, "/expenses?from=1900-01-01&to=2199-12-31&limit=1000");
    EXPECT_EQ(list_dated(asking(resource::invoices)).target, "/invoices?from=1900-01-01&to=2199-12-31&limit=1000&archived=false");
    for (const resource which : {resource::entries, resource::expenses, resource::invoices}) {
        auto query = asking(which);
        query.from = sys_days{year{2024} / 1 / 20};
        query.to = sys_days{year{2024} / 2 / 29};
        query.since = utc_seconds{sys_days{year{2024} / 3 / 1}} + 90s;
        query.offset = 999;
        query.user_account_id = 456;
        query.contact_id = 7;
        const auto target = list_dated(query).target;
        EXPECT_TRUE(target.starts_with("/" + std::string(name_of(which)) + "?from=2024-01-20&to=2024-02-29&limit=1000")) << target;
        EXPECT_TRUE(target.ends_with("&since=2024-03-01T00:01:30Z&offset=999")) << target;
        EXPECT_EQ(target.find_first_of("+ \""), std::string::npos) << target;
    }
}

TEST(Requests, P20_EntriesAlwaysNameWhoseTheyAre) {
    auto query = asking(resource::entries);
    const std::string bounds = "/entries?from=1900-01-01&to=2199-12-31&limit=1000&user_accounts=";
    query.contact_id = 0;
    EXPECT_EQ(list_dated(query).target, bounds + "all&contacts=null");
    query.contact_id = 7;
    EXPECT_EQ(list_dated(query).target, bounds + "all&contacts=7");
    query.user_account_id = 456;
    EXPECT_EQ(list_dated(query).target, bounds + "456&contacts=7");
    query.contact_id.reset();
    query.offset = 1;
    EXPECT_EQ(list_dated(query).target, bounds + "456&offset=1");
}

TEST(Requests, ExpensesAndInvoicesAreCutByTheirOwnNames) {
    auto expenses = asking(resource::expenses);
    expenses.user_account_id = 456;
    expenses.contact_id = 7;
    EXPECT_EQ(list_dated(expenses).target, "/expenses?from=1900-01-01&to=2199-12-31&limit=1000&user_account_id=456&contact_id=7");
    auto invoices = asking(resource::invoices);
    invoices.contact_id = 7;
    invoices.is_archived = true;
    EXPECT_EQ(list_dated(invoices).target, "/invoices?from=1900-01-01&to=2199-12-31&limit=1000&contact_id=7&archived=true");
}

TEST(Requests, WholeListsAndSingleThings) {
    EXPECT_EQ(list_whole(resource::tasks, std::nullopt).target, "/tasks");
    EXPECT_EQ(list_whole(resource::contacts, true).target, "/contacts?active=true");
    EXPECT_EQ(list_whole(resource::users, false).target, "/users?active=false");
    EXPECT_EQ(get_one(resource::invoices, 8999999999999999).target, "/invoices/8999999999999999");
    EXPECT_EQ(get_dock().target, "/dock");
    EXPECT_EQ(get_me().target, "/users/me");
    EXPECT_EQ(get_current_account().target, "/accounts/current");
}

TEST(Requests, ReadsHaveNoBodyAndTheReportHasItsOwn) {
    for (const auto& request : {list_dated(asking(resource::entries)), list_whole(resource::tasks, {}), get_one(resource::invoices, 1), get_dock(), get_me()}) {
        EXPECT_EQ(request.method, "GET");
        EXPECT_EQ(request.body, "");
    }
    const auto report = report_counts(first_day, last_day, "month");
    EXPECT_EQ(report.method, "POST");
    EXPECT_EQ(report.target, "/reports/generate");
    EXPECT_EQ(report.body, R"({"from":"1900-01-01","to":"2199-12-31","user_accounts":"all","group_by":["month"]})");
}

}  // namespace
}  // namespace mdock::api
