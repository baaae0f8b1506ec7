// SPDX-License-Identifier: MIT
// Four of the same at once: on a network with latency, wall time hangs on how many requests are on the way
// (docs/decisions.md). What one of them throws ends the others and is thrown as it was.
#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>

#include "core/ports.h"

namespace mdock::engine {

// `worker(shared)` is called four times; `shared` outlives them.
template <class Shared>
asio::awaitable<void> four_at_once(asio::awaitable<void> (*worker)(Shared&), Shared& shared) {
    using namespace asio::experimental::awaitable_operators;
    std::exception_ptr first;
    try {
        co_await (worker(shared) && worker(shared) && worker(shared) && worker(shared));
    } catch (const asio::multiple_exceptions& several) {
        // The others were only told to stop; the first is the reason.
        first = several.first_exception();
    }
    if (first) std::rethrow_exception(first);
}

}  // namespace mdock::engine
