// SPDX-License-Identifier: MIT
#include "daemon/cli/session.h"

#include <fmt/format.h>
#include <unistd.h>

namespace mdock::cli {

session::session(global_flags flags, environment variables)
    : flags_(std::move(flags)),
      variables_(std::move(variables)),
      places_(find_places(flags_.config, variables_)),
      out_({flags_.json, flags_.no_color, flags_.quiet}, variables_) {}

const settings& session::config() {
    if (settings_) return *settings_;
    std::error_code error;
    if (places_.config_was_named && !std::filesystem::exists(places_.config, error))
        fail(errc::bad_config, fmt::format("{} does not exist", places_.config.string()));
    settings_sources from{places_.config, variables_, {}, places_.default_database};
    if (flags_.verbose > 0) from.flags["log.level"] = flags_.verbose > 1 ? "trace" : "debug";
    if (flags_.quiet && flags_.verbose == 0) from.flags["log.level"] = "warning";
    auto all = load_settings(from);
    if (!all) throw failure_exception(all.error());
    settings_ = std::move(*all);
    return *settings_;
}

std::string session::reload() {
    auto before = config();
    settings_.reset();
    try {
        config();
    } catch (const failure_exception&) {
        settings_ = std::move(before);
        throw;
    }
    if (settings_->database.path == before.database.path) return {};
    auto sentence = fmt::format("database.path is {} now", settings_->database.path.string());
    settings_->database.path = before.database.path;
    return sentence;
}

std::optional<std::chrono::milliseconds> session::timeout() const {
    if (flags_.timeout.empty()) return std::nullopt;
    const auto length = parse_duration(flags_.timeout);
    if (!length) fail(errc::usage, "--timeout " + length.error().context());
    if (length->count() == 0) fail(errc::usage, "--timeout must be greater than 0s");
    return *length;
}

bool session::may_ask() const {
    return !flags_.no_input && !variables_.has("MDOCK_NO_INPUT") && ::isatty(STDIN_FILENO) != 0 &&
           ::isatty(STDERR_FILENO) != 0;
}

std::string hint_for(errc code) {
    switch (code) {
        case errc::no_token: return "Run `mdock init` to say where the token is, then `mdock auth status`.";
        case errc::unauthorized:
            return "MinuteDock refused the token. Nothing was changed, and what is mirrored stays readable. Make a token at "
                   "MinuteDock (Profile, Manage Access Tokens) and give it to `mdock init --with-token`.";
        case errc::wrong_account:
        case errc::wrong_user:
            return "Nothing was written. One database holds one account as one user sees it: use the token that "
                   "belongs "
                   "to it, or another file (database.path) for this one.";
        case errc::forbidden: return "The token is good, but has no right to this. Nothing was changed.";
        case errc::certificate_refused:
            return "The token was not sent. Check the clock and api.base_url; a proxy that inspects needs its CA in "
                   "api.ca_file.";
        case errc::resolve_failed:
        case errc::connect_failed:
        case errc::tls_failed:
        case errc::connection_lost:
        case errc::timed_out:
            return "What is in the mirror is safe. Try again when the network is back; `mdock doctor` looks closer.";
        case errc::rate_limited:
        case errc::server_error: return "What is in the mirror is safe. Try again later.";
        case errc::redirect_refused:
        case errc::not_json:
            return "Nothing of it was believed. Does this network want a login in a browser first? Else check "
                   "api.base_url.";
        case errc::proxy_refused: return "Check api.proxy.";
        case errc::not_found_locally: return "`mdock sync` fetches the account.";
        case errc::database_busy:
            return "Nothing was changed. One mdock writes at a time: if that is `mdock run`, it keeps the mirror "
                   "current by "
                   "itself (`mdock status` shows how far it is); reading works meanwhile.";
        case errc::database_newer:
            return "The file was not touched. Install the newer mdock again, or use another database.path.";
        case errc::database_foreign:
            return "The file was not touched. Give mdock a file of its own with database.path.";
        case errc::database_corrupt:
            return "The file was left as it is. Move it aside with its -wal file and run `mdock sync`: MinuteDock "
                   "still has everything.";
        case errc::database_replaced:
            return "Nothing was written into the old one since. Start mdock again: it opens what is there now.";
        case errc::database_full: return "What was committed is safe. Make room and run it again.";
        case errc::network_filesystem: return "Nothing was touched. Put database.path on a local disk.";
        case errc::write_refused: return "Nothing was changed.";
        case errc::usage: return "`mdock --help` shows how.";
        case errc::bad_config: return "`mdock config check` looks at the whole configuration; nothing else was done.";
        default: return {};
    }
}

}  // namespace mdock::cli
