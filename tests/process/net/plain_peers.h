// SPDX-License-Identifier: MIT
// Loopback peers without TLS: a port that refuses, a port that is silent, and a CONNECT proxy that remembers what it
// was told.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace net_test {

// A port of 127.0.0.1 on which nobody listens.
unsigned short unused_port();

// Accepts nothing: its queue is full, so that the kernel drops every further SYN, as a dead address does.
class silent_port {
public:
    explicit silent_port(const std::string& address);
    ~silent_port();
    silent_port(const silent_port&) = delete;
    silent_port& operator=(const silent_port&) = delete;
    unsigned short port() const { return port_; }

private:
    int listener_;
    unsigned short port_ = 0;
    std::vector<int> fillers_;
};

// Tunnels to the port that CONNECT names, always on 127.0.0.1; or refuses with the given answer.
class connect_proxy {
public:
    explicit connect_proxy(std::string refusal = "");
    ~connect_proxy();
    connect_proxy(const connect_proxy&) = delete;
    connect_proxy& operator=(const connect_proxy&) = delete;
    unsigned short port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::vector<std::string> heads() const;

private:
    void accept_all();
    void serve(int client);

    std::string refusal_;
    int listener_;
    unsigned short port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> heads_;
    std::thread acceptor_;
};

}  // namespace net_test
