// SPDX-License-Identifier: MIT
// Whatever the service's documentation leaves open, the first sync ends equal to the account and the second has nothing
// to do: 200 drawings of the switches, each with an account of 20,000 entries of its own.
#include <gtest/gtest.h>

#include "tests/minutedock/expected.h"
#include "tests/support/mirror_rows.h"
#include "tests/support/world.h"

namespace mdock::test {
namespace {

constexpr int entries = 20'000;

std::string_view token_of(std::uint64_t seed) {
    switch (seed % 7) {
        case 4: return minutedock::plain_token;
        case 5: return minutedock::invoices_token;
        case 6: return minutedock::limited_token;
        default: return minutedock::admin_token;
    }
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

void expect_convergence(std::uint64_t seed) {
    const auto switches = minutedock::draw_switches(seed);
    const minutedock::account_size size{.entries = entries, .years = 1 + static_cast<int>(seed % 7)};
    world w(size, seed, switches, token_of(seed));
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
}

// Each takes the seeds that leave its remainder, so that the four can run at once.
void expect_convergence_of_fifty(std::uint64_t remainder) {
    for (std::uint64_t seed = 1; seed <= 200 && !testing::Test::HasFailure(); ++seed)
        if (seed % 4 == remainder) expect_convergence(seed);
}

TEST(Convergence, FirstSyncEqualsTheAccountUnderDrawings0) { expect_convergence_of_fifty(0); }
TEST(Convergence, FirstSyncEqualsTheAccountUnderDrawings1) { expect_convergence_of_fifty(1); }
TEST(Convergence, FirstSyncEqualsTheAccountUnderDrawings2) { expect_convergence_of_fifty(2); }
TEST(Convergence, FirstSyncEqualsTheAccountUnderDrawings3) { expect_convergence_of_fifty(3); }

}  // namespace
}  // namespace mdock::test
