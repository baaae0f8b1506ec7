// SPDX-License-Identifier: MIT
#include "tests/sim/campaign.h"

#include <chrono>
#include <cstdio>
#include <fstream>

#include "tests/sim/shrink.h"

namespace mdock::sim {
namespace {

constexpr std::uint64_t twice_every = 50;

void write_down(const script& what, const broken_promise& broken, const std::filesystem::path& folder) {
    const std::string text = "# " + broken.oracle + ": " + broken.what + "\n" + text_of(what);
    std::printf("%s", text.c_str());
    if (folder.empty()) return;
    std::filesystem::create_directories(folder);
    const auto file = folder / (broken.oracle + "-" + std::to_string(what.seed) + ".txt");
    std::ofstream(file) << text;
    std::printf("written to %s\n", file.string().c_str());
}

}  // namespace

std::optional<broken_promise> run_one(const script& what, coverage& reached, bool keeps_trace, int shrink_runs, const std::filesystem::path& failures) {
    auto done = run_script(what, reached, keeps_trace);
    for (const auto& line : done.lines) std::printf("%s\n", line.c_str());
    if (!done.broken && what.seed % twice_every == 0) {
        coverage unused;
        if (run_script(what, unused).hash != done.hash) done.broken = broken_promise{"DET", "the same script went another way"};
    }
    if (!done.broken) return std::nullopt;
    std::printf("seed %llu fails: %s: %s\n", static_cast<unsigned long long>(what.seed), done.broken->oracle.c_str(),
                done.broken->what.c_str());
    if (shrink_runs > 0) {
        const auto small = shrink(what, done.broken->oracle, shrink_runs);
        coverage unused;
        const auto again = run_script(small, unused);
        write_down(small, again.broken.value_or(*done.broken), failures);
    }
    std::fflush(stdout);
    return done.broken;
}

campaign_result run_campaign(const campaign_plan& plan, coverage& reached) {
    campaign_result out;
    const auto begun = std::chrono::steady_clock::now();
    const auto taken = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count(); };
    for (std::uint64_t seed = plan.from; seed < plan.from + plan.seeds; ++seed) {
        if (plan.seconds > 0 && taken() > plan.seconds) break;
        ++out.seeds;
        const auto broken = run_one(draw_script(seed), reached, false, plan.shrink_runs, plan.failures);
        if (!broken) continue;
        out.failed.push_back(seed);
        out.oracles.push_back(broken->oracle);
        if (static_cast<int>(out.failed.size()) >= plan.most_failures) break;
    }
    out.seconds = taken();
    return out;
}

}  // namespace mdock::sim
