// SPDX-License-Identifier: MIT
// Writes JSON straight into a string: a page of a thousand entries is one pass without a document in between. Commas
// are its business, keys and values the caller's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/minutedock/switches.h"

namespace minutedock {

class json_text {
public:
    json_text(std::string& out, escape_form how) : out_(out), how_(how) {}

    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    void key(std::string_view name);
    void string(std::string_view value);
    void integer(std::int64_t value);
    void real(double value);  // shortest text that reads back as the same number
    void boolean(bool value) { raw(value ? "true" : "false"); }
    void null() { raw("null"); }
    void raw(std::string_view value);     // already JSON, or a value without anything to escape
    void quoted(std::string_view value);  // a string without anything to escape

private:
    void open(char bracket);
    void close(char bracket);
    void separate();
    void escaped(std::string_view value);
    void unicode(std::uint32_t code);

    std::string& out_;
    escape_form how_;
    bool needs_comma_ = false;
};

}  // namespace minutedock
