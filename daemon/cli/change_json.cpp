// SPDX-License-Identifier: MIT
#include "daemon/cli/change_json.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace mdock::cli {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> action_names{"retry", "discard", "hold", "release", "mine", "theirs"};

failure not_understood() { return {errc::usage, "the change was not understood: is the daemon of another version?"}; }

json::value as_json(const store::write_value& value) {
    return std::visit([](const auto& held) { return json::value(held); }, value);
}

std::optional<store::write_value> value_in(const json::value& value) {
    if (value.is_null()) return store::write_value(nullptr);
    if (value.is_int64()) return store::write_value(value.get_int64());
    if (value.is_double()) return store::write_value(value.get_double());
    if (value.is_string()) return store::write_value(std::string(value.get_string()));
    return std::nullopt;
}

const json::array* list_in(const json::object& message, std::string_view key) {
    const auto* value = message.if_contains(key);
    return value == nullptr ? nullptr : value->if_array();
}

std::string text_in(const json::object& message, std::string_view key) {
    const auto* value = message.if_contains(key);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

std::optional<std::int64_t> number_in(const json::object& message, std::string_view key) {
    const auto* value = message.if_contains(key);
    const auto* number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? std::nullopt : std::optional<std::int64_t>(*number);
}

std::optional<store::write_statement> statement_in(const json::value& value) {
    const auto* one = value.if_object();
    const auto* values = one == nullptr ? nullptr : list_in(*one, "values");
    if (values == nullptr) return std::nullopt;
    store::write_statement out{text_in(*one, "sql"), {}};
    for (const auto& each : *values) {
        auto read = value_in(each);
        if (!read) return std::nullopt;
        out.values.push_back(std::move(*read));
    }
    return out;
}

}  // namespace

json::object as_message(const write_request& what) {
    json::array statements;
    for (const auto& one : what.statements) {
        json::array values;
        for (const auto& value : one.values) values.push_back(as_json(value));
        json::object statement;
        statement["sql"] = one.sql;
        statement["values"] = std::move(values);
        statements.push_back(std::move(statement));
    }
    json::object body;
    body["statements"] = std::move(statements);
    body["keeps"] = what.keeps;
    if (what.agreed) body["agreed"] = *what.agreed;
    return body;
}

result<write_request> write_in(const json::object& message) {
    write_request what;
    const auto* statements = list_in(message, "statements");
    const auto* keeps = message.if_contains("keeps");
    if (statements == nullptr || keeps == nullptr || !keeps->is_bool()) return not_understood();
    what.keeps = keeps->get_bool();
    if (message.if_contains("agreed") != nullptr) what.agreed = text_in(message, "agreed");
    for (const auto& each : *statements) {
        auto one = statement_in(each);
        if (!one) return not_understood();
        what.statements.push_back(std::move(*one));
    }
    return what;
}

json::object as_message(const action_request& what) {
    json::object body;
    body["action"] = action_names[static_cast<std::size_t>(what.what)];
    body["id"] = what.id ? json::value(*what.id) : json::value(nullptr);
    return body;
}

result<action_request> action_in(const json::object& message) {
    const auto name = text_in(message, "action");
    const auto found = std::find(action_names.begin(), action_names.end(), name);
    if (found == action_names.end()) return not_understood();
    action_request what{static_cast<change_action>(found - action_names.begin()), number_in(message, "id")};
    const bool may_be_all = what.what == change_action::hold || what.what == change_action::release;
    if (!what.id && !may_be_all) return not_understood();
    return what;
}

json::object as_message(const store::write_outcome& done) {
    json::array queued, ids;
    for (const auto& one : done.queued)
        queued.push_back({{"outbox_id", one.outbox_id},
                          {"resource", one.resource},
                          {"row_id", one.row_id},
                          {"operation", one.operation},
                          {"new_values", one.new_values},
                          {"old_values", one.old_values}});
    for (const auto id : done.row_ids) ids.emplace_back(id);
    json::object body;
    body["queued"] = std::move(queued);
    body["row_ids"] = std::move(ids);
    body["rows_changed"] = done.rows_changed;
    return body;
}

result<store::write_outcome> outcome_in(const json::object& message) {
    const auto* queued = list_in(message, "queued");
    const auto* ids = list_in(message, "row_ids");
    if (queued == nullptr || ids == nullptr) return not_understood();
    store::write_outcome out;
    for (const auto& each : *queued) {
        const auto* one = each.if_object();
        if (one == nullptr) return not_understood();
        out.queued.push_back({number_in(*one, "outbox_id").value_or(0), text_in(*one, "resource"),
                              number_in(*one, "row_id").value_or(0), text_in(*one, "operation"),
                              text_in(*one, "new_values"), text_in(*one, "old_values")});
    }
    for (const auto& each : *ids)
        if (each.is_int64()) out.row_ids.push_back(each.get_int64());
    out.rows_changed = number_in(message, "rows_changed").value_or(0);
    return out;
}

json::object as_message(const failure& why) {
    json::object error, body;
    error["code"] = name_of(why.code());
    error["message"] = why.context();
    body["schema"] = 1;
    body["error"] = std::move(error);
    return body;
}

failure failure_in(const std::string& body) {
    json::error_code ec;
    const json::value document = json::parse(body, ec);
    const auto* whole = ec ? nullptr : document.if_object();
    const auto* value = whole == nullptr ? nullptr : whole->if_contains("error");
    const auto* error = value == nullptr ? nullptr : value->if_object();
    if (error == nullptr) return not_understood();
    const auto code = errc_named(text_in(*error, "code"));
    return {code == errc::none ? errc::usage : code, text_in(*error, "message")};
}

}  // namespace mdock::cli
