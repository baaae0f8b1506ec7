// SPDX-License-Identifier: MIT
#include "tests/minutedock/faults.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

#include "tests/minutedock/asked.h"

namespace minutedock {
namespace {

using namespace std::string_view_literals;

constexpr std::array statuses{"401"sv, "403"sv, "404"sv, "409"sv, "410"sv, "422"sv,
                              "429"sv, "500"sv, "502"sv, "503"sv, "504"sv};
constexpr std::array replacements{"html"sv, "redirect"sv, "empty"sv, "204"sv,
                                  "null"sv, "object"sv,   "text"sv,  "array"sv};
constexpr std::array spoilers{"dropped"sv,   "truncated"sv, "bad_utf8"sv, "no_id"sv, "big_id"sv,  "zero_id"sv, "float_id"sv,
                              "duplicate"sv, "deep"sv,     "huge"sv,  "unknown"sv, "enum"sv,    "missing"sv};
constexpr std::array wires{"reset"sv,     "lost"sv,     "cut"sv,       "hang"sv, "drip"sv,
                           "no_notify"sv, "bad_gzip"sv, "gzip_bomb"sv, "delay"sv};

template <class Names>
bool is_in(const Names& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool read_number(std::string_view text, std::uint64_t& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size();
}

bool read_key(fault_rule& rule, std::string_view key, std::string_view value) {
    if (key == "method")
        rule.method = value;
    else if (key == "path")
        rule.path = value;
    else if (key == "retry-after")
        rule.retry_after.emplace_back(value);
    else if (key == "body")
        rule.body = std::string{value};
    else if (key == "done")
        rule.is_done = value == "yes";
    else if (key == "nth")
        return read_number(value, rule.nth) && rule.nth > 0;
    else if (key == "every")
        return read_number(value, rule.every) && rule.every > 0;
    else if (key == "after")
        return read_number(value, rule.after);
    else if (key == "times")
        return read_number(value, rule.times);
    else if (key == "p") {
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), rule.chance);
        return error == std::errc{} && end == value.data() + value.size() && rule.chance >= 0 && rule.chance <= 1;
    } else
        return false;
    return true;
}

mdock::failure wrong(std::string_view text, std::string_view what) {
    return {mdock::errc::usage, "fault '" + std::string{text} + "': " + std::string{what}};
}

// Times of day hold colons, so only a colon before "key=" parts two settings.
std::size_t end_of_part(std::string_view text) {
    constexpr std::array keys{":method="sv, ":path="sv,  ":retry-after="sv, ":body="sv,  ":done="sv,
                              ":nth="sv,    ":every="sv, ":after="sv,       ":times="sv, ":p="sv};
    for (std::size_t at = text.find(':'); at != std::string_view::npos; at = text.find(':', at + 1))
        for (const std::string_view key : keys)
            if (text.substr(at).starts_with(key)) return at;
    return text.size();
}

void insert_field(std::string& body, std::string_view field) {
    const std::size_t brace = body.find('{');
    if (brace == std::string::npos) {
        body = "{" + std::string{field} + "}";
        return;
    }
    const bool is_empty = body.compare(brace, 2, "{}") == 0;
    body.insert(brace + 1, std::string{field} + (is_empty ? "" : ","));
}

void replace_all(std::string& body, std::string_view from, std::string_view to) {
    for (std::size_t at = body.find(from); at != std::string::npos; at = body.find(from, at + to.size()))
        body.replace(at, from.size(), to);
}

// Where the element in the middle of the body has its key field, and where its value begins and ends.
struct field_place {
    std::size_t name = std::string::npos;
    std::size_t value = 0;
    std::size_t end = 0;
};

field_place id_in_the_middle(const std::string& body, std::string_view path) {
    const std::string_view key = path.starts_with("/users") ? "\"user_account_id\":"sv : "\"id\":"sv;
    field_place place;
    place.name = body.find(key, body.size() / 2);
    if (place.name == std::string::npos) place.name = body.rfind(key);
    if (place.name == std::string::npos) return place;
    place.value = place.name + key.size();
    place.end = body.find_first_of(",}", place.value);
    return place;
}

void spoil_id(std::string& body, std::string_view path, std::string_view value) {
    const field_place place = id_in_the_middle(body, path);
    if (place.name == std::string::npos) return;
    if (value.empty()) {
        body.replace(place.name, place.value - place.name, "\"key\":");
    } else {
        body.replace(place.value, place.end - place.value, value);
    }
}

std::uint64_t amount_or(const fault_rule& rule, std::uint64_t otherwise) {
    std::uint64_t amount = 0;
    return read_number(rule.value, amount) ? amount : otherwise;
}

// Where the elements of a list begin and end; braces in strings do not count.
std::vector<std::pair<std::size_t, std::size_t>> elements_of(const std::string& body) {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    if (!body.starts_with('[')) return found;
    int depth = 0;
    for (std::size_t at = 1; at < body.size(); ++at) {
        if (body[at] == '"')
            for (++at; at < body.size() && body[at] != '"'; ++at)
                if (body[at] == '\\') ++at;
        if (at >= body.size()) break;
        if (body[at] == '{' && depth++ == 0) found.emplace_back(at, at);
        if (body[at] == '}' && --depth == 0) found.back().second = at + 1;
    }
    return found;
}

void drop_one(std::string& body) {
    const auto elements = elements_of(body);
    if (elements.empty()) return;
    const std::size_t which = elements.size() / 2;
    auto [first, last] = elements[which];
    if (which > 0) first = elements[which - 1].second;    // with the comma before it
    else if (elements.size() > 1) last = elements[1].first;
    body.erase(first, last - first);
}

// Takes `"description":…,` out wherever it stands; strings may hold escaped quotes.
void drop_descriptions(std::string& body) {
    constexpr auto key = "\"description\":"sv;
    for (std::size_t at = body.find(key); at != std::string::npos; at = body.find(key, at)) {
        std::size_t end = at + key.size();
        if (body[end] == '"') {
            for (++end; body[end] != '"'; ++end)
                if (body[end] == '\\') ++end;
            ++end;
        } else {
            end = body.find_first_of(",}", end);
        }
        if (body[end] == ',') ++end;
        body.erase(at, end - at);
    }
}

}  // namespace

mdock::result<fault_rule> parse_fault(std::string_view text) {
    const std::string_view whole = text;
    fault_rule rule;
    const std::size_t head_end = end_of_part(text);
    const std::string_view head = text.substr(0, head_end);
    const std::size_t equals = head.find('=');
    rule.kind = head.substr(0, equals);
    if (equals != std::string_view::npos) rule.value = head.substr(equals + 1);
    if (!is_in(statuses, rule.kind) && !is_in(replacements, rule.kind) && !is_in(spoilers, rule.kind) &&
        !is_in(wires, rule.kind))
        return wrong(whole, "unknown kind");
    text.remove_prefix(head_end);
    while (!text.empty()) {
        text.remove_prefix(1);
        const std::size_t end = end_of_part(text);
        const std::string_view part = text.substr(0, end);
        const std::size_t at = part.find('=');
        if (at == std::string_view::npos || !read_key(rule, part.substr(0, at), part.substr(at + 1)))
            return wrong(whole, "'" + std::string{part} + "' is not understood");
        text.remove_prefix(end);
    }
    return rule;
}

bool strikes(fault_rule& rule, std::string_view method, std::string_view path, dice& chance) {
    if (!rule.method.empty() && rule.method != method) return false;
    if (!path.starts_with(rule.path)) return false;
    ++rule.seen;
    if (rule.seen <= rule.after || (rule.times != 0 && rule.hits >= rule.times)) return false;
    if (rule.nth != 0 && rule.seen != rule.nth) return false;
    if (rule.every != 0 && rule.seen % rule.every != 0) return false;
    if (rule.chance < 1.0 && static_cast<double>(chance.below(1'000'000)) >= rule.chance * 1'000'000) return false;
    ++rule.hits;
    return true;
}

bool replaces_answer(const fault_rule& rule) { return is_in(statuses, rule.kind) || is_in(replacements, rule.kind); }

void write_replacement(const fault_rule& rule, answer& out) {
    constexpr auto page =
        "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"sv;
    out = answer{};
    if (is_in(statuses, rule.kind)) {
        out.status = std::atoi(rule.kind.c_str());
        out.content_type = out.status >= 500 ? "text/html" : "application/json; charset=utf-8";
        out.body = out.status >= 500 ? "<html><body>" + rule.kind + "</body></html>"
                                     : R"({"status":"error","message":"refused"})";
    } else if (rule.kind == "html" || rule.kind == "redirect") {
        out.content_type = "text/html; charset=utf-8";
        out.body = page;
        if (rule.kind == "redirect") {
            out.status = 302;
            out.headers.emplace_back("Location", rule.value.empty() ? "http://portal.example.com/login" : rule.value);
        }
    } else if (rule.kind == "204") {
        out.status = 204;
    } else if (rule.kind != "empty") {
        out.body = rule.kind == "null"     ? "null"
                   : rule.kind == "object" ? "{}"
                   : rule.kind == "array"  ? "[]"
                                           : "\"error\"";
    }
    if (rule.body) out.body = *rule.body;
    for (const std::string& text : rule.retry_after) out.headers.emplace_back("Retry-After", text);
}

void spoil(const fault_rule& rule, std::string_view path, answer& out) {
    if (!is_in(spoilers, rule.kind) || out.status >= 300) return;
    std::string& body = out.body;
    const std::string& kind = rule.kind;
    if (kind == "dropped")
        drop_one(body);
    else if (kind == "truncated")
        body.resize(body.size() / 2);
    else if (kind == "bad_utf8")
        insert_field(body, "\"description\":\"\xff\xfe\"");
    else if (kind == "no_id")
        spoil_id(body, path, "");
    else if (kind == "big_id")
        spoil_id(body, path, "\"99999999999999999999\"");
    else if (kind == "zero_id")
        spoil_id(body, path, "0");
    else if (kind == "float_id")
        spoil_id(body, path, "1.5e3");
    else if (kind == "duplicate")
        insert_field(body, "\"description\":\"first twin\"");
    else if (kind == "unknown")
        insert_field(body, "\"colour_of_the_day\":{\"name\":\"green\",\"shades\":[1,2,3]}");
    else if (kind == "huge")
        insert_field(body, "\"blob\":\"" + std::string(amount_or(rule, 32U << 20U), 'a') + "\"");
    else if (kind == "missing")
        drop_descriptions(body);
    else if (kind == "deep") {
        const auto depth = static_cast<std::size_t>(amount_or(rule, 100'000));
        insert_field(body, "\"deep\":" + std::string(depth, '[') + std::string(depth, ']'));
    } else {
        replace_all(body, "\"status\":\"draft\"", "\"status\":\"void\"");
        replace_all(body, "\"budget_type\":\"hours\"", "\"budget_type\":\"points\"");
        replace_all(body, "\"budget_frequency\":\"weekly\"", "\"budget_frequency\":\"fortnightly\"");
    }
}

wire_fault wire_of(const fault_rule& rule, const answer& out) {
    using kind = wire_fault::kind;
    if (rule.kind == "reset" || rule.kind == "lost") return {kind::reset_before, 0};
    if (rule.kind == "cut") return {kind::cut_after, amount_or(rule, out.body.size() / 2)};
    if (rule.kind == "hang") return {kind::hang, 0};
    if (rule.kind == "drip") return {kind::drip, amount_or(rule, 20)};
    if (rule.kind == "no_notify") return {kind::close_without_notify, 0};
    if (rule.kind == "bad_gzip") return {kind::bad_gzip, 0};
    if (rule.kind == "gzip_bomb") return {kind::gzip_bomb, amount_or(rule, 1U << 30U)};
    if (rule.kind == "delay") return {kind::delay, amount_or(rule, 30)};
    return {};
}

}  // namespace minutedock
