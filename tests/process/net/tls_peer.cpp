// SPDX-License-Identifier: MIT
#include "tests/process/net/tls_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace net_test {
namespace {

constexpr int patience_ms = 10'000;    // nothing in a test waits longer

std::size_t content_length(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::strtoul(head.c_str() + at + 16, nullptr, 10);
}

// Closing then sends RST and drops what is on its way.
void reset_at_close(int socket) {
    const linger at_once{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

bool wait_readable(int socket, std::chrono::milliseconds most) {
    pollfd waited{socket, POLLIN, 0};
    return ::poll(&waited, 1, static_cast<int>(most.count())) > 0;
}

SSL_CTX* make_context(const peer_options& options) {
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_security_level(context, 0);    // it must be able to show bad certificates
    SSL_CTX_set_min_proto_version(context, options.least_tls);
    SSL_CTX_set_max_proto_version(context, options.most_tls);
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    if (!options.shown.certificate) return context;
    SSL_CTX_use_certificate(context, options.shown.certificate.get());
    SSL_CTX_use_PrivateKey(context, options.shown.key.get());
    for (const auto& above : options.shown.chain) SSL_CTX_add1_chain_cert(context, above.get());
    return context;
}

void bound_waits(int socket) {
    const timeval patience{patience_ms / 1000, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

}  // namespace

std::string json_answer(std::string_view body, std::string_view more_headers) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + std::string(more_headers) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string peer_session::read_request() {
    auto* owner = static_cast<tls_peer*>(SSL_get_app_data(tls_));
    std::string text;
    char piece[16 * 1024];
    for (;;) {
        const auto head_end = text.find("\r\n\r\n");
        if (head_end != std::string::npos && text.size() >= head_end + 4 + content_length(text)) break;
        const int got = SSL_read(tls_, piece, sizeof piece);
        if (got <= 0) return {};
        owner->bytes_ += static_cast<std::size_t>(got);
        text.append(piece, static_cast<std::size_t>(got));
    }
    const std::lock_guard lock(owner->mutex_);
    owner->requests_.push_back(text);
    return text;
}

bool peer_session::send(std::string_view bytes) {
    return SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) > 0;
}

void peer_session::pause(std::chrono::milliseconds most) { wait_readable(socket_, most); }

void peer_session::close_politely() {
    SSL_shutdown(tls_);
    cut();
}

void peer_session::cut() { ::shutdown(socket_, SHUT_RDWR); }

tls_peer::tls_peer(peer_options options, script plays)
    : options_(std::move(options)), plays_(std::move(plays)), context_(make_context(options_)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    std::signal(SIGPIPE, SIG_IGN);
    if (!options_.stapled.empty()) {
        SSL_CTX_set_tlsext_status_cb(context_, &tls_peer::staple);
        SSL_CTX_set_tlsext_status_arg(context_, this);
    }
    const int yes = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (options_.receive_buffer > 0)
        ::setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &options_.receive_buffer, sizeof options_.receive_buffer);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_port = htons(options_.port);
    ::inet_pton(AF_INET, options_.address.c_str(), &here.sin_addr);
    socklen_t size = sizeof here;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
        throw std::runtime_error("the test's server cannot listen");
    port_ = ntohs(here.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

int tls_peer::staple(SSL* tls, void* peer) {
    const std::string& word = static_cast<tls_peer*>(peer)->options_.stapled;
    void* copy = OPENSSL_memdup(word.data(), word.size());    // OpenSSL frees it
    SSL_set_tlsext_status_ocsp_resp(tls, copy, static_cast<int>(word.size()));
    return SSL_TLSEXT_ERR_OK;
}

tls_peer::~tls_peer() {
    stop();
    ::close(listener_);
    SSL_CTX_free(context_);
}

void tls_peer::stop() {
    ::shutdown(listener_, SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    std::vector<std::thread> ending;
    {
        const std::lock_guard lock(mutex_);
        for (const int socket : open_sockets_) ::shutdown(socket, SHUT_RDWR);
        ending.swap(servers_);
    }
    for (auto& server : ending) server.join();
}

std::vector<std::string> tls_peer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void tls_peer::accept_all() {
    for (;;) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        ++connections_;
        bound_waits(socket);
        const std::lock_guard lock(mutex_);
        open_sockets_.push_back(socket);
        servers_.emplace_back([this, socket] { serve(socket); });
    }
}

// Reads until the client closes, so that a client that refuses the certificate late (TLS 1.3) is seen to send nothing.
void tls_peer::drain(SSL* tls) {
    char rest[1024];
    for (int got = 0; (got = SSL_read(tls, rest, sizeof rest)) > 0;) bytes_ += static_cast<std::size_t>(got);
}

void tls_peer::speak_tls(int socket) {
    SSL* tls = SSL_new(context_);
    SSL_set_fd(tls, socket);
    SSL_set_app_data(tls, this);
    peer_session session(tls, socket);
    if (SSL_accept(tls) == 1) {
        ++handshakes_;
        plays_(session);
    }
    if (session.is_reset_)
        reset_at_close(socket);
    else
        drain(tls);
    ERR_clear_error();
    SSL_free(tls);
}

void tls_peer::serve(int socket) {
    if (options_.shakes_hands) {
        speak_tls(socket);
    } else {
        char rest[1024];
        while (::recv(socket, rest, sizeof rest, 0) > 0) {}
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_sockets_, socket);
    ::close(socket);
}

}  // namespace net_test
