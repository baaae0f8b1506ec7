// SPDX-License-Identifier: MIT
// The transport under test with small deadlines, run to the end of one request at a time.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "daemon/net/transport.h"
#include "tests/process/net/tls_peer.h"

namespace net_test {

using namespace std::chrono_literals;

inline constexpr std::string_view token_text = "tok-0123456789abcdef/QRST";

// The root of all good certificates of this program, as a file.
const certificates::identity& root();
const std::string& root_file();
// For localhost and 127.0.0.1.
const certificates::identity& good_leaf();

// Writes `text` to a file that is gone when the program ends, and returns its path.
std::string scratch_file(const std::string& name, const std::string& text);

// The server, at 127.0.0.1, with a good certificate.
peer_options good_peer();

// Options for that server; resolves nothing.
mdock::net::transport_options options_for(const tls_peer& peer);

class client {
public:
    explicit client(mdock::net::transport_options options, std::string token = std::string(token_text));
    explicit client(const tls_peer& peer) : client(options_for(peer)) {}

    // One request, to its end. No engine-made retry is in between.
    mdock::result<mdock::http_answer> send(const std::string& method, const std::string& target,
                                           const std::string& body = "", bool compressed = true);
    mdock::result<mdock::http_answer> get(const std::string& target = "/entries") { return send("GET", target); }
    mdock::result<mdock::http_answer> post(const std::string& body = R"({"entry":{}})") {
        return send("POST", "/entries", body);
    }
    // A request that is cancelled after `after`.
    mdock::result<mdock::http_answer> get_cancelled(std::chrono::milliseconds after);
    mdock::net::transport& raw() { return *transport_; }

private:
    boost::asio::io_context io_;
    std::unique_ptr<mdock::net::transport> transport_;
};

// "200 body", or "code: sentence", for readable expectations.
std::string shown(const mdock::result<mdock::http_answer>& outcome);

// The code of a failure; none for an answer. Checks on the way that no failure shows the token (X06).
mdock::errc code_of(const mdock::result<mdock::http_answer>& outcome);

}  // namespace net_test
