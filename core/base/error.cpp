// SPDX-License-Identifier: MIT
#include "core/base/error.h"

#include <array>

namespace mdock {
namespace {

struct row {
    errc code;
    std::string_view name;
    retry rule;
};

constexpr std::array rows{
    row{errc::none, "none", retry::later},
    row{errc::resolve_failed, "resolve_failed", retry::soon},
    row{errc::connect_failed, "connect_failed", retry::soon},
    row{errc::tls_failed, "tls_failed", retry::soon},
    row{errc::certificate_refused, "certificate_refused", retry::needs_person},
    row{errc::proxy_refused, "proxy_refused", retry::needs_person},
    row{errc::connection_lost, "connection_lost", retry::soon},
    row{errc::timed_out, "timed_out", retry::soon},
    row{errc::cancelled, "cancelled", retry::stop},
    row{errc::bad_framing, "bad_framing", retry::later},
    row{errc::bad_encoding, "bad_encoding", retry::later},
    row{errc::redirect_refused, "redirect_refused", retry::needs_person},
    row{errc::unauthorized, "unauthorized", retry::needs_person},
    row{errc::forbidden, "forbidden", retry::later},
    row{errc::not_found, "not_found", retry::later},
    row{errc::conflict, "conflict", retry::later},
    row{errc::unprocessable, "unprocessable", retry::later},
    row{errc::rate_limited, "rate_limited", retry::soon},
    row{errc::server_error, "server_error", retry::soon},
    row{errc::not_json, "not_json", retry::later},
    row{errc::bad_shape, "bad_shape", retry::later},
    row{errc::no_progress, "no_progress", retry::later},
    row{errc::no_token, "no_token", retry::needs_person},
    row{errc::wrong_account, "wrong_account", retry::needs_person},
    row{errc::wrong_user, "wrong_user", retry::needs_person},
    row{errc::usage, "usage", retry::needs_person},
    row{errc::bad_config, "bad_config", retry::needs_person},
    row{errc::not_found_locally, "not_found_locally", retry::needs_person},
    row{errc::write_refused, "write_refused", retry::needs_person},
    row{errc::daemon_needed, "daemon_needed", retry::needs_person},
    row{errc::database_busy, "database_busy", retry::needs_person},
    row{errc::database_newer, "database_newer", retry::stop},
    row{errc::database_foreign, "database_foreign", retry::stop},
    row{errc::database_corrupt, "database_corrupt", retry::stop},
    row{errc::database_full, "database_full", retry::later},
    row{errc::database_error, "database_error", retry::later},
    row{errc::database_replaced, "database_replaced", retry::stop},
    row{errc::network_filesystem, "network_filesystem", retry::stop},
    row{errc::interrupted, "interrupted", retry::stop},
};

const row& row_of(errc code) {
    for (const row& r : rows)
        if (r.code == code) return r;
    return rows.front();
}

}  // namespace

retry classify(errc code) { return row_of(code).rule; }

std::string_view name_of(errc code) { return row_of(code).name; }

errc errc_named(std::string_view name) {
    for (const row& r : rows)
        if (r.name == name) return r.code;
    return errc::none;
}

errc errc_of_status(int status) {
    switch (status) {
        case 401: return errc::unauthorized;
        case 403: return errc::forbidden;
        case 404:
        case 410: return errc::not_found;
        case 409: return errc::conflict;
        case 429: return errc::rate_limited;
        default: break;
    }
    if (status >= 300 && status < 400) return errc::redirect_refused;
    if (status >= 400 && status < 500) return errc::unprocessable;
    return errc::server_error;
}

void throw_exception_from_error(const failure& why, const boost::source_location&) {
    throw failure_exception(why);
}

}  // namespace mdock
