// SPDX-License-Identifier: MIT
// Another program, run to its end: without a shell, with the environment that is said and no other, with nothing to read,
// and bounded in time and output. It and its children are gone when this returns.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace mdock {

struct program_limits {
    std::chrono::milliseconds time;
    std::size_t bytes;    // of its stdout
};

struct program_end {
    enum class way { ended, not_started, out_of_time, too_much_output };
    way how = way::ended;
    int code = -1;               // its exit code; -1 when a signal ended it. not_started: errno
    std::string output;          // its stdout
};

// `words`: the program, looked for in PATH, and its arguments. `environment`: NAME=value each. Its stderr is ours unless
// `is_quiet`.
program_end run_program(const std::vector<std::string>& words, std::vector<std::string> environment, program_limits limits,
                        bool is_quiet = false);

}  // namespace mdock
