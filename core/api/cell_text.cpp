// SPDX-License-Identifier: MIT
#include "core/api/cell_text.h"

#include <charconv>
#include <cmath>
#include <optional>

#include "core/base/decimal.h"
#include "core/base/time.h"

namespace mdock::api {
namespace {

using model::cell;
using model::kind;

bool is_number(const scalar& v) { return v.type == scalar_type::integer || v.type == scalar_type::real; }
bool has_text(const scalar& v) { return v.type == scalar_type::text || is_number(v); }

const char* key_cell(const scalar& v, cell& out) {
    if (v.type != scalar_type::text && v.type != scalar_type::integer) return "not a usable id";
    const auto id = parse_id(v.text);
    if (!id) return "not a usable id";
    out = cell::of(*id);
    return nullptr;
}

// "" and 0 stand for "none" in old answers; they are not ids of anything.
const char* reference_cell(const scalar& v, cell& out) {
    if ((v.type == scalar_type::text && v.text.empty()) || (has_text(v) && v.text == "0")) return nullptr;
    return key_cell(v, out);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

const char* integer_cell(const scalar& v, cell& out) {
    if (v.type != scalar_type::text && v.type != scalar_type::integer) return "not an integer";
    const auto value = whole_number(v.text);
    if (!value) return "not an integer";
    out = cell::of(*value);
    return nullptr;
}

const char* real_cell(const scalar& v, cell& out) {
    if (!has_text(v)) return "not a number";
    if (v.type == scalar_type::text && v.text.empty()) return nullptr;
    // from_chars reads the C locale's form whatever the process's locale is (L13).
    double value = 0;
    const auto [end, error] = std::from_chars(v.text.data(), v.text.data() + v.text.size(), value);
    if (error != std::errc{} || end != v.text.data() + v.text.size() || !std::isfinite(value)) return "not a number";
    out = cell::of(value);
    return nullptr;
}

const char* boolean_cell(const scalar& v, cell& out) {
    if (v.type == scalar_type::boolean) {
        out = cell::of(std::int64_t{v.boolean ? 1 : 0});
        return nullptr;
    }
    if (v.type == scalar_type::text && (v.text == "true" || v.text == "false")) {
        out = cell::of(std::int64_t{v.text == "true" ? 1 : 0});
        return nullptr;
    }
    return "not a boolean";
}

const char* date_cell(const scalar& v, model::row_batch& batch, cell& out) {
    if (v.type != scalar_type::text) return "not a date";
    if (v.text.empty()) return nullptr;
    if (!parse_date(v.text)) return "not a date (YYYY-MM-DD)";
    out = cell::of(batch.keep(v.text));
    return nullptr;
}

const char* timestamp_cell(const scalar& v, model::row_batch& batch, cell& out) {
    if (v.type != scalar_type::text) return "not a time stamp";
    if (v.text.empty()) return nullptr;
    const auto at = parse_timestamp(v.text);
    if (!at) return "not a time stamp (RFC 3339)";
    out = cell::of(batch.keep(format_timestamp(*at)));
    return nullptr;
}

const char* cents_cell(const scalar& v, cell& out) {
    if (!has_text(v)) return "not an amount";
    if (v.text.empty()) return nullptr;
    const auto cents = parse_cents(v.text);
    if (!cents) return "not an amount in whole cents";
    out = cell::of(*cents);
    return nullptr;
}

bool is_plain_decimal(std::string_view text) {
    if (!text.empty() && text.front() == '-') text.remove_prefix(1);
    if (text.empty() || text.size() > 40) return false;
    bool seen_point = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.') {
            if (seen_point || i == 0 || i + 1 == text.size()) return false;
            seen_point = true;
        } else if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return true;
}

const char* decimal_cell(const scalar& v, model::row_batch& batch, cell& out) {
    if (!has_text(v)) return "not a decimal number";
    if (v.text.empty()) return nullptr;
    // A number's exponent form would not survive as exact text; the service never writes prices so.
    if (is_number(v) && !is_plain_decimal(v.text)) return "not a plain decimal number";
    out = cell::of(batch.keep(v.text));
    return nullptr;
}

const char* text_cell(const scalar& v, model::row_batch& batch, cell& out) {
    if (!has_text(v)) return "not a text";
    out = cell::of(batch.keep(v.text));
    return nullptr;
}

}  // namespace

const char* cell_from(const scalar& value, kind how, model::row_batch& batch, cell& out) {
    out = cell{};
    if (value.type == scalar_type::null) return how == kind::key ? "not a usable id" : nullptr;
    switch (how) {
        case kind::key: return key_cell(value, out);
        case kind::parent_id:
        case kind::loose_id: return reference_cell(value, out);
        case kind::text: return text_cell(value, batch, out);
        case kind::integer:
        case kind::cents_number: return integer_cell(value, out);
        case kind::real: return real_cell(value, out);
        case kind::boolean:
        case kind::scope: return boolean_cell(value, out);
        case kind::date: return date_cell(value, batch, out);
        case kind::timestamp: return timestamp_cell(value, batch, out);
        case kind::cents: return cents_cell(value, out);
        case kind::decimal_text: return decimal_cell(value, batch, out);
        case kind::link_set:
        case kind::child_rows: return "not an array";
        case kind::dropped:
        case kind::local: return nullptr;
    }
    return "not understood";
}

}  // namespace mdock::api
