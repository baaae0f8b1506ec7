// SPDX-License-Identifier: MIT
// Text for a terminal: how many columns it takes, and how it is made harmless. Names and descriptions come from a
// server and from other people; an escape sequence in them is shown, never obeyed (X15).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mdock {

// Columns on a terminal: East Asian wide and emoji count two, combining marks none.
std::size_t display_width(std::string_view utf8);

// Control characters, terminal escapes, bidirectional overrides and broken UTF-8 as visible text: ESC is \e, a line
// break is \n, others are \x1b or \u202e.
std::string made_visible(std::string_view utf8);

// At most `columns` wide, with … at the end when something was cut.
std::string cut_to_width(std::string_view utf8, std::size_t columns);

}  // namespace mdock
