// SPDX-License-Identifier: MIT
// Certificates made on the spot with OpenSSL, good ones for the sandbox and every kind of bad one for the tests of
// verification. Nothing here is fit for anything but loopback.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace certificates {

enum class key_kind { ec_p256, rsa_2048, rsa_1024 };

// What a certificate says. The extensions are OpenSSL's own configuration syntax: {"subjectAltName", "DNS:localhost"}.
struct wish {
    std::string common_name;
    std::vector<std::pair<std::string, std::string>> extensions;
    int valid_from_days = -1;       // relative to today
    int valid_to_days = 30;
    key_kind key = key_kind::ec_p256;
    const char* digest = "SHA256";
    std::string raw_dns_name;       // a subjectAltName byte by byte, so that it may hold a NUL
};

// A certificate with its key, and those that a server sends along after it.
struct identity {
    std::shared_ptr<X509> certificate;
    std::shared_ptr<EVP_PKEY> key;
    std::vector<std::shared_ptr<X509>> chain;
};

// Signed by `issuer`, or by itself when that is null. Throws std::runtime_error when OpenSSL refuses the wish.
identity issue(const wish& what, const identity* issuer);

// The two usual ones.
identity make_root(const std::string& common_name);
identity make_leaf(const identity& issuer, const std::string& subject_alternative_names);

// The issuer's signed word (an OCSP response, DER) on whether `which` is revoked.
std::string status_word(const identity& which, const identity& issuer, bool is_revoked);

// PEM text of the certificate alone.
std::string to_pem(const identity& which);

}  // namespace certificates
