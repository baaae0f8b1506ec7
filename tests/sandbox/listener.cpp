// SPDX-License-Identifier: MIT
#include "tests/sandbox/listener.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <stdexcept>

#include "daemon/net/watchdog.h"
#include "tests/sandbox/control.h"
#include "tests/sandbox/wire.h"

namespace sandbox {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using tls_stream = asio::ssl::stream<tcp::socket>;
using request_type = http::request<http::string_body>;
using request_parser = http::request_parser<http::string_body>;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t most_request_bytes = 16 * 1024 * 1024;
constexpr std::chrono::milliseconds pause_step{10};
constexpr std::chrono::seconds farewell_patience{1};

std::string header(const request_type& request, http::field name) {
    const auto value = request[name];
    return std::string(value.data(), value.size());
}

std::string header(const request_type& request, const char* name) {
    const auto value = request[name];
    return std::string(value.data(), value.size());
}

minutedock::call call_of(request_type& request) {
    constexpr std::string_view bearer = "Bearer ";
    minutedock::call made;
    made.method = std::string(request.method_string());
    made.target = std::string(request.target());
    const std::string identity = header(request, http::field::authorization);
    if (identity.starts_with(bearer)) made.bearer = identity.substr(bearer.size());
    made.api_key = header(request, "X-API-Key");
    made.account_id_header = header(request, "X-Account-ID");
    made.if_none_match = header(request, http::field::if_none_match);
    made.body = std::move(request.body());
    return made;
}

client_wishes wishes_of(const request_type& request) {
    return client_wishes{header(request, http::field::accept_encoding).find("gzip") != std::string::npos,
                         request.keep_alive()};
}

bool is_control(const minutedock::call& request) { return request.target.starts_with(control_base); }

asio::awaitable<void> wait_for(std::chrono::milliseconds duration) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, duration);
    co_await timer.async_wait(as_value);
}

// False when the client is gone.
asio::awaitable<bool> write_slowly(tls_stream& stream, const std::string& bytes, std::chrono::milliseconds between) {
    for (const char& byte : bytes) {
        const auto one = asio::buffer(&byte, 1);
        const auto [error, sent] = co_await asio::async_write(stream, one, as_value);
        if (error) co_return false;
        co_await wait_for(between);
    }
    co_return true;
}

asio::awaitable<bool> write_all(tls_stream& stream, const delivery& plan) {
    if (plan.delay.count() > 0) co_await wait_for(plan.delay);
    if (plan.between_bytes.count() > 0) {
        const bool written = co_await write_slowly(stream, plan.bytes, plan.between_bytes);
        co_return written;
    }
    const auto all = asio::buffer(plan.bytes);
    const auto [error, sent] = co_await asio::async_write(stream, all, as_value);
    co_return !error;
}

// Until the client goes away; what it says is not read as a request any more.
asio::awaitable<void> say_nothing(tls_stream& stream) {
    std::array<char, 1024> ignored;
    for (;;) {
        const auto space = asio::buffer(ignored);
        const auto [error, got] = co_await stream.async_read_some(space, as_value);
        if (error) co_return;
    }
}

// close_notify; a client that does not answer it in time is left without ceremony.
asio::awaitable<void> say_goodbye(tls_stream& stream) {
    mdock::net::watchdog patience(stream.lowest_layer());
    patience.watch_until(std::chrono::steady_clock::now() + farewell_patience);
    co_await stream.async_shutdown(as_value);
    patience.rest();
}

asio::awaitable<void> end_connection(tls_stream& stream, ending how) {
    boost::system::error_code ignored;
    if (how == ending::hang) co_await say_nothing(stream);
    if (how == ending::close) co_await say_goodbye(stream);
    if (how == ending::reset) stream.lowest_layer().set_option(tcp::socket::linger(true, 0), ignored);
    stream.lowest_layer().close(ignored);
}

// The answer to one request, after the pause and the latency that are set.
asio::awaitable<delivery> answer(world& all, request_type request) {
    const client_wishes wishes = wishes_of(request);
    const minutedock::call made = call_of(request);
    if (is_control(made)) co_return plan_delivery(control(all, made), wishes);
    while (all.set_to().is_paused) co_await wait_for(pause_step);
    if (all.set_to().latency.count() > 0) co_await wait_for(all.set_to().latency);
    co_return plan_delivery(all.handle(made), wishes);
}

asio::awaitable<ending> serve_requests(tls_stream& stream, world& all) {
    boost::beast::flat_buffer buffer;    // keeps what a client sent ahead of time
    for (;;) {
        request_parser parser;
        parser.body_limit(most_request_bytes);
        const auto [error, got] = co_await http::async_read(stream, buffer, parser, as_value);
        if (error) co_return ending::close;
        const delivery plan = co_await answer(all, parser.release());
        const bool is_written = co_await write_all(stream, plan);
        if (!is_written) co_return ending::cut;
        if (plan.then != ending::keep) co_return plan.then;
    }
}

asio::awaitable<void> serve(tcp::socket socket, asio::ssl::context& tls, world& all) {
    tls_stream stream(std::move(socket), tls);
    boost::system::error_code ignored;
    stream.lowest_layer().set_option(tcp::no_delay(true), ignored);
    const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, as_value);
    if (error) co_return;
    const ending how = co_await serve_requests(stream, all);
    co_await end_connection(stream, how);
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, asio::ssl::context& tls, world& all) {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(as_value);
        if (error == asio::error::operation_aborted) co_return;
        if (error) {
            co_await wait_for(pause_step);    // out of descriptors, for example
            continue;
        }
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), tls, all), asio::detached);
    }
}

asio::ssl::context server_context(const certificates::identity& shown) {
    asio::ssl::context tls(asio::ssl::context::tls_server);
    SSL_CTX* handle = tls.native_handle();
    SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
    if (SSL_CTX_use_certificate(handle, shown.certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(handle, shown.key.get()) != 1)
        throw std::runtime_error("the certificate made at the start cannot be used");
    return tls;
}

}  // namespace

struct listener::state {
    state(asio::io_context& io, const certificates::identity& shown, unsigned short port)
        : tls(server_context(shown)), acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), port)) {}

    asio::ssl::context tls;
    tcp::acceptor acceptor;
};

listener::listener(asio::io_context& io, world& all, const certificates::identity& shown, unsigned short port)
    : state_(std::make_unique<state>(io, shown, port)) {
    asio::co_spawn(io, accept_all(state_->acceptor, state_->tls, all), asio::detached);
}

listener::~listener() = default;

unsigned short listener::port() const { return state_->acceptor.local_endpoint().port(); }

}  // namespace sandbox
