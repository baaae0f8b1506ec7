// SPDX-License-Identifier: MIT
// The exit codes that scripts rely on, and the two rules that choose one. Pure, tested as tables.
#pragma once

#include <span>
#include <string_view>

#include "core/base/error.h"
#include "core/engine/mirror.h"

namespace mdock {

namespace exit_code {
inline constexpr int done = 0;
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int not_found = 3;
inline constexpr int identity = 4;
inline constexpr int temporary = 5;
inline constexpr int needs_person = 6;
inline constexpr int daemon_needed = 7;
inline constexpr int database = 8;
inline constexpr int degraded = 9;
inline constexpr int interrupted_by = 128;  // plus the signal's number
}  // namespace exit_code

struct exit_code_meaning {
    std::string_view code;
    std::string_view meaning;
};

// Every code in a few words, for `mdock --help` and, from there, for mdock(1).
std::span<const exit_code_meaning> exit_code_meanings();

// For a command that stopped because of this alone.
int exit_code_of(errc code);

// For `sync` and `run --once`. Where several hold, the first of 8, 4, 5, 9 wins; one resource that could be read turns
// "temporary" into "degraded".
int exit_code_of(const engine::round_report& report);

// For `verify`: as its round, and degraded when something is held, not settled, or not equal in the end; a rehearsal also
// when it found a difference.
int exit_code_of(const engine::verify_report& report, const engine::verify_request& asked);

// For `run`, which ended with this: being stopped is its normal end.
int exit_code_of_run(errc code);

}  // namespace mdock
