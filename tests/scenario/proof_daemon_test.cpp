// SPDX-License-Identifier: MIT
// The proof as the daemon does it: hourly by counts, sweeping in between, and holding back where a right or a backup is
// the likelier reason (catalogue rows D05 to D18).
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

using minutedock::row_id;

constexpr minutedock::account_size small{.entries = 300, .years = 2};

std::string verified(world& w, std::string_view resource) {
    return w.ask("SELECT verified_as_of FROM mirror_status WHERE resource = '" + std::string(resource) + "'").value_or("");
}

std::string rule(world& w) { return w.ask("SELECT scope || ', ' || grouping || ', ' || docks || ', ' || hours FROM _count_rule").value(); }

row_id me(world& w) { return w.number("SELECT user_account_id FROM users WHERE is_me"); }

TEST(ProofDaemon, EveryResourceIsVerifiedAndAnIdleHourStaysUnder160Requests) {
    world w(small);
    w.run_for(2h);
    EXPECT_EQ(w.number("SELECT count(*) FROM mirror_status WHERE verified_as_of IS NULL"), 0);
    const auto before = w.http.sent.size();
    w.run_for(1h);    // a daemon that starts anew reads everything once more
    const auto begun = w.http.sent.size();
    w.run_for(3h);
    std::cout << "requests of three idle hours with their start: " << w.http.sent.size() - begun << "\n";
    EXPECT_LT(w.http.sent.size() - begun, 3U * 160U);
    EXPECT_LT(begun - before, 200U);
    expect_equal(w);
}

TEST(ProofDaemon, TheCountsAreTriedAndTheRuleIsKept) {
    world w(small);
    w.run_for(70min);
    EXPECT_TRUE(rule(w).starts_with("all, month, ")) << rule(w);
    EXPECT_TRUE(rule(w).ends_with(", equal")) << rule(w);
}

TEST(ProofDaemon, ARunningTimerShowsWhetherItIsCounted) {
    for (const bool is_counted : {false, true}) {
        minutedock::switches how;
        how.report_counts_dock = is_counted;
        world w(small, 1, how);
        w.sync();
        auto& timer = w.service.account().docks[me(w)];
        timer = minutedock::dock{};
        timer.entry_id = w.service.account().new_id();
        timer.running_since = w.clock.true_time();
        timer.description = "at work";
        timer.version_id = "v";
        timer.version_client_id = "web";
        timer.version_number = 3;
        w.run_for(3h);
        EXPECT_EQ(rule(w), is_counted ? "all, month, unknown, equal" : "all, month, left out, equal");
        const auto victim = entry_ids(w)[5];
        w.service.account().entries.erase(victim);
        w.run_for(2h);
        EXPECT_EQ(w.number("SELECT count(*) FROM gone_rows WHERE row_id = " + std::to_string(victim)), 1);
        expect_equal(w);
    }
}

TEST(ProofDaemon, D02_ADeletionBehindACreationIsFoundOneHourLater) {
    world w(small);
    w.run_for(2h);
    const auto victim = entry_ids(w)[50];
    const auto copy = *w.service.account().entries.find(victim);
    w.service.account().entries.erase(victim);
    add_entry(w, copy.date, [&](auto& e) { e.duration = copy.duration; });
    w.run_for(70min);
    EXPECT_EQ(w.number("SELECT count(*) FROM gone_rows"), 1);
    expect_equal(w);
}

TEST(ProofDaemon, D05_AContactDeletedStaysAsAName) {
    world w(small);
    w.run_for(70min);
    auto& contacts = w.service.account().contacts;
    const auto victim = contacts.begin()->first;
    contacts.begin()->second.deleted = true;
    const auto entries = w.number("SELECT count(*) FROM entries WHERE contact_id = " + std::to_string(victim));
    w.run_for(70min);
    EXPECT_EQ(w.ask("SELECT presence FROM contacts WHERE contact_id = " + std::to_string(victim)), "gone");
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE contact_id = " + std::to_string(victim)), entries);
    expect_equal(w);
}

TEST(ProofDaemon, D06_ARightThatIsTakenHidesRowsAndDeletesNone) {
    world w({.entries = 300, .years = 2, .users = 5}, 1, {}, minutedock::limited_token);
    w.run_for(70min);
    const auto others = w.number("SELECT count(*) FROM entries WHERE user_account_id IS NOT " + std::to_string(me(w)));
    ASSERT_GT(others, 5);
    w.service.account().users[me(w)].may.report_on_others = false;
    w.run_for(65min);
    EXPECT_EQ(w.number("SELECT count(*) FROM gone_rows WHERE evidence = '404'"), 0);
    w.run_for(4h);
    EXPECT_EQ(w.number("SELECT count(*) FROM gone_rows WHERE evidence = 'hidden' AND resource = 'entries'"), others);
    EXPECT_EQ(w.number("SELECT count(*) FROM gone_rows WHERE evidence = '404'"), 0);
    w.service.account().users[me(w)].may.report_on_others = true;
    w.run_for(30h);
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE user_account_id IS NOT " + std::to_string(me(w))), others)
        << "they come back when they are seen again";
}

TEST(ProofDaemon, D10_AServiceSetBackToABackupIsNotFollowed) {
    world w(small);
    w.run_for(70min);
    const auto old = w.service.account();
    w.run_for(30min);
    const auto edited = entry_ids(w)[7];
    edit_entry(w, edited, [](auto& e) { e.description = "the newer text"; });
    for (int i = 0; i < 3; ++i) add_entry(w, old.entries.find(edited)->date);
    w.run_for(2h);
    const auto rows = rows_in(w, "entries");
    w.service.account() = old;
    w.run_for(2h);
    EXPECT_EQ(state_of(w, "entries"), "held");
    EXPECT_EQ(w.ask("SELECT reason FROM _held WHERE resource = 'entries'"), "rewound");
    EXPECT_EQ(rows_in(w, "entries"), rows);
    EXPECT_EQ(w.ask("SELECT description FROM entries WHERE entry_id = " + std::to_string(edited)), "the newer text");
    engine::verify_request accept;
    accept.accepts_held = true;
    w.verify(accept);
    EXPECT_EQ(state_of(w, "entries"), "current");
    expect_equal(w);
}

TEST(ProofDaemon, D18_AUserWhoIsNoLongerListedIsHiddenAndNeverGone) {
    world w(small);
    w.run_for(70min);
    auto& users = w.service.account().users;
    const auto victim = std::prev(users.end())->first;
    ASSERT_NE(victim, me(w));
    users.erase(victim);
    w.run_for(70min);
    EXPECT_EQ(w.ask("SELECT presence FROM users WHERE user_account_id = " + std::to_string(victim)), "hidden");
}

TEST(ProofDaemon, TheSweepFindsAnEditThatNobodyStamped) {
    world w(small);
    w.how.interval = w.how.reference_interval = w.how.billing_interval = w.how.dock_idle_interval = 1h;
    w.run_for(2h);
    auto copy = *w.service.account().entries.find(entry_ids(w)[3]);
    copy.description = "changed in silence";
    w.service.account().entries.put(std::move(copy));
    w.run_for(std::chrono::hours{24 * 31});
    expect_equal(w);
    EXPECT_EQ(w.number("SELECT count(*) FROM changes WHERE origin = 'verify' AND operation = 'update'"), 1);
}

TEST(ProofDaemon, WithoutReportsTheSweepIsTheProof) {
    for (const auto refused : {minutedock::endpoint::status_403, minutedock::endpoint::status_404}) {
        minutedock::switches how;
        how.reports = refused;
        world w(small, 1, how);
        w.run_for(2h);
        const auto victim = entry_ids(w)[50];
        w.service.account().entries.erase(victim);
        w.run_for(26h);
        EXPECT_EQ(w.number("SELECT count(*) FROM gone_rows WHERE row_id = " + std::to_string(victim)), 1);
        EXPECT_NE(verified(w, "entries"), "");
        expect_equal(w);
    }
}

TEST(ProofDaemon, P09_ARowThatNeverCameIsAnIncidentAndWidensTheOverlap) {
    world w(small);
    w.run_for(70min);
    const auto before = w.number("SELECT overlap_seconds FROM _resource WHERE resource = 'entries'");
    // Stamped two hours before it was shown: no reading of changes asks so far back.
    add_entry(w, w.service.account().entries.find(entry_ids(w)[9])->date, [&](auto& e) { e.updated_at = stamp_now(w) - 2h; });
    w.run_for(70min);
    EXPECT_EQ(w.number("SELECT count(*) FROM _incident"), 1);
    EXPECT_EQ(w.number("SELECT overlap_seconds FROM _resource WHERE resource = 'entries'"), 2 * before);
    expect_equal(w);
}

}  // namespace
}  // namespace mdock::test
