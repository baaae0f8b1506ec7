// SPDX-License-Identifier: MIT
#include "tests/unit/api/reading.h"

#include <gtest/gtest.h>

#include <sstream>

namespace mdock::api {

std::string shown(const model::cell& cell) {
    switch (cell.type) {
        case model::cell_type::null: return "NULL";
        case model::cell_type::integer: return std::to_string(cell.integer);
        case model::cell_type::real: {
            std::ostringstream out;
            out << cell.real;
            return out.str();
        }
        case model::cell_type::text: return "'" + std::string(cell.view()) + "'";
    }
    return "?";
}

std::string cell_in(const model::row_batch& rows, std::size_t i, std::string_view column) {
    const auto& columns = rows.columns();
    return shown(rows.row(i)[column == "extra" ? columns.extra() : columns.cell_of(column)]);
}

std::string list_with(resource which, std::string_view members) {
    const auto& columns = model::layout_of(which);
    std::string body = "[{\"" + std::string(columns.stored[columns.key]->api_field) + "\":\"1\"";
    if (which == resource::entries) body += R"(,"date":"2024-01-20")";
    if (!members.empty()) body += "," + std::string(members);
    return body + "}]";
}

std::string member(std::string_view api_field, std::string_view value) {
    const auto dot = api_field.find('.');
    if (dot == std::string_view::npos) return "\"" + std::string(api_field) + "\":" + std::string(value);
    return "\"" + std::string(api_field.substr(0, dot)) + "\":{" + member(api_field.substr(dot + 1), value) + "}";
}

std::string becomes(resource which, std::string_view api_field, std::string_view value) {
    const auto rows = decode_list(which, list_with(which, member(api_field, value)));
    if (!rows) return "refused: " + rows.error().context();
    for (const auto* column : rows->columns().stored)
        if (column->api_field == api_field) return rows->empty() ? "no row" : cell_in(*rows, 0, column->name);
    return "no such column";
}

std::string outcome(resource which, std::string_view body) {
    const auto rows = decode_list(which, body);
    if (rows) return "decoded";
    return std::string(name_of(rows.error().code())) + " " + rows.error().context();
}

model::row_batch rows_of(resource which, std::string_view body) {
    auto rows = decode_list(which, body);
    EXPECT_TRUE(rows) << (rows ? "" : rows.error().context());
    return rows ? std::move(rows.value()) : model::row_batch{which};
}

std::string sample_page(resource which) {
    switch (which) {
        case resource::entries:
            return R"([{"id":"123","user_account_id":"456","contact_id":"789","project_id":null,"task_ids":["11","12"],)"
                   R"("description":"Fix \"quotes\" \u00e9\n","duration":5400,"duration_hours":"1.5","date":"2024-01-20",)"
                   R"("invoice_id":null,"billing_rate":"150.00","updated_at":"2024-01-20T15:45:00Z","logged":true,)"
                   R"("new":{"a":[1,2.50,{"b":null}]}},)"
                   R"({"id":124,"user_account_id":456,"task_ids":[],"date":"2024-01-21","duration":60,"logged":true}])";
        case resource::invoices:
            return R"([{"id":"7","contact_id":9,"number":"INV-7","status":"draft","archived":false,"date":"2024-01-20",)"
                   R"("subtotal":"10.00","delivery":{"service":"xero","id":"ab"},"line_items":[{"id":1}],"updated_at":"2024-01-20T15:45:00Z"},)"
                   R"({"id":"8","delivery":null}])";
        case resource::expenses:
            return R"([{"id":"5","user_account_id":"456","item":{"id":"3","name":"km"},"quantity":1.5,"unit_amount":"0.79","amount":"1.19",)"
                   R"("currency":"NZD","date":"2024-01-20"},{"id":"6","item":null}])";
        case resource::users:
            return R"([{"user_account_id":"456","email":"a@example.com","first_name":"A","last_name":"B","archived":false,"billing_rate":""},)"
                   R"({"user_account_id":"457","id":"2"}])";
        default: return R"([{"id":"1","name":"One","pinned":true,"default_rate_dollars":"1.50"},{"id":2,"name":null}])";
    }
}

}  // namespace mdock::api
