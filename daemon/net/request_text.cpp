// SPDX-License-Identifier: MIT
#include "daemon/net/request_text.h"

#include <algorithm>
#include <array>

namespace mdock::net {
namespace {

// Shorter tokens do not exist at MinuteDock, and blanking a short word would damage ordinary text.
constexpr std::size_t shortest_scrubbed_token = 8;

bool carries_body(const http_request& request) {
    return !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

// As JSON writers may put it: every slash escaped.
std::string with_escaped_slashes(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '/') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

}  // namespace

secret identity_lines(auth_kind kind, const secret& token, const std::string& account_id) {
    std::string lines;
    lines.reserve(token.reveal().size() + account_id.size() + 64);    // no reallocation leaves a copy behind
    lines += kind == auth_kind::bearer ? "Authorization: Bearer " : "X-API-Key: ";
    lines += token.reveal();
    lines += "\r\n";
    if (kind == auth_kind::api_key) lines += "X-Account-ID: " + account_id + "\r\n";
    return secret(std::move(lines));
}

secret request_text(const wire_settings& settings, const secret& identity, const http_request& request) {
    std::string text;
    text.reserve(1024 + request.target.size() + identity.reveal().size() + request.body.size());
    text += request.method + " " + settings.server.base_path + request.target + " HTTP/1.1\r\n";
    text += "Host: " + settings.server.authority() + "\r\n";
    text += identity.reveal();
    text += "User-Agent: " + settings.user_agent + "\r\n";
    text += "Accept: application/json\r\n";
    text += request.wants_body_compressed ? "Accept-Encoding: gzip\r\n" : "Accept-Encoding: identity\r\n";
    if (carries_body(request)) {
        text += "Content-Type: application/json\r\n";
        text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    text += "\r\n";
    text += request.body;
    return secret(std::move(text));
}

bool is_header_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_sound(const http_request& request) {
    constexpr std::array<std::string_view, 5> methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
    const bool is_known = std::find(methods.begin(), methods.end(), request.method) != methods.end();
    return is_known && !request.target.empty() && request.target.front() == '/' && is_header_value(request.target) &&
           request.target.find('#') == std::string::npos;
}

bool is_change(const http_request& request) { return request.method != "GET"; }

token_scrubber::token_scrubber(const secret& token) {
    if (token.reveal().size() < shortest_scrubbed_token) return;
    needles_.emplace_back(std::string(token.reveal()));
    if (token.reveal().find('/') != std::string_view::npos)
        needles_.emplace_back(with_escaped_slashes(token.reveal()));
}

void token_scrubber::scrub(std::string& text) const {
    for (const secret& needle : needles_) {
        const std::string_view token = needle.reveal();
        for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at + token.size()))
            text.replace(at, token.size(), token.size(), '*');
    }
}

}  // namespace mdock::net
