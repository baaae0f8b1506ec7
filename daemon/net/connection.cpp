// SPDX-License-Identifier: MIT
#include "daemon/net/connection.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "daemon/host/boot_time.h"

namespace mdock::net {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t most_tunnel_bytes = 16 * 1024;

std::string base64(std::string_view text) {
    std::string coded(static_cast<std::size_t>(EVP_ENCODE_LENGTH(text.size())), '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    coded.resize(static_cast<std::size_t>(length));
    return coded;
}

// The proxy learns the server's name and its own credentials, nothing else (N10).
std::string tunnel_request(const wire_settings& settings) {
    const std::string to = settings.server.authority_with_port();
    std::string text = "CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\nUser-Agent: " + settings.user_agent + "\r\n";
    if (!settings.proxy->credentials.empty())
        text += "Proxy-Authorization: Basic " + base64(settings.proxy->credentials) + "\r\n";
    return text + "\r\n";
}

failure was_cancelled(const char* what) { return {errc::cancelled, what}; }

}  // namespace

connection::connection(tcp::socket socket, ssl::context& tls, const wire_settings& settings)
    : settings_(settings), stream_(std::move(socket), tls), watchdog_(stream_.lowest_layer()) {
    boost::system::error_code ignored;
    stream_.lowest_layer().set_option(tcp::no_delay(true), ignored);
}

asio::awaitable<std::optional<failure>> connection::prepare(wire_time end_of_request) {
    if (settings_.proxy) {
        auto refused = co_await open_tunnel(end_of_request);
        if (refused) co_return refused;
    }
    auto refused = co_await shake_hands(end_of_request);
    co_return refused;
}

asio::awaitable<std::optional<failure>> connection::open_tunnel(wire_time end_of_request) {
    const std::string proxy = settings_.proxy->host + " port " + settings_.proxy->port;
    const std::string request = tunnel_request(settings_);
    tcp::socket& socket = stream_.next_layer();
    watchdog_.watch_until(end_of_phase(settings_.phases.handshake, end_of_request));
    const auto [write_error, sent] = co_await asio::async_write(socket, asio::buffer(request), as_value);
    std::string head;
    boost::system::error_code error = write_error;
    std::size_t head_size = 0;
    if (!error) {
        auto space = asio::dynamic_buffer(head, most_tunnel_bytes);
        const auto [read_error, got] = co_await asio::async_read_until(socket, space, "\r\n\r\n", as_value);
        error = read_error;
        head_size = got;
    }
    watchdog_.rest();
    if (watchdog_.has_barked())
        co_return failure(errc::connect_failed, "The proxy " + proxy + " gave no answer within " +
                                                    in_words(settings_.phases.handshake) + "; nothing was sent.");
    if (error == asio::error::operation_aborted)
        co_return was_cancelled("The request was cancelled before anything was sent.");
    if (error)
        co_return failure(errc::proxy_refused, "The proxy " + proxy + " closed the connection (" + error.message() +
                                                   "); nothing was sent. Check api.proxy.");
    // Servers do not speak first in TLS: bytes behind the head come from the proxy itself.
    if (head_size != head.size())
        co_return failure(errc::proxy_refused, "The proxy " + proxy + " sent more than an answer; nothing was sent.");
    co_return judge_tunnel(head);
}

std::optional<failure> connection::judge_tunnel(std::string_view head) const {
    const bool is_http = head.size() >= 12 && head.substr(0, 7) == "HTTP/1." && head[8] == ' ';
    if (is_http && head[9] == '2') return std::nullopt;
    const std::string said = is_http ? "answered " + std::string(head.substr(9, 3)) : "does not speak HTTP";
    return failure(errc::proxy_refused, "The proxy " + settings_.proxy->host + " port " + settings_.proxy->port + " " +
                                            said + " when asked for " + settings_.server.authority_with_port() +
                                            "; nothing was sent. Check api.proxy.");
}

asio::awaitable<std::optional<failure>> connection::shake_hands(wire_time end_of_request) {
    expect_host(stream_, settings_.server.host, verdict_);
    watchdog_.watch_until(end_of_phase(settings_.phases.handshake, end_of_request));
    const auto [error] = co_await stream_.async_handshake(ssl::stream_base::client, as_value);
    watchdog_.rest();
    if (error) co_return explain_handshake(error);
    co_return std::nullopt;
}

failure connection::explain_handshake(const boost::system::error_code& error) const {
    const std::string& host = settings_.server.host;
    if (watchdog_.has_barked())
        return {errc::tls_failed, "The TLS handshake with " + host + " did not end within " +
                                      in_words(settings_.phases.handshake) + "; nothing was sent."};
    if (error == asio::error::operation_aborted)
        return was_cancelled("The request was cancelled before anything was sent.");
    if (verdict_.reason != 0) return refused_certificate(host, verdict_);
    return {errc::tls_failed, "The TLS handshake with " + host + " failed: " + error.message() +
                                  ". Nothing was sent, the token included; TLS 1.2 or newer is needed."};
}

asio::awaitable<result<raw_answer>> connection::exchange(std::string_view request, wire_time end_of_request) {
    watchdog_.watch_until(end_of_phase(settings_.phases.write, end_of_request));
    const auto [error, sent] = co_await asio::async_write(stream_, asio::buffer(request), as_value);
    if (error) co_return explain_loss(error, "taken the request", settings_.phases.write, end_of_request);

    answer_reader reader(settings_.limits);
    auto broken = co_await read_answer(reader, end_of_request);
    watchdog_.rest();
    if (broken) co_return std::move(*broken);
    last_used_ = host::boot_time();
    co_return reader.release();
}

asio::awaitable<std::optional<failure>> connection::read_answer(answer_reader& reader, wire_time end_of_request) {
    while (!reader.is_whole()) {
        const auto limit = reader.has_begun() ? settings_.phases.idle : settings_.phases.first_byte;
        watchdog_.watch_until(end_of_phase(limit, end_of_request));
        const auto [error, got] = co_await stream_.async_read_some(asio::buffer(received_), as_value);
        std::optional<failure> broken;
        if (got > 0) broken = reader.take(std::string_view(received_.data(), got));
        if (broken || reader.is_whole()) co_return broken;
        if (error == asio::error::eof) co_return reader.take_end(end_of_stream::by_close_notify);
        if (error == ssl::error::stream_truncated) co_return reader.take_end(end_of_stream::cut);
        const std::string_view phase = reader.has_begun() ? "sent the rest of its answer" : "answered";
        if (error) co_return explain_loss(error, phase, limit, end_of_request);
    }
    co_return std::nullopt;
}

failure connection::explain_loss(const boost::system::error_code& error, std::string_view phase,
                                 std::chrono::milliseconds limit, wire_time end_of_request) const {
    const std::string& host = settings_.server.host;
    if (watchdog_.has_barked()) {
        const bool whole_request_ended = wire_clock::now() >= end_of_request;
        const std::string waited = whole_request_ended ? in_words(settings_.phases.total) + " for the whole request"
                                                       : in_words(limit);
        return {errc::timed_out,
                host + " has not " + std::string(phase) + " within " + waited + "; nothing of the answer was used."};
    }
    if (error == asio::error::operation_aborted) return was_cancelled("The request was cancelled while under way.");
    return {errc::connection_lost, "The connection to " + host + " broke before the whole answer was there: " +
                                       error.message() + ". Nothing of it was used."};
}

bool connection::looks_alive() {
    char byte = 0;
    ERR_clear_error();
    const int peeked = SSL_peek(stream_.native_handle(), &byte, 1);
    if (peeked > 0 || SSL_get_error(stream_.native_handle(), peeked) != SSL_ERROR_WANT_READ) return false;
    // Readable means closed or talking out of turn: either way not fit for a request (N03).
    const auto got = ::recv(stream_.lowest_layer().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace mdock::net
