// SPDX-License-Identifier: MIT
// How a request reaches the server and what is made of every way in which it does not: rows N01 to N11.
#include <gtest/gtest.h>

#include <cstdlib>
#include <future>

#include "tests/process/net/client.h"
#include "tests/process/net/plain_peers.h"

namespace net_test {
namespace {

using mdock::errc;
using wall = std::chrono::steady_clock;

void answer_all(peer_session& session) {
    while (!session.read_request().empty())
        if (!session.send(json_answer("[]"))) return;
}

TEST(Transport, AnswersAreValuesWhateverTheirStatus) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.send("HTTP/1.1 429 Too Many Requests\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: 3\r\n"
                     "Retry-After: soon\r\nETag: W/\"1\"\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\nslow");
    });
    client c(peer);
    const auto answer = c.get();
    ASSERT_EQ(shown(answer), "429 slow");
    EXPECT_EQ(answer->date, "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(answer->retry_after, (std::vector<std::string>{"3", "soon"}));
    EXPECT_EQ(answer->etag, "W/\"1\"");
    EXPECT_EQ(answer->content_type, "text/plain");
}

TEST(Transport, SendsTheTokenTheHostAndTheBodyOnce) {
    tls_peer peer(good_peer(), answer_all);
    client c(peer);
    ASSERT_EQ(shown(c.send("PUT", "/entries/7?x=1", R"({"a":1})")), "200 []");
    const auto requests = peer.requests();
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests[0], "PUT /api/v1/entries/7?x=1 HTTP/1.1\r\nHost: localhost:" + std::to_string(peer.port()) +
                               "\r\nAuthorization: Bearer " + std::string(token_text) +
                               "\r\nUser-Agent: mdock/0.1.0\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n"
                               "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
}

TEST(Transport, LegacyKeysTravelWithTheirAccount) {
    tls_peer peer(good_peer(), answer_all);
    auto options = options_for(peer);
    options.auth = mdock::net::auth_kind::api_key;
    options.account_id = "31";
    client c(options);
    ASSERT_EQ(shown(c.get()), "200 []");
    EXPECT_NE(peer.requests().at(0).find("\r\nX-API-Key: " + std::string(token_text) + "\r\nX-Account-ID: 31\r\n"),
              std::string::npos);
    EXPECT_EQ(peer.requests().at(0).find("Authorization"), std::string::npos);
}

TEST(Transport, ATargetCannotSmuggleAHeader) {
    tls_peer peer(good_peer(), answer_all);
    client c(peer);
    EXPECT_EQ(code_of(c.get("/entries HTTP/1.1\r\nX: y")), errc::usage);
    EXPECT_EQ(code_of(c.send("TRACE", "/entries")), errc::usage);
    EXPECT_EQ(peer.connections(), 0);
}

TEST(Transport, InterimAnswersAreSkipped) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + json_answer("[1]"));
    });
    client c(peer);
    EXPECT_EQ(shown(c.get()), "200 [1]");
}

TEST(Transport, N01_ARefusedConnectionSentNothing) {
    const unsigned short closed = unused_port();
    mdock::net::transport_options options;
    options.base_url = "https://127.0.0.1:" + std::to_string(closed) + "/api/v1";
    client c(options);
    EXPECT_EQ(code_of(c.post()), errc::connect_failed);
}

TEST(Transport, N01_ANameThatDoesNotExistIsNotResolved) {
    mdock::net::transport_options options;
    // A label of more than 63 characters: refused by the resolver without asking the network.
    options.base_url = "https://" + std::string(70, 'a') + ".invalid/api/v1";
    client c(options);
    EXPECT_EQ(code_of(c.get()), errc::resolve_failed);
}

TEST(Transport, N02_AResetAfterTheRequestIsNotResent) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.reset();
    });
    client c(peer);
    EXPECT_EQ(code_of(c.post()), errc::connection_lost);
    EXPECT_EQ(peer.requests().size(), 1U);
    EXPECT_EQ(code_of(c.get()), errc::connection_lost);
    EXPECT_EQ(peer.requests().size(), 2U) << "a GET is not repeated by the transport either";
    EXPECT_EQ(peer.connections(), 2);
}

TEST(Transport, N03_AConnectionIsKeptForTheNextRequest) {
    tls_peer peer(good_peer(), answer_all);
    client c(peer);
    for (int i = 0; i < 5; ++i) ASSERT_EQ(shown(c.get()), "200 []");
    ASSERT_EQ(shown(c.post()), "200 []") << "just proven by the GET before it";
    EXPECT_EQ(peer.connections(), 1);
}

TEST(Transport, N03_AnIdleConnectionThatTheServerClosedIsNotUsed) {
    for (const bool politely : {true, false}) {
        std::promise<void> closed;
        std::atomic<bool> is_first = true;
        tls_peer peer(good_peer(), [&](peer_session& session) {
            if (!is_first.exchange(false)) return answer_all(session);
            session.read_request();
            session.send(json_answer("[1]"));
            politely ? session.close_politely() : session.cut();
            closed.set_value();
        });
        client c(peer);
        ASSERT_EQ(shown(c.get()), "200 [1]");
        closed.get_future().wait();
        EXPECT_EQ(shown(c.post()), "200 []");
        EXPECT_EQ(peer.connections(), 2);
        EXPECT_EQ(peer.requests().size(), 2U);
    }
}

TEST(Transport, N03_AChangeNeverTravelsOnAnOldIdleConnection) {
    tls_peer peer(good_peer(), answer_all);
    auto options = options_for(peer);
    options.proven_for = 0ms;
    client c(options);
    ASSERT_EQ(shown(c.get()), "200 []");
    ASSERT_EQ(shown(c.get()), "200 []");
    EXPECT_EQ(peer.connections(), 1);
    ASSERT_EQ(shown(c.send("DELETE", "/entries/1")), "200 []");
    EXPECT_EQ(peer.connections(), 2);
}

TEST(Transport, N03_AConnectionThatClosesUnderAChangeIsReportedOnce) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        if (session.read_request().starts_with("GET")) session.send(json_answer("[]"));
        session.read_request();
        session.cut();
    });
    client c(peer);
    ASSERT_EQ(shown(c.get()), "200 []");
    EXPECT_EQ(code_of(c.post()), errc::connection_lost);
    peer.stop();
    EXPECT_EQ(peer.connections(), 1);
    EXPECT_EQ(peer.requests().size(), 2U);
}

TEST(Transport, N03_TheServersCloseHeaderIsObeyed) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.send(json_answer("[]", "Connection: close\r\n"));
        session.read_request();
    });
    client c(peer);
    ASSERT_EQ(shown(c.get()), "200 []");
    ASSERT_EQ(shown(c.get()), "200 []");
    EXPECT_EQ(peer.connections(), 2);
}

TEST(Transport, N06_ASilentAddressEndsAtTheConnectDeadline) {
    silent_port silent("127.0.0.1");
    mdock::net::transport_options options;
    options.base_url = "https://127.0.0.1:" + std::to_string(silent.port());
    options.connect_timeout = 150ms;
    client c(options);
    const auto began = wall::now();
    EXPECT_EQ(code_of(c.post()), errc::connect_failed) << "nothing was sent";
    EXPECT_LT(wall::now() - began, 3s);
}

TEST(Transport, N06_ASilentHandshakeEndsAtItsDeadline) {
    peer_options how = good_peer();
    how.shakes_hands = false;
    tls_peer peer(how, answer_all);
    auto options = options_for(peer);
    options.handshake_timeout = 100ms;
    client c(options);
    EXPECT_EQ(code_of(c.post()), errc::tls_failed) << "nothing was sent";
}

TEST(Transport, N06_AServerThatDoesNotReadEndsAtTheWriteDeadline) {
    peer_options how = good_peer();
    how.receive_buffer = 4096;
    std::promise<void> over;
    auto until_over = over.get_future().share();
    tls_peer peer(how, [&](peer_session&) { until_over.wait_for(10s); });
    auto options = options_for(peer);
    options.write_timeout = 200ms;
    client c(options);
    const auto outcome = c.post(std::string(32 * 1024 * 1024, 'x'));
    over.set_value();
    EXPECT_EQ(code_of(outcome), errc::timed_out);
    EXPECT_NE(shown(outcome).find("200 ms"), std::string::npos) << shown(outcome);
}

TEST(Transport, N06_AServerThatNeverAnswersEndsAtTheFirstByteDeadline) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.wait_for_close();
    });
    auto options = options_for(peer);
    options.first_byte_timeout = 100ms;
    client c(options);
    const auto outcome = c.post();
    EXPECT_EQ(code_of(outcome), errc::timed_out);
    EXPECT_NE(shown(outcome).find("100 ms"), std::string::npos) << shown(outcome);
    peer.stop();
    EXPECT_EQ(peer.requests().size(), 1U);
}

TEST(Transport, N06_AnAnswerThatStopsEndsAtTheIdleDeadline) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[");
        session.wait_for_close();
    });
    auto options = options_for(peer);
    options.idle_timeout = 100ms;
    client c(options);
    const auto outcome = c.get();
    EXPECT_EQ(code_of(outcome), errc::timed_out);
    EXPECT_NE(shown(outcome).find("100 ms"), std::string::npos) << shown(outcome);
}

TEST(Transport, N07_ADripIsEndedByTheTotalDeadline) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        for (int i = 0; i < 2000 && session.send("x"); ++i) session.pause(20ms);
    });
    auto options = options_for(peer);
    options.idle_timeout = 5s;
    options.request_timeout = 300ms;
    client c(options);
    const auto began = wall::now();
    const auto outcome = c.get();
    EXPECT_EQ(code_of(outcome), errc::timed_out);
    EXPECT_NE(shown(outcome).find("whole request"), std::string::npos) << shown(outcome);
    EXPECT_LT(wall::now() - began, 4s);
}

TEST(Transport, N08_ASilentFirstAddressHoldsNothingUp) {
    silent_port silent("127.0.0.2");
    peer_options how = good_peer();
    how.port = silent.port();
    tls_peer peer(how, answer_all);
    auto options = options_for(peer);
    options.addresses = {"127.0.0.2", "127.0.0.1"};
    options.next_address_after = 50ms;
    client c(options);
    const auto began = wall::now();
    EXPECT_EQ(shown(c.get()), "200 []");
    EXPECT_LT(wall::now() - began, 2s);
}

TEST(Transport, N08_ARefusedFirstAddressIsLeftAtOnce) {
    tls_peer peer(good_peer(), answer_all);
    auto options = options_for(peer);
    options.addresses = {"127.0.0.9", "::1", "127.0.0.1"};
    options.next_address_after = 10s;
    options.connect_timeout = 20s;
    options.request_timeout = 20s;
    client c(options);
    const auto began = wall::now();
    EXPECT_EQ(shown(c.get()), "200 []");
    EXPECT_LT(wall::now() - began, 5s);
}

TEST(Transport, N09_AHtmlPageIsAnAnswerAndALoginRedirectIsRefused) {
    tls_peer peer(good_peer(), [](peer_session& session) {
        session.read_request();
        session.send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
        session.read_request();
        session.send("HTTP/1.1 302 Found\r\nLocation: https://login.example.com/?back=1\r\nContent-Length: 0\r\n\r\n");
    });
    client c(peer);
    const auto page = c.get();
    EXPECT_EQ(shown(page), "200 <html>");
    EXPECT_EQ(page->content_type, "text/html");
    const auto redirect = c.get();
    EXPECT_EQ(code_of(redirect), errc::redirect_refused);
    EXPECT_NE(shown(redirect).find("https://login.example.com"), std::string::npos) << shown(redirect);
}

TEST(Transport, N10_ProxyVariablesOfTheEnvironmentAreNotRead) {
    connect_proxy proxy;
    for (const char* name : {"HTTPS_PROXY", "https_proxy", "Https_Proxy", "ALL_PROXY", "http_proxy"})
        ::setenv(name, proxy.url().c_str(), 1);
    tls_peer peer(good_peer(), answer_all);
    client c(peer);
    EXPECT_EQ(shown(c.get()), "200 []");
    EXPECT_TRUE(proxy.heads().empty());
}

TEST(Transport, N10_AProxyLearnsTheServerAndNeverTheToken) {
    connect_proxy proxy;
    tls_peer peer(good_peer(), answer_all);
    auto options = options_for(peer);
    options.proxy = "http://someone:pass%20word@127.0.0.1:" + std::to_string(proxy.port());
    client c(options);
    EXPECT_EQ(shown(c.get()), "200 []");
    const auto heads = proxy.heads();
    ASSERT_EQ(heads.size(), 1U);
    EXPECT_TRUE(heads[0].starts_with("CONNECT localhost:" + std::to_string(peer.port()) + " HTTP/1.1\r\n")) << heads[0];
    EXPECT_NE(heads[0].find("Proxy-Authorization: Basic c29tZW9uZTpwYXNzIHdvcmQ=\r\n"), std::string::npos) << heads[0];
    EXPECT_EQ(heads[0].find(token_text), std::string::npos);
    EXPECT_EQ(peer.requests().at(0).find("Proxy-"), std::string::npos);
}

TEST(Transport, N10_NoProxyIsHonoured) {
    connect_proxy proxy;
    tls_peer peer(good_peer(), answer_all);
    auto options = options_for(peer);
    options.proxy = proxy.url();
    options.no_proxy = "example.com, .localhost ,10.0.0.1";
    client c(options);
    EXPECT_EQ(shown(c.get()), "200 []");
    EXPECT_TRUE(proxy.heads().empty());
}

TEST(Transport, N10_AProxyThatRefusesIsNamed) {
    connect_proxy proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    tls_peer peer(good_peer(), answer_all);
    auto options = options_for(peer);
    options.proxy = proxy.url();
    client c(options);
    const auto outcome = c.post();
    EXPECT_EQ(code_of(outcome), errc::proxy_refused);
    EXPECT_NE(shown(outcome).find("407"), std::string::npos) << shown(outcome);
    EXPECT_EQ(peer.connections(), 0);
}

TEST(Transport, N11_ADeadConnectionIsDroppedAndOneNewOneIsMade) {
    std::atomic<int> turn = 0;
    tls_peer peer(good_peer(), [&](peer_session& session) {
        if (++turn > 1) return answer_all(session);
        session.read_request();
        session.send(json_answer("[]"));
        session.read_request();    // and no word more, as when the network has changed
        session.wait_for_close();
    });
    auto options = options_for(peer);
    options.first_byte_timeout = 100ms;
    client c(options);
    ASSERT_EQ(shown(c.get()), "200 []");
    EXPECT_EQ(code_of(c.get()), errc::timed_out);
    EXPECT_EQ(shown(c.get()), "200 []");
    EXPECT_EQ(peer.connections(), 2);
    c.raw().drop_idle();
    EXPECT_EQ(shown(c.get()), "200 []");
    EXPECT_EQ(peer.connections(), 3);
}

TEST(Transport, ACancelledRequestClosesItsConnection) {
    std::promise<void> closed;
    tls_peer peer(good_peer(), [&](peer_session& session) {
        session.read_request();
        session.wait_for_close();
        closed.set_value();
    });
    client c(peer);
    const auto began = wall::now();
    EXPECT_EQ(code_of(c.get_cancelled(100ms)), errc::cancelled);
    EXPECT_EQ(closed.get_future().wait_for(5s), std::future_status::ready);
    EXPECT_LT(wall::now() - began, 5s);
}

TEST(Transport, ACancelledConnectEndsAtOnce) {
    silent_port silent("127.0.0.1");
    mdock::net::transport_options options;
    options.base_url = "https://127.0.0.1:" + std::to_string(silent.port());
    client c(options);
    const auto began = wall::now();
    EXPECT_EQ(code_of(c.get_cancelled(50ms)), errc::cancelled);
    EXPECT_LT(wall::now() - began, 5s);
}

}  // namespace
}  // namespace net_test
