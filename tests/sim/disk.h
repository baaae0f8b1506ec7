// SPDX-License-Identifier: MIT
// A machine's disk: begins as a copy of an empty migrated mirror, keeps what a killed process left, and fails on demand.
#pragma once

#include <filesystem>
#include <memory>

#include "core/store/database.h"
#include "tests/sim/machine.h"
#include "tests/support/scratch.h"

namespace mdock::sim {

struct machine::disk {
    explicit disk(std::size_t number);
    std::unique_ptr<store::database> open(bool was_killed);
    void end_processes() {}
    void fail(store_trouble what, minutedock::dice& chance, store::database& db);
    void heal(store::database& db);

    test::scratch_folder folder;
};

}  // namespace mdock::sim
