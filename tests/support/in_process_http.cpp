// SPDX-License-Identifier: MIT
#include "tests/support/in_process_http.h"

namespace mdock::test {
namespace {

using kind = minutedock::wire_fault::kind;

std::chrono::nanoseconds time_of(const minutedock::wire_fault& wire, std::chrono::seconds timeout) {
    if (wire.what == kind::hang || wire.what == kind::drip) return timeout;
    if (wire.what == kind::delay)
        return std::min<std::chrono::seconds>(timeout, std::chrono::seconds{static_cast<long long>(wire.amount)});
    return {};
}

// What the transport would report for this wire fault, if not an answer.
std::optional<failure> failure_of(const minutedock::wire_fault& wire, std::chrono::seconds timeout) {
    switch (wire.what) {
        case kind::reset_before: return failure{errc::connection_lost, "the connection was reset"};
        case kind::cut_after: return failure{errc::connection_lost, "the answer was cut short"};
        case kind::hang:
        case kind::drip: return failure{errc::timed_out, "no whole answer in time"};
        case kind::bad_gzip: return failure{errc::bad_encoding, "the answer does not inflate"};
        case kind::gzip_bomb: return failure{errc::bad_encoding, "the answer inflates beyond the cap"};
        case kind::delay:
            if (std::chrono::seconds{static_cast<long long>(wire.amount)} >= timeout)
                return failure{errc::timed_out, "no whole answer in time"};
            return std::nullopt;
        case kind::none:
        case kind::close_without_notify: return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

asio::awaitable<result<http_answer>> in_process_http::send(step_name step, http_request request) {
    if (before) before(step);
    if (is_dead != nullptr && *is_dead) co_await clock_.sleep_until(step, monotonic_time::max());
    sent.push_back(request);
    co_await clock_.sleep_until(step, clock_.monotonic() + latency);
    if (is_offline) co_return result<http_answer>(failure(errc::resolve_failed, "no network"));
    if (intercept) {
        auto instead = intercept(request);
        if (instead) co_return std::move(*instead);
    }
    minutedock::call call;
    call.method = request.method;
    call.target = request.target;
    call.body = request.body;
    call.bearer = token;
    auto reply = service_.handle(call, clock_.true_time());
    const auto took = time_of(reply.wire, request_timeout);
    co_await clock_.sleep_until(step, clock_.monotonic() + took);
    if (after) after(step);
    if (is_dead != nullptr && *is_dead) co_await clock_.sleep_until(step, monotonic_time::max());
    const auto broken = failure_of(reply.wire, request_timeout);
    if (broken) co_return result<http_answer>(*broken);
    if (reply.answer.status >= 300 && reply.answer.status < 400)
        co_return result<http_answer>(failure(errc::redirect_refused, "the service redirects elsewhere"));
    co_return result<http_answer>(std::move(reply.answer));
}

}  // namespace mdock::test
