// SPDX-License-Identifier: MIT
// From a name to a connected socket: look the name up, race its addresses. Sends nothing.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "core/base/error.h"
#include "daemon/net/wire_settings.h"

namespace mdock::net {

// resolve_failed, connect_failed or cancelled. `settings` outlives the call.
boost::asio::awaitable<result<boost::asio::ip::tcp::socket>> dial(boost::asio::any_io_executor executor,
                                                                  const wire_settings& settings,
                                                                  wire_time end_of_request);

}  // namespace mdock::net
