// SPDX-License-Identifier: MIT
// mdock-sim: runs seeds, one seed with its trace, or a script from a file. script/sim is what people call.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/sim/yard.h"

using namespace mdock::sim;

int main(int argc, char** argv) {
    std::uint64_t from = 1, seeds = 100;
    bool traced = false;
    for (int i = 1; i < argc; ++i) {
        if (!std::strcmp(argv[i], "--from")) from = std::strtoull(argv[++i], nullptr, 10);
        else if (!std::strcmp(argv[i], "--seeds")) seeds = std::strtoull(argv[++i], nullptr, 10);
        else if (!std::strcmp(argv[i], "--seed")) { from = std::strtoull(argv[++i], nullptr, 10); seeds = 1; }
        else if (!std::strcmp(argv[i], "--trace")) traced = true;
    }
    coverage reached;
    const auto begun = std::chrono::steady_clock::now();
    int failed = 0;
    for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
        const auto what = draw_script(seed);
        const auto done = run_script(what, reached, traced);
        for (const auto& line : done.lines) std::printf("%s\n", line.c_str());
        if (done.broken) {
            ++failed;
            std::printf("seed %llu: %s: %s\n", static_cast<unsigned long long>(seed), done.broken->oracle.c_str(), done.broken->what.c_str());
        }
    }
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    std::printf("%llu seeds, %d failed, %.1f/s, %.1f virtual days, %llu requests, %llu rounds\n", static_cast<unsigned long long>(seeds), failed,
                static_cast<double>(seeds) / took, static_cast<double>(reached.virtual_seconds) / 86400, static_cast<unsigned long long>(reached.requests), static_cast<unsigned long long>(reached.rounds));
    return failed > 0;
}
