// SPDX-License-Identifier: MIT
// What every command has: the global flags, the settings (read when first asked for), the output. A command returns its
// exit code or throws failure_exception; main shows the failure and chooses the code.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "daemon/environment.h"
#include "daemon/output.h"
#include "daemon/paths.h"
#include "daemon/settings.h"

namespace mdock::cli {

struct global_flags {
    std::string config;
    std::string timeout;
    bool json = false;
    bool no_color = false;
    bool no_input = false;
    bool quiet = false;
    int verbose = 0;
};

class session {
public:
    session(global_flags flags, environment variables);

    const global_flags& flags() const { return flags_; }
    const environment& variables() const { return variables_; }
    const file_places& places() const { return places_; }
    output& out() { return out_; }

    // Throws bad_config for anything wrong in file, environment or flags.
    const settings& config();
    // Reads the configuration anew; throws and keeps it where the new one is wrong. The database stays (L12): returns a
    // sentence when another one was asked for.
    std::string reload();
    // For `init`: the file that --config names may be one that is to be made.
    void allow_missing_file() { places_.config_was_named = false; }
    // --timeout, if given. Throws usage.
    std::optional<std::chrono::milliseconds> timeout() const;
    // May a question be asked? Only on a terminal, and not with --no-input or MDOCK_NO_INPUT.
    bool may_ask() const;

private:
    global_flags flags_;
    environment variables_;
    file_places places_;
    output out_;
    std::optional<settings> settings_;
};

// What a person can do about it: one sentence, or nothing.
std::string hint_for(errc code);

[[noreturn]] inline void fail(errc code, std::string sentence) { throw failure_exception({code, std::move(sentence)}); }

}  // namespace mdock::cli
