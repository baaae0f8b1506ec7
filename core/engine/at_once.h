// SPDX-License-Identifier: MIT
// Waits that go on side by side: four of the same, because on a network with latency wall time hangs on how many
// requests are on the way (docs/decisions.md); or two, of which the first to end counts. What one of them throws ends the
// others and is thrown as it was, not as Asio's `multiple_exceptions`.
#pragma once

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>

#include "core/ports.h"

namespace mdock::engine {

// The first reason of all: `a && b && c` puts what a and b threw into one, and that with what c threw into another.
inline std::exception_ptr first_reason(std::exception_ptr why) {
    while (true) {
        try {
            std::rethrow_exception(why);
        } catch (const asio::multiple_exceptions& several) {
            why = several.first_exception();
        } catch (...) {
            return why;
        }
    }
}

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
    if (first) std::rethrow_exception(first_reason(first));
}

// Ends with the one that ends first; both are cancelled with the caller.
inline asio::awaitable<void> first_of(asio::awaitable<void> one, asio::awaitable<void> other) {
    using namespace asio::experimental::awaitable_operators;
    std::exception_ptr first;
    try {
        co_await (std::move(one) || std::move(other));
    } catch (const asio::multiple_exceptions& both) {
        first = both.first_exception();
    }
    if (first) std::rethrow_exception(first_reason(first));
}

}  // namespace mdock::engine
