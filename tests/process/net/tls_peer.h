// SPDX-License-Identifier: MIT
// A scripted server on loopback: it says exactly the bytes that a test gives it, pauses and cuts where the test says,
// and counts what reached it. One thread a connection, plain blocking OpenSSL, every wait bounded.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/sandbox/certificates.h"

namespace net_test {

// One accepted connection after its handshake.
class peer_session {
public:
    peer_session(SSL* tls, int socket) : tls_(tls), socket_(socket) {}

    // The next whole request (head and body by Content-Length); empty when the client closed.
    std::string read_request();
    // False when the client is gone.
    bool send(std::string_view bytes);
    // Waits at most `most`, less when the client closes: a pause that never outlasts its purpose.
    void pause(std::chrono::milliseconds most);
    void wait_for_close() { pause(std::chrono::seconds(10)); }
    void close_politely();      // close_notify, then FIN
    void cut();                 // FIN without close_notify
    void reset() { is_reset_ = true; }    // RST, when the script ends

private:
    friend class tls_peer;
    SSL* tls_;
    int socket_;
    bool is_reset_ = false;
};

using script = std::function<void(peer_session&)>;

struct peer_options {
    certificates::identity shown;
    int least_tls = TLS1_2_VERSION;
    int most_tls = TLS1_3_VERSION;
    std::string address = "127.0.0.1";
    unsigned short port = 0;          // 0: any
    bool shakes_hands = true;         // false: accepts and stays silent
    int receive_buffer = 0;           // bytes; 0: the system's choice
    std::string stapled;              // an OCSP response to staple; empty for none
};

class tls_peer {
public:
    tls_peer(peer_options options, script plays);
    ~tls_peer();
    tls_peer(const tls_peer&) = delete;
    tls_peer& operator=(const tls_peer&) = delete;

    unsigned short port() const { return port_; }
    std::string url(const std::string& host) const { return "https://" + host + ":" + std::to_string(port_) + "/api/v1"; }
    int connections() const { return connections_; }        // accepted sockets
    int handshakes() const { return handshakes_; }
    std::size_t bytes() const { return bytes_; }            // of requests, after decryption
    std::vector<std::string> requests() const;
    // Ends the server: no thread of it runs any more, all counts are final.
    void stop();

private:
    friend class peer_session;
    static int staple(SSL* tls, void* peer);
    void accept_all();
    void serve(int socket);
    void speak_tls(int socket);
    void drain(SSL* tls);

    peer_options options_;
    script plays_;
    SSL_CTX* context_;
    int listener_;
    unsigned short port_ = 0;
    std::atomic<int> connections_ = 0;
    std::atomic<int> handshakes_ = 0;
    std::atomic<std::size_t> bytes_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> requests_;    // protected by mutex_
    std::vector<int> open_sockets_;        // protected by mutex_
    std::vector<std::thread> servers_;     // protected by mutex_
    std::thread acceptor_;
};

// "HTTP/1.1 200 OK" with a JSON body and its length.
std::string json_answer(std::string_view body, std::string_view more_headers = "");

}  // namespace net_test
