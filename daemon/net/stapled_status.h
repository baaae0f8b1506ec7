// SPDX-License-Identifier: MIT
// A server may staple its CA's word on its certificate to the handshake. If that word is genuine and says "revoked", the
// certificate is refused (X02). Nothing is asked of anybody else, and a missing word proves nothing.
#pragma once

#include <openssl/ssl.h>

namespace mdock::net {

struct certificate_verdict;

// Asks servers for the status and judges it; the verdict is the one given to watch_stapled_status.
void ask_for_stapled_status(SSL_CTX* context);
void watch_stapled_status(SSL* handle, certificate_verdict& verdict);

}  // namespace mdock::net
