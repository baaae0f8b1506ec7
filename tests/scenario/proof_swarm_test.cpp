// SPDX-License-Identifier: MIT
// The proof against whatever happens in a web application, under drawn semantics and faults: after it the mirror is the
// account, nothing that MinuteDock still shows was taken away, and a proof costs what the protocol says.
#include <iomanip>

#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

using minutedock::row_id;

constexpr std::array tokens{minutedock::admin_token, minutedock::plain_token, minutedock::invoices_token};
constexpr int drawings = 60;

// Acts of people in the web application, at random: stamped as MinuteDock stamps them, or not at all.
class web_application {
public:
    web_application(world& w, std::uint64_t seed) : w_(w), chance_(seed) {}

    std::size_t pick(std::size_t n) { return chance_.next() % n; }

    void act() {
        const auto ids = entry_ids(w_);
        if (ids.empty()) return;
        const auto id = ids[pick(ids.size())];
        auto& account = w_.service.account();
        const auto kind = pick(13);
        if (kind < 3) account.entries.erase(id);
        if (kind == 3) move(id, true);
        if (kind == 4) move(id, false);
        if (kind == 5) edit_entry(w_, id, [](auto& e) { e.duration += 600; });
        if (kind == 6) strip(id);
        if (kind == 7) delete_task();
        if (kind == 8) merge();
        if (kind == 9 && !account.invoices.empty()) minutedock::delete_invoice(account, any(account.invoices));
        if (kind == 10 && account.expenses.size() > 2) account.expenses.erase(any(account.expenses));
        if (kind == 11) archive();
        if (kind == 12) add_entry(w_, account.entries.find(id)->date);
    }

private:
    template <class Rows>
    row_id any(const Rows& rows) {
        return std::next(rows.begin(), static_cast<std::ptrdiff_t>(pick(rows.size())))->first;
    }

    void move(row_id id, bool is_stamped) {
        const std::chrono::days by{1 + static_cast<int>(pick(40))};
        if (is_stamped) return edit_entry(w_, id, [by](auto& e) { e.date -= by; });
        auto copy = *w_.service.account().entries.find(id);
        copy.date -= by;
        w_.service.account().entries.put(std::move(copy));
    }

    void strip(row_id id) {
        auto copy = *w_.service.account().entries.find(id);
        copy.tasks.clear();
        w_.service.account().entries.put(std::move(copy));
    }

    void delete_task() {
        auto& account = w_.service.account();
        if (account.tasks.size() < 2) return;
        const auto task = any(account.tasks);
        minutedock::strip_task(account, task, std::nullopt);
        account.tasks.erase(task);
    }

    void merge() {
        auto& contacts = w_.service.account().contacts;
        const auto from = any(contacts), into = any(contacts);
        if (from == into || contacts[from].deleted || contacts[into].deleted) return;
        minutedock::merge_contacts(w_.service.account(), from, into);
    }

    void archive() {
        auto& contacts = w_.service.account().contacts;
        auto& one = contacts[any(contacts)];
        one.active = !one.active;
    }

    world& w_;
    seeded_random chance_;
};

// Rows marked gone that the account still has.
lines wrongly_gone(world& w) {
    lines out;
    auto db = w.reader();
    SQLite::Statement gone(db, "SELECT row_id FROM gone_rows WHERE resource = 'entries' AND evidence <> 'hidden'");
    while (gone.executeStep())
        if (w.service.account().entries.find(gone.getColumn(0).getInt64()) != nullptr)
            out.push_back("entry " + gone.getColumn(0).getString());
    return out;
}

struct drawing {
    explicit drawing(int number)
        : seed(static_cast<std::uint64_t>(number)), how(minutedock::draw_switches(seed)),
          w({.entries = 120 + (number % 3) * 250, .years = 2}, seed, how, tokens[seed % tokens.size()]), web(w, seed * 77 + 1) {}

    std::string name() const { return "drawing " + std::to_string(seed) + ": " + minutedock::describe(how); }

    std::uint64_t seed;
    minutedock::switches how;
    world w;
    web_application web;
};

class ProofSwarm : public testing::TestWithParam<int> {};

TEST_P(ProofSwarm, AfterAnyActsUnderFaultsTheNextQuietProofFindsAll) {
    constexpr std::array faults{"500:p=0.15", "lost:p=0.1", "cut:p=0.1", "array:p=0.1", "truncated:p=0.1", "404:p=0.05", "html:p=0.1"};
    for (int number = GetParam(); number < drawings; number += 2) {
        drawing d(number);
        // Pages of a hundred make each of these accounts long, and then what nobody stamps and no count shows is the
        // sweep's to find.
        if (d.how.page_clamp == minutedock::page_clamp::at_100) continue;
        d.w.sync();
        d.w.clock.pass(12min);
        d.w.verify();
        for (int cycle = 0; cycle < 3; ++cycle) {
            for (std::size_t acts = 1 + d.web.pick(4); acts > 0; --acts) d.web.act();
            d.w.clock.pass(11min);
            add_fault(d.w, faults[d.web.pick(faults.size())]);
            d.w.verify();
            EXPECT_EQ(wrongly_gone(d.w), lines{}) << d.name();
            d.w.service.clear_faults();
        }
        engine::verify_report last;
        for (int proof = 0; proof < 4 && !last.is_equal; ++proof) {
            d.w.clock.pass(11min);
            engine::verify_request what;
            what.accepts_held = proof > 0;
            last = d.w.verify(what);
        }
        EXPECT_TRUE(last.is_equal) << d.name();
        EXPECT_EQ(wrongly_gone(d.w), lines{}) << d.name();
        expect_equal(d.w, d.name());
    }
}

INSTANTIATE_TEST_SUITE_P(Half, ProofSwarm, testing::Values(0, 1));

std::size_t asked(world& w, std::size_t from, std::string_view path) {
    std::size_t n = 0;
    for (std::size_t i = from; i < w.http.sent.size(); ++i) n += w.http.sent[i].target.starts_with(path);
    return n;
}

TEST(ProofCost, DeltaCountDeltaAndTwoRequestsADeletion) {
    std::cout << "entries  deletions  requests to entries and reports  protocol  of any kind\n";
    for (const int entries : {2'000, 20'000, 100'000}) {
        world w({.entries = entries, .years = 10}, 5);
        w.service.keep_log(false);
        w.sync();
        w.verify();
        for (const std::size_t deletions : {std::size_t{0}, std::size_t{1}, std::size_t{5}, std::size_t{20}}) {
            const auto ids = entry_ids(w);
            for (std::size_t i = 0; i < deletions; ++i) w.service.account().entries.erase(ids[ids.size() * (i + 1) / (deletions + 2)]);
            w.clock.pass(11min);
            const auto before = w.http.sent.size();
            const auto report = w.verify();
            EXPECT_TRUE(report.is_equal);
            EXPECT_EQ(report.differences.size(), deletions);
            const auto priced = asked(w, before, "/entries") + asked(w, before, "/reports");
            // delta, count, the days on which a running timer may be counted, delta; each deletion its day and its id.
            const auto protocol = 4 + 2 * deletions;
            EXPECT_LE(priced, protocol) << entries << " entries, " << deletions << " deletions";
            EXPECT_LE(w.http.sent.size() - before, 60U + 2 * deletions);
            std::cout << std::setw(7) << entries << std::setw(11) << deletions << std::setw(33) << priced << std::setw(10)
                      << protocol << std::setw(13) << w.http.sent.size() - before << "\n";
        }
        EXPECT_EQ(differences(w), lines{});
    }
}

}  // namespace
}  // namespace mdock::test
