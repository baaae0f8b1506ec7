// SPDX-License-Identifier: MIT
// The personal service: systemd's user manager, launchd on a Mac. What is written into their folders is what systemd/ holds,
// with this program's place and configuration in it.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "daemon/cli/session.h"

namespace mdock::cli {

struct personal_service {
    std::filesystem::path file;    // the unit or the agent
    std::string text;              // what it is to hold

    bool is_installed() const;
    // Written by mdock, and not by the person since: may be replaced and removed.
    bool is_ours() const;
};

// For this user and this configuration.
personal_service service_of(session& here);

// The service manager did not do it, or is not there; says what was asked of it.
struct service_refused : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct service_state {
    bool is_enabled = false;
    bool is_running = false;
    std::string words;             // as the service manager says it: "active (enabled)"
};

// Ask the service manager. Throw service_refused.
void enable_and_start(session& here, const personal_service& what);
void stop_and_disable(session& here, const personal_service& what);
// After the file has gone.
void forget_service(session& here);
service_state state_of_service(session& here);

// What else a person has to know to have it running while nobody is logged in; may be empty.
std::string hint_about_logins();

}  // namespace mdock::cli
