// SPDX-License-Identifier: MIT
// The report of a verification for people: what was compared, what differed by month, day and id, what is held and what
// is not settled, and what follows from it.
#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "core/engine/mirror.h"

namespace mdock::cli {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

// Lines, each ended; text from outside made visible. Of each resource at most `most_rows` differences are named.
std::string verify_as_text(const engine::verify_report& report, const engine::verify_request& asked, std::size_t most_rows = no_limit);

}  // namespace mdock::cli
