// SPDX-License-Identifier: MIT
#include "daemon/cli/rights.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "core/api/requests.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/service.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

bool is_set(const boost::json::value* rate) {
    if (rate == nullptr || rate->is_null()) return false;
    return !rate->is_string() || !rate->get_string().empty();  // "" is how an unset rate came in 2016
}

http_request one_day(resource which, std::chrono::sys_days day) {
    api::list_query query;
    query.which = which;
    query.from = day;
    query.to = day;
    return api::list_dated(query);
}

}  // namespace

right judge_listing(std::string name, const result<http_answer>& answer) {
    if (!answer) return {name, "unknown", answer.error().context()};
    if (answer->status >= 200 && answer->status < 300) return {name, "ok", fmt::format("{} can be read", name)};
    if (answer->status == 403)
        return {name, "missing", fmt::format("this token may not read {}; the rest is mirrored without them", name)};
    if (answer->status == 404 || answer->status == 422)
        return {name, "unavailable", fmt::format("{} are switched off in this account", name)};
    return {name, "unknown", fmt::format("MinuteDock answered {}", answer->status)};
}

right judge_rates(const result<http_answer>& answer) {
    auto said = judge_listing("rates", answer);
    if (said.state != "ok") return said;
    boost::json::error_code error;
    const auto users = boost::json::parse(answer->body, error);
    if (error || !users.is_array()) return {"rates", "unknown", "MinuteDock's list of users could not be read"};
    for (const auto& user : users.get_array()) {
        const auto* fields = user.if_object();
        if (fields != nullptr && is_set(fields->if_contains("billing_rate")))
            return {"rates", "ok", "hourly rates are visible"};
    }
    return {
        "rates", "missing",
        "no hourly rate is visible to this token, so amounts stay empty (no billing permission, or no rate is set)"};
}

asio::awaitable<token_report> examine_token(ports world, std::chrono::sys_days today) {
    token_report report;
    auto who = co_await engine::who_is_this(world);
    report.who = std::move(who);
    if (!report.who) co_return report;
    const auto invoices = co_await world.http.send("rights.invoices", one_day(resource::invoices, today));
    report.rights.push_back(judge_listing("invoices", invoices));
    const auto expenses = co_await world.http.send("rights.expenses", one_day(resource::expenses, today));
    report.rights.push_back(judge_listing("expenses", expenses));
    const auto items = co_await world.http.send("rights.items", api::list_whole(resource::items, std::nullopt));
    report.rights.push_back(judge_listing("items", items));
    const auto users = co_await world.http.send("rights.users", api::list_whole(resource::users, true));
    report.rights.push_back(judge_rates(users));
    co_return report;
}

boost::json::array as_json(const std::vector<right>& rights) {
    boost::json::array list;
    for (const auto& one : rights) list.push_back({{"name", one.name}, {"state", one.state}, {"message", one.message}});
    return list;
}

void show_rights(output& out, const std::vector<right>& rights) {
    for (const auto& one : rights) {
        const auto how = one.state == "ok" ? tone::good : one.state == "unknown" ? tone::faint : tone::warning;
        out.line(fmt::format("{}  {}", out.in_tone(how, fmt::format("{:<11}", one.state)), made_visible(one.message)));
    }
}

found_token require_token(session& here) {
    protect_memory();
    auto found = find_token(here.config(), here.variables());
    if (!found) throw failure_exception(found.error());
    if (!found->warning.empty())
        here.out().note(here.out().message_in_tone(tone::warning, "warning: ") + found->warning + ".");
    return std::move(*found);
}

std::string compare_with_mirror(session& here, const engine::identity& who) {
    try {
        auto db = open_mirror(here);
        SQLite::Statement row(db, "SELECT account_id, user_account_id, email FROM _identity");
        if (!row.executeStep()) return "no mirror yet";
        if (row.getColumn(0).getInt64() != who.account_id) return "another account";
        const bool knows_both = !row.getColumn(1).isNull() && who.user_account_id != 0;
        const auto email = row.getColumn(2).getString();
        const bool is_other = knows_both ? row.getColumn(1).getInt64() != who.user_account_id
                                         : !email.empty() && !who.email.empty() && email != who.email;
        return is_other ? "another user" : "matches";
    } catch (const failure_exception& missing) {
        if (missing.why().code() != errc::not_found_locally) throw;
        return "no mirror yet";
    }
}

std::string describe_user(const engine::identity& who) {
    if (who.user_name.empty()) return made_visible(who.email);
    return made_visible(who.email.empty() ? who.user_name : fmt::format("{} ({})", who.user_name, who.email));
}

}  // namespace mdock::cli
