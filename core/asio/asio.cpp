// SPDX-License-Identifier: MIT
// The one translation unit with Asio's non-template code. The TLS half is in daemon/net.
#include <boost/asio/impl/src.hpp>
