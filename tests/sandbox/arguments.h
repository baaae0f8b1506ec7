// SPDX-License-Identifier: MIT
// The sandbox's command line, checked: what is left to go wrong is the port.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "tests/minutedock/faults.h"
#include "tests/minutedock/generator.h"
#include "tests/minutedock/switches.h"
#include "tests/sandbox/world.h"

namespace sandbox {

struct arguments {
    unsigned short port = 0;
    std::uint64_t seed = 1;
    minutedock::account_size size;
    minutedock::switches how;
    std::vector<minutedock::fault_rule> faults;
    std::string ca_folder;               // empty: a temporary one
    knobs set_to;
};

// The arguments, or the exit code after what had to be said was printed: 0 for --help, 2 for a mistake.
std::variant<arguments, int> read_arguments(int argc, const char* const* argv);

}  // namespace sandbox
