// SPDX-License-Identifier: MIT
// What is interrupted: a start, an act, and what a restarted program does until it is quiet. Each has one end.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/world.h"

namespace mdock::test {

struct crash_scenario {
    std::string_view name;
    void (*start)(world&);      // brings mirror and account to where the act begins
    void (*act)(world&);
    void (*finish)(world&);
    bool ends_equal = true;     // to the account; not so where a person has yet to accept what is held
    int share = 100;            // per cent of the ordinary number of runs, for those that take long
    std::vector<std::string> (*content)(world&) = nullptr;    // what must be the same in the end, sorted; null: every public table
};

inline std::ostream& operator<<(std::ostream& out, const crash_scenario& what) { return out << what.name; }

// Small enough to be run hundreds of times, large enough for several pages of the database.
inline constexpr minutedock::account_size crash_account{.entries = 60, .years = 1, .users = 3, .contacts = 6, .tasks = 5,
                                                        .invoices = 4, .expenses = 5};

const std::vector<crash_scenario>& crash_scenarios();

// Of loads, deltas and the daemon (scenarios.cpp); of verification, sweep and what is held (proof_scenarios.cpp).
std::vector<crash_scenario> reading_scenarios();
std::vector<crash_scenario> proof_scenarios();
// Of local changes (outbox_scenarios.cpp).
std::vector<crash_scenario> outbox_scenarios();

// A mirror that is loaded, twenty minutes ago.
void loaded(world& w);

}  // namespace mdock::test
