// SPDX-License-Identifier: MIT
#include "daemon/net/stapled_status.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509_vfy.h>

#include <memory>

#include "daemon/net/tls.h"

namespace mdock::net {
namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* what) const {
        Free(what);
    }
};
using response_ptr = std::unique_ptr<OCSP_RESPONSE, freed_by<OCSP_RESPONSE_free>>;
using basic_ptr = std::unique_ptr<OCSP_BASICRESP, freed_by<OCSP_BASICRESP_free>>;
using id_ptr = std::unique_ptr<OCSP_CERTID, freed_by<OCSP_CERTID_free>>;

constexpr long most_clock_skew_seconds = 300;

// Asio keeps the handle's application data for itself.
int verdict_slot() {
    static const int slot = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return slot;
}

basic_ptr stapled(SSL* handle) {
    const unsigned char* bytes = nullptr;
    const long size = SSL_get_tlsext_status_ocsp_resp(handle, &bytes);
    if (!bytes || size <= 0) return nullptr;
    const response_ptr response(d2i_OCSP_RESPONSE(nullptr, &bytes, size));
    if (!response || OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) return nullptr;
    return basic_ptr(OCSP_response_get1_basic(response.get()));
}

// Signed by the issuer or by whom it named, current, about this certificate, and "revoked".
bool is_revoked(SSL* handle, OCSP_BASICRESP* word) {
    STACK_OF(X509)* chain = SSL_get0_verified_chain(handle);
    X509_STORE* store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(handle));
    if (!chain || sk_X509_num(chain) < 2 || OCSP_basic_verify(word, chain, store, 0) != 1) return false;
    const id_ptr id(OCSP_cert_to_id(nullptr, sk_X509_value(chain, 0), sk_X509_value(chain, 1)));
    int status = V_OCSP_CERTSTATUS_UNKNOWN;
    int reason = 0;
    ASN1_GENERALIZEDTIME* revoked_at = nullptr;
    ASN1_GENERALIZEDTIME* from = nullptr;
    ASN1_GENERALIZEDTIME* until = nullptr;
    return id && OCSP_resp_find_status(word, id.get(), &status, &reason, &revoked_at, &from, &until) == 1 &&
           status == V_OCSP_CERTSTATUS_REVOKED && OCSP_check_validity(from, until, most_clock_skew_seconds, -1) == 1;
}

int judge(SSL* handle, void*) {
    const basic_ptr word = stapled(handle);
    auto* verdict = static_cast<certificate_verdict*>(SSL_get_ex_data(handle, verdict_slot()));
    const bool refused = word && verdict && is_revoked(handle, word.get());
    // A word that could not be read leaves errors behind that the handshake would take for its own.
    ERR_clear_error();
    if (!refused) return 1;
    verdict->reason = X509_V_ERR_CERT_REVOKED;
    verdict->depth = 0;
    return 0;
}

}  // namespace

void ask_for_stapled_status(SSL_CTX* context) {
    SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
    SSL_CTX_set_tlsext_status_cb(context, judge);
}

void watch_stapled_status(SSL* handle, certificate_verdict& verdict) {
    SSL_set_ex_data(handle, verdict_slot(), &verdict);
}

}  // namespace mdock::net
