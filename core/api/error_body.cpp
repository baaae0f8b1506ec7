// SPDX-License-Identifier: MIT
#include "core/api/error_body.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace mdock::api {
namespace {

std::string shown(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    if (text.size() <= 200) return text;
    std::size_t end = 200;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;    // not inside a character
    return text.substr(0, end) + "…";
}

std::string text_of(const boost::json::value& value) {
    if (value.is_string()) return {value.get_string().data(), value.get_string().size()};
    if (value.is_null()) return {};
    return boost::json::serialize(value);
}

}  // namespace

std::string message_in(const http_answer& answer) {
    boost::json::error_code ec;
    const boost::json::value document = boost::json::parse(answer.body, ec);
    if (ec || !document.is_object()) {
        const bool is_plain = answer.content_type.starts_with("text/plain");
        return is_plain ? shown(answer.body) : std::string{};
    }
    for (const char* key : {"message", "error_description", "error", "errors"})
        if (const auto* value = document.get_object().if_contains(key))
            if (std::string text = text_of(*value); !text.empty()) return shown(std::move(text));
    return {};
}

failure failure_of(const http_request& request, const http_answer& answer) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    std::string context = request.method + " " + path + ": " + std::to_string(answer.status);
    if (const std::string message = message_in(answer); !message.empty()) context += ", " + message;
    return {errc_of_status(answer.status), std::move(context)};
}

}  // namespace mdock::api
