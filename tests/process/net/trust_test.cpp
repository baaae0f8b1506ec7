// SPDX-License-Identifier: MIT
// Whom the transport trusts with the token: rows X01 to X06.
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <type_traits>

#include "core/base/secret.h"
#include "tests/process/net/bad_certificates.h"
#include "tests/process/net/client.h"

namespace net_test {
namespace {

using mdock::errc;
using mdock::net::transport;
using mdock::net::transport_options;

void answer_once(peer_session& session) {
    session.read_request();
    session.send(json_answer("[]"));
}

class Certificate : public testing::TestWithParam<certificate_case> {
protected:
    // Asks for the case's host at a server that shows the case's certificate.
    void ask() {
        peer_options how;
        how.shown = GetParam().make();
        tls_peer peer(how, answer_once);
        transport_options options = options_for(peer);
        options.base_url = peer.url(GetParam().host);
        client c(options);
        outcome_ = c.post();
        peer.stop();
        bytes_ = peer.bytes();
        requests_ = peer.requests().size();
    }

    mdock::result<mdock::http_answer> outcome_ = mdock::failure();
    std::size_t bytes_ = 0;
    std::size_t requests_ = 0;
};

using RefusedCertificate = Certificate;
using AcceptedCertificate = Certificate;

TEST_P(RefusedCertificate, IsRefusedBeforeAByteIsSent) {
    ask();
    EXPECT_EQ(code_of(outcome_), errc::certificate_refused) << shown(outcome_);
    EXPECT_NE(shown(outcome_).find(GetParam().reason), std::string::npos) << shown(outcome_);
    EXPECT_NE(shown(outcome_).find("certificate of " + GetParam().host), std::string::npos) << shown(outcome_);
    EXPECT_EQ(requests_, 0U);
    EXPECT_EQ(bytes_, 0U);
}

TEST_P(AcceptedCertificate, CarriesTheRequest) {
    ask();
    EXPECT_EQ(shown(outcome_), "200 []");
    EXPECT_EQ(requests_, 1U);
}

std::string case_name(const testing::TestParamInfo<certificate_case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Battery, RefusedCertificate, testing::ValuesIn(bad_certificates()), case_name);
INSTANTIATE_TEST_SUITE_P(Battery, AcceptedCertificate, testing::ValuesIn(good_certificates()), case_name);

TEST(Trust, X02_TheBatteryHasThirtyKindsOfBadCertificate) { EXPECT_GE(bad_certificates().size(), 30U); }

TEST(Trust, X02_OnlyTheConfiguredFileMakesAPrivateRootTrusted) {
    tls_peer peer(good_peer(), answer_once);
    transport_options options = options_for(peer);
    options.ca_file.clear();
    client c(options);
    EXPECT_EQ(code_of(c.get()), errc::certificate_refused);
    peer.stop();
    EXPECT_EQ(peer.bytes(), 0U);
}

// What becomes of a request to a server that staples this word to its good certificate, in both protocols.
std::vector<errc> outcomes_with(const std::string& word) {
    std::vector<errc> outcomes;
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        peer_options how = good_peer();
        how.stapled = word;
        how.most_tls = version;
        tls_peer peer(how, answer_once);
        client c(peer);
        outcomes.push_back(code_of(c.get()));
        peer.stop();
        EXPECT_EQ(peer.bytes() == 0, outcomes.back() != errc::none);
    }
    return outcomes;
}

TEST(Trust, X02_AStapledRevocationIsBelievedIfItIsGenuine) {
    using certificates::status_word;
    const std::vector<errc> refused(2, errc::certificate_refused);
    const std::vector<errc> accepted(2, errc::none);
    EXPECT_EQ(outcomes_with(status_word(good_leaf(), root(), true)), refused);
    EXPECT_EQ(outcomes_with(status_word(good_leaf(), root(), false)), accepted);
    const auto stranger = certificates::make_root("another root");
    EXPECT_EQ(outcomes_with(status_word(good_leaf(), stranger, true)), accepted) << "not the issuer's word";
    EXPECT_EQ(outcomes_with("not a status"), accepted);
}

TEST(Trust, X03_OldProtocolsAreRefused) {
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        peer_options how = good_peer();
        how.least_tls = version;
        how.most_tls = version;
        tls_peer peer(how, answer_once);
        client c(peer);
        EXPECT_EQ(code_of(c.get()), errc::tls_failed);
        peer.stop();
        EXPECT_EQ(peer.handshakes(), 0);
        EXPECT_EQ(peer.bytes(), 0U);
    }
}

TEST(Trust, X03_Tls12And13AreSpoken) {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        peer_options how = good_peer();
        how.least_tls = version;
        how.most_tls = version;
        tls_peer peer(how, answer_once);
        client c(peer);
        EXPECT_EQ(shown(c.get()), "200 []");
    }
}

// What create() says about options that are like the default but for one change.
errc refusal(const std::function<void(transport_options&)>& change, std::string token = std::string(token_text)) {
    boost::asio::io_context io;
    transport_options options;
    change(options);
    const auto made = transport::create(io.get_executor(), options, mdock::secret(std::move(token)));
    return made ? errc::none : made.error().code();
}

TEST(Trust, X04_OnlyHttpsIsAccepted) {
    EXPECT_EQ(refusal([](transport_options&) {}), errc::none);
    for (const char* url : {"http://minutedock.com/api/v1", "http://127.0.0.1/api/v1", "http://localhost:80", "HTTP://x.y",
                            "ftp://minutedock.com", "minutedock.com", "//minutedock.com", "", "https://",
                            "https://user:pw@minutedock.com/api/v1", "https://minutedock.com/api?x=1",
                            "https://minutedock.com/#f", "https://minutedock.com:0/", "https://minutedock.com:70000/",
                            "https://minute%0d%0adock.com/"})
        EXPECT_EQ(refusal([&](transport_options& o) { o.base_url = url; }), errc::bad_config) << url;
    for (const char* url : {"https://minutedock.com", "HTTPS://MinuteDock.com:8443/api/v1/", "https://[::1]:1/x"})
        EXPECT_EQ(refusal([&](transport_options& o) { o.base_url = url; }), errc::none) << url;
}

TEST(Trust, OptionsThatCannotWorkAreRefusedAtOnce) {
    EXPECT_EQ(refusal([](transport_options& o) { o.ca_file = "/nonexistent/ca.pem"; }), errc::bad_config);
    EXPECT_EQ(refusal([](transport_options& o) { o.ca_file = scratch_file("empty.pem", "no certificate"); }),
              errc::bad_config);
    EXPECT_EQ(refusal([](transport_options& o) { o.proxy = "https://proxy.example.com"; }), errc::bad_config);
    EXPECT_EQ(refusal([](transport_options& o) { o.proxy = "proxy"; }), errc::bad_config);
    EXPECT_EQ(refusal([](transport_options& o) { o.auth = mdock::net::auth_kind::api_key; }), errc::bad_config);
    EXPECT_EQ(refusal([](transport_options& o) { o.request_timeout = 0ms; }), errc::bad_config);
    EXPECT_EQ(refusal([](transport_options&) {}, ""), errc::no_token);
    EXPECT_EQ(refusal([](transport_options&) {}, "two\r\nX-Lines: yes"), errc::no_token);
}

template <class T, class = void>
struct is_printable : std::false_type {};
template <class T>
struct is_printable<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>>
    : std::true_type {};

static_assert(is_printable<std::string>::value);
static_assert(!is_printable<mdock::secret>::value, "X06: a token must not be printable");
static_assert(!std::is_convertible_v<mdock::secret, std::string> && !std::is_convertible_v<mdock::secret, std::string_view>);
static_assert(!std::is_copy_constructible_v<mdock::secret> && !std::is_copy_assignable_v<mdock::secret>);

TEST(Trust, X06_NoFailureShowsTheToken) {
    // code_of() looks for the token in every failure of this program; here are those that no other test makes.
    transport_options options;
    options.base_url = "https://127.0.0.1:1/" + std::string(token_text);
    options.proxy = "http://" + std::string("user:tok-0123456789abcdef") + "@127.0.0.1:1";
    client c(options);
    const auto outcome = c.get("/" + std::string(token_text));
    EXPECT_NE(code_of(outcome), errc::none);
    EXPECT_EQ(shown(outcome).find("tok-"), std::string::npos) << shown(outcome);
}

}  // namespace
}  // namespace net_test
