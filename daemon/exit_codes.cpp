// SPDX-License-Identifier: MIT
#include "daemon/exit_codes.h"

#include <algorithm>
#include <array>

namespace mdock {
namespace {

// Smaller is stronger. What is not in the contract's order comes last.
int rank(int code) {
    constexpr std::array order{exit_code::database, exit_code::identity, exit_code::temporary, exit_code::degraded};
    const auto found = std::find(order.begin(), order.end(), code);
    return static_cast<int>(found - order.begin());
}

bool was_read(const engine::resource_outcome& one) { return !one.error && one.state == "current"; }

int code_of_resources(const engine::round_report& report) {
    const auto& all = report.resources;
    const bool some_read = std::any_of(all.begin(), all.end(), was_read);
    int worst = exit_code::done;
    for (const auto& one : all) {
        if (one.state == "held" && worst == exit_code::done) worst = exit_code::degraded;
        if (!one.error) continue;
        const int code = exit_code_of(one.error->code());
        const bool is_for_all = code == exit_code::database || code == exit_code::identity;
        const int counted = some_read && !is_for_all ? exit_code::degraded : code;
        if (worst == exit_code::done || rank(counted) < rank(worst)) worst = counted;
    }
    return worst;
}

// The words are those of the README. man_pages fails when a code of the header is not here.
constexpr std::array meanings{
    exit_code_meaning{"0", "done"},
    exit_code_meaning{"1", "failed otherwise, or not agreed to"},
    exit_code_meaning{"2", "usage or configuration, or a rule refuses the change"},
    exit_code_meaning{"3", "not found"},
    exit_code_meaning{"4", "token missing, refused, or of another account or user; certificate refused"},
    exit_code_meaning{"5", "temporary (network, 429, 5xx, time-out), and nothing could be read"},
    exit_code_meaning{"6", "done, but a rejected or held change or a conflict waits for you"},
    exit_code_meaning{"7", "the daemon is needed and not there"},
    exit_code_meaning{"8", "database unusable: in use, corrupt, not ours, newer"},
    exit_code_meaning{"9", "degraded: a resource not read, held or not equal, the mirror too old, or a doctor's error"},
    exit_code_meaning{"130", "interrupted by Ctrl-C"},
    exit_code_meaning{"143", "ended by SIGTERM"},
};

}  // namespace

std::span<const exit_code_meaning> exit_code_meanings() { return meanings; }

int exit_code_of(errc code) {
    switch (code) {
        case errc::none: return exit_code::done;
        case errc::resolve_failed:
        case errc::connect_failed:
        case errc::tls_failed:
        case errc::proxy_refused:
        case errc::connection_lost:
        case errc::timed_out:
        case errc::cancelled:
        case errc::bad_framing:
        case errc::bad_encoding:
        case errc::rate_limited:
        case errc::server_error:
        case errc::not_json:  // a portal's or a maintenance page: it will be gone (N09)
        case errc::redirect_refused: return exit_code::temporary;
        case errc::certificate_refused:
        case errc::unauthorized:
        case errc::forbidden:
        case errc::no_token:
        case errc::wrong_account:
        case errc::wrong_user: return exit_code::identity;
        case errc::usage:
        case errc::bad_config:
        case errc::write_refused: return exit_code::usage;
        case errc::not_found:
        case errc::not_found_locally: return exit_code::not_found;
        case errc::daemon_needed: return exit_code::daemon_needed;
        case errc::database_busy:
        case errc::database_newer:
        case errc::database_foreign:
        case errc::database_corrupt:
        case errc::database_full:
        case errc::database_error:
        case errc::database_replaced:
        case errc::network_filesystem: return exit_code::database;
        case errc::conflict:
        case errc::unprocessable:
        case errc::bad_shape:
        case errc::no_progress:
        case errc::interrupted: return exit_code::failed;
    }
    return exit_code::failed;
}

int exit_code_of(const engine::round_report& report) {
    const int of_resources = code_of_resources(report);
    if (!report.stopped_by) return of_resources;
    int of_stop = exit_code_of(report.stopped_by->code());
    const bool some_read = std::any_of(report.resources.begin(), report.resources.end(), was_read);
    // "Temporary" means that nothing could be read: a round that was cut after some resources went well is degraded.
    if (of_stop == exit_code::temporary && some_read) of_stop = exit_code::degraded;
    if (of_stop == exit_code::not_found)
        of_stop = exit_code::failed;  // of the account, not of a row that was asked for
    if (of_resources == exit_code::done) return of_stop;
    return rank(of_resources) < rank(of_stop) ? of_resources : of_stop;
}

int exit_code_of(const engine::verify_report& report, const engine::verify_request& asked) {
    const int of_round = exit_code_of(report.sync);
    const bool is_settled = report.is_equal && report.held.empty() && report.open.empty();
    const bool is_degraded = !is_settled || (asked.is_rehearsal && !report.differences.empty());
    if (!is_degraded) return of_round;
    if (of_round == exit_code::done) return exit_code::degraded;
    return rank(exit_code::degraded) < rank(of_round) ? exit_code::degraded : of_round;
}

int exit_code_of_run(errc code) {
    if (code == errc::interrupted || code == errc::cancelled) return exit_code::done;
    // The next start opens the file that is there now.
    if (code == errc::database_replaced) return exit_code::failed;
    return exit_code_of(code);
}

}  // namespace mdock
