// SPDX-License-Identifier: MIT
// HTTP over TLS on 127.0.0.1 for the make-believe MinuteDock: keep-alive, several connections at once, one thread, and
// every way of failing that a fault rule asks for.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "tests/sandbox/certificates.h"
#include "tests/sandbox/world.h"

namespace sandbox {

class listener {
public:
    // Binds; throws boost::system::system_error when the port is taken. `all` outlives the io_context's run.
    listener(boost::asio::io_context& io, world& all, const certificates::identity& shown, unsigned short port);
    ~listener();
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    unsigned short port() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace sandbox
