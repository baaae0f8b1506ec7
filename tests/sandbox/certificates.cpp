// SPDX-License-Identifier: MIT
#include "tests/sandbox/certificates.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace certificates {
namespace {

[[noreturn]] void give_up(const std::string& what) {
    char text[256] = "";
    ERR_error_string_n(ERR_get_error(), text, sizeof text);
    throw std::runtime_error("OpenSSL: " + what + ": " + text);
}

void demand(bool done, const char* what) {
    if (!done) give_up(what);
}

std::shared_ptr<EVP_PKEY> make_key(key_kind kind) {
    EVP_PKEY* key = nullptr;
    switch (kind) {
        case key_kind::ec_p256: key = EVP_EC_gen("P-256"); break;
        case key_kind::rsa_2048: key = EVP_RSA_gen(2048); break;
        case key_kind::rsa_1024: key = EVP_RSA_gen(1024); break;
    }
    demand(key != nullptr, "making a key");
    return {key, EVP_PKEY_free};
}

void name_it(X509* certificate, const std::string& common_name) {
    X509_NAME* name = X509_get_subject_name(certificate);
    const auto add = [&](const char* field, const std::string& text) {
        demand(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.data()),
                                          static_cast<int>(text.size()), -1, 0) == 1,
               "naming a certificate");
    };
    add("O", "mdock tests");
    if (!common_name.empty()) add("CN", common_name);
}

void number_it(X509* certificate) {
    std::uint64_t serial = 0;
    demand(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "drawing a serial number");
    demand(ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1, "numbering a certificate");
}

void extend(X509* certificate, X509* issuer, const std::string& name, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf(nullptr, &context, name.c_str(), value.c_str());
    demand(extension != nullptr, "reading an extension");
    const int added = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    demand(added == 1, "adding an extension");
}

void add_raw_dns_name(X509* certificate, const std::string& bytes) {
    GENERAL_NAMES* names = sk_GENERAL_NAME_new_null();
    GENERAL_NAME* name = GENERAL_NAME_new();
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size()));
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
    sk_GENERAL_NAME_push(names, name);
    const int added = X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
    GENERAL_NAMES_free(names);
    demand(added == 1, "adding a raw name");
}

}  // namespace

identity issue(const wish& what, const identity* issuer) {
    identity made{{X509_new(), X509_free}, make_key(what.key), {}};
    X509* certificate = made.certificate.get();
    X509* signer = issuer ? issuer->certificate.get() : certificate;
    demand(X509_set_version(certificate, X509_VERSION_3) == 1, "setting the version");
    number_it(certificate);
    name_it(certificate, what.common_name);
    demand(X509_set_issuer_name(certificate, X509_get_subject_name(signer)) == 1, "naming the issuer");
    X509_time_adj_ex(X509_getm_notBefore(certificate), what.valid_from_days, 0, nullptr);
    X509_time_adj_ex(X509_getm_notAfter(certificate), what.valid_to_days, 0, nullptr);
    demand(X509_set_pubkey(certificate, made.key.get()) == 1, "setting the key");
    for (const auto& [name, value] : what.extensions) extend(certificate, signer, name, value);
    if (!what.raw_dns_name.empty()) add_raw_dns_name(certificate, what.raw_dns_name);
    const EVP_MD* digest = EVP_get_digestbyname(what.digest);
    demand(digest && X509_sign(certificate, issuer ? issuer->key.get() : made.key.get(), digest) > 0, "signing");
    return made;
}

identity make_root(const std::string& common_name) {
    wish root;
    root.common_name = common_name;
    root.extensions = {{"basicConstraints", "critical,CA:TRUE"},
                       {"keyUsage", "critical,keyCertSign,cRLSign"},
                       {"subjectKeyIdentifier", "hash"}};
    return issue(root, nullptr);
}

identity make_leaf(const identity& issuer, const std::string& subject_alternative_names) {
    wish leaf;
    leaf.extensions = {{"basicConstraints", "critical,CA:FALSE"},
                       {"keyUsage", "critical,digitalSignature"},
                       {"extendedKeyUsage", "serverAuth"},
                       {"subjectAltName", subject_alternative_names}};
    return issue(leaf, &issuer);
}

std::string status_word(const identity& which, const identity& issuer, bool is_revoked) {
    OCSP_BASICRESP* basic = OCSP_BASICRESP_new();
    OCSP_CERTID* id = OCSP_cert_to_id(nullptr, which.certificate.get(), issuer.certificate.get());
    ASN1_TIME* now = X509_gmtime_adj(nullptr, 0);
    ASN1_TIME* until = X509_gmtime_adj(nullptr, 24L * 3600);
    OCSP_basic_add1_status(basic, id, is_revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD, 0,
                           is_revoked ? now : nullptr, now, until);
    demand(OCSP_basic_sign(basic, issuer.certificate.get(), issuer.key.get(), EVP_sha256(), nullptr, 0) == 1,
           "signing a status");
    OCSP_RESPONSE* response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    unsigned char* der = nullptr;
    const int size = i2d_OCSP_RESPONSE(response, &der);
    std::string word(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    OCSP_CERTID_free(id);
    ASN1_TIME_free(now);
    ASN1_TIME_free(until);
    return word;
}

std::string to_pem(const identity& which) {
    BIO* memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, which.certificate.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory, &text);
    std::string pem(text, static_cast<std::size_t>(size));
    BIO_free(memory);
    return pem;
}

}  // namespace certificates
