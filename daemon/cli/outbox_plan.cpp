// SPDX-License-Identifier: MIT
#include "daemon/cli/outbox_plan.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "core/api/writes.h"
#include "core/base/decimal.h"
#include "core/model/field_values.h"
#include "core/model/resource.h"
#include "daemon/cli/waiting.h"

namespace mdock::cli {
namespace {

constexpr const char* read_first = "read first: only what still differs then is sent";
constexpr const char* versioned = "read first: the version follows the one that the timer has then; what waits for the timer becomes one request";
constexpr const char* local_ids = "ids from 9000000000000001 up are MinuteDock's own by then";

planned_request made_of(const waiting_row& row, const http_request& request, std::string remark) {
    return {row.outbox_id, request.method, request.target, request.body, std::move(remark)};
}

planned_request reading(const waiting_row& row, std::string target) { return {row.outbox_id, "GET", std::move(target), {}, {}}; }

bool names_local_row(const waiting_row& row, const model::field_values& fields) {
    if (row.operation != "create" && row.row_id > local_id_base) return true;
    for (const auto& [name, value] : fields) {
        const auto* id = std::get_if<std::int64_t>(&value);
        if (name.ends_with("_id") && id != nullptr && *id > local_id_base) return true;
        const auto* ids = std::get_if<model::id_set>(&value);
        if (ids != nullptr && !ids->empty() && ids->back() > local_id_base) return true;
    }
    return false;
}

api::dock_version next_version(SQLite::Database& db) {
    api::dock_version next;
    SQLite::Statement row(db, "SELECT version_id, version_number, (SELECT client_id FROM _outbox_state) FROM dock");
    if (!row.executeStep()) return next;
    next.id = row.getColumn(0).getString();
    next.number = row.getColumn(1).getInt64() + 1;
    next.client_id = row.getColumn(2).getString();
    return next;
}

void plan_dock(SQLite::Database& db, const waiting_row& row, model::field_values fields, std::vector<planned_request>& into) {
    if (row.operation == "redock") {
        const auto entry = fields.find("entry_id");
        const auto* id = entry == fields.end() ? nullptr : std::get_if<std::int64_t>(&entry->second);
        into.push_back(made_of(row, api::redock(id == nullptr ? 0 : *id), {}));
        return;
    }
    into.push_back(reading(row, "/dock"));
    if (row.operation == "discard") {
        into.push_back(made_of(row, api::discard_dock(), {}));
        return;
    }
    for (const auto* own : {"at", "entry_id", "entry_date"}) fields.erase(own);
    if (row.operation == "log") fields.clear();
    if (row.operation == "start" || row.operation == "resume") fields.insert_or_assign("is_running", std::int64_t{1});
    if (row.operation == "pause") fields.insert_or_assign("is_running", std::int64_t{0});
    into.push_back(made_of(row, api::update_dock(fields, next_version(db), row.operation == "log"), versioned));
}

void plan_row(const waiting_row& row, resource which, const model::field_values& fields, std::vector<planned_request>& into) {
    const std::string remark = names_local_row(row, fields) ? local_ids : "";
    const auto one = fmt::format("/{}/{}", name_of(which), row.row_id);
    if (row.operation == "create") {
        into.push_back(made_of(row, api::create_one(which, fields), remark));
        return;
    }
    if (which != resource::expenses) into.push_back(reading(row, one));
    into.push_back(row.operation == "delete" ? made_of(row, api::delete_one(which, row.row_id), remark)
                                             : made_of(row, api::update_one(which, row.row_id, fields), remark.empty() ? read_first : remark));
}

}  // namespace

std::vector<planned_request> planned_requests(SQLite::Database& db) {
    std::vector<planned_request> out;
    for (const auto& row : read_waiting_rows(db)) {
        if (row.state == "held" || row.state == "parked") continue;
        const auto which = resource_named(row.resource);
        const auto fields = model::parse_fields(row.new_values);
        if (!which || !fields) continue;
        if (*which == resource::dock)
            plan_dock(db, row, *fields, out);
        else
            plan_row(row, *which, *fields, out);
    }
    return out;
}

boost::json::object as_json(const planned_request& one) {
    boost::json::object out;
    out["outbox_id"] = one.outbox_id;
    out["method"] = one.method;
    out["target"] = one.target;
    boost::json::error_code ec;
    auto body = one.body.empty() ? boost::json::value(nullptr) : boost::json::parse(one.body, ec);
    out["body"] = ec ? boost::json::value(one.body) : std::move(body);
    out["remark"] = one.remark.empty() ? boost::json::value(nullptr) : boost::json::value(one.remark);
    return out;
}

}  // namespace mdock::cli
