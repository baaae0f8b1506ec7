// SPDX-License-Identifier: MIT
// Whatever the service's documentation leaves open, the first sync ends equal to the account and the second has nothing
// to do: 200 drawings of the switches, each with an account of its own.
#include <gtest/gtest.h>

#include "tests/minutedock/expected.h"
#include "tests/support/mirror_rows.h"
#include "tests/support/world.h"

namespace mdock::test {
namespace {

constexpr std::uint64_t drawings = 200;

std::string_view token_of(std::uint64_t seed) {
    switch (seed % 8) {
        case 5: return minutedock::plain_token;
        case 6: return minutedock::invoices_token;
        case 7: return minutedock::limited_token;
        default: return minutedock::admin_token;
    }
}

minutedock::account_size size_of(std::uint64_t seed) {
    minutedock::account_size size;
    // Mostly small; every tenth larger than several pages.
    size.entries = seed % 10 == 0 ? 6000 : static_cast<int>(50 + seed * 37 % 1200);
    size.years = 1 + static_cast<int>(seed % 5);
    return size;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines) out += "\n  " + line;
    return out;
}

// Every resource is where the service's switches and this token's rights put it.
std::string wrong_states(world& w) {
    std::string out;
    const auto wanted = minutedock::expected_mirror(w.service, w.http.token).states;
    for (const auto& [table, state] : wanted) {
        const auto is = w.ask("SELECT state FROM mirror_status WHERE resource = '" + table + "'").value_or("?");
        if (is != state) out += " " + table + " is " + is + ", not " + state + ";";
    }
    return out;
}

TEST(Convergence, FirstSyncEqualsTheAccountUnderEveryDrawing) {
    for (std::uint64_t seed = 1; seed <= drawings; ++seed) {
        const auto switches = minutedock::draw_switches(seed);
        world w(size_of(seed), seed, switches, token_of(seed));
        const std::string name = "seed " + std::to_string(seed) + " (" + minutedock::describe(switches) + ")";
        const auto first = w.sync();
        ASSERT_FALSE(first.stopped_by) << name << ": " << first.stopped_by->context();
        for (const auto& r : first.resources) EXPECT_FALSE(r.error) << name << ": " << name_of(r.which) << ": " << r.error->context();
        EXPECT_EQ(joined(differences(w)), "") << name;
        EXPECT_EQ(joined(broken_promises(w)), "") << name;
        EXPECT_EQ(wrong_states(w), "") << name;
        const auto second = w.sync();
        for (const auto& r : second.resources) {
            EXPECT_EQ(r.inserted, 0) << name << ": " << name_of(r.which);
            EXPECT_EQ(r.updated, 0) << name << ": " << name_of(r.which);
        }
        EXPECT_EQ(w.number("SELECT count(*) FROM changes"), 0) << name;
        if (HasFailure()) break;
    }
}

}  // namespace
}  // namespace mdock::test
