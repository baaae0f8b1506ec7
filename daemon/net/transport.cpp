// SPDX-License-Identifier: MIT
#include "daemon/net/transport.h"

#include <boost/asio/ip/address.hpp>
#include <list>

#include "daemon/host/boot_time.h"
#include "daemon/net/connection.h"
#include "daemon/net/dial.h"
#include "daemon/net/inflate.h"
#include "daemon/net/request_text.h"

namespace mdock::net {
namespace {

failure bad_option(std::string why) { return {errc::bad_config, std::move(why)}; }

phase_limits phases_of(const transport_options& options) {
    const auto connect = options.connect_timeout;
    const auto request = options.request_timeout;
    return phase_limits{options.resolve_timeout.value_or(connect),
                        connect,
                        options.handshake_timeout.value_or(connect),
                        options.write_timeout.value_or(request),
                        options.first_byte_timeout.value_or(request),
                        options.idle_timeout.value_or(request / 2),
                        request,
                        options.next_address_after};
}

std::optional<failure> check_identity(const transport_options& options, const secret& token) {
    if (token.empty()) return failure(errc::no_token, "There is no token; run mdock init.");
    if (!is_header_value(token.reveal()))
        return failure(errc::no_token, "The token holds characters that no MinuteDock token has; copy it again.");
    if (options.auth == auth_kind::api_key && options.account_id.empty())
        return bad_option("auth.account_id is needed with auth.kind = \"api_key\"");
    if (!is_header_value(options.account_id)) return bad_option("auth.account_id is not a number");
    return std::nullopt;
}

result<wire_settings> checked(const transport_options& options) {
    auto server = parse_base_url(options.base_url);
    if (!server) return server.error();
    wire_settings settings{std::move(*server), {}, {}, options.user_agent, phases_of(options),
                           answer_limits{options.max_header_bytes, options.max_body_bytes}};
    if (settings.user_agent.empty()) settings.user_agent = "mdock/" MDOCK_VERSION;
    if (options.connect_timeout.count() <= 0 || options.request_timeout.count() <= 0)
        return bad_option("api.connect_timeout and api.request_timeout must be longer than nothing");
    for (const std::string& text : options.addresses) {
        boost::system::error_code error;
        settings.addresses.push_back(asio::ip::make_address(text, error));
        if (error) return bad_option("not an IP address: " + text);
    }
    if (options.proxy.empty()) return settings;
    auto proxy = parse_proxy_url(options.proxy);
    if (!proxy) return proxy.error();
    if (!is_exempt_from_proxy(options.no_proxy, settings.server.host)) settings.proxy = std::move(*proxy);
    return settings;
}

failure bad_encoding(const std::string& why) {
    return {errc::bad_encoding, "The answer " + why + "; nothing of it was used."};
}

}  // namespace

struct transport::state {
    asio::any_io_executor executor;
    transport_options options;
    wire_settings settings;
    asio::ssl::context tls;
    secret identity;
    token_scrubber scrubber;
    std::list<std::unique_ptr<connection>> idle;    // the latest used in front

    // The freshest idle connection that may carry `request`; null when there is none (N03).
    std::unique_ptr<connection> take_idle(bool for_change) {
        const auto youngest = for_change ? options.proven_for : options.idle_lifetime;
        while (!idle.empty()) {
            if (host::boot_time() - idle.front()->last_used() > youngest && for_change) return nullptr;
            std::unique_ptr<connection> next = std::move(idle.front());
            idle.pop_front();
            if (host::boot_time() - next->last_used() <= youngest && next->looks_alive()) return next;
        }
        return nullptr;
    }

    void keep(std::unique_ptr<connection> used) {
        idle.push_front(std::move(used));
        while (idle.size() > options.max_idle_connections) idle.pop_back();
    }

    asio::awaitable<result<std::unique_ptr<connection>>> connect(wire_time end) {
        auto socket = co_await dial(executor, settings, end);
        if (!socket) co_return socket.error();
        auto fresh = std::make_unique<connection>(std::move(*socket), tls, settings);
        auto refused = co_await fresh->prepare(end);
        if (refused) co_return std::move(*refused);
        co_return std::move(fresh);
    }

    asio::awaitable<result<http_answer>> carry_out(http_request request) {
        const wire_time end = wire_clock::now() + settings.phases.total;
        std::unique_ptr<connection> line = take_idle(is_change(request));
        if (!line) {
            auto fresh = co_await connect(end);
            if (!fresh) co_return fresh.error();
            line = std::move(*fresh);
        }
        const secret text = request_text(settings, identity, request);
        auto raw = co_await line->exchange(text.reveal(), end);
        if (!raw) co_return raw.error();
        if (raw->may_keep_connection) keep(std::move(line));
        co_return believed(std::move(*raw), request.wants_body_compressed);
    }

    // What is left to refuse of a whole answer: redirects and encodings.
    result<http_answer> believed(raw_answer raw, bool asked_for_gzip) const {
        if (raw.answer.status / 100 == 3)
            return failure(errc::redirect_refused, settings.server.host + " answered " +
                                                       std::to_string(raw.answer.status) + " and points to " +
                                                       host_of_location(raw.location) +
                                                       "; redirects are not followed and the token stays here. If this "
                                                       "network has a login page, log in first.");
        if (auto wrong = unpack(raw, asked_for_gzip)) return *wrong;
        for (std::string* text : {&raw.answer.body, &raw.answer.content_type, &raw.answer.etag, &raw.answer.date})
            scrubber.scrub(*text);
        for (std::string& text : raw.answer.retry_after) scrubber.scrub(text);
        return std::move(raw.answer);
    }

    std::optional<failure> unpack(raw_answer& raw, bool asked_for_gzip) const {
        const std::string& encoding = raw.content_encoding;
        if (encoding.empty() || encoding == "identity") return std::nullopt;
        const bool is_gzip = encoding == "gzip" || encoding == "x-gzip";
        if (!is_gzip) return bad_encoding("came in an encoding that was not asked for");
        if (!asked_for_gzip) return bad_encoding("came compressed though that was not asked for");
        if (raw.answer.body.empty()) return std::nullopt;    // 204 and the like
        inflated plain = inflate_gzip(raw.answer.body, options.max_inflated_bytes);
        if (!plain.fault) {
            raw.answer.body = std::move(plain.text);
            return std::nullopt;
        }
        switch (*plain.fault) {
            case inflate_fault::too_large:
                return bad_encoding("inflates to more than " + std::to_string(options.max_inflated_bytes) + " bytes");
            case inflate_fault::cut_short: return bad_encoding("ends in the middle of its compressed data");
            case inflate_fault::damaged: break;
        }
        return bad_encoding("is not valid gzip");
    }

    failure without_token(const failure& why) const {
        std::string text = why.context();
        scrubber.scrub(text);
        return {why.code(), std::move(text)};
    }
};

transport::transport(std::unique_ptr<state> all) : state_(std::move(all)) {}
transport::~transport() = default;

result<std::unique_ptr<transport>> transport::create(asio::any_io_executor executor, transport_options options,
                                                     secret token) {
    if (auto wrong = check_identity(options, token)) return *wrong;
    auto settings = checked(options);
    if (!settings) return settings.error();
    auto tls = make_tls_context(options.ca_file);
    if (!tls) return tls.error();
    secret identity = identity_lines(options.auth, token, options.account_id);
    auto all = std::unique_ptr<state>(new state{std::move(executor), std::move(options), std::move(*settings),
                                                std::move(*tls), std::move(identity), token_scrubber(token), {}});
    return std::unique_ptr<transport>(new transport(std::move(all)));
}

asio::awaitable<result<http_answer>> transport::send(step_name, http_request request) {
    if (!is_sound(request)) co_return failure(errc::usage, "A request with an unusable method or path was not sent.");
    try {
        auto outcome = co_await state_->carry_out(std::move(request));
        if (!outcome) co_return state_->without_token(outcome.error());
        co_return std::move(*outcome);
    } catch (const boost::system::system_error& error) {
        // A cancellation that comes between two steps arrives as an exception from the next await.
        if (error.code() != asio::error::operation_aborted) throw;
    }
    co_return failure(errc::cancelled, "The request was cancelled while under way.");
}

void transport::drop_idle() { state_->idle.clear(); }

}  // namespace mdock::net
