// SPDX-License-Identifier: MIT
// Small accounts in which everything is near everything else: few days, few clients, ties. What goes wrong between two
// rows of a real account goes wrong here within a few events.
#pragma once

#include <cstdint>

#include "tests/minutedock/state.h"

namespace mdock::sim {

// Users 0 to 3 have the rights that the credentials of the generator's accounts promise.
minutedock::state dense_account(std::uint64_t seed, int entries);

}  // namespace mdock::sim
