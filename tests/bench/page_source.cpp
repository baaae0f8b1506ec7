// SPDX-License-Identifier: MIT
#include "tests/bench/page_source.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace bench {

namespace {

int connect_to(const std::string& host, const std::string& port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) throw std::runtime_error("cannot resolve " + host);
    int handle = -1;
    for (auto* at = found; at && handle < 0; at = at->ai_next) {
        handle = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
        if (handle >= 0 && connect(handle, at->ai_addr, at->ai_addrlen) != 0) {
            close(handle);
            handle = -1;
        }
    }
    freeaddrinfo(found);
    if (handle < 0) throw std::runtime_error("cannot connect to " + host + ":" + port);
    const int on = 1;
    setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return handle;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
    return text.size() >= start.size() && std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
    });
}

}  // namespace

page_source::page_source(const std::string& host, const std::string& port, const std::string& ca_file) : host_(host) {
    context_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_file(context_, ca_file.c_str()) != 1) throw std::runtime_error("cannot read " + ca_file);
    tls_ = SSL_new(context_);
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_), host.c_str()) != 1) {
        SSL_set1_host(tls_, host.c_str());
        SSL_set_tlsext_host_name(tls_, host.c_str());
    }
    SSL_set_fd(tls_, connect_to(host, port));
    if (SSL_connect(tls_) != 1) throw std::runtime_error(ERR_error_string(ERR_get_error(), nullptr));
}

page_source::~page_source() {
    const int handle = SSL_get_fd(tls_);
    SSL_free(tls_);
    SSL_CTX_free(context_);
    close(handle);
}

void page_source::send(const std::string& target, const std::string& token) {
    const std::string request = "GET " + target + " HTTP/1.1\r\nHost: " + host_ + "\r\nAccept: application/json\r\n" +
                                "Authorization: Bearer " + token + "\r\n\r\n";
    if (SSL_write(tls_, request.data(), static_cast<int>(request.size())) <= 0) throw std::runtime_error("cannot write");
}

void page_source::fill() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == buffer_.size()) throw std::runtime_error("the header is too long");
    const int got = SSL_read(tls_, buffer_.data() + end_, static_cast<int>(buffer_.size() - end_));
    if (got <= 0) throw std::runtime_error("the connection was cut");
    end_ += static_cast<std::size_t>(got);
    bytes_ += static_cast<std::size_t>(got);
}

std::size_t page_source::read_header() {
    std::size_t length = std::string::npos;
    for (;;) {
        const std::string_view text(buffer_.data() + begin_, end_ - begin_);
        const auto end = text.find("\r\n\r\n");
        if (end == std::string_view::npos) {
            fill();
            continue;
        }
        if (!text.starts_with("HTTP/1.1 200")) throw std::runtime_error("answered " + std::string(text.substr(0, text.find('\r'))));
        for (std::size_t at = text.find("\r\n"); at < end; at = text.find("\r\n", at + 2)) {
            constexpr std::string_view name = "content-length:";
            const auto line = text.substr(at + 2);
            if (!starts_with_ignoring_case(line, name)) continue;
            const auto digits = line.find_first_of("0123456789", name.size());
            std::from_chars(line.data() + digits, line.data() + line.size(), length);
        }
        begin_ += end + 4;
        if (length == std::string::npos) throw std::runtime_error("no Content-Length");
        return length;
    }
}

std::string_view page_source::next_piece(std::size_t most) {
    if (begin_ == end_) fill();
    const std::size_t size = std::min(most, end_ - begin_);
    const std::string_view piece(buffer_.data() + begin_, size);
    begin_ += size;
    return piece;
}

}  // namespace bench
