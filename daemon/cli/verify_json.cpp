// SPDX-License-Identifier: MIT
#include "daemon/cli/verify_json.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/cli/report_json.h"
#include "daemon/cli/sync.h"

namespace mdock::cli {
namespace {

namespace json = boost::json;
using kind = engine::difference::kind;

constexpr std::array kinds{kind::missing, kind::ghost, kind::changed};

json::object as_object(const engine::difference& one) {
    json::array fields;
    for (const auto& field : one.fields) fields.push_back(json::value(field));
    json::object out;
    out["resource"] = mdock::name_of(one.which);
    out["id"] = one.row_id;
    out["kind"] = name_of(one.what);
    out["fields"] = std::move(fields);
    out["date"] = one.day ? json::value(format_date(*one.day)) : json::value(nullptr);
    return out;
}

// Held and unsettled rows have the same shape.
template <class Rows>
json::array as_array(const std::vector<Rows>& all) {
    json::array out;
    for (const auto& one : all) {
        json::object row;
        row["resource"] = mdock::name_of(one.which);
        row["rows"] = one.rows;
        row["reason"] = one.reason;
        out.push_back(std::move(row));
    }
    return out;
}

std::string text_in(const json::object& from, const char* key) {
    const auto* value = from.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::int64_t number_in(const json::object& from, const char* key) {
    const auto* value = from.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

// Calls `take(object, resource)` for each element that names a resource.
template <class F>
void each_in(const json::object& from, const char* key, F take) {
    const auto* list = from.if_contains(key);
    if (list == nullptr || !list->is_array()) return;
    for (const auto& one : list->get_array()) {
        if (!one.is_object()) continue;
        const auto which = resource_named(text_in(one.get_object(), "resource"));
        if (which) take(one.get_object(), *which);
    }
}

engine::difference difference_in(const json::object& from, resource which) {
    engine::difference one;
    one.which = which;
    one.row_id = number_in(from, "id");
    one.day = parse_date(text_in(from, "date"));
    const auto word = text_in(from, "kind");
    for (const auto known : kinds)
        if (name_of(known) == word) one.what = known;
    if (const auto* fields = from.if_contains("fields"); fields != nullptr && fields->is_array())
        for (const auto& field : fields->get_array())
            if (field.is_string()) one.fields.emplace_back(field.get_string());
    return one;
}

}  // namespace

std::string_view name_of(kind what) {
    switch (what) {
        case kind::missing: return "missing";
        case kind::ghost: return "ghost";
        case kind::changed: return "changed";
    }
    return "changed";
}

json::object verify_as_json(const engine::verify_report& report) {
    json::array differences;
    for (const auto& one : report.differences) differences.push_back(as_object(one));
    json::object body;
    body["equal"] = report.is_equal;
    body["held"] = as_array(report.held);
    body["differences"] = std::move(differences);
    body["unsettled"] = as_array(report.open);
    body["requests"] = report.requests;
    body["verified_as_of"] = report.verified_as_of ? json::value(format_rfc3339(*report.verified_as_of)) : json::value(nullptr);
    auto round = report_as_json(report.sync);
    body["errors"] = std::move(round.at("errors"));
    if (auto* error = round.if_contains("error")) body["error"] = std::move(*error);
    return body;
}

json::object verify_as_message(const engine::verify_report& report) {
    auto body = verify_as_json(report);
    body["sync"] = report_as_json(report.sync);
    return body;
}

result<engine::verify_report> verify_from_message(const std::string& text) {
    json::error_code ec;
    const json::value document = json::parse(text, ec);
    const auto* body = ec ? nullptr : document.if_object();
    const auto* equal = body != nullptr ? body->if_contains("equal") : nullptr;
    const auto* sync = body != nullptr ? body->if_contains("sync") : nullptr;
    if (equal == nullptr || !equal->is_bool() || sync == nullptr)
        return failure{errc::bad_shape, "the daemon's answer is not a report of a verification"};
    auto round = report_from_json(json::serialize(*sync));
    if (!round) return round.error();
    engine::verify_report report;
    report.sync = std::move(*round);
    report.is_equal = equal->get_bool();
    report.requests = number_in(*body, "requests");
    report.verified_as_of = parse_timestamp(text_in(*body, "verified_as_of"));
    each_in(*body, "differences", [&](const json::object& one, resource which) { report.differences.push_back(difference_in(one, which)); });
    each_in(*body, "held", [&](const json::object& one, resource which) {
        report.held.push_back({which, number_in(one, "rows"), text_in(one, "reason")});
    });
    each_in(*body, "unsettled", [&](const json::object& one, resource which) {
        report.open.push_back({which, number_in(one, "rows"), text_in(one, "reason")});
    });
    return report;
}

}  // namespace mdock::cli
