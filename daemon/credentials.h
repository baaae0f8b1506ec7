// SPDX-License-Identifier: MIT
// Where the token comes from: $CREDENTIALS_DIRECTORY/token (systemd), MDOCK_TOKEN (with a warning), auth.token_command,
// auth.token_file; the first that is there. It leaves as a secret and is in no message (X06). A file that others could
// have read or replaced is refused, not used with a sigh (X08); a token with a line break is refused (X25).
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/secret.h"
#include "daemon/environment.h"
#include "daemon/settings.h"

namespace mdock {

enum class token_source { systemd_credential, variable, command, file };
std::string_view name_of(token_source source);  // "systemd credential", "environment", "command", "file"

struct found_token {
    secret token;
    token_source source = token_source::file;
    std::string place;    // the file, the program's name, or MDOCK_TOKEN
    std::string warning;  // a sentence to show, or empty
};

// Failures: no_token when there is none, bad_config when one is there and must not be used.
result<found_token> find_token(const settings& all, const environment& variables);

// Where find_token would take it from, without looking at it or running anything; nothing when there is none.
struct token_place {
    token_source source = token_source::file;
    std::string place;
};
std::optional<token_place> place_of_token(const settings& all, const environment& variables);

// What a token may be: printable ASCII without spaces, at most 4096 bytes. Surrounding white space is taken off first.
result<secret> clean_token(std::string text);

// The checks of X08 and the content.
result<secret> read_token_file(const std::filesystem::path& file);

struct command_limits {
    std::chrono::milliseconds time{5000};
    std::size_t bytes = 64 * 1024;
};

// Runs the program without a shell, its environment reduced to what a keychain needs, and takes the first line it
// prints (X19). Too slow or too talkative is killed.
result<secret> run_token_command(const std::vector<std::string>& words, const environment& variables,
                                 command_limits limits = {});

}  // namespace mdock
