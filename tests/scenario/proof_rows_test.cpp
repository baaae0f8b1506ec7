// SPDX-License-Identifier: MIT
// Catalogue A5: what is deleted, hidden, moved or merged on MinuteDock is found by the proof, and nothing is taken away
// because of an error, an empty answer or a lost right (invariants G and E).
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

using minutedock::row_id;

constexpr minutedock::account_size small{.entries = 300, .years = 2};

std::string describe(const engine::verify_report& report) {
    std::string out = report.is_equal ? "equal" : "not equal";
    for (const auto& one : report.differences)
        out += "; " + std::string(name_of(one.which)) + " " + std::to_string(one.row_id) + " " +
               (one.what == engine::difference::kind::missing ? "missing" : one.what == engine::difference::kind::ghost ? "ghost" : "changed");
    for (const auto& one : report.held) out += "; held " + std::string(name_of(one.which)) + ": " + one.reason;
    for (const auto& one : report.open) out += "; open " + std::string(name_of(one.which)) + ": " + one.reason;
    for (const auto& one : troubles(report.sync)) out += "; " + one;
    return out;
}

std::size_t asked(world& w, std::string_view path, std::size_t from) {
    std::size_t n = 0;
    for (std::size_t i = from; i < w.http.sent.size(); ++i) n += w.http.sent[i].target.starts_with(path);
    return n;
}

// Requests to entries and reports, the ones that the protocol prices.
std::size_t priced(world& w, std::size_t from) { return asked(w, "/entries", from) + asked(w, "/reports", from); }

TEST(Proof, AQuietAccountIsProvenByDeltaCountDelta) {
    world w(small);
    w.sync();
    w.verify();
    w.clock.pass(10min);
    const auto before = w.http.sent.size();
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    EXPECT_TRUE(report.differences.empty()) << describe(report);
    EXPECT_LE(priced(w, before), 4U);
    EXPECT_TRUE(report.verified_as_of);
    expect_equal(w);
}

TEST(Proof, D01_AnEntryDeletedInTheWebApplication) {
    world w(small);
    w.sync();
    w.verify();
    const auto victim = entry_ids(w)[17];
    w.service.account().entries.erase(victim);
    w.clock.pass(10min);
    const auto before = w.http.sent.size();
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    ASSERT_EQ(report.differences.size(), 1U) << describe(report);
    EXPECT_EQ(report.differences.front().row_id, victim);
    EXPECT_EQ(report.differences.front().what, engine::difference::kind::ghost);
    EXPECT_TRUE(report.differences.front().day);
    EXPECT_LE(priced(w, before), 7U);
    EXPECT_EQ(w.ask("SELECT evidence FROM gone_rows WHERE resource = 'entries' AND row_id = " + std::to_string(victim)), "404");
    EXPECT_EQ(w.number("SELECT count(*) FROM changes WHERE operation = 'gone' AND origin = 'verify'"), 1);
    expect_equal(w);
}

TEST(Proof, D02_OneDeletedAndOneCreatedOnTheSameDay) {
    world w(small);
    w.sync();
    w.verify();
    const auto victim = entry_ids(w)[40];
    const auto date = w.service.account().entries.find(victim)->date;
    w.service.account().entries.erase(victim);
    add_entry(w, date);
    w.clock.pass(10min);
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    EXPECT_EQ(report.differences.size(), 1U) << describe(report);
    expect_equal(w);
}

TEST(Proof, D03_ATaskDeletedIsTakenOffItsEntries) {
    world w(small);
    w.sync();
    w.verify();
    const auto task = w.service.account().tasks.begin()->first;
    minutedock::strip_task(w.service.account(), task, std::nullopt);
    w.service.account().tasks.erase(task);
    w.clock.pass(10min);
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    EXPECT_EQ(w.ask("SELECT presence FROM tasks WHERE task_id = " + std::to_string(task)), "gone");
    EXPECT_EQ(w.number("SELECT count(*) FROM entry_tasks WHERE task_id = " + std::to_string(task)), 0);
    expect_equal(w);
}

TEST(Proof, D04_ATaskTakenOffOneEntryAndNothingStamped) {
    world w(small);
    w.sync();
    w.verify();
    for (const auto id : entry_ids(w)) {
        minutedock::entry copy = *w.service.account().entries.find(id);
        if (copy.tasks.empty()) continue;
        copy.tasks.clear();
        w.service.account().entries.put(std::move(copy));
        break;
    }
    w.clock.pass(10min);
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    ASSERT_EQ(report.differences.size(), 1U) << describe(report);
    EXPECT_EQ(report.differences.front().fields, lines{"task_ids"});
    expect_equal(w);
}

TEST(Proof, D17_ContactsMergedInTheWebApplication) {
    world w(small);
    w.sync();
    w.verify();
    auto contact = w.service.account().contacts.begin();
    const auto from = contact->first;
    const auto into = std::next(contact)->first;
    minutedock::merge_contacts(w.service.account(), from, into);
    w.clock.pass(10min);
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    expect_equal(w);
}

TEST(Proof, D17_AMergeWhoseEntriesCouldNotBeReadIsFollowedLater) {
    minutedock::switches how;
    how.page_clamp = minutedock::page_clamp::at_100;    // long: a person's proof does not read all of it
    world w({.entries = 700, .years = 2}, 1, how);
    w.sync();
    w.verify();
    std::map<row_id, int> entries;
    w.service.account().entries.for_each([&](const minutedock::entry& one) { ++entries[one.contact]; });
    entries.erase(0);
    auto contact = std::find_if(entries.begin(), entries.end(), [](const auto& one) { return one.second > 5; });
    ASSERT_NE(contact, entries.end());
    const auto from = contact->first;
    const auto into = contact == entries.begin() ? std::next(contact)->first : entries.begin()->first;
    minutedock::merge_contacts(w.service.account(), from, into);
    w.clock.pass(10min);
    w.http.intercept = [](const http_request& request) -> std::optional<result<http_answer>> {
        if (request.target.find("contacts") == std::string::npos || !request.target.starts_with("/entries")) return std::nullopt;
        return answered(500, "");
    };
    EXPECT_FALSE(w.verify().is_equal);
    EXPECT_EQ(w.ask("SELECT presence FROM contacts WHERE contact_id = " + std::to_string(from)), "gone");
    w.http.intercept = nullptr;
    w.clock.pass(10min);
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    EXPECT_EQ(w.number("SELECT count(*) FROM entries WHERE contact_id = " + std::to_string(from)), 0);
    expect_equal(w);
}

TEST(Proof, AnExpenseIsGoneAfterTwoWholeReads) {
    world w(small);
    w.sync();
    w.verify();
    auto& expenses = w.service.account().expenses;
    ASSERT_GT(expenses.size(), 1U);
    const auto victim = expenses.begin()->first;
    expenses.erase(victim);
    w.clock.pass(10min);
    auto report = w.verify();
    EXPECT_FALSE(report.is_equal);
    ASSERT_EQ(report.open.size(), 1U) << describe(report);
    EXPECT_EQ(rows_in(w, "gone_rows"), 0);
    w.clock.pass(4min);
    report = w.verify();
    EXPECT_EQ(rows_in(w, "gone_rows"), 0) << "sync.second_read_after has not passed";
    w.clock.pass(2min);
    report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    EXPECT_EQ(w.ask("SELECT evidence FROM gone_rows"), "absent twice");
    expect_equal(w);
}

TEST(Proof, AnInvoiceDeletedTakesItsLinesWithIt) {
    world w(small);
    w.sync();
    w.verify();
    ASSERT_FALSE(w.service.account().invoices.empty());
    minutedock::delete_invoice(w.service.account(), w.service.account().invoices.begin()->first);
    w.clock.pass(10min);
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    expect_equal(w);
}

TEST(Proof, D09_TooManyAtOnceAreHeldUntilAPersonAccepts) {
    world w(small);
    w.sync();
    w.verify();
    const auto ids = entry_ids(w);
    for (std::size_t i = 0; i < ids.size(); i += 3) w.service.account().entries.erase(ids[i]);
    w.clock.pass(10min);
    const auto rows = rows_in(w, "entries");
    auto report = w.verify();
    EXPECT_FALSE(report.is_equal);
    ASSERT_EQ(report.held.size(), 1U) << describe(report);
    EXPECT_EQ(rows_in(w, "entries"), rows);
    EXPECT_EQ(state_of(w, "entries"), "held");
    w.clock.pass(60min);
    w.sync();
    EXPECT_EQ(state_of(w, "entries"), "held") << "an ordinary round does not forget it";
    report = w.verify();
    EXPECT_EQ(rows_in(w, "entries"), rows);
    engine::verify_request accept;
    accept.accepts_held = true;
    report = w.verify(accept);
    EXPECT_TRUE(report.is_equal) << describe(report);
    EXPECT_EQ(state_of(w, "entries"), "current");
    expect_equal(w);
}

TEST(Proof, ADryRunTellsAndChangesNothing) {
    world w(small);
    w.sync();
    w.verify();
    const auto victim = entry_ids(w)[17];
    w.service.account().entries.erase(victim);
    w.clock.pass(10min);
    const auto rows = rows_in(w, "entries");
    const auto changes = w.number("SELECT count(*) FROM changes");
    engine::verify_request rehearsal;
    rehearsal.is_rehearsal = true;
    const auto report = w.verify(rehearsal);
    EXPECT_FALSE(report.is_equal);
    ASSERT_EQ(report.differences.size(), 1U) << describe(report);
    EXPECT_EQ(rows_in(w, "entries"), rows);
    EXPECT_EQ(w.number("SELECT count(*) FROM changes"), changes);
    const auto real = w.verify();
    EXPECT_TRUE(real.is_equal) << describe(real);
    expect_equal(w);
}

TEST(Proof, D16_AnEntryTakenBackIntoTheDockIsNotGone) {
    world w(small);
    w.sync();
    w.verify();
    auto& account = w.service.account();
    const auto me = account.users.begin()->first;
    row_id moved = 0;
    account.entries.for_each([&](const minutedock::entry& one) { if (one.user == me) moved = one.id; });
    ASSERT_NE(moved, 0);
    minutedock::dock timer;
    timer.entry_id = moved;
    timer.description = "again";
    timer.seconds = 60;
    timer.version_id = "v";
    timer.version_number = 1;
    account.docks[me] = timer;
    account.entries.erase(moved);
    w.clock.pass(10min);
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    EXPECT_EQ(rows_in(w, "gone_rows"), 0);
    expect_equal(w);
}

TEST(Proof, SilentEditsOfDurationAreFoundByTheHours) {
    world w(small);
    w.sync();
    w.verify();
    minutedock::entry copy = *w.service.account().entries.find(entry_ids(w)[100]);
    copy.duration += 3600;
    w.service.account().entries.put(std::move(copy));
    w.clock.pass(10min);
    const auto report = w.verify();
    EXPECT_TRUE(report.is_equal) << describe(report);
    ASSERT_EQ(report.differences.size(), 1U) << describe(report);
    EXPECT_EQ(report.differences.front().what, engine::difference::kind::changed);
    expect_equal(w);
}

}  // namespace
}  // namespace mdock::test
