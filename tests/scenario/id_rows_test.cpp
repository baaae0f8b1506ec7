// SPDX-License-Identifier: MIT
// Ids that are not known yet, that mean two things, that are gone, and names that are no ids.
#include <gtest/gtest.h>

#include "tests/scenario/outbox_world.h"

namespace mdock::test {
namespace {

class Ids : public outbox_world {
protected:
    struct chain {
        std::int64_t contact = 0, project = 0, entry = 0;
    };
    // A client, a project in it and an entry on it, all made here.
    chain make_chain() {
        chain out;
        out.contact = write("INSERT INTO contacts (name) VALUES ('Acme')").row_ids.front();
        out.project = write("INSERT INTO projects (name, contact_id) VALUES ('Roof', ?1)", {out.contact}).row_ids.front();
        out.entry = write("INSERT INTO entries (description, duration_seconds, entry_date, contact_id, project_id) VALUES ('first work', 60, "
                          "'2024-06-12', ?1, ?2)", {out.contact, out.project}).row_ids.front();
        return out;
    }
    std::vector<minutedock::row_id> contacts_named(const std::string& name) {
        std::vector<minutedock::row_id> ids;
        for (const auto& [id, what] : w.service.account().contacts)
            if (what.name == name && !what.deleted) ids.push_back(id);
        return ids;
    }
    minutedock::row_id contact_by_web(const std::string& name) {
        minutedock::contact what;
        what.id = w.service.account().new_id();
        what.name = what.short_code.emplace(name);
        w.service.account().contacts.emplace(what.id, what);
        return what.id;
    }
    std::int64_t change_of(const std::string& table) { return w.number("SELECT outbox_id FROM outbox WHERE resource = '" + table + "'"); }
    std::int64_t waits_for(const std::string& table) {
        return w.number("SELECT coalesce(waits_for, 0) FROM outbox WHERE resource = '" + table + "'");
    }
    void expect_chain_on_service() {
        const auto contacts = contacts_named("Acme");
        ASSERT_EQ(contacts.size(), 1U);
        int found = 0;
        w.service.account().entries.for_each([&](const minutedock::entry& e) {
            if (e.description != "first work") return;
            ++found;
            EXPECT_EQ(e.contact, contacts.front());
            EXPECT_EQ(w.service.account().projects.at(e.project).name, "Roof");
            EXPECT_EQ(w.service.account().projects.at(e.project).contact_id, contacts.front());
        });
        EXPECT_EQ(found, 1);
        EXPECT_EQ(waiting(), 0);
        expect_equal(w);
    }
};

TEST_F(Ids, I02_KilledBetweenTheParentsAnswerAndTheChildTheChildHasTheRealId) {
    const auto made = make_chain();
    ASSERT_TRUE(dies_at("outbox.applied", moment::after));
    EXPECT_EQ(sent("POST", "/projects").size(), 0U);
    const auto real = contacts_named("Acme").at(0);
    EXPECT_EQ(w.number("SELECT row_id FROM local_ids WHERE local_id = " + std::to_string(made.contact)), real);
    EXPECT_EQ(w.number("SELECT contact_id FROM projects WHERE name = 'Roof'"), real);
    EXPECT_EQ(w.sync().pushed.applied, 2);
    EXPECT_EQ(sent("POST", "/contacts").size(), 1U);
    EXPECT_NE(sent("POST", "/projects").at(0).body.find(std::to_string(real)), std::string::npos);
    expect_chain_on_service();
}

TEST_F(Ids, I03_ChildrenOfAParkedParentWaitAndGoAfterIt) {
    const auto made = make_chain();
    answer("POST", "/contacts", 422, R"({"message":"name has already been taken"})");
    EXPECT_EQ(w.sync().pushed.parked, 1);
    const auto parent = change_of("contacts");
    EXPECT_EQ(state_here(made.contact, "contacts"), "parked");
    EXPECT_EQ(state_here(made.project, "projects"), "queued");
    EXPECT_EQ(state_here(made.entry), "queued");
    EXPECT_EQ(waits_for("projects"), parent);
    EXPECT_EQ(waits_for("entries"), parent);
    EXPECT_EQ(sent("POST", "/projects").size() + sent("POST", "/entries").size(), 0U);
    end_trouble();
    EXPECT_EQ(w.sync().pushed.applied, 0);
    EXPECT_TRUE(store::retry_change(*w.db, parent).value());
    EXPECT_EQ(w.sync().pushed.applied, 3);
    expect_chain_on_service();
}

TEST_F(Ids, I05_NothingInTheFileIsJoinedOnTheLegacyId) {
    EXPECT_EQ(w.number("SELECT count(*) FROM sqlite_master WHERE type IN ('view', 'trigger') AND sql LIKE '%legacy_user_id%'"), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM sqlite_master AS t, pragma_foreign_key_list(t.name) AS k WHERE t.type = 'table' AND "
                       "(k.\"from\" = 'legacy_user_id' OR k.\"to\" = 'legacy_user_id')"), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table' AND c.name = "
                       "'legacy_user_id' AND t.name NOT IN ('users', '_identity')"), 0);
}

TEST(IdsOfUsers, I05_TwoUsersWhoseIdsCollideStayApart) {
    world w({.entries = 60, .oddities = false});
    auto& users = w.service.account().users;
    // Everybody's legacy id is the id of the next one.
    for (auto one = users.begin(); one != users.end(); ++one)
        one->second.legacy_id = std::next(one) == users.end() ? users.begin()->first : std::next(one)->first;
    EXPECT_FALSE(w.sync().stopped_by);
    minutedock::call call;
    call.target = "/users/me";
    call.bearer = w.http.token;
    const auto* me = w.service.identify(call).who;
    ASSERT_NE(me, nullptr);
    EXPECT_EQ(w.number("SELECT user_account_id FROM _identity"), me->id);
    EXPECT_EQ(w.number("SELECT user_account_id FROM users WHERE is_me = 1"), me->id);
    expect_equal(w);
    EXPECT_TRUE(store::write_locally(*w.db, {{"INSERT INTO entries (description, duration_seconds, entry_date) VALUES ('whose', 60, '2024-06-12')", {}}}, true));
    EXPECT_EQ(w.sync().pushed.applied, 1);
    w.service.account().entries.for_each([&](const minutedock::entry& e) {
        EXPECT_TRUE(e.description != "whose" || e.user == me->id);
    });
    EXPECT_EQ(w.number("SELECT user_account_id FROM entries WHERE description = 'whose'"), me->id);
}

TEST_F(Ids, I06_TheSameNameMadeHereAndOnTheWebIsTwoContacts) {
    const auto local = write("INSERT INTO contacts (name) VALUES ('Acme')").row_ids.front();
    const auto webs = contact_by_web("Acme");
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(contacts_named("Acme").size(), 2U);
    EXPECT_NE(w.number("SELECT row_id FROM local_ids WHERE local_id = " + std::to_string(local)), webs);
    EXPECT_EQ(w.number("SELECT count(*) FROM contacts WHERE name = 'Acme'"), 2);
    expect_equal(w);
}

TEST_F(Ids, I06_AnUnknownOutcomeTakesNoContactThatWasSeenBefore) {
    const auto webs = contact_by_web("Acme");
    w.sync();
    const auto local = write("INSERT INTO contacts (name) VALUES ('Acme')").row_ids.front();
    const auto adopted = [&] { return w.number("SELECT row_id FROM local_ids WHERE local_id = " + std::to_string(local)); };
    lose_answers("POST", "/contacts");
    EXPECT_EQ(w.sync().pushed.unknown, 1);
    end_trouble();
    EXPECT_EQ(sync_after_settling().pushed.adopted, 1);
    const auto all = contacts_named("Acme");
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(adopted(), all.at(0) == webs ? all.at(1) : all.at(0));
    EXPECT_EQ(sent("POST", "/contacts").size(), 1U);
    expect_equal(w);
}

TEST_F(Ids, I07_AnUnknownCreateWithoutWhatWasSentIsAPersons) {
    const auto lost = add_entry("nobody knows");
    lose_answers("POST", "/entries");
    EXPECT_EQ(w.sync().pushed.unknown, 1);
    end_trouble();
    w.db->connection().exec("DELETE FROM _intent");
    add_entry("goes on");
    EXPECT_EQ(sync_after_settling().pushed.parked, 1);
    EXPECT_EQ(state_here(lost), "parked");
    EXPECT_NE(w.ask("SELECT last_error FROM outbox WHERE row_id = " + std::to_string(lost)).value_or(""), "");
    w.sync();
    EXPECT_EQ(on_service("nobody knows"), 1);
    EXPECT_EQ(on_service("goes on"), 1);
    EXPECT_EQ(w.number("SELECT count(*) FROM outbox"), 1);
}

TEST_F(Ids, I07_AChangeThatCannotBeReadStopsNobodyElse) {
    const auto broken = some_entry(0), fine = some_entry(1);
    describe(broken, "unreadable");
    describe(fine, "goes on");
    w.db->connection().exec("UPDATE outbox SET new_values = '{\"description\":' WHERE row_id = " + std::to_string(broken));
    for (int cycle = 0; cycle < 3; ++cycle) EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(on_service("goes on"), 1);
    EXPECT_EQ(on_service("unreadable"), 0);
    EXPECT_EQ(sent("PUT").size(), 1U);
    EXPECT_EQ(waiting(), 1);
    EXPECT_FALSE(w.run_for(5min));
    EXPECT_EQ(broken_promises(w), lines{});
}

TEST_F(Ids, I07_ARowThatIsMissingHereComesBackFromMinuteDock) {
    const auto id = some_entry();
    describe(id, "still wanted");
    w.db->connection().exec("DELETE FROM entry_tasks WHERE entry_id = " + std::to_string(id) + "; DELETE FROM entries WHERE entry_id = " + std::to_string(id));
    EXPECT_EQ(w.sync().pushed.applied, 1);
    EXPECT_EQ(on_service("still wanted"), 1);
    EXPECT_EQ(description_here(id), "still wanted");
    EXPECT_EQ(waiting(), 0);
    expect_equal(w);
}

TEST_F(Ids, I07_AChangeThatCannotBeReadIsShownAsAPersons) {
    const auto broken = some_entry(0);
    describe(broken, "unreadable");
    w.db->connection().exec("UPDATE outbox SET new_values = '{\"description\":' WHERE row_id = " + std::to_string(broken));
    for (int cycle = 0; cycle < 3; ++cycle) w.sync();
    EXPECT_EQ(state_here(broken), "parked");
    EXPECT_NE(w.ask("SELECT last_error FROM outbox").value_or(""), "");
}

}  // namespace
}  // namespace mdock::test
