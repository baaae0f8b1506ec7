// SPDX-License-Identifier: MIT
#include "core/engine/desk.h"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>

namespace mdock::engine {
namespace {

verify_report loop_has_ended() {
    verify_report report;
    report.sync.stopped_by = failure{errc::interrupted, "the daemon is stopping"};
    return report;
}

}  // namespace

asio::awaitable<round_report> round_desk::ask(round_request what) {
    auto report = co_await put(std::move(what), std::nullopt);
    co_return std::move(report.sync);
}

asio::awaitable<verify_report> round_desk::ask_proof(verify_request what) {
    round_request none;
    auto report = co_await put(none, what);
    co_return report;
}

asio::awaitable<verify_report> round_desk::put(round_request what, std::optional<verify_request> proof) {
    if (is_closed_) co_return loop_has_ended();
    auto executor = co_await asio::this_coro::executor;
    auto report = std::make_shared<verify_report>();
    auto initiate = [this, executor, report](auto handler, round_request wanted, std::optional<verify_request> wanted_proof) {
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        auto answer = [kept, executor, report](verify_report done) {
            *report = std::move(done);
            asio::post(executor, [kept]() mutable { std::move (*kept)(); });
        };
        requests_.push_back({std::move(wanted), wanted_proof, std::move(answer)});
        wake();
    };
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<decltype(token), void()>(std::move(initiate), token, std::move(what), proof);
    co_return std::move(*report);
}

void round_desk::note_write() {
    has_write_ = true;
    wake();
}

bool round_desk::take_write() {
    const bool had = has_write_;
    has_write_ = false;
    return had;
}

std::optional<round_desk::request> round_desk::take() {
    if (requests_.empty()) return std::nullopt;
    request first = std::move(requests_.front());
    requests_.pop_front();
    return first;
}

asio::awaitable<void> round_desk::wait() {
    if (!requests_.empty() || has_write_) co_return;
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
