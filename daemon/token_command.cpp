// SPDX-License-Identifier: MIT
// auth.token_command: a program of the person's own, run without a shell, with little environment, and bounded in time
// and output (X19, L10): a keychain that asks with a dialog must not hold the daemon for ever.
#include <fmt/format.h>

#include <array>
#include <cstring>

#include "daemon/credentials.h"
#include "daemon/program.h"

namespace mdock {
namespace {

// What keychains, pass and gpg need to find their agent; nothing of ours, MDOCK_TOKEN least of all.
constexpr std::array passed_on{"HOME",
                               "PATH",
                               "USER",
                               "LOGNAME",
                               "LANG",
                               "LC_ALL",
                               "TERM",
                               "TZ",
                               "TMPDIR",
                               "DISPLAY",
                               "WAYLAND_DISPLAY",
                               "XAUTHORITY",
                               "DBUS_SESSION_BUS_ADDRESS",
                               "XDG_RUNTIME_DIR",
                               "XDG_CONFIG_HOME",
                               "XDG_DATA_HOME",
                               "GNUPGHOME",
                               "GPG_AGENT_INFO",
                               "GPG_TTY",
                               "PASSWORD_STORE_DIR",
                               "SSH_AUTH_SOCK"};

std::vector<std::string> cleaned(const environment& variables) {
    std::vector<std::string> kept;
    for (const auto* name : passed_on)
        if (const auto text = variables.get(name)) kept.push_back(std::string(name) + "=" + *text);
    return kept;
}

failure not_a_token(const std::string& program, const program_end& end, command_limits limits) {
    switch (end.how) {
        case program_end::way::not_started:
            return {errc::no_token, fmt::format("auth.token_command: {} could not be started: {}", program, std::strerror(end.code))};
        case program_end::way::out_of_time:
            return {errc::no_token, fmt::format("auth.token_command: {} gave no token within {} ms (is a keychain locked?)", program,
                                                limits.time.count())};
        case program_end::way::too_much_output:
            return {errc::bad_config, fmt::format("auth.token_command: {} printed more than {} bytes; it must print the token alone",
                                                  program, limits.bytes)};
        case program_end::way::ended: break;
    }
    const auto how = end.code >= 0 ? fmt::format("ended with {}", end.code) : std::string("did not end by itself");
    return {errc::no_token, fmt::format("auth.token_command: {} {}; run it in a terminal to see why", program, how)};
}

}  // namespace

result<secret> run_token_command(const std::vector<std::string>& words, const environment& variables,
                                 command_limits limits) {
    const auto end = run_program(words, cleaned(variables), {limits.time, limits.bytes});
    if (end.how != program_end::way::ended || end.code != 0) return not_a_token(words.front(), end, limits);
    const auto& text = end.output;
    auto token = clean_token(text.substr(0, text.find('\n', text.find_first_not_of(" \t\r\n"))));
    if (!token)
        return failure(token.error().code(), fmt::format("auth.token_command: what {} printed is no token: {}",
                                                         words.front(), token.error().context()));
    return token;
}

}  // namespace mdock
