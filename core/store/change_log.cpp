// SPDX-License-Identifier: MIT
#include "core/store/change_log.h"

#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <charconv>

namespace mdock::store {

void json_fields::begin(std::string_view column) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += column;
    text_ += "\":";
}

// The shortest text that reads back as the same number; Boost.JSON writes 1.5 as 1.5E0.
void json_fields::add_real(double value) {
    std::array<char, 32> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{}) text_.append(text.data(), end);
}

void json_fields::add(std::string_view column, const model::cell& value) {
    begin(column);
    switch (value.type) {
        case model::cell_type::null: text_ += "null"; break;
        case model::cell_type::integer: text_ += std::to_string(value.integer); break;
        case model::cell_type::real: add_real(value.real); break;
        case model::cell_type::text:
            text_ += boost::json::serialize(boost::json::string(value.view().data(), value.view().size()));
            break;
    }
}

void json_fields::add(std::string_view column, std::span<const std::int64_t> ids) {
    begin(column);
    text_ += '[';
    for (std::size_t i = 0; i < ids.size(); ++i) text_ += (i == 0 ? "" : ",") + std::to_string(ids[i]);
    text_ += ']';
}

void write_change(database& db, utc_seconds at, resource which, std::int64_t row_id, std::string_view operation,
                  std::string_view origin, const json_fields& old_values, const json_fields& new_values) {
    const std::string time = format_timestamp(at);
    const std::string old_text = old_values.text();
    const std::string new_text = new_values.text();
    auto& insert = db.prepared(
        "INSERT INTO changes (at, resource, row_id, operation, origin, old_values, new_values) "
        "VALUES (?1, ?2, ?3, ?4, ?7, ?5, ?6)");
    insert.bind(1, time).bind(2, name_of(which)).bind(3, row_id).bind(4, operation);
    if (old_text.empty()) insert.bind(5, nullptr); else insert.bind(5, old_text);
    if (new_text.empty()) insert.bind(6, nullptr); else insert.bind(6, new_text);
    insert.bind(7, origin).run();
}

std::int64_t last_change(database& db) {
    auto& select = db.prepared("SELECT coalesce(max(seq), 0) FROM changes");
    select.step();
    const auto seq = select.integer(0);
    select.reset();
    return seq;
}

}  // namespace mdock::store
