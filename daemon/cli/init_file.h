// SPDX-License-Identifier: MIT
// The configuration file that `init` writes, as text: a new one, or an existing one with the token's place added and
// every other line left alone.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "daemon/settings.h"

namespace mdock::cli {

// "token_file = \"…\"" or "token_command = [\"…\"]", quoted as TOML.
std::string token_file_line(const std::filesystem::path& file);
std::string token_command_line(const std::vector<std::string>& words);

// A new file. What was set by the environment and decides where the token is sent and what is written is kept, so that
// the next command talks to the server that was checked just now.
std::string new_config(const settings& all, std::string_view token_line);

// `line` put under [auth] of `text`; an [auth] is made at the end when there is none.
std::string with_token_line(std::string_view text, std::string_view line);

}  // namespace mdock::cli
