// SPDX-License-Identifier: MIT
// mdock-sim: runs seeds, one seed with its trace, or scripts from files. script/sim is what people call; it builds this,
// shares the seeds among processes and adds up their summaries.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "core/base/planted.h"
#include "tests/sim/campaign.h"
#include "tests/sim/trouble.h"

#include <sqlite3.h>

namespace mdock::sim {
namespace {

void write_counts(std::ostream& out, const char* name, const std::map<std::string, std::uint64_t>& counts) {
    out << ",\n \"" << name << "\": {";
    bool is_first = true;
    for (const auto& [key, count] : counts) {
        out << (is_first ? "" : ", ") << '"' << key << "\": " << count;
        is_first = false;
    }
    out << '}';
}

// Every kind of fault, also those that never fired.
std::map<std::string, std::uint64_t> all_faults(const coverage& reached) {
    auto counts = reached.faults();
    for (const auto& one : answer_troubles()) counts.try_emplace(std::string(one.name));
    for (std::size_t i = 0; i < store_trouble_count; ++i) counts.try_emplace(std::string(name_of(static_cast<store_trouble>(i))));
    for (const auto* name : {"process.kill_before", "process.kill_after", "process.cancel", "network.away", "host.wall_jump",
                             "service.throttle", "service.revoke"})
        counts.try_emplace(name);
    return counts;
}

std::map<std::string, std::uint64_t> all_events(const coverage& reached) {
    auto counts = reached.events();
    for (std::size_t i = 0; i < act_count; ++i) counts.try_emplace(std::string(name_of(static_cast<act>(i))));
    counts.erase(std::string(name_of(act::accept)));    // a person's, when all is well again
    return counts;
}

void write_summary(const std::string& file, const campaign_result& done, const coverage& reached) {
    std::ofstream out(file);
    out << "{\"seeds\": " << done.seeds << ", \"seconds\": " << done.seconds << ", \"virtual_seconds\": " << reached.virtual_seconds
        << ", \"requests\": " << reached.requests << ", \"rounds\": " << reached.rounds << ", \"failed\": [";
    for (std::size_t i = 0; i < done.failed.size(); ++i) out << (i == 0 ? "" : ", ") << done.failed[i];
    out << "], \"oracles\": [";
    for (std::size_t i = 0; i < done.oracles.size(); ++i) out << (i == 0 ? "" : ", ") << '"' << done.oracles[i] << '"';
    out << ']';
    write_counts(out, "steps", reached.steps());
    write_counts(out, "faults", all_faults(reached));
    write_counts(out, "events", all_events(reached));
    out << "}\n";
}

int replay(const std::vector<std::string>& files, coverage& reached, bool traced) {
    int failed = 0;
    for (const auto& file : files) {
        std::ifstream in(file);
        std::stringstream text;
        text << in.rdbuf();
        const auto what = parse_script(text.str());
        if (!what) {
            std::printf("%s: %s\n", file.c_str(), what.error().context().c_str());
            ++failed;
            continue;
        }
        if (!run_one(*what, reached, traced, 0, {})) continue;
        std::printf("in %s\n", file.c_str());
        ++failed;
    }
    std::printf("%zu scripts, %d failed\n", files.size(), failed);
    return failed > 0 ? 1 : 0;
}

int run(int argc, char** argv) {
    CLI::App app{"mdock-sim: the dock yard"};
    campaign_plan plan;
    std::vector<std::string> files;
    std::string summary, folder;
    std::uint64_t seed = 0;
    bool traced = false, is_canary = false;
    app.add_option("--from", plan.from, "first seed");
    app.add_option("--seeds", plan.seeds, "how many");
    app.add_option("--seconds", plan.seconds, "begin no seed after so long");
    app.add_option("--failures", folder, "folder for shrunk scripts");
    app.add_option("--most-failures", plan.most_failures, "end after so many");
    app.add_option("--shrink", plan.shrink_runs, "runs to spend on making a failure small");
    app.add_option("--summary", summary, "file for the counts, as JSON");
    const auto* one = app.add_option("--seed", seed, "this seed only");
    app.add_option("--replay", files, "scripts to run");
    app.add_flag("--trace", traced, "print what happens");
#ifdef MDOCK_PLANTED
    std::string plant;
    app.add_option("--plant", plant, "switch this bug on (core/base/planted.h)");
#endif
    app.add_flag("--canary", is_canary, "a run that is made to fail");
    CLI11_PARSE(app, argc, argv);
    plan.failures = folder;
#ifdef MDOCK_PLANTED
    for (std::size_t i = 0; i < bug_names.size(); ++i)
        if (bug_names[i] == plant) planted_bug = static_cast<bug>(i);
    if (!plant.empty() && planted_bug == bug::none) return 2;
#endif
    // One thread, and nobody asks SQLite how much memory it has.
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    coverage reached;
    if (!files.empty()) return replay(files, reached, traced);
    if (*one || is_canary) {
        auto what = draw_script(seed);
        what.is_canary = is_canary;
        return run_one(what, reached, traced, plan.shrink_runs, plan.failures) ? 1 : 0;
    }
    const auto done = run_campaign(plan, reached);
    std::printf("%llu seeds, %zu failed, %.0f a second, %.1f virtual years, %llu requests, %llu rounds\n",
                static_cast<unsigned long long>(done.seeds), done.failed.size(), static_cast<double>(done.seeds) / std::max(0.001, done.seconds),
                static_cast<double>(reached.virtual_seconds) / (365.25 * 86400), static_cast<unsigned long long>(reached.requests),
                static_cast<unsigned long long>(reached.rounds));
    if (!summary.empty()) write_summary(summary, done, reached);
    return done.failed.empty() ? 0 : 1;
}

}  // namespace
}  // namespace mdock::sim

int main(int argc, char** argv) { return mdock::sim::run(argc, argv); }
