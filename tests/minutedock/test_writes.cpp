// SPDX-License-Identifier: MIT
// What writes do to the account: entries, the dock with its versions, contacts, projects, tasks, expenses.
#include <gtest/gtest.h>

#include "tests/minutedock/requests.h"

namespace minutedock {
namespace {

std::string path_of(std::string_view collection, std::int64_t id) {
    return std::string{collection} + "/" + std::to_string(id);
}

std::int64_t create(server& from, std::string_view collection, std::string body, std::string_view token = admin_token) {
    const reply made = ask(from, "POST", std::string{collection}, std::move(body), token);
    EXPECT_EQ(made.answer.status, 200) << made.answer.body;
    return made.answer.status == 200 ? id_in(json_of(made)) : 0;
}

user& person(server& from, std::string_view token) {
    call request;
    request.bearer = token;
    return from.account().users.at(from.identify(request).who->id);
}

// An entry that is neither locked nor invoiced, of `who`.
row_id free_entry_of(const server& from, row_id who) {
    row_id found = 0;
    from.account().entries.for_each([&](const entry& what) {
        if (what.user == who && !is_locked(from.account(), what, false)) found = what.id;
    });
    return found;
}

std::string dock_body(std::string_view client, int number, std::string_view more = "") {
    return R"({"entry":{"version_id":"v","version_client_id":")" + std::string{client} + R"(","version_number":)" +
           std::to_string(number) + std::string{more} + "}}";
}

TEST(EntryWrites, CreatedUpdatedDeleted) {
    server from = make_server(1);
    const auto project = from.account().projects.rbegin()->second;
    const auto id = create(from, "/entries",
                           R"({"entry":{"date":"2024-05-14","duration":900,"project_id":")" +
                               std::to_string(project.id) + R"(","description":"a > b"}})");
    auto row = json_of(ask(from, "GET", path_of("/entries", id)));
    EXPECT_EQ(row.at("contact_id").as_string(), std::to_string(project.contact_id));  // filled from the project
    EXPECT_EQ(row.at("duration_hours").as_string(), "0.25");
    EXPECT_EQ(ask(from, "PUT", path_of("/entries", id), R"({"entry":{"duration":60}})").answer.status, 200);
    row = json_of(ask(from, "GET", path_of("/entries", id)));
    EXPECT_EQ(row.at("duration").as_int64(), 60);
    EXPECT_EQ(row.at("description").as_string(), "a > b");
    EXPECT_EQ(json_of(ask(from, "DELETE", path_of("/entries", id))).at("status").as_string(), "deleted");
    EXPECT_EQ(ask(from, "GET", path_of("/entries", id)).answer.status, 404);
    set_switch(from.how(), "deleted_id", "410");
    EXPECT_EQ(ask(from, "GET", path_of("/entries", id)).answer.status, 410);
}

TEST(EntryWrites, WholePutClearsWhatIsLeftOut) {
    server from = make_server(1);
    const auto id = create(from, "/entries", R"({"entry":{"date":"2024-05-14","duration":900,"description":"text"}})");
    set_switch(from.how(), "put_semantics", "whole");
    ask(from, "PUT", path_of("/entries", id), R"({"entry":{"duration":60}})");
    EXPECT_TRUE(json_of(ask(from, "GET", path_of("/entries", id))).at("description").is_null());
}

TEST(EntryWrites, NonsenseIsRefused) {
    server from = make_server(1);
    for (const char* body : {R"({"entry":{"date":"14.5.2024"}})", R"({"entry":{"date":"2024-05-14","duration":-1}})",
                             R"({"entry":{"date":"2024-05-14","contact_id":"77777777777"}})",
                             R"({"entry":{"date":"2024-05-14","task_ids":"x"}})"})
        EXPECT_EQ(ask(from, "POST", "/entries", body).answer.status, 422) << body;
    EXPECT_EQ(ask(from, "POST", "/entries", "[").answer.status, 400);
}

TEST(EntryWrites, OthersTimeNeedsThePermission) {
    server from = make_server(2);
    const row_id of_admin = free_entry_of(from, person(from, admin_token).id);
    const row_id of_plain = free_entry_of(from, person(from, plain_token).id);
    EXPECT_EQ(ask(from, "PUT", path_of("/entries", of_admin), R"({"entry":{"duration":1}})", plain_token).answer.status,
              404);
    EXPECT_EQ(
        ask(from, "PUT", path_of("/entries", of_admin), R"({"entry":{"duration":1}})", invoices_token).answer.status,
        403);
    EXPECT_EQ(ask(from, "PUT", path_of("/entries", of_plain), R"({"entry":{"duration":1}})").answer.status, 200);
    EXPECT_EQ(ask(from, "DELETE", path_of("/entries", of_plain), {}, plain_token).answer.status, 200);
    set_switch(from.how(), "invisible_id", "403");
    EXPECT_EQ(ask(from, "GET", path_of("/entries", of_admin), {}, plain_token).answer.status, 403);
}

TEST(EntryWrites, LockedAndInvoicedStay) {
    server from = make_server(3);
    row_id locked = 0, invoiced = 0;
    from.account().entries.for_each([&](const entry& what) {
        if (what.locked) locked = what.id;
        if (what.invoice != 0) invoiced = what.id;
    });
    ASSERT_NE(locked, 0);
    ASSERT_NE(invoiced, 0);
    EXPECT_EQ(ask(from, "PUT", path_of("/entries", locked), R"({"entry":{"duration":1}})").answer.status, 422);
    set_switch(from.how(), "locked_write", "403");
    EXPECT_EQ(ask(from, "DELETE", path_of("/entries", invoiced)).answer.status, 403);
}

TEST(EntryWrites, HashtagsBringTasks) {
    server from = make_server(4);
    const auto task = create(from, "/tasks", R"({"task":{"name":"Rare Work"}})");
    const auto id = create(from, "/entries", R"({"entry":{"date":"2024-05-14","description":"call #RARE_work"}})");
    const auto tasks = json_of(ask(from, "GET", path_of("/entries", id))).at("task_ids").as_array();
    ASSERT_EQ(tasks.size(), 1U);
    EXPECT_EQ(tasks.at(0).as_string(), std::to_string(task));
}

TEST(EntryWrites, ReplyStampIsFinerThanTheList) {
    server from = make_server(4);
    const auto made = json_of(ask(from, "POST", "/entries", R"({"entry":{"date":"2024-05-14"}})"));
    EXPECT_NE(made.at("updated_at").as_string().find('.'), std::string::npos);
    const auto listed = json_of(ask(from, "GET", path_of("/entries", id_in(made))));
    EXPECT_EQ(listed.at("updated_at").as_string(), "2024-05-15T12:00:00Z");
}

TEST(Dock, RefusesAnOldVersion) {
    server from = make_server(5);
    const row_id me = person(from, plain_token).id;
    from.account().docks[me] = dock{};
    EXPECT_EQ(ask(from, "GET", "/dock", {}, plain_token).answer.body, "null");
    EXPECT_EQ(ask(from, "PUT", "/dock", R"({"entry":{"description":"x"}})", plain_token).answer.status, 422);
    EXPECT_EQ(ask(from, "PUT", "/dock", dock_body("me", 1, R"(,"description":"mine","timer_active":true)"), plain_token)
                  .answer.status,
              200);
    EXPECT_EQ(ask(from, "PUT", "/dock", dock_body("other", 1, R"(,"description":"theirs")"), plain_token).answer.status,
              409);
    const auto now = json_of(ask(from, "GET", "/dock", {}, plain_token, test_now + std::chrono::seconds{90}));
    EXPECT_EQ(now.at("description").as_string(), "mine");
    EXPECT_EQ(now.at("duration").as_int64(), 90);
    EXPECT_TRUE(now.at("timer_active").as_bool());
    set_switch(from.how(), "dock_conflict", "silent_200");
    const reply silent = ask(from, "PUT", "/dock", dock_body("other", 1, R"(,"description":"theirs")"), plain_token);
    EXPECT_EQ(silent.answer.status, 200);
    EXPECT_EQ(json_of(silent).at("version_client_id").as_string(), "me");
    set_switch(from.how(), "dock_conflict", "lww");
    EXPECT_EQ(
        json_of(ask(from, "PUT", "/dock", dock_body("other", 1), plain_token)).at("version_client_id").as_string(),
        "other");
}

TEST(Dock, LoggingMakesAnEntryAndEmptiesIt) {
    server from = make_server(5);
    const row_id me = person(from, plain_token).id;
    from.account().docks[me] = dock{};
    ask(from, "POST", "/entries", R"({"entry":{"description":"timer"}})", plain_token);
    const std::size_t before = from.account().entries.size();
    ask(from, "PUT", "/dock", dock_body("me", 9, R"(,"logged":true)"), plain_token,
        test_now + std::chrono::seconds{600});
    EXPECT_EQ(from.account().entries.size(), before + 1);
    EXPECT_EQ(ask(from, "GET", "/dock", {}, plain_token).answer.body, "null");
    for (const auto& [value, status] : {std::pair{"blank", 200}, std::pair{"no_body", 200}, std::pair{"404", 404}}) {
        set_switch(from.how(), "dock_idle", value);
        EXPECT_EQ(ask(from, "GET", "/dock", {}, plain_token).answer.status, status) << value;
    }
}

TEST(Dock, RedockMovesTheEntryAndKeepsItsId) {
    server from = make_server(6);
    const row_id me = person(from, plain_token).id;
    from.account().docks[me] = dock{};
    const row_id id = free_entry_of(from, me);
    const std::size_t before = from.account().entries.size();
    ASSERT_EQ(ask(from, "POST", path_of("/entries", id) + "/redock", {}, plain_token).answer.status, 200);
    EXPECT_EQ(from.account().entries.size(), before - 1);
    const reply docked = ask(from, "GET", path_of("/entries", id), {}, plain_token);
    EXPECT_EQ(docked.answer.status, 200);
    EXPECT_FALSE(json_of(docked).at("logged").as_bool());
    // A second timer logs the first, which comes back under its id.
    ask(from, "POST", "/entries", R"({"entry":{"description":"next"}})", plain_token);
    EXPECT_TRUE(json_of(ask(from, "GET", path_of("/entries", id), {}, plain_token)).at("logged").as_bool());
}

TEST(Dock, LegacyVerbsAreThereOrNot) {
    server from = make_server(6);
    from.account().docks[person(from, plain_token).id] = dock{};
    EXPECT_EQ(ask(from, "POST", "/entries/current/start.json", {}, plain_token).answer.status, 404);
    set_switch(from.how(), "legacy_endpoints", "open");
    EXPECT_EQ(ask(from, "POST", "/entries/current/start.json", {}, plain_token).answer.status, 200);
    EXPECT_EQ(ask(from, "POST", "/entries/current/pause", {}, plain_token).answer.status, 200);
    EXPECT_TRUE(json_of(ask(from, "POST", "/entries/current/log", {}, plain_token)).at("logged").as_bool());
    EXPECT_EQ(ask(from, "DELETE", "/entries/current", {}, plain_token).answer.status, 404);
}

TEST(ReferenceWrites, DeletedContactLeavesEntriesBehind) {
    server from = make_server(7);
    row_id contact = 0;
    from.account().entries.for_each([&](const entry& what) {
        if (what.contact != 0 && !from.account().contacts.at(what.contact).deleted) contact = what.contact;
    });
    ASSERT_NE(contact, 0);
    EXPECT_EQ(ask(from, "DELETE", path_of("/contacts", contact), {}, plain_token).answer.status, 403);
    EXPECT_EQ(ask(from, "DELETE", path_of("/contacts", contact)).answer.status, 200);
    EXPECT_EQ(ask(from, "GET", path_of("/contacts", contact)).answer.status, 404);
    std::size_t left = 0;
    from.account().entries.for_each([&](const entry& what) { left += what.contact == contact ? 1U : 0U; });
    EXPECT_GT(left, 0U);
}

TEST(ReferenceWrites, DeletedTaskLeavesEveryEntryUnstamped) {
    server from = make_server(7);
    row_id task = 0;
    entry before;
    from.account().entries.for_each([&](const entry& what) {
        if (!what.tasks.empty() && from.account().tasks.contains(what.tasks.front())) {
            task = what.tasks.front();
            before = what;
        }
    });
    EXPECT_EQ(ask(from, "DELETE", path_of("/tasks", task)).answer.status, 200);
    EXPECT_EQ(from.account().entries.uses_of_task(task), 0);
    EXPECT_EQ(from.account().entries.find(before.id)->updated_at, before.updated_at);
}

TEST(ReferenceWrites, FlatBodyLosesComputedFields) {
    server from = make_server(8);
    const char* flat = R"({"name":"Flat","default_rate_dollars":"12.50"})";
    EXPECT_TRUE(json_of(ask(from, "POST", "/contacts", flat)).at("default_rate_dollars").is_null());
    set_switch(from.how(), "flat_body", "accept");
    EXPECT_EQ(json_of(ask(from, "POST", "/contacts", flat)).at("default_rate_dollars").as_string(), "12.50");
    set_switch(from.how(), "flat_body", "ignore");
    EXPECT_EQ(ask(from, "POST", "/contacts", flat).answer.status, 422);
    set_switch(from.how(), "create_status", "201");
    EXPECT_EQ(ask(from, "POST", "/contacts", R"({"contact":{"name":"Nested"}})").answer.status, 201);
}

TEST(ReferenceWrites, AnExpenseTakesItsItemsPrice) {
    server from = make_server(9, {.entries = 3000});
    item what;
    what.id = from.account().new_id();
    what.name = "Parking";
    what.rate_cents = 250;
    from.account().items.emplace(what.id, what);
    row_id open_one = 0;
    for (const auto& [id, one] : from.account().expenses)
        if (one.invoice == 0) open_one = id;
    const reply changed = ask(from, "PUT", path_of("/expenses", open_one),
                              R"({"expense":{"quantity":2.5,"item_id":")" + std::to_string(what.id) + R"("}})");
    ASSERT_EQ(changed.answer.status, 200);
    EXPECT_EQ(json_of(changed).at("amount").as_string(), "6.25");
    set_switch(from.how(), "expenses", "422");
    EXPECT_EQ(ask(from, "GET", "/expenses").answer.status, 422);
}

TEST(WebApplication, MergeAndDetachAreUnstamped) {
    server from = make_server(10, {.entries = 3000});
    state& account = from.account();
    const row_id invoice = account.invoices.begin()->first;
    std::vector<row_id> some;
    account.entries.for_each([&](const entry& what) {
        if (some.size() < 3) some.push_back(what.id);
    });
    attach_to_invoice(account, invoice, some, std::nullopt);
    EXPECT_EQ(account.entries.find(some[0])->invoice, invoice);
    delete_invoice(account, invoice);
    EXPECT_EQ(account.entries.find(some[0])->invoice, 0);
    const row_id from_id = account.contacts.begin()->first;
    const row_id into_id = std::next(account.contacts.begin())->first;
    merge_contacts(account, from_id, into_id);
    account.entries.for_each([&](const entry& what) { EXPECT_NE(what.contact, from_id); });
}

}  // namespace
}  // namespace minutedock
