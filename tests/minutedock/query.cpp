// SPDX-License-Identifier: MIT
#include "tests/minutedock/query.h"

#include <algorithm>
#include <boost/json/value.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

namespace minutedock {
namespace {

constexpr std::string_view api_base = "/api/v1";

void add_parameter(std::map<std::string, std::string>& to, std::string name, std::string value) {
    if (name.ends_with("[]")) name.resize(name.size() - 2);
    auto [at, is_new] = to.try_emplace(std::move(name), value);
    if (!is_new) at->second += "," + value;
}

void add_element(list_filter& to, std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    if (text == "all") {
        to.everything = true;
        return;
    }
    if (text == "null" || text == "none") {
        to.with_none = true;
        return;
    }
    row_id id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error == std::errc{} && end == text.data() + text.size()) to.ids.push_back(id);
}

}  // namespace

const std::string* target::find(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? nullptr : &found->second;
}

std::optional<target> parse_target(std::string_view text) {
    if (text.starts_with(api_base)) text.remove_prefix(api_base.size());
    const auto parsed = boost::urls::parse_origin_form(text);
    if (!parsed) return std::nullopt;
    target out;
    for (const auto& segment : parsed->segments())
        if (!segment.empty()) out.path.emplace_back(segment);
    if (!out.path.empty() && out.path.back().ends_with(".json")) out.path.back().resize(out.path.back().size() - 5);
    for (const auto& parameter : parsed->params()) add_parameter(out.parameters, parameter.key, parameter.value);
    return out;
}

std::map<std::string, std::string> parse_form(std::string_view text) {
    std::map<std::string, std::string> out;
    const auto parsed = boost::urls::parse_query(text);
    if (!parsed) return out;
    for (const auto& parameter : boost::urls::params_view{*parsed}) add_parameter(out, parameter.key, parameter.value);
    return out;
}

bool list_filter::matches(row_id id) const {
    if (everything) return true;
    if (id == 0) return with_none;
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool list_filter::matches(const std::vector<row_id>& any_of) const {
    if (everything) return true;
    if (any_of.empty()) return with_none;
    return std::any_of(any_of.begin(), any_of.end(), [this](row_id id) { return matches(id); });
}

list_filter filter_of_text(std::string_view text) {
    list_filter out;
    out.everything = false;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        add_element(out, text.substr(0, comma));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return out;
}

list_filter filter_of_json(const boost::json::value& value) {
    list_filter out;
    if (value.is_string()) return filter_of_text(value.get_string());
    if (!value.is_array()) return out;  // null or nonsense: no filter
    out.everything = false;
    for (const auto& element : value.get_array()) {
        if (element.is_null()) {
            out.with_none = true;
        } else if (element.is_string()) {
            add_element(out, std::string_view{element.get_string()});
        } else if (element.is_int64()) {
            out.ids.push_back(element.get_int64());
        }
    }
    return out;
}

}  // namespace minutedock
