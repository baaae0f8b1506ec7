// SPDX-License-Identifier: MIT
#include "core/engine/count_rules.h"

#include "core/api/report_counts.h"
#include "core/api/requests.h"
#include "core/engine/suspect_days.h"
#include "core/engine/timer.h"
#include "core/store/present_rows.h"

namespace mdock::engine {
namespace {

// The version by which a running timer is known to be the same one; nothing when none runs.
asio::awaitable<std::optional<std::string>> running_version(session& s) {
    auto& db = s.db();
    const auto me = s.who ? s.who->user_account_id : 0;
    auto job = [&db, me]() -> std::optional<std::string> {
        auto& select = db.prepared(
            "SELECT coalesce(version_id, '') || ' ' || coalesce(version_number, '') FROM dock "
            "WHERE user_account_id = ?1 AND is_running AND version_id IS NOT NULL");
        select.bind(1, me);
        std::optional<std::string> version;
        if (select.step()) version = select.text(0);
        select.reset();
        return version;
    };
    auto version = co_await s.store().run("count.dock", job);
    co_return version;
}

asio::awaitable<std::optional<std::int64_t>> total_from(session& s, std::chrono::sys_days from) {
    auto answer = co_await ask(s, "count.recent", api::report_counts(from, api::last_day, ""));
    if (!answer) co_return std::nullopt;
    const auto counts = api::decode_report_counts(answer->body, false);
    if (!counts) co_return std::nullopt;
    co_return counts->total;
}

}  // namespace

asio::awaitable<store::count_rule> learn_rule(session& s, store::count_rule rule) {
    if (rule.scope == "all") co_return rule;
    const auto claim = s.out.now();
    const auto to = std::chrono::floor<std::chrono::days>(claim) - std::chrono::days{2};
    store::count_rule fresh;
    const std::vector<std::chrono::sys_days> none;
    auto counts = co_await suspect_days(s, to, fresh, false, none);
    if (counts.failed) co_return rule;
    counts.rule.scope = counts.is_own_only ? "own" : counts.suspects.empty() ? "all" : "none";
    co_return std::move(counts.rule);
}

asio::awaitable<bool> are_docks_left_out(session& s, std::chrono::sys_days recent) {
    const auto known = co_await running_version(s);
    if (!known) co_return false;
    co_await read_dock(s, false);
    const auto before = co_await running_version(s);
    if (!before || s.stopped_by) co_return false;
    const auto total = co_await total_from(s, recent);
    if (!total || s.stopped_by) co_return false;
    co_await read_dock(s, false);
    const auto after = co_await running_version(s);
    auto& db = s.db();
    model::window what;
    what.from = recent;
    what.to = api::last_day;
    auto job = [&db, what] { return store::count_within(db, resource::entries, what); };
    const auto ours = co_await s.store().run("count.read", job);
    co_return before == after && *total == ours;
}

}  // namespace mdock::engine
