// SPDX-License-Identifier: MIT
// Verification, sweep and the mass-gone guard, interrupted: what differs without a stamp is found all the same, and a
// row is taken away only on evidence, however often the program has to begin again.
#include <stdexcept>

#include "tests/crash/scenarios.h"
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

// Long enough for the second look that some rows need.
constexpr auto between_looks = 6min;

void verify_until(world& w, bool (*is_quiet)(const engine::verify_report&), engine::verify_request how = {}) {
    for (int tries = 0; tries < 8; ++tries) {
        if (is_quiet(w.verify(how))) return;
        w.clock.pass(between_looks);
    }
    throw std::runtime_error("no verification comes to an end");
}

bool is_equal(const engine::verify_report& report) { return report.is_equal; }
bool is_held(const engine::verify_report& report) {
    return !report.sync.stopped_by && report.open.empty() && !report.held.empty();
}

void verify_until_equal(world& w) { verify_until(w, &is_equal); }
void verify_until_held(world& w) { verify_until(w, &is_held); }
void accept_until_equal(world& w) { verify_until(w, &is_equal, {.accepts_held = true}); }

void verify_once(world& w) { w.verify(); }
void rehearse(world& w) { w.verify({.is_rehearsal = true}); }
void accept(world& w) { w.verify({.accepts_held = true}); }

void proven(world& w) {
    loaded(w);
    verify_until_equal(w);
    w.clock.pass(10min);
}

// Changes what nothing stamps: `since` never shows it.
void edit_silently(world& w, std::size_t index) {
    minutedock::entry copy = *w.service.account().entries.find(entry_ids(w)[index]);
    copy.duration += 600;
    w.service.account().entries.put(std::move(copy));
}

void gone_and_changed(world& w) {
    proven(w);
    auto& account = w.service.account();
    const auto ids = entry_ids(w);
    account.entries.erase(ids[3]);
    account.entries.erase(ids[31]);
    add_entry(w, account.entries.find(ids[30])->date);
    edit_silently(w, 20);
    minutedock::strip_task(account, account.tasks.begin()->first, std::nullopt);
    account.tasks.erase(account.tasks.begin());
    const auto contact = account.contacts.begin();
    minutedock::merge_contacts(account, contact->first, std::next(contact)->first);
    account.expenses.erase(account.expenses.begin());
    minutedock::delete_invoice(account, account.invoices.begin()->first);
    w.clock.pass(10min);
}

void most_gone(world& w) {
    proven(w);
    const auto ids = entry_ids(w);
    for (std::size_t i = 0; i < ids.size(); i += 2) w.service.account().entries.erase(ids[i]);
    w.clock.pass(10min);
}

void held(world& w) {
    most_gone(w);
    verify_until_held(w);
    w.clock.pass(10min);
}

void sweep_often(world& w) {
    w.how.sweep_interval = std::chrono::hours{2};
    w.how.verify_interval = std::chrono::hours{1};
    // Seldom, for fewer steps: the deltas in between are other scenarios' matter.
    w.how.interval = w.how.reference_interval = w.how.billing_interval = w.how.dock_idle_interval = std::chrono::hours{1};
    w.how.dock_active_interval = std::chrono::hours{1};
}

// Edits that keep every count and sum, and have no stamp: only a second reading shows them.
void silent_edits(world& w) {
    sweep_often(w);
    proven(w);
    w.run_for(3h);
    for (const std::size_t i : {5U, 25U, 45U}) {
        minutedock::entry copy = *w.service.account().entries.find(entry_ids(w)[i]);
        copy.description = "silently other";
        w.service.account().entries.put(std::move(copy));
    }
}

void sweeping_daemon(world& w) {
    sweep_often(w);
    w.run_for(3h);
}

void sweep_until_found(world& w) {
    sweep_often(w);
    w.run_for(3h);
    verify_until_equal(w);
}

}  // namespace

std::vector<crash_scenario> proof_scenarios() {
    return {
        {"Verification", &gone_and_changed, &verify_once, &verify_until_equal},
        {"Rehearsal", &gone_and_changed, &rehearse, &verify_until_equal},
        {"MassGone", &most_gone, &verify_once, &verify_until_held, false},
        {"HeldAndAccepted", &held, &accept, &accept_until_equal},
        {"Sweep", &silent_edits, &sweeping_daemon, &sweep_until_found, true, 30},
    };
}

}  // namespace mdock::test
