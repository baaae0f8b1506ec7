// SPDX-License-Identifier: MIT
#include "daemon/server/control_call.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace mdock::server {
namespace {

namespace http = boost::beast::http;
using local = asio::local::stream_protocol;
using stream = boost::beast::basic_stream<local>;

constexpr auto to_values = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t most_answer = 64 * 1024 * 1024;

failure broken(boost::system::error_code ec) {
    if (ec == boost::beast::error::timeout) return {errc::timed_out, "the daemon did not finish in the time allowed"};
    return {errc::connection_lost, "the daemon went away before it answered (" + ec.message() + ")"};
}

}  // namespace

asio::awaitable<result<control_answer>> call(std::filesystem::path path, control_request request,
                                             std::optional<std::chrono::milliseconds> limit) {
    auto executor = co_await asio::this_coro::executor;
    stream peer(executor);
    if (limit) peer.expires_after(*limit);
    const local::endpoint where(path.string());
    auto [connect_error] = co_await peer.async_connect(where, to_values);
    if (connect_error) {
        failure nobody(errc::daemon_needed, "no daemon listens at " + path.string());
        co_return result<control_answer>(std::move(nobody));
    }
    http::request<http::string_body> message(http::string_to_verb(request.method), request.target, 11);
    message.set(http::field::host, "mdock");
    message.set(http::field::content_type, "application/json");
    message.body() = std::move(request.body);
    message.prepare_payload();
    auto [write_error, sent] = co_await http::async_write(peer, message, to_values);
    if (write_error) co_return result<control_answer>(broken(write_error));
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(most_answer);
    auto [read_error, received] = co_await http::async_read(peer, buffer, parser, to_values);
    if (read_error) co_return result<control_answer>(broken(read_error));
    control_answer answer;
    answer.status = static_cast<int>(parser.get().result_int());
    answer.body = std::move(parser.get().body());
    co_return result<control_answer>(std::move(answer));
}

}  // namespace mdock::server
