// SPDX-License-Identifier: MIT
// HTTPS to MinuteDock: one request out, one answer back, at most once. Nothing is repeated, redirected or believed
// half-received; the token goes to the configured origin and nowhere else. All of it runs on one executor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/secret.h"
#include "core/ports.h"

namespace mdock::net {

enum class auth_kind {
    bearer,     // Authorization: Bearer …
    api_key,    // X-API-Key and X-Account-ID, for the deprecated keys
};

// The settings `api.*` and `auth.*` that concern the wire. Everything after `user_agent` follows from the two
// time-outs or has a sensible default; tests set it to small values.
struct transport_options {
    std::string base_url = "https://minutedock.com/api/v1";    // https only, loopback included (X04)
    std::string ca_file;                                       // trusted besides the system store
    auth_kind auth = auth_kind::bearer;
    std::string account_id;                                    // required with api_key
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds request_timeout{30'000};         // the whole request, connecting included
    std::string proxy;                                         // "http://[user:password@]host:port", CONNECT only
    std::string no_proxy;                                      // as in NO_PROXY; read only when `proxy` is set (N10)
    std::string user_agent;                                    // "mdock/<version>" when empty

    // One deadline a phase (N06). Unset: connect_timeout for the first two, request_timeout for the next two, half of
    // it for the last.
    std::optional<std::chrono::milliseconds> resolve_timeout;
    std::optional<std::chrono::milliseconds> handshake_timeout;
    std::optional<std::chrono::milliseconds> write_timeout;
    std::optional<std::chrono::milliseconds> first_byte_timeout;
    std::optional<std::chrono::milliseconds> idle_timeout;     // between two pieces of an answer (N07)

    std::chrono::milliseconds next_address_after{250};         // a silent address is raced by the next one (N08)
    std::size_t max_header_bytes = 64 * 1024;                  // H11
    std::size_t max_body_bytes = 64 * 1024 * 1024;             // as sent, H09
    std::size_t max_inflated_bytes = 64 * 1024 * 1024;         // H12
    std::size_t max_idle_connections = 4;
    std::chrono::milliseconds idle_lifetime{30'000};           // an idle connection older than this is not used
    std::chrono::milliseconds proven_for{1'000};               // a change is sent only on a connection this fresh (N03)
    std::vector<std::string> addresses;                        // used instead of resolving the host
};

class transport final : public http_port {
public:
    // Reads the CA files and checks the options; connects to nothing. bad_config names the option that is wrong,
    // no_token says that `token` is empty or cannot be a header. `executor` is the one on which send() is awaited.
    static result<std::unique_ptr<transport>> create(asio::any_io_executor executor, transport_options options,
                                                     secret token);
    ~transport() override;

    // resolve_failed, connect_failed, tls_failed, certificate_refused, proxy_refused: no byte of the request was sent.
    // timed_out, connection_lost, bad_framing, bad_encoding, redirect_refused: it may have been carried out.
    // cancelled: ditto. The awaiting coroutine must be cancellable with asio::cancellation_type::terminal.
    asio::awaitable<result<http_answer>> send(step_name step, http_request request) override;

    // Closes the idle connections: after a suspend or a change of network (N11).
    void drop_idle();

private:
    struct state;
    explicit transport(std::unique_ptr<state> all);

    std::unique_ptr<state> state_;
};

}  // namespace mdock::net
