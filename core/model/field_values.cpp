// SPDX-License-Identifier: MIT
#include "core/model/field_values.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

namespace mdock::model {
namespace {

failure wrong(std::string_view what) { return {errc::bad_shape, "a waiting change holds " + std::string(what)}; }

result<field_value> value_of(const boost::json::value& from) {
    switch (from.kind()) {
        case boost::json::kind::null: return field_value{nullptr};
        case boost::json::kind::bool_: return field_value{std::int64_t{from.get_bool() ? 1 : 0}};
        case boost::json::kind::int64: return field_value{from.get_int64()};
        case boost::json::kind::double_: return field_value{from.get_double()};
        case boost::json::kind::string: return field_value{std::string(from.get_string())};
        case boost::json::kind::array: break;
        default: return wrong("a value of another kind");
    }
    id_set ids;
    for (const auto& one : from.get_array()) {
        if (!one.is_int64()) return wrong("a link that is no id");
        ids.push_back(one.get_int64());
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return field_value{std::move(ids)};
}

// The shortest text that reads back as the same number.
std::string real_text(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

}  // namespace

bool is_same(const field_value& a, const field_value& b) {
    const auto* left = std::get_if<double>(&a);
    const auto* right = std::get_if<double>(&b);
    if (left != nullptr && std::holds_alternative<std::int64_t>(b)) return *left == static_cast<double>(std::get<std::int64_t>(b));
    if (right != nullptr && std::holds_alternative<std::int64_t>(a)) return *right == static_cast<double>(std::get<std::int64_t>(a));
    return a == b;
}

result<field_value> parse_value(std::string_view json) {
    boost::system::error_code error;
    const auto parsed = boost::json::parse({json.data(), json.size()}, error);
    if (error) return wrong("no JSON");
    return value_of(parsed);
}

result<field_values> parse_fields(std::string_view json) {
    field_values out;
    if (json.empty()) return out;
    boost::system::error_code error;
    const auto parsed = boost::json::parse({json.data(), json.size()}, error);
    if (error || !parsed.is_object()) return wrong("no JSON object");
    for (const auto& [name, value] : parsed.get_object()) {
        auto one = value_of(value);
        if (!one) return one.error();
        out.insert_or_assign(std::string(name), std::move(*one));
    }
    return out;
}

std::string text_of(const field_value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&value)) return real_text(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return boost::json::serialize(boost::json::string(*text));
    const auto* ids = std::get_if<id_set>(&value);
    if (ids == nullptr) return "null";
    std::string out = "[";
    for (std::size_t i = 0; i < ids->size(); ++i) out += (i == 0 ? "" : ",") + std::to_string((*ids)[i]);
    return out + "]";
}

std::string text_of(const field_values& fields) {
    std::string out;
    for (const auto& [name, value] : fields) out += (out.empty() ? "{\"" : ",\"") + name + "\":" + text_of(value);
    return out.empty() ? out : out + "}";
}

field_values fields_of(const row_batch& rows, std::size_t i) {
    field_values out;
    const auto& columns = rows.columns();
    const auto cells = rows.row(i);
    for (std::size_t c = 0; c < columns.stored.size(); ++c) out.emplace(columns.stored[c]->name, value_of(cells[c]));
    if (!columns.of->link_table.empty()) out.emplace(links_field, id_set(rows.links(i).begin(), rows.links(i).end()));
    return out;
}

field_value value_of(const cell& from) {
    switch (from.type) {
        case cell_type::integer: return from.integer;
        case cell_type::real: return from.real;
        case cell_type::text: return std::string(from.view());
        case cell_type::null: break;
    }
    return nullptr;
}

cell cell_of(const field_value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return cell::of(*integer);
    if (const auto* real = std::get_if<double>(&value)) return cell::of(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return cell::of(std::string_view{*text});
    return {};
}

}  // namespace mdock::model
