// SPDX-License-Identifier: MIT
// All that the engine may ask of the world: time, chance, one HTTP request, the store thread. The daemon has one
// implementation of each, the tests another (virtual clock, in-process server). Every wait names its step: the name is
// the crash point, the fault point and the unit of coverage.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/base/error.h"
#include "core/base/time.h"

namespace mdock {

namespace asio = boost::asio;

// A step's name: a string literal such as "load.window.request".
using step_name = std::string_view;

struct http_request {
    std::string method = "GET";
    std::string target;       // path and query below the API's base: "/entries?limit=1000&…"
    std::string body;         // JSON, empty for none
    bool wants_body_compressed = true;
};

struct http_answer {
    int status = 0;
    std::string body;                        // whole by its framing, inflated, at most the transport's cap
    std::string date;                        // the Date header as sent, empty when missing
    std::vector<std::string> retry_after;    // each Retry-After header as sent
    std::string content_type;
    std::string etag;
};

class clock_port {
public:
    virtual ~clock_port() = default;
    // The machine's idea of UTC. For showing, never for a cursor (T01).
    virtual utc_seconds wall() const = 0;
    // Counts through suspend; what every interval and deadline is measured by (T02, T09).
    virtual monotonic_time monotonic() const = 0;
    // Returns at `until`, or throws boost::system::system_error(operation_aborted) when cancelled.
    virtual asio::awaitable<void> sleep_until(step_name step, monotonic_time until) = 0;
};

class random_port {
public:
    virtual ~random_port() = default;
    virtual std::uint64_t next() = 0;    // uniform over 64 bits
};

class http_port {
public:
    virtual ~http_port() = default;
    // One request, sent at most once; never repeated, never redirected. Any complete answer is a value, whatever its
    // status; a failure has one of the transport codes of errc.
    virtual asio::awaitable<result<http_answer>> send(step_name step, http_request request) = 0;
};

// The one thread on which SQLite is used for writing. A job is one transaction; it is never cancelled once posted.
class store_port {
public:
    virtual ~store_port() = default;

    // Runs `job` on the store thread and resumes the caller on its own executor with the job's value. What the job
    // throws is rethrown here. `job` must be copyable and must own what it uses or borrow it from the awaiting frame.
    template <class F>
    asio::awaitable<std::invoke_result_t<F&>> run(step_name step, F job) {
        using value_type = std::invoke_result_t<F&>;
        using kept_type = std::conditional_t<std::is_void_v<value_type>, bool, value_type>;
        struct outcome {
            std::optional<kept_type> value;
            std::exception_ptr error;
        };
        auto out = std::make_shared<outcome>();
        std::function<void()> work = [out, job = std::move(job)]() mutable {
            try {
                if constexpr (std::is_void_v<value_type>) {
                    job();
                    out->value.emplace(true);
                } else {
                    out->value.emplace(job());
                }
            } catch (...) {
                out->error = std::current_exception();
            }
        };
        co_await wait_for(step, std::move(work));
        if (out->error) std::rethrow_exception(out->error);
        if constexpr (!std::is_void_v<value_type>) co_return std::move(*out->value);
    }

protected:
    // Runs `work` on the store thread, then calls `done` from there, once.
    virtual void post(step_name step, std::function<void()> work, std::function<void()> done) = 0;

private:
    // Written over async_initiate and deaf to cancellation: co_spawn onto a pool plus cancellation frees a slot on the
    // wrong thread (docs/decisions.md).
    asio::awaitable<void> wait_for(step_name step, std::function<void()> work) {
        auto executor = co_await asio::this_coro::executor;
        auto tracked = asio::prefer(executor, asio::execution::outstanding_work.tracked);
        auto initiate = [this, step, tracked](auto handler, std::function<void()> job) {
            auto kept = std::make_shared<decltype(handler)>(std::move(handler));
            post(step, std::move(job), [kept, tracked]() mutable {
                asio::post(tracked, [kept]() mutable { std::move (*kept)(); });
            });
        };
        auto token = asio::use_awaitable;
        co_await asio::async_initiate<decltype(token), void()>(std::move(initiate), token, std::move(work));
    }
};

// What the engine is given. Referenced objects outlive every coroutine of the engine.
struct ports {
    clock_port& clock;
    random_port& random;
    http_port& http;
    store_port& store;
};

}  // namespace mdock
