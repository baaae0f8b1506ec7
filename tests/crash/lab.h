// SPDX-License-Identifier: MIT
// One scenario, run again and again from the same start: once without trouble, for its steps and its end, then with a
// kill, a power cut or a sick disk. Whatever happens, what follows must come to the same end.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/crash/scenarios.h"
#include "tests/support/memory_disk.h"
#include "tests/support/world.h"

namespace mdock::test {

using lines = std::vector<std::string>;

// Every public table as lines, sorted: without the columns that say when, and without the order of changes.
lines public_content(world& w);
// What the scenario compares.
lines content_of(const crash_scenario& what, world& w);
// The first few that only one of them has.
lines difference_of(const lines& wanted, const lines& found);

// What may only grow: each resource's cursor, complete_as_of and verified_as_of, and the number of the last change.
class high_marks {
public:
    // Takes what a commit has just shown. What is lower than before is a line in `broken`.
    void note(world& w);
    lines broken;

private:
    std::map<std::string, std::string> marks_;
};

// One run of a scenario. A memory_disk, the world on it, and where it stands.
class trial {
public:
    memory_disk disk;
    world w;
    std::int64_t steps = 0;        // waits of the engine so far: requests and jobs, before and after each
    std::int64_t die_at = -1;      // the step at which the process ends
    high_marks marks;

    // From an empty disk, or from `start`.
    explicit trial(const crash_scenario& what, const disk_image& start = {});
    trial(const trial&) = delete;
    trial& operator=(const trial&) = delete;

    // The act; true when it came through, false when the process ended or SQLite's error came out of it.
    bool act();
    // Started again after whatever happened, until nothing is left to do.
    void finish();
    // The same, but the process ends after so many steps of it.
    void finish_until(std::int64_t step);
    // What is wrong now, against `wanted`: content, promises of the file, marks, and what another cycle does.
    lines troubles(const lines& wanted);

private:
    static memory_disk* holding(memory_disk& disk, const disk_image& start);
    void count_step();
    bool run(void (*what)(world&));
    const crash_scenario& what_;
};

class lab {
public:
    // Prepares the start and makes the clean run; throws when that does not end equal.
    explicit lab(const crash_scenario& what);

    std::unique_ptr<trial> begin();
    std::int64_t steps() const { return steps_; }
    // Operations of the disk that can fail in the clean run.
    std::int64_t operations(unsigned kinds) const;
    const lines& wanted() const { return wanted_; }
    // As some_of(), for as many runs as the scenario's share allows.
    std::vector<std::int64_t> some(std::int64_t all, std::size_t most, std::uint64_t seed) const;

private:
    const crash_scenario& what_;
    disk_image start_;
    std::unique_ptr<minutedock::server> service_;
    monotonic_time begun_{};
    std::int64_t steps_ = 0;
    std::map<unsigned, std::int64_t> operations_;
    lines wanted_;
};

// The first `most` of 1..all in an order drawn from `seed`; all of them, in order, when MDOCK_CRASH_ALL is set.
std::vector<std::int64_t> some_of(std::int64_t all, std::size_t most, std::uint64_t seed);

}  // namespace mdock::test
