// SPDX-License-Identifier: MIT
#include "core/engine/identify.h"

#include "core/api/error_body.h"
#include "core/api/identity_answers.h"
#include "core/api/requests.h"
#include "core/store/identity_state.h"

namespace mdock::engine {
namespace {

using store::pinned_identity;

std::string account_text(std::int64_t id) { return "account " + std::to_string(id); }

// Why `who` may not use a file pinned to `pinned`, if so.
std::optional<failure> mismatch(const pinned_identity& pinned, const identity& who) {
    if (pinned.account_id != who.account_id)
        return failure{errc::wrong_account, "this mirror holds " + account_text(pinned.account_id) + ", the token is of " +
                                                account_text(who.account_id) +
                                                (who.account_name.empty() ? "" : " (" + who.account_name + ")")};
    const bool knows_both = pinned.user_account_id && who.user_account_id != 0;
    const bool other_user = knows_both && *pinned.user_account_id != who.user_account_id;
    const bool other_legacy = !knows_both && pinned.legacy_user_id && who.legacy_user_id != 0 &&
                              *pinned.legacy_user_id != who.legacy_user_id;
    const bool only_mail = !knows_both && !(pinned.legacy_user_id && who.legacy_user_id != 0);
    const bool other_mail = only_mail && !pinned.email.empty() && !who.email.empty() && pinned.email != who.email;
    if (other_user || other_legacy || other_mail)
        return failure{errc::wrong_user, "this mirror is of another user of " + account_text(pinned.account_id) +
                                             " than the token's (" + (who.email.empty() ? who.user_name : who.email) + ")"};
    return std::nullopt;
}

identity merge(const api::me_answer& me, const api::account_answer& account) {
    identity who;
    who.account_id = account.account_id;
    who.account_name = account.name;
    who.user_account_id = me.user_account_id.value_or(0);
    who.legacy_user_id = me.legacy_user_id.value_or(0);
    who.email = me.email;
    who.user_name = me.first_name + (me.first_name.empty() || me.last_name.empty() ? "" : " ") + me.last_name;
    return who;
}

// An account's answer that cannot be trusted is no reason to touch the file; at this point it is everybody's failure.
// Some services say 403 for a token that is none (H19).
void stop(session& s, failure why) {
    s.who.reset();
    const bool is_refused = why.code() == errc::forbidden;
    s.stopped_by = is_refused ? failure{errc::unauthorized, why.context()} : std::move(why);
}

model::row_batch account_row(const identity& who) {
    model::row_batch rows{resource::accounts};
    auto cells = rows.append();
    cells[rows.columns().key] = model::cell::of(who.account_id);
    cells[rows.columns().cell_of("name")] = model::cell::of(rows.keep(who.account_name));
    return rows;
}

void write_account(store::database& db, const identity& who, utc_seconds at, utc_seconds attempted_at) {
    const auto before = store::read_state(db, resource::accounts);
    store::apply_how how;
    how.at = at;
    how.records_changes = before.is_loaded;
    store::apply_rows(db, account_row(who), how);
    store::set_loaded(db, resource::accounts);
    store::mark_current(db, resource::accounts, at, attempted_at);
}

}  // namespace

std::optional<std::int64_t> find_me(const model::row_batch& users, const identity& who) {
    const auto legacy = users.columns().cell_of("legacy_user_id");
    const auto email = users.columns().cell_of("email");
    for (std::size_t i = 0; i < users.size(); ++i) {
        const auto& id = users.row(i)[legacy];
        if (who.legacy_user_id != 0 && id.type == model::cell_type::integer && id.integer == who.legacy_user_id)
            return users.key(i);
    }
    for (std::size_t i = 0; i < users.size(); ++i)
        if (!who.email.empty() && users.row(i)[email].view() == who.email) return users.key(i);
    return std::nullopt;
}

void pin(store::database& db, const identity& who, utc_seconds at) {
    pinned_identity pinned;
    pinned.account_id = who.account_id;
    if (who.user_account_id != 0) pinned.user_account_id = who.user_account_id;
    if (who.legacy_user_id != 0) pinned.legacy_user_id = who.legacy_user_id;
    pinned.email = who.email;
    store::pin_identity(db, pinned, at);
    if (who.user_account_id != 0) store::mark_me(db, who.user_account_id);
    write_account(db, who, at, at);
}

asio::awaitable<void> identify(session& s) {
    auto me_reply = co_await s.out.ask("identity.me", api::get_me());
    if (!me_reply && me_reply.error().code() == errc::unauthorized) {
        // One refusal may be the edge's hiccup (N16).
        auto again = co_await s.out.ask("identity.me", api::get_me());
        me_reply = std::move(again);
    }
    if (!me_reply) co_return stop(s, me_reply.error());
    const auto me = api::decode_me(me_reply->body);
    if (!me) co_return stop(s, me.error());
    auto account_reply = co_await s.out.ask("identity.account", api::get_current_account());
    if (!account_reply) co_return stop(s, account_reply.error());
    const auto account = api::decode_account(account_reply->body);
    if (!account) co_return stop(s, account.error());

    identity who = merge(*me, *account);
    auto& db = s.db();
    auto read = [&db] { return store::read_identity(db); };
    const auto pinned = co_await s.store().run("identity.read", read);
    if (pinned) {
        if (auto why = mismatch(*pinned, who)) co_return stop(s, *why);
        if (who.user_account_id == 0) who.user_account_id = pinned->user_account_id.value_or(0);
    }
    s.who = who;
    s.may_list_all = true;    // rights may have grown
    if (!pinned) co_return;
    const auto at = s.out.now();
    const auto wall = s.m.world.clock.wall();
    auto job = [&db, who, at, wall] {
        store::transaction write(db);
        write_account(db, who, at, wall);
        write.commit();
        return store::read_state(db, resource::accounts);
    };
    const auto state = co_await s.store().run("identity.store", job);
    s.outcome(resource::accounts).state = state.state;
}

asio::awaitable<void> learn_from_dock(session& s) {
    auto answer = co_await ask(s, "identity.dock", api::get_dock());
    if (!answer) co_return;
    const auto id = api::decode_dock_owner(answer->body);
    if (id) s.who->user_account_id = *id;
}

asio::awaitable<result<identity>> who_is_this(ports world) {
    // A person waits for this answer, so each question is asked once and nothing is retried.
    auto me_reply = co_await world.http.send("identity.me", api::get_me());
    if (!me_reply) co_return result<identity>(me_reply.error());
    if (me_reply->status != 200) co_return result<identity>(api::failure_of(api::get_me(), *me_reply));
    const auto me = api::decode_me(me_reply->body);
    if (!me) co_return result<identity>(me.error());
    auto account_reply = co_await world.http.send("identity.account", api::get_current_account());
    if (!account_reply) co_return result<identity>(account_reply.error());
    if (account_reply->status != 200)
        co_return result<identity>(api::failure_of(api::get_current_account(), *account_reply));
    const auto account = api::decode_account(account_reply->body);
    if (!account) co_return result<identity>(account.error());
    co_return result<identity>(merge(*me, *account));
}

}  // namespace mdock::engine
