// SPDX-License-Identifier: MIT
#include "core/engine/desk.h"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>

namespace mdock::engine {
namespace {

round_report loop_has_ended() {
    round_report report;
    report.stopped_by = failure{errc::interrupted, "the daemon is stopping"};
    return report;
}

}  // namespace

asio::awaitable<round_report> round_desk::ask(round_request what) {
    if (is_closed_) co_return loop_has_ended();
    auto executor = co_await asio::this_coro::executor;
    auto report = std::make_shared<round_report>();
    auto initiate = [this, executor, report](auto handler, round_request wanted) {
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        auto answer = [kept, executor, report](round_report done) {
            *report = std::move(done);
            asio::post(executor, [kept]() mutable { std::move (*kept)(); });
        };
        requests_.push_back({std::move(wanted), std::move(answer)});
        wake();
    };
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<decltype(token), void()>(std::move(initiate), token, std::move(what));
    co_return std::move(*report);
}

std::optional<round_desk::request> round_desk::take() {
    if (requests_.empty()) return std::nullopt;
    request first = std::move(requests_.front());
    requests_.pop_front();
    return first;
}

asio::awaitable<void> round_desk::wait() {
    if (!requests_.empty()) co_return;
    auto executor = co_await asio::this_coro::executor;
    auto initiate = [this, executor](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        sleeper_ = [kept, executor](boost::system::error_code ec) {
            asio::post(executor, [kept, ec]() mutable { std::move (*kept)(ec); });
        };
        if (!slot.is_connected()) return;
        slot.assign([this](asio::cancellation_type) {
            if (!sleeper_) return;
            auto wake_up = std::move(sleeper_);
            sleeper_ = nullptr;
            wake_up(asio::error::operation_aborted);
        });
    };
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(std::move(initiate), token);
}

void round_desk::wake() {
    if (!sleeper_) return;
    auto wake_up = std::move(sleeper_);
    sleeper_ = nullptr;
    wake_up({});
}

void round_desk::close() {
    is_closed_ = true;
    while (auto one = take()) one->answer(loop_has_ended());
}

}  // namespace mdock::engine
