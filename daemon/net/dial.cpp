// SPDX-License-Identifier: MIT
#include "daemon/net/dial.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/net/connect_race.h"

namespace mdock::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

struct place {
    std::string host;
    std::string port;
};

place first_hop(const wire_settings& settings) {
    if (settings.proxy) return place{settings.proxy->host, settings.proxy->port};
    return place{settings.server.host, settings.server.port};
}

// getaddrinfo cannot be interrupted. The look-up therefore belongs to nobody: whoever waits for it may leave, and its
// answer then falls to the ground (N06).
struct lookup {
    explicit lookup(const asio::any_io_executor& executor) : resolver(executor), finished(executor) {}

    tcp::resolver resolver;
    asio::steady_timer finished;    // cancelled when the answer is there
    bool is_done = false;
    boost::system::error_code error;
    std::vector<tcp::endpoint> found;
};

failure not_resolved(const place& to, const std::string& why) {
    return {errc::resolve_failed, "The name " + to.host + " could not be looked up: " + why +
                                      ". Nothing was sent; check the network connection."};
}

failure not_connected(const place& to, const std::string& why) {
    return {errc::connect_failed, "No connection to " + to.host + " port " + to.port + ": " + why +
                                      ". Nothing was sent; check the network connection."};
}

failure was_cancelled() { return {errc::cancelled, "The request was cancelled before anything was sent."}; }

asio::awaitable<result<std::vector<tcp::endpoint>>> resolve(asio::any_io_executor executor, place to,
                                                            std::chrono::milliseconds limit, wire_time end) {
    auto asked = std::make_shared<lookup>(executor);
    asked->finished.expires_at(end_of_phase(limit, end));
    asked->resolver.async_resolve(to.host, to.port, [asked](const auto& error, const auto& found) {
        asked->is_done = true;
        asked->error = error;
        for (const auto& entry : found) asked->found.push_back(entry.endpoint());
        asked->finished.cancel();
    });
    const auto [cut] = co_await asked->finished.async_wait(as_value);
    if (!asked->is_done) {
        asked->resolver.cancel();
        if (cut) co_return was_cancelled();
        co_return not_resolved(to, "no answer within " + in_words(limit));
    }
    if (asked->error) co_return not_resolved(to, asked->error.message());
    co_return std::move(asked->found);
}

std::vector<tcp::endpoint> given_endpoints(const wire_settings& settings, const place& to) {
    const auto port = static_cast<asio::ip::port_type>(std::stoul(to.port));
    std::vector<tcp::endpoint> endpoints;
    for (const auto& address : settings.addresses) endpoints.emplace_back(address, port);
    return endpoints;
}

}  // namespace

std::string in_words(std::chrono::milliseconds duration) {
    const auto count = duration.count();
    return count % 1000 == 0 ? std::to_string(count / 1000) + " s" : std::to_string(count) + " ms";
}

asio::awaitable<result<tcp::socket>> dial(asio::any_io_executor executor, const wire_settings& settings,
                                          wire_time end_of_request) {
    const place to = first_hop(settings);
    std::vector<tcp::endpoint> endpoints = given_endpoints(settings, to);
    if (endpoints.empty()) {
        auto found = co_await resolve(executor, to, settings.phases.resolve, end_of_request);
        if (!found) co_return found.error();
        endpoints = std::move(*found);
    }
    auto race = std::make_shared<connect_race>(executor, std::move(endpoints), settings.phases.next_address_after);
    const connect_race::stopped_at_exit guard(race);
    race->finished().expires_at(end_of_phase(settings.phases.connect, end_of_request));
    race->start();
    const auto [cut] = co_await race->finished().async_wait(as_value);
    if (race->has_winner()) co_return race->take_winner();
    if (race->is_lost()) co_return not_connected(to, race->last_error().message());
    if (cut) co_return was_cancelled();
    co_return not_connected(to, "no answer within " + in_words(settings.phases.connect));
}

}  // namespace mdock::net
