// SPDX-License-Identifier: MIT
// The report of a verification for people: what was compared, what differed by month, day and id, what is held and what
// is not settled, and what follows from it.
#pragma once

#include <string>

#include "core/engine/mirror.h"

namespace mdock::cli {

// Lines, each ended; text from outside made visible.
std::string verify_as_text(const engine::verify_report& report, const engine::verify_request& asked);

}  // namespace mdock::cli
