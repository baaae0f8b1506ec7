// SPDX-License-Identifier: MIT
// The half of row_handler that copies what the description does not know: values as they came, into `extra`.
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "core/api/row_handler.h"

namespace mdock::api {
namespace {

std::string json_text(std::string_view text) {
    return boost::json::serialize(boost::json::string(text.data(), text.size()));
}

}  // namespace

bool row_handler::begin_captured(std::string_view opening) {
    if (place_ != place::captured) {
        outer_place_ = place_;
        place_ = place::captured;
        captured_.clear();
        captured_depth_ = 0;
    } else {
        capture_comma();
    }
    captured_ += opening;
    captured_comma_ = false;
    ++captured_depth_;
    return true;
}

void row_handler::capture_comma() {
    if (captured_comma_) captured_ += ',';
}

void row_handler::capture_key(std::string_view key) {
    capture_comma();
    captured_ += json_text(key) + ":";
    captured_comma_ = false;
}

void row_handler::capture_scalar(const scalar& value) {
    switch (value.type) {
        case scalar_type::null: captured_ += "null"; break;
        case scalar_type::boolean: captured_ += value.boolean ? "true" : "false"; break;
        case scalar_type::integer:
        case scalar_type::real: captured_ += value.text; break;
        case scalar_type::text: captured_ += json_text(value.text); break;
    }
}

// Keeps what was captured under its field's name, the last of a repeated key winning as everywhere (H08).
void row_handler::finish_capture() {
    if (place_ == place::captured) place_ = outer_place_;
    reading& row = this->row();
    if (row.current != nullptr) return;    // documented, not kept
    std::string name = place_ == place::nested ? std::string(parent_.outer) + "." + key_ : key_;
    for (auto& [key, value] : row.extra)
        if (key == name) {
            value = captured_;
            return;
        }
    row.extra.emplace_back(std::move(name), captured_);
}

void row_handler::write_extra(reading& row) {
    if (row.extra.empty()) return;
    std::string text;
    for (const auto& [key, value] : row.extra) {
        text += text.empty() ? "{" : ",";
        text += json_text(key) + ":" + value;
    }
    text += "}";
    auto cells = row.rows->row(row.rows->size() - 1);
    cells[row.rows->columns().extra()] = model::cell::of(row.rows->keep(text));
}

}  // namespace mdock::api
