// SPDX-License-Identifier: MIT
// Many runs: seeds in order, each fiftieth twice (DET), the first failures shrunk and written down, and at the end what
// was reached.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/coverage.h"
#include "tests/sim/yard.h"

namespace mdock::sim {

struct campaign_plan {
    std::uint64_t from = 1;
    std::uint64_t seeds = 1000;
    double seconds = 0;                 // 0: no limit; else no seed is begun after so long
    int most_failures = 3;              // then the campaign ends
    int shrink_runs = 600;
    std::filesystem::path failures;     // a folder for shrunk scripts; empty: they are only printed
};

struct campaign_result {
    std::uint64_t seeds = 0;
    std::vector<std::uint64_t> failed;
    std::vector<std::string> oracles;   // of each failed seed
    double seconds = 0;
};

campaign_result run_campaign(const campaign_plan& plan, coverage& reached);

// Runs the script, and says what broke with the shrunk script. Nothing when all is well.
std::optional<broken_promise> run_one(const script& what, coverage& reached, bool keeps_trace, int shrink_runs, const std::filesystem::path& failures);

}  // namespace mdock::sim
