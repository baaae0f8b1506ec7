// SPDX-License-Identifier: MIT
#include "daemon/cli/report_json.h"

#include <boost/json/parse.hpp>

namespace mdock::cli {
namespace {

namespace json = boost::json;

std::string text_in(const json::object& from, const char* key) {
    const auto* value = from.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::int64_t number_in(const json::object& from, const char* key) {
    const auto* value = from.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

failure failure_in(const json::object& from) { return {errc_named(text_in(from, "code")), text_in(from, "message")}; }

const json::array* list_in(const json::object& from, const char* key) {
    const auto* value = from.if_contains(key);
    return value != nullptr ? value->if_array() : nullptr;
}

void read_outcome(engine::round_report& report, const json::object& one) {
    const auto which = resource_named(text_in(one, "resource"));
    if (!which) return;
    engine::resource_outcome outcome;
    outcome.which = *which;
    outcome.state = text_in(one, "state");
    outcome.row_count = number_in(one, "row_count");
    outcome.inserted = number_in(one, "inserted");
    outcome.updated = number_in(one, "updated");
    outcome.unchanged = number_in(one, "unchanged");
    report.resources.push_back(std::move(outcome));
}

void read_error(engine::round_report& report, const json::object& one) {
    const auto which = resource_named(text_in(one, "resource"));
    if (!which) {
        report.stopped_by = failure_in(one);
        return;
    }
    for (auto& outcome : report.resources)
        if (outcome.which == *which) outcome.error = failure_in(one);
}

}  // namespace

result<engine::round_report> report_from_json(const std::string& text) {
    json::error_code ec;
    const json::value document = json::parse(text, ec);
    const auto* body = ec ? nullptr : document.if_object();
    if (body == nullptr || list_in(*body, "resources") == nullptr)
        return failure{errc::bad_shape, "the daemon's answer is not a report of a round"};
    engine::round_report report;
    report.requests = number_in(*body, "requests");
    for (const auto& one : *list_in(*body, "resources"))
        if (one.is_object()) read_outcome(report, one.get_object());
    if (const auto* errors = list_in(*body, "errors"))
        for (const auto& one : *errors)
            if (one.is_object()) read_error(report, one.get_object());
    return report;
}

}  // namespace mdock::cli
