// SPDX-License-Identifier: MIT
// A person at a machine: changes rows by SQL, runs the timer, holds, tries again, takes back, and decides conflicts, with
// the network or without it. What each act queues is put down among the wishes.
#pragma once

#include "tests/sim/machine.h"

namespace mdock::sim {

// Does what `what` says on this machine. Refused acts change nothing.
void act_here(grounds& world, machine& at, const event& what);

// Everything that was held may go.
void release_all(grounds& world, machine& at);

}  // namespace mdock::sim
