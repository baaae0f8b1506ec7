// SPDX-License-Identifier: MIT
// The floor program's network: one TLS connection kept open, certificate and name checked, bodies by Content-Length
// handed on as they arrive. Nothing else, so that its cost is what any client must pay.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class page_source {
public:
    // Connects and shakes hands; throws std::runtime_error with the reason.
    page_source(const std::string& host, const std::string& port, const std::string& ca_file);
    ~page_source();
    page_source(const page_source&) = delete;
    page_source& operator=(const page_source&) = delete;

    // Sends one GET and calls `take(bytes)` for each piece of the body. Throws on anything but a 200.
    template <class Take>
    void get(const std::string& target, const std::string& token, Take take) {
        send(target, token);
        std::size_t left = read_header();
        while (left > 0) {
            const std::string_view piece = next_piece(left);
            left -= piece.size();
            take(piece);
        }
    }

    std::size_t bytes() const { return bytes_; }

private:
    void send(const std::string& target, const std::string& token);
    std::size_t read_header();                      // the body's length
    std::string_view next_piece(std::size_t most);
    void fill();

    std::string host_;
    SSL_CTX* context_ = nullptr;
    SSL* tls_ = nullptr;
    std::vector<char> buffer_ = std::vector<char>(64 * 1024);
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace bench
