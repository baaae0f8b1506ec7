// SPDX-License-Identifier: MIT
#include "core/api/writes.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <stdexcept>

#include "core/base/decimal.h"

namespace mdock::api {
namespace {

// The name of one row in a body: {"entry":{…}}.
std::string_view one_of(resource which) {
    switch (which) {
        case resource::contacts: return "contact";
        case resource::projects: return "project";
        case resource::tasks: return "task";
        case resource::expenses: return "expense";
        default: return "entry";
    }
}

std::string quoted(std::string_view text) { return boost::json::serialize(boost::json::string(text.data(), text.size())); }

std::string value_text(const model::column& column, const model::field_value& value) {
    if (std::holds_alternative<std::nullptr_t>(value)) return "null";
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (column.how == model::kind::boolean && integer != nullptr) return *integer != 0 ? "true" : "false";
    if (column.how == model::kind::cents && integer != nullptr) return quoted(format_cents(*integer));
    return model::text_of(value);
}

const model::column* column_of(const model::table& table, std::string_view name) {
    for (const auto& column : table.columns)
        if (column.name == name || (name == model::links_field && column.how == model::kind::link_set)) return &column;
    return nullptr;
}

std::string object_of(resource which, const model::field_values& fields, std::string more = {}) {
    const auto& table = model::describe(which);
    std::string out;
    for (const auto& [name, value] : fields) {
        const auto* column = column_of(table, name);
        if (column == nullptr || column->written_by == model::writer::nobody) continue;
        out += (out.empty() ? "" : ",") + quoted(column->api_field) + ":" + value_text(*column, value);
    }
    if (!more.empty()) out += (out.empty() ? "" : ",") + more;
    return "{\"" + std::string(one_of(which)) + "\":{" + out + "}}";
}

http_request make(std::string method, std::string target, std::string body = {}) {
    http_request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    return request;
}

std::string path_of(resource which, std::int64_t id) { return "/" + std::string(name_of(which)) + "/" + std::to_string(id); }

}  // namespace

http_request create_one(resource which, const model::field_values& fields) {
    if (which == resource::entries) {
        const auto date = fields.find("entry_date");
        if (date == fields.end() || !std::holds_alternative<std::string>(date->second))
            throw std::logic_error("an entry without a date would start a timer");
    }
    return make("POST", "/" + std::string(name_of(which)), object_of(which, fields));
}

http_request update_one(resource which, std::int64_t id, const model::field_values& fields) {
    return make("PUT", path_of(which, id), object_of(which, fields));
}

bool is_deletion_of(std::int64_t id, std::string_view body) {
    boost::system::error_code failed;
    const auto parsed = boost::json::parse(body, failed);
    const auto* object = failed ? nullptr : parsed.if_object();
    const auto* of = object == nullptr ? nullptr : object->if_contains("id");
    const auto* status = object == nullptr ? nullptr : object->if_contains("status");
    if (of == nullptr || status == nullptr || !status->is_string() || status->get_string() != "deleted") return false;
    return of->is_int64() ? of->get_int64() == id : of->is_string() && of->get_string() == std::to_string(id);
}

http_request delete_one(resource which, std::int64_t id) { return make("DELETE", path_of(which, id)); }

http_request update_dock(const model::field_values& fields, const dock_version& version, bool is_logged) {
    std::string more = "\"version_id\":" + quoted(version.id) + ",\"version_client_id\":" + quoted(version.client_id) +
                       ",\"version_number\":" + std::to_string(version.number);
    if (is_logged) more += ",\"logged\":true";
    return make("PUT", "/dock", object_of(resource::dock, fields, std::move(more)));
}

http_request discard_dock() { return make("DELETE", "/entries/current"); }

http_request redock(std::int64_t entry_id) { return make("POST", path_of(resource::entries, entry_id) + "/redock"); }

}  // namespace mdock::api
