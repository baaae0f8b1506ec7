// SPDX-License-Identifier: MIT
// What is believed of the bytes that come back: completeness, limits, framing, encodings, redirects, echoed tokens.
#include <gtest/gtest.h>
#include <zlib.h>

#include <array>

#include "tests/process/net/client.h"

namespace net_test {
namespace {

using mdock::errc;
using mdock::net::transport_options;

enum class ending { stays_open, close_notify, cut };

// One server that answers every request with `bytes` and then ends the connection as told.
script says(std::string bytes, ending how) {
    return [bytes = std::move(bytes), how](peer_session& session) {
        if (session.read_request().empty()) return;
        session.send(bytes);
        if (how == ending::close_notify) session.close_politely();
        if (how == ending::cut) session.cut();
    };
}

mdock::result<mdock::http_answer> ask(std::string bytes, ending how = ending::stays_open,
                                      void (*adjust)(transport_options&) = nullptr, bool compressed = true) {
    tls_peer peer(good_peer(), says(std::move(bytes), how));
    transport_options options = options_for(peer);
    if (adjust) adjust(options);
    client c(options);
    auto outcome = c.send("GET", "/entries", "", compressed);
    peer.stop();
    EXPECT_EQ(peer.requests().size(), 1U) << "no request is ever repeated";
    EXPECT_EQ(peer.connections(), 1);
    return outcome;
}

std::string gzip(const std::string& text) {
    z_stream z{};
    ::deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string packed(::deflateBound(&z, text.size()), '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(packed.data());
    z.avail_out = static_cast<uInt>(packed.size());
    ::deflate(&z, Z_FINISH);
    packed.resize(z.total_out);
    ::deflateEnd(&z);
    return packed;
}

std::string gzip_answer(const std::string& packed) { return json_answer(packed, "Content-Encoding: gzip\r\n"); }

const std::string ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

TEST(Transport, N04_BodyCutShortIsAnError) {
    // Each of these parses as JSON, and none is whole.
    const std::array<std::string, 3> cut_short{ok + "Content-Length: 4\r\n\r\n[1]",
                                               ok + "Transfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n",
                                               ok + "Transfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n"};
    for (const auto& bytes : cut_short)
        for (const ending how : {ending::close_notify, ending::cut})
            EXPECT_EQ(code_of(ask(bytes, how)), errc::connection_lost) << bytes;
}

TEST(Transport, N04_ABodyThatEndsWithTheConnectionNeedsTheServersWord) {
    EXPECT_EQ(code_of(ask(ok + "\r\n[1]", ending::cut)), errc::connection_lost);
    EXPECT_EQ(shown(ask(ok + "\r\n[1]", ending::close_notify)), "200 [1]");
}

TEST(Transport, N04_AHeadCutShortIsAnError) {
    EXPECT_EQ(code_of(ask("HTTP/1.1 200 OK\r\nContent-Le", ending::close_notify)), errc::connection_lost);
    EXPECT_EQ(code_of(ask("", ending::close_notify)), errc::connection_lost);
    EXPECT_EQ(code_of(ask("", ending::cut)), errc::connection_lost);
}

TEST(Transport, N05_AWholeAnswerIsAcceptedHoweverTheConnectionEnds) {
    for (const ending how : {ending::close_notify, ending::cut, ending::stays_open}) {
        EXPECT_EQ(shown(ask(ok + "Content-Length: 3\r\n\r\n[1]", how)), "200 [1]");
        EXPECT_EQ(shown(ask(ok + "Transfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n", how)), "200 [1]");
        EXPECT_EQ(shown(ask("HTTP/1.1 204 No Content\r\n\r\n", how)), "204 ");
    }
}

TEST(Transport, H09_ABodyBeyondTheLimitIsRefused) {
    const auto limit_1000 = [](transport_options& o) { o.max_body_bytes = 1000; };
    EXPECT_EQ(shown(ask(json_answer(std::string(1000, '1')), ending::stays_open, limit_1000)),
              "200 " + std::string(1000, '1'));
    EXPECT_EQ(code_of(ask(json_answer(std::string(1001, '1')), ending::stays_open, limit_1000)), errc::bad_framing);
    const std::string piece = "200\r\n" + std::string(0x200, '1') + "\r\n";
    EXPECT_EQ(code_of(ask(ok + "Transfer-Encoding: chunked\r\n\r\n" + piece + piece + "0\r\n\r\n", ending::stays_open,
                          limit_1000)),
              errc::bad_framing);
    EXPECT_EQ(code_of(ask(ok + "\r\n" + std::string(1001, '1'), ending::close_notify, limit_1000)), errc::bad_framing);
}

TEST(Transport, H09_ALengthThatIsAnnouncedAndTooLargeIsRefusedAtTheHead) {
    EXPECT_EQ(code_of(ask(ok + "Content-Length: 500000000\r\n\r\n")), errc::bad_framing);
    EXPECT_EQ(code_of(ask(ok + "Content-Length: 99999999999999999999999\r\n\r\n")), errc::bad_framing);
    EXPECT_EQ(code_of(ask(ok + "Content-Length: -1\r\n\r\n")), errc::bad_framing);
    EXPECT_EQ(code_of(ask(ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n")), errc::bad_framing);
}

TEST(Transport, H11_HeadsBeyondTheLimitAreRefused) {
    EXPECT_EQ(code_of(ask(ok + "X-Long: " + std::string(1024 * 1024, 'x') + "\r\n\r\n")), errc::bad_framing);
    std::string many = ok;
    for (int i = 0; i < 10'000; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
    EXPECT_EQ(code_of(ask(many + "Content-Length: 0\r\n\r\n")), errc::bad_framing);
    EXPECT_EQ(code_of(ask(ok + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(200'000, 'e'))), errc::bad_framing);
}

TEST(Transport, H11_ContradictoryFramingIsRefused) {
    const std::array<std::string, 11> contradictory{
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\n[1]\r\n0\r\n\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n\r\n[1] ",
        "Content-Length: 3\r\nContent-Length: 3\r\n\r\n[1]",
        "Content-Length: 3, 3\r\n\r\n[1]",
        "Content-Length: 3, 4\r\n\r\n[1]",
        "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\n[1]",
        "Transfer-Encoding: gzip, chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n[1]",
        "Content-Length: 3x\r\n\r\n[1]"};
    for (const auto& head : contradictory)
        EXPECT_EQ(code_of(ask(ok + head, ending::close_notify)), errc::bad_framing) << head;
}

TEST(Transport, H11_WhatIsNotHttpIsRefused) {
    for (const std::string bytes : {"SSH-2.0-x\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
                                    "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
                                    "HTTP/1.1 101 Switching Protocols\r\n\r\n"})
        EXPECT_EQ(code_of(ask(bytes, ending::close_notify)), errc::bad_framing) << bytes;
}

TEST(Transport, H11_ABadAnswerClosesItsConnection) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.send(ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n[]");
        session.wait_for_close();
        session.read_request();
    });
    client c(peer);
    EXPECT_EQ(code_of(c.get()), errc::bad_framing);
    EXPECT_EQ(code_of(c.get()), errc::bad_framing);
    EXPECT_EQ(peer.connections(), 2);
}

TEST(Transport, H11_BytesBehindAnAnswerAreNotTheNextOne) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.send(json_answer("[1]") + json_answer("[\"smuggled\"]"));
        session.read_request();
        session.send(json_answer("[2]"));
    });
    client c(peer);
    EXPECT_EQ(shown(c.get()), "200 [1]");
    EXPECT_EQ(shown(c.get()), "200 [1]");
    EXPECT_EQ(peer.connections(), 2);
}

TEST(Transport, H12_GzipIsInflatedWhenItWasAskedFor) {
    const std::string text(100'000, '7');
    EXPECT_EQ(shown(ask(gzip_answer(gzip(text)))), "200 " + text);
    EXPECT_EQ(shown(ask(gzip_answer(gzip("[") + gzip("]")))), "200 []") << "members add up";
    EXPECT_EQ(shown(ask(json_answer("[]", "Content-Encoding: identity\r\n"))), "200 []");
}

TEST(Transport, H12_AnEncodingThatWasNotAskedForIsRefused) {
    EXPECT_EQ(code_of(ask(gzip_answer(gzip("[]")), ending::stays_open, nullptr, false)), errc::bad_encoding);
    for (const std::string coding : {"br", "deflate", "gzip, gzip", "zstd"})
        EXPECT_EQ(code_of(ask(json_answer("[]", "Content-Encoding: " + coding + "\r\n"))), errc::bad_encoding) << coding;
    EXPECT_EQ(code_of(ask(json_answer("[]", "Content-Encoding: gzip\r\nContent-Encoding: br\r\n"))), errc::bad_encoding);
}

TEST(Transport, H12_AGzipBombIsNotInflatedBeyondTheCap) {
    const auto cap = [](transport_options& o) { o.max_inflated_bytes = 1'000'000; };
    EXPECT_EQ(shown(ask(gzip_answer(gzip(std::string(1'000'000, '0'))), ending::stays_open, cap)).size(), 1'000'004U);
    EXPECT_EQ(code_of(ask(gzip_answer(gzip(std::string(1'000'001, '0'))), ending::stays_open, cap)), errc::bad_encoding);
    EXPECT_EQ(code_of(ask(gzip_answer(gzip(std::string(90'000'000, '0'))))), errc::bad_encoding);
}

TEST(Transport, H12_DamagedOrCutGzipIsRefused) {
    const std::string whole = gzip("[" + std::string(5000, '1') + "]");
    for (const std::size_t kept : {std::size_t{1}, std::size_t{9}, whole.size() / 2, whole.size() - 1})
        EXPECT_EQ(code_of(ask(gzip_answer(whole.substr(0, kept)))), errc::bad_encoding) << kept;
    std::string damaged = whole;
    damaged[damaged.size() - 6] = static_cast<char>(damaged[damaged.size() - 6] ^ 0x55);    // the checksum
    EXPECT_EQ(code_of(ask(gzip_answer(damaged))), errc::bad_encoding);
    EXPECT_EQ(code_of(ask(gzip_answer("[] is not gzip"))), errc::bad_encoding);
    EXPECT_EQ(code_of(ask(gzip_answer(whole + "tail"))), errc::bad_encoding);
}

TEST(Transport, H16_RedirectsAreNeverFollowed) {
    tls_peer elsewhere(good_peer(), says(json_answer("[]"), ending::stays_open));
    const std::string target = "https://localhost:" + std::to_string(elsewhere.port()) + "/api/v1/entries";
    for (const int status : {300, 301, 302, 303, 304, 307, 308}) {
        const auto outcome = ask("HTTP/1.1 " + std::to_string(status) + " Elsewhere\r\nLocation: " + target +
                                 "\r\nContent-Length: 0\r\n\r\n");
        EXPECT_EQ(code_of(outcome), errc::redirect_refused) << status;
        EXPECT_NE(shown(outcome).find("localhost:" + std::to_string(elsewhere.port())), std::string::npos);
    }
    elsewhere.stop();
    EXPECT_EQ(elsewhere.connections(), 0);
    EXPECT_EQ(elsewhere.bytes(), 0U);
}

TEST(Transport, X05_NoKindOfTargetIsFollowed) {
    for (const std::string target : {"/api/v2/entries", "//evil.example.com/", "http://localhost/", "entries",
                                     "https://user:pw@evil.example.com/", "::::", ""})
        EXPECT_EQ(code_of(ask("HTTP/1.1 307 Elsewhere\r\nLocation: " + target + "\r\nContent-Length: 0\r\n\r\n")),
                  errc::redirect_refused)
            << target;
}

TEST(Transport, X16_AnEchoedTokenIsBlanked) {
    const std::string stars(token_text.size(), '*');
    const std::string token(token_text);
    const auto outcome = ask(json_answer("[\"" + token + "\",\"" + token + "\"]", "ETag: \"" + token + "\"\r\n"));
    ASSERT_EQ(shown(outcome), "200 [\"" + stars + "\",\"" + stars + "\"]");
    EXPECT_EQ(outcome->etag, "\"" + stars + "\"");
    EXPECT_EQ(shown(ask(gzip_answer(gzip(token)))), "200 " + stars);
    const std::string escaped = "tok-0123456789abcdef\\/QRST";
    EXPECT_EQ(shown(ask(json_answer("\"" + escaped + "\""))), "200 \"*" + stars + "\"");
}

TEST(Transport, X06_AFailureNeverShowsTheToken) {
    EXPECT_EQ(code_of(ask("HTTP/1.1 302 Found\r\nLocation: https://" + std::string(token_text) +
                          "/\r\nContent-Length: 0\r\n\r\n")),
              errc::redirect_refused);
}

}  // namespace
}  // namespace net_test
