// SPDX-License-Identifier: MIT
#include "daemon/net/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/verify_context.hpp>

#include "daemon/net/stapled_status.h"

namespace mdock::net {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

bool is_address(const std::string& host) {
    boost::system::error_code error;
    asio::ip::make_address(host, error);
    return !error;
}

// What a person can do about it.
const char* advice_for(int reason) {
    switch (reason) {
        case X509_V_ERR_CERT_NOT_YET_VALID:
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return "Check this machine's clock; if it is right, wait until the server's certificate is renewed.";
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return "Check the host in api.base_url; on a public network, log in to it first.";
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            return "If a proxy of your company inspects TLS, name its CA file in api.ca_file; else do not trust this "
                   "network.";
        default: return "Do not trust this network; try another, or ask whoever runs the server.";
    }
}

// The common name is not looked at, and a wildcard covers one whole label: host_name_verification of Asio 1.81 allows
// both, so OpenSSL's own check with these flags takes its place.
void bind_name(SSL* handle, const std::string& host) {
    X509_VERIFY_PARAM* rules = SSL_get0_param(handle);
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int bound = is_address(host) ? X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str())
                                       : X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size());
    // Failing here means no memory; going on would mean no check.
    if (bound != 1) throw std::bad_alloc();
}

}  // namespace

result<ssl::context> make_tls_context(const std::string& ca_file) {
    ssl::context context(ssl::context::tls_client);
    SSL_CTX* handle = context.native_handle();
    SSL_CTX_set_security_level(handle, 2);
    SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
    SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    constexpr std::array<unsigned char, 9> http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    SSL_CTX_set_alpn_protos(handle, http_1_1.data(), static_cast<unsigned>(http_1_1.size()));
    context.set_verify_mode(ssl::verify_peer);
    ask_for_stapled_status(handle);

    boost::system::error_code error;
    context.set_default_verify_paths(error);
    if (error) return failure(errc::bad_config, "The system's certificate store cannot be used: " + error.message());
    if (ca_file.empty()) return context;
    context.load_verify_file(ca_file, error);
    if (error)
        return failure(errc::bad_config, "api.ca_file " + ca_file + " holds no readable certificate: " + error.message());
    return context;
}

void expect_host(tls_stream& stream, const std::string& host, certificate_verdict& verdict) {
    SSL* handle = stream.native_handle();
    if (!is_address(host)) SSL_set_tlsext_host_name(handle, host.c_str());
    bind_name(handle, host);
    watch_stapled_status(handle, verdict);
    stream.set_verify_callback([&verdict](bool accepted, ssl::verify_context& check) {
        if (accepted) return true;
        verdict.reason = X509_STORE_CTX_get_error(check.native_handle());
        verdict.depth = X509_STORE_CTX_get_error_depth(check.native_handle());
        return false;
    });
}

failure refused_certificate(const std::string& host, const certificate_verdict& verdict) {
    std::string sentence = "The certificate of " + host + " was refused: ";
    sentence += X509_verify_cert_error_string(verdict.reason);
    if (verdict.depth > 0) sentence += " (in a certificate above it)";
    sentence += ". Nothing was sent, the token included. ";
    sentence += advice_for(verdict.reason);
    return {errc::certificate_refused, std::move(sentence)};
}

}  // namespace mdock::net
