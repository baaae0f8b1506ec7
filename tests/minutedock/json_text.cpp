// SPDX-License-Identifier: MIT
#include "tests/minutedock/json_text.h"

#include <array>
#include <charconv>

namespace minutedock {
namespace {

// Decodes the code point at `at` of well-formed UTF-8 and moves past it.
std::uint32_t take_code_point(std::string_view text, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t first = byte(at++);
    if (first < 0x80) return first;
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    std::uint32_t code = first & (0x3fU >> more);
    for (int i = 0; i < more && at < text.size(); ++i) code = (code << 6) | (byte(at++) & 0x3fU);
    return code;
}

bool is_plain(unsigned char c, escape_form how) {
    if (c < 0x20 || c == '"' || c == '\\') return false;
    if (how == escape_form::html) return c != '<' && c != '>' && c != '&' && c != 0xe2;
    if (how == escape_form::ascii) return c < 0x7f;
    return true;
}

}  // namespace

void json_text::open(char bracket) {
    separate();
    out_ += bracket;
    needs_comma_ = false;
}

void json_text::close(char bracket) {
    out_ += bracket;
    needs_comma_ = true;
}

void json_text::separate() {
    if (needs_comma_) out_ += ',';
    needs_comma_ = true;
}

void json_text::key(std::string_view name) {
    separate();
    out_.append("\"").append(name).append("\":");
    needs_comma_ = false;
}

void json_text::raw(std::string_view value) {
    separate();
    out_ += value;
}

void json_text::quoted(std::string_view value) {
    separate();
    out_.append("\"").append(value).append("\"");
}

void json_text::integer(std::int64_t value) {
    std::array<char, 24> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    raw({text.data(), static_cast<std::size_t>(end - text.data())});
}

void json_text::real(double value) {
    std::array<char, 64> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    raw({text.data(), static_cast<std::size_t>(end - text.data())});
}

void json_text::string(std::string_view value) {
    separate();
    out_ += '"';
    escaped(value);
    out_ += '"';
}

void json_text::escaped(std::string_view value) {
    std::size_t at = 0;
    while (at < value.size()) {
        std::size_t run = at;
        while (run < value.size() && is_plain(static_cast<unsigned char>(value[run]), how_)) ++run;
        out_ += value.substr(at, run - at);
        at = run;
        if (at == value.size()) return;
        const std::size_t begin = at;
        const std::uint32_t code = take_code_point(value, at);
        const bool must = code < 0x80 || how_ == escape_form::ascii || code == 0x2028 || code == 0x2029;
        if (must) {
            unicode(code);
        } else {
            out_ += value.substr(begin, at - begin);
        }
    }
}

void json_text::unicode(std::uint32_t code) {
    switch (code) {
        case '"': out_ += "\\\""; return;
        case '\\': out_ += "\\\\"; return;
        case '\n': out_ += "\\n"; return;
        case '\r': out_ += "\\r"; return;
        case '\t': out_ += "\\t"; return;
        default: break;
    }
    if (code > 0xffff) {
        unicode(0xd800U + ((code - 0x10000U) >> 10));
        unicode(0xdc00U + ((code - 0x10000U) & 0x3ffU));
        return;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    out_ += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out_ += digits[(code >> shift) & 0xfU];
}

}  // namespace minutedock
