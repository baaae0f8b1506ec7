// SPDX-License-Identifier: MIT
#include "daemon/server/control_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cerrno>
#include <cstring>

#include "daemon/server/inherited_socket.h"

namespace mdock::server {
namespace {

namespace http = boost::beast::http;
using local = asio::local::stream_protocol;
using stream = boost::beast::basic_stream<local>;
using request_type = http::request<http::string_body>;
using response_type = http::response<http::string_body>;

// Far above what a person writes in one go; bounds a caller that sends for ever, or connects and says nothing.
constexpr std::uint64_t most_body = 16 * 1024 * 1024;
constexpr std::chrono::seconds patience{3};
constexpr auto to_values = asio::as_tuple(asio::use_awaitable);

// The kernel's word for who is at the other end; a mode that a file system ignores does not carry the check alone.
bool is_own_user(local::socket& peer) {
#if defined(SO_PEERCRED)
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(peer.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return false;
    return who.uid == ::geteuid() || who.uid == 0;
#else
    uid_t user = 0;
    gid_t group = 0;
    if (::getpeereid(peer.native_handle(), &user, &group) != 0) return false;
    return user == ::geteuid() || user == 0;
#endif
}

bool somebody_listens(const std::filesystem::path& path) {
    asio::io_context io;
    local::socket probe(io);
    boost::system::error_code ec;
    probe.connect(local::endpoint(path.string()), ec);
    return !ec;
}

failure cannot(const std::filesystem::path& path, std::string_view why) {
    return {errc::database_error, "no control socket at " + path.string() + ": " + std::string(why)};
}

}  // namespace

struct control_socket::state {
    state(asio::any_io_executor executor, std::filesystem::path at, control_handler answering)
        : acceptor(executor), path(std::move(at)), handler(std::move(answering)) {}

    local::acceptor acceptor;
    std::filesystem::path path;
    control_handler handler;
    bool is_inherited = false;    // then who may connect is decided by the socket's mode and group
};

namespace {

asio::awaitable<void> serve_one(std::shared_ptr<control_handler> handler, local::socket accepted) {
    stream peer(std::move(accepted));
    peer.expires_after(patience);
    boost::beast::flat_buffer buffer;
    http::request_parser<http::string_body> parser;
    parser.body_limit(most_body);
    auto [read_error, received] = co_await http::async_read(peer, buffer, parser, to_values);
    if (read_error) co_return;
    const request_type& request = parser.get();
    control_request asked{std::string(request.method_string()), std::string(request.target()), request.body()};
    peer.expires_never();
    auto answer = co_await (*handler)(std::move(asked));
    response_type response(static_cast<http::status>(answer.status), 11);
    response.set(http::field::content_type, "application/json");
    response.keep_alive(false);
    response.body() = std::move(answer.body);
    response.prepare_payload();
    peer.expires_after(patience);
    auto [write_error, sent] = co_await http::async_write(peer, response, to_values);
    if (write_error) co_return;
    boost::system::error_code ignored;
    peer.socket().shutdown(local::socket::shutdown_both, ignored);
}

template <class State>
asio::awaitable<void> accept_all(std::shared_ptr<State> all) {
    auto handler = std::make_shared<control_handler>(all->handler);
    while (true) {
        auto [error, peer] = co_await all->acceptor.async_accept(to_values);
        if (error == asio::error::operation_aborted || !all->acceptor.is_open()) co_return;
        if (error) continue;
        if (!all->is_inherited && !is_own_user(peer)) continue;
        asio::co_spawn(all->acceptor.get_executor(), serve_one(handler, std::move(peer)), asio::detached);
    }
}

}  // namespace

control_socket::control_socket(std::shared_ptr<state> all) : state_(std::move(all)) {}

control_socket::~control_socket() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    if (!state_->is_inherited) ::unlink(state_->path.c_str());
}

result<std::unique_ptr<control_socket>> control_socket::adopt(asio::any_io_executor executor, int descriptor,
                                                              control_handler handler) {
    auto all = std::make_shared<state>(executor, std::filesystem::path{}, std::move(handler));
    all->is_inherited = true;
    boost::system::error_code ec;
    const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return cannot("the one that the service manager has passed", std::strerror(errno));
    all->acceptor.assign(local(), own, ec);
    if (ec) {
        ::close(own);
        return cannot("the one that the service manager has passed", ec.message());
    }
    asio::co_spawn(executor, accept_all(all), asio::detached);
    return std::unique_ptr<control_socket>(new control_socket(std::move(all)));
}

result<std::unique_ptr<control_socket>> control_socket::listen(asio::any_io_executor executor,
                                                               const std::filesystem::path& path,
                                                               control_handler handler) {
    if (const auto passed = inherited_socket("control")) return adopt(std::move(executor), *passed, std::move(handler));
    if (path.string().size() >= 100) return cannot(path, "the path is too long for a socket");
    std::error_code made;
    // Only a folder of our own making is closed: one that was there may be shared with people who read the database.
    const bool is_new = std::filesystem::create_directories(path.parent_path(), made);
    if (made) return cannot(path, made.message());
    if (is_new) ::chmod(path.parent_path().c_str(), 0700);
    if (somebody_listens(path)) return failure{errc::daemon_needed, "another mdock listens at " + path.string()};
    ::unlink(path.c_str());
    auto all = std::make_shared<state>(executor, path, std::move(handler));
    boost::system::error_code ec;
    all->acceptor.open(local(), ec);
    // The mask makes the socket 0600 from its first moment.
    const mode_t mask = ::umask(0177);
    if (!ec) all->acceptor.bind(local::endpoint(path.string()), ec);
    ::umask(mask);
    if (!ec) all->acceptor.listen(asio::socket_base::max_listen_connections, ec);
    if (ec) return cannot(path, ec.message());
    asio::co_spawn(executor, accept_all(all), asio::detached);
    return std::unique_ptr<control_socket>(new control_socket(std::move(all)));
}

}  // namespace mdock::server
