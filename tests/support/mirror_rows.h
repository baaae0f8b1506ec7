// SPDX-License-Identifier: MIT
// Compares a mirror with what the service's state says it must hold, field by field, and names what differs.
#pragma once

#include <string>
#include <vector>

#include "tests/support/world.h"

namespace mdock::test {

// Empty when equal; else at most a dozen lines like "entries 4711 duration_seconds: mirror 60, account 90".
std::vector<std::string> differences(world& w);

// The file's own promises: integrity_check, foreign_key_check, no secret. Empty when they hold.
std::vector<std::string> broken_promises(world& w);

}  // namespace mdock::test
