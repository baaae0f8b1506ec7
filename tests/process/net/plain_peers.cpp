// SPDX-License-Identifier: MIT
#include "tests/process/net/plain_peers.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace net_test {
namespace {

sockaddr_in place(const std::string& address, unsigned short port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &at.sin_addr);
    return at;
}

std::pair<int, unsigned short> bound_socket(const std::string& address) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in here = place(address, 0);
    socklen_t size = sizeof here;
    if (::bind(made, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0 ||
        ::getsockname(made, reinterpret_cast<sockaddr*>(&here), &size) != 0)
        throw std::runtime_error("a test's socket cannot be bound");
    return {made, ntohs(here.sin_port)};
}

int connected(const std::string& address, unsigned short port, bool waits) {
    const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (waits ? 0 : SOCK_NONBLOCK), 0);
    const sockaddr_in to = place(address, port);
    (void)!::connect(made, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    return made;
}

bool pass_on(int from, int to) {
    char piece[16 * 1024];
    const ssize_t got = ::recv(from, piece, sizeof piece, 0);
    return got > 0 && ::send(to, piece, static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
}

// Until either side closes, or nobody says anything for ten seconds.
void relay(int one, int other) {
    pollfd both[2] = {{one, POLLIN, 0}, {other, POLLIN, 0}};
    while (::poll(both, 2, 10'000) > 0) {
        if (both[0].revents && !pass_on(one, other)) return;
        if (both[1].revents && !pass_on(other, one)) return;
    }
}

std::string read_head(int socket) {
    std::string head;
    char byte = 0;
    while (head.find("\r\n\r\n") == std::string::npos && ::recv(socket, &byte, 1, 0) == 1) head += byte;
    return head;
}

}  // namespace

unsigned short unused_port() {
    const auto [socket, port] = bound_socket("127.0.0.1");
    ::close(socket);
    return port;
}

silent_port::silent_port(const std::string& address) {
    std::tie(listener_, port_) = bound_socket(address);
    ::listen(listener_, 0);
    for (int i = 0; i < 4; ++i) fillers_.push_back(connected(address, port_, false));
}

silent_port::~silent_port() {
    for (const int filler : fillers_) ::close(filler);
    ::close(listener_);
}

connect_proxy::connect_proxy(std::string refusal) : refusal_(std::move(refusal)) {
    std::tie(listener_, port_) = bound_socket("127.0.0.1");
    ::listen(listener_, 16);
    acceptor_ = std::thread([this] { accept_all(); });
}

connect_proxy::~connect_proxy() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
}

std::vector<std::string> connect_proxy::heads() const {
    const std::lock_guard lock(mutex_);
    return heads_;
}

// One client after the other: the tests have one.
void connect_proxy::accept_all() {
    for (;;) {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) return;
        serve(client);
        ::close(client);
    }
}

void connect_proxy::serve(int client) {
    const std::string head = read_head(client);
    {
        const std::lock_guard lock(mutex_);
        heads_.push_back(head);
    }
    const std::string answer = refusal_.empty() ? "HTTP/1.1 200 Connection established\r\n\r\n" : refusal_;
    ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    const auto colon = head.find(':');
    if (!refusal_.empty() || colon == std::string::npos) return;
    const auto port = static_cast<unsigned short>(std::atoi(head.c_str() + colon + 1));
    const int server = connected("127.0.0.1", port, true);
    relay(client, server);
    ::close(server);
}

}  // namespace net_test
