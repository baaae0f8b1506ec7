// SPDX-License-Identifier: MIT
// What is trusted and how it is checked: TLS 1.2 or newer, security level 2, the whole chain, the host's name. A
// certificate that is refused leaves its reason in a verdict; no byte of a request is sent before it is accepted (X01).
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <string>

#include "core/base/error.h"

namespace mdock::net {

using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

// Why OpenSSL refused a certificate; 0 while it has not.
struct certificate_verdict {
    int reason = 0;
    int depth = 0;    // 0 is the server's own certificate
};

// The system store plus `ca_file` (may be empty). bad_config when the file cannot be read.
result<boost::asio::ssl::context> make_tls_context(const std::string& ca_file);

// Asks for `host` by SNI and binds the verification to it. `verdict` must outlive the handshake.
void expect_host(tls_stream& stream, const std::string& host, certificate_verdict& verdict);

// The sentence for a refused certificate.
failure refused_certificate(const std::string& host, const certificate_verdict& verdict);

}  // namespace mdock::net
