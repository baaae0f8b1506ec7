// SPDX-License-Identifier: MIT
// Where requests go: the configured base URL and proxy as checked parts. A URL that is not plain https is refused here,
// before any socket exists (X04).
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace mdock::net {

struct origin {
    std::string host;        // without brackets; a name or an address
    std::string port;        // digits
    std::string base_path;   // "/api/v1", without a slash at the end; empty for none

    // "host" or "host:port" as the Host header and CONNECT want it.
    std::string authority() const;
    std::string authority_with_port() const;
};

struct proxy_address {
    std::string host;
    std::string port;
    std::string credentials;    // "user:password", decoded; empty for none. Never part of a message
};

result<origin> parse_base_url(std::string_view text);
result<proxy_address> parse_proxy_url(std::string_view text);

// Whether `host` is named by a NO_PROXY list: "*", "example.com" and ".example.com" (with everything below), addresses.
bool is_exempt_from_proxy(std::string_view no_proxy, std::string_view host);

// The host that a Location header names, for a message; "the same host" for a relative one.
std::string host_of_location(std::string_view location);

}  // namespace mdock::net
