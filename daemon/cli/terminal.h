// SPDX-License-Identifier: MIT
// Questions to the person at the terminal. Questions go to stderr, so that stdout stays data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/session.h"

namespace mdock::cli {

// One line of stdin, byte by byte: a stream's buffer would keep a copy of a token that is typed.
std::string read_line();

std::string ask(session& here, std::string_view question);
// Adds " [y/N]"; true for y and yes.
bool agrees(session& here, const std::string& question);

// For what takes something away: `yes` answers for the person. Where nobody can be asked it is a usage error, never a yes.
bool agrees_to_lose(session& here, bool yes, const std::string& question);

// The index of the one that the person chooses; throws usage when the answer is none of them.
std::size_t choose(session& here, const std::string& question, const std::vector<std::string>& of);

}  // namespace mdock::cli
