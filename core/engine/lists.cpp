// SPDX-License-Identifier: MIT
#include "core/engine/lists.h"

#include <memory>
#include <unordered_set>

#include "core/api/decode.h"
#include "core/api/requests.h"
#include "core/engine/identify.h"
#include "core/engine/verdict.h"
#include "core/store/identity_state.h"
#include "core/store/pace_state.h"
#include "core/store/present_rows.h"

namespace mdock::engine {
namespace {

bool has_active_filter(resource which) {
    return which == resource::users || which == resource::contacts || which == resource::projects;
}

struct whole_list {
    std::vector<model::row_batch> answers;         // in the order they were asked for; a later one is newer
    std::optional<utc_seconds> as_of;              // Date of the first
    std::string form;                              // how it must be read from now on
};

asio::awaitable<result<model::row_batch>> one_answer(session& s, resource which, std::optional<bool> active) {
    auto answer = co_await ask(s, "list.request", api::list_whole(which, active));
    if (!answer) co_return result<model::row_batch>(answer.error());
    co_return api::decode_list(which, answer->body);
}

// True when the unfiltered answer shows a row that neither filtered one has.
bool is_wider(const model::row_batch& unfiltered, const std::vector<model::row_batch>& filtered) {
    std::unordered_set<std::int64_t> seen;
    for (const auto& rows : filtered)
        for (std::size_t i = 0; i < rows.size(); ++i) seen.insert(rows.key(i));
    for (std::size_t i = 0; i < unfiltered.size(); ++i)
        if (!seen.contains(unfiltered.key(i))) return true;
    return false;
}

asio::awaitable<result<whole_list>> read_forms(session& s, resource which, std::string form) {
    whole_list out;
    out.form = form.empty() ? "split" : form;
    if (!has_active_filter(which)) {
        auto rows = co_await one_answer(s, which, std::nullopt);
        if (!rows) co_return result<whole_list>(rows.error());
        out.as_of = s.out.last_date();
        out.answers.push_back(std::move(*rows));
        co_return result<whole_list>(std::move(out));
    }
    auto active = co_await one_answer(s, which, true);
    if (!active) co_return result<whole_list>(active.error());
    out.as_of = s.out.last_date();
    out.answers.push_back(std::move(*active));
    auto inactive = co_await one_answer(s, which, false);
    if (!inactive) co_return result<whole_list>(inactive.error());
    out.answers.push_back(std::move(*inactive));
    // The first read compares with the unfiltered list, and the wider form is kept.
    if (form == "split") co_return result<whole_list>(std::move(out));
    auto unfiltered = co_await one_answer(s, which, std::nullopt);
    if (!unfiltered) co_return result<whole_list>(unfiltered.error());
    if (form.empty() && is_wider(*unfiltered, out.answers)) out.form = "all";
    out.answers.push_back(std::move(*unfiltered));
    co_return result<whole_list>(std::move(out));
}

// Rows that the mirror has and none of the answers shows.
std::vector<std::int64_t> absent_from(store::database& db, const whole_list& list, resource which) {
    std::unordered_set<std::int64_t> seen;
    for (const auto& rows : list.answers)
        for (std::size_t i = 0; i < rows.size(); ++i) seen.insert(rows.key(i));
    auto absent = store::present_rows(db, which);
    std::erase_if(absent, [&seen](std::int64_t id) { return seen.contains(id); });
    return absent;
}

struct stored_list {
    store::applied done;
    std::string state;
    std::vector<std::int64_t> absent;
};

asio::awaitable<void> prove_list(session& s, resource which, std::vector<std::int64_t> absent, std::optional<utc_seconds> claim) {
    suspects what(which);
    what.ids = std::move(absent);
    const bool is_settled = co_await judge(s, what);
    if (!is_settled || !claim) co_return;
    auto& db = s.db();
    auto job = [&db, which, claim] {
        store::transaction write(db);
        store::mark_verified(db, which, *claim);
        write.commit();
    };
    co_await s.store().run("list.proof", job);
}

store::applied apply_list(store::database& db, const whole_list& list, resource which, bool is_loaded,
                          utc_seconds at, utc_seconds attempted_at) {
    store::apply_how how;
    how.at = at;
    how.records_changes = is_loaded;
    how.expects_new = !is_loaded;
    store::applied done;
    for (const auto& rows : list.answers) done.add(store::apply_rows(db, rows, how));
    store::set_loaded(db, which);
    store::set_list_form(db, which, list.form);
    store::mark_current(db, which, list.as_of ? list.as_of : std::optional{at}, attempted_at);
    return done;
}

}  // namespace

asio::awaitable<void> read_list(session& s, resource which, bool is_forced) {
    auto standing = co_await standing_of(s, which, is_forced);
    if (standing.is_resting) co_return;
    const auto claim = s.claim_time();
    auto list = co_await read_forms(s, which, standing.state.list_form);
    if (!list) {
        co_await record_failure(s, which, list.error());
        co_return;
    }
    if (which == resource::users && s.who->user_account_id == 0) {
        for (const auto& rows : list->answers)
            if (const auto me = find_me(rows, *s.who)) s.who->user_account_id = *me;
        if (s.who->user_account_id == 0) co_await learn_from_dock(s);
    }
    auto& db = s.db();
    auto rows = std::make_shared<whole_list>(std::move(*list));
    const auto at = s.out.now();
    const auto wall = s.m.world.clock.wall();
    const auto sent = s.out.take_uncounted();
    const bool is_loaded = standing.state.is_loaded;
    const identity who = *s.who;
    auto job = [&db, rows, which, is_loaded, at, wall, sent, who, claim] {
        store::transaction write(db);
        stored_list out;
        out.done = apply_list(db, *rows, which, is_loaded, at, wall);
        if (which == resource::users) pin(db, who, at);
        if (sent > 0) store::add_requests(db, wall, sent);
        out.state = store::read_state(db, which).state;
        out.absent = absent_from(db, *rows, which);
        if (out.absent.empty() && out.state == "current" && claim) store::mark_verified(db, which, *claim);
        write.commit();
        return out;
    };
    auto done = co_await s.store().run("list.store", job);
    s.count(which, done.done);
    s.outcome(which).state = done.state;
    if (!done.absent.empty() || done.state == "held") co_await prove_list(s, which, std::move(done.absent), claim);
    if (which == resource::users) s.outcome(resource::accounts).state = "current";    // written with the pin
    if (s.m.watcher != nullptr && !is_loaded) s.m.watcher->finished(which);
}

}  // namespace mdock::engine
