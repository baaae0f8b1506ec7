// SPDX-License-Identifier: MIT
// Answers of one object: an invoice with its lines, and the dock in all its ways of being idle.
#include <gtest/gtest.h>

#include "tests/unit/api/reading.h"

namespace mdock::api {
namespace {

std::string refusal(const auto& outcome) {
    return outcome ? "decoded" : std::string(name_of(outcome.error().code())) + " " + outcome.error().context();
}

TEST(Invoice, CarriesItsLines) {
    const auto detail = decode_invoice(R"({"id":"7","number":"INV-7","total":"11.50","delivery":{"service":"xero","id":"ab"},"line_items":[)"
                                       R"({"id":"2","position":2,"description":"b","quantity":"1.5","unit_amount":"10.00","subtotal":"15.00"},)"
                                       R"({"id":1,"position":"1","quantity":3.50,"new":[1]}],"updated_at":"2024-01-20T15:45:00Z","odd":1})");
    ASSERT_TRUE(detail) << detail.error().context();
    EXPECT_TRUE(detail->has_lines);
    EXPECT_EQ(detail->invoice.key(0), 7);
    EXPECT_EQ(cell_in(detail->invoice, 0, "total_cents"), "1150");
    EXPECT_EQ(cell_in(detail->invoice, 0, "delivery_ref"), "'ab'");
    EXPECT_EQ(cell_in(detail->invoice, 0, "updated_at"), "'2024-01-20 15:45:00'");
    EXPECT_EQ(cell_in(detail->invoice, 0, "extra"), R"('{"odd":1}')");
    ASSERT_EQ(detail->lines.size(), 2U);
    EXPECT_EQ(cell_in(detail->lines, 0, "quantity"), "'1.5'");
    EXPECT_EQ(cell_in(detail->lines, 0, "subtotal_cents"), "1500");
    EXPECT_EQ(cell_in(detail->lines, 1, "position"), "1");
    EXPECT_EQ(cell_in(detail->lines, 1, "quantity"), "'3.50'");
    EXPECT_EQ(cell_in(detail->lines, 1, "extra"), R"('{"new":[1]}')");
}

TEST(Invoice, SaysWhetherItHadLinesAtAll) {
    EXPECT_FALSE(decode_invoice(R"({"id":7})")->has_lines);
    EXPECT_FALSE(decode_invoice(R"({"id":7,"line_items":null})")->has_lines);
    EXPECT_TRUE(decode_invoice(R"({"id":7,"line_items":[]})")->has_lines);
}

TEST(Invoice, H02_IsRefusedWhenItIsSomethingElse) {
    const std::pair<std::string_view, std::string_view> table[] = {
        {"null", "bad_shape invoices: no invoice in the answer"},
        {"[]", "bad_shape invoices: not an object"},
        {R"([{"id":7}])", "bad_shape invoices: not an object"},
        {"{}", "bad_shape invoices.id: missing"},
        {R"({"id":""})", "bad_shape invoices.id: not a usable id"},
        {R"("x")", "bad_shape invoices: not an object"},
        {"", "not_json invoices"},
        {"<html>", "not_json invoices: a web page"},
        {R"({"id":7)", "not_json invoices"},
        {R"({"id":7}{})", "not_json invoices"},
        {R"({"id":7,"line_items":{}})", "bad_shape invoices.line_items: an object where one value belongs"},
        {R"({"id":7,"line_items":"x"})", "bad_shape invoices.line_items: not an array"},
        {R"({"id":7,"line_items":[1]})", "bad_shape invoices.line_items"},
        {R"({"id":7,"line_items":[[]]})", "bad_shape invoices"},
        {R"({"id":7,"line_items":[null]})", "bad_shape invoices"},
        {R"({"id":7,"line_items":[{"id":1},{"position":2}]})", "bad_shape invoices.line_items[1].id: missing"},
        {R"({"id":7,"line_items":[{"id":1,"subtotal":"1.234"}]})", "bad_shape invoices.line_items[0].subtotal: not an amount in whole cents"},
    };
    for (const auto& [body, why] : table) EXPECT_TRUE(refusal(decode_invoice(body)).starts_with(why)) << body << ": " << refusal(decode_invoice(body));
}

TEST(Dock, IsIdleInManyWords) {
    for (const auto* body : {"null", "", " \n", " null "}) {
        const auto rows = decode_dock(body, 456);
        ASSERT_TRUE(rows) << body;
        EXPECT_TRUE(rows->empty()) << body;
    }
    for (const auto* body : {"{}", R"({"user_account_id":null})", R"({"user_account_id":"456"})",
                             R"({"id":null,"user_account_id":456,"contact_id":null,"project_id":null,"task_ids":[],"description":"","duration":0,)"
                             R"("duration_hours":"0.0","date":"","invoice_id":null,"timer_active":false,"logged":false})"}) {
        const auto rows = decode_dock(body, 456);
        ASSERT_TRUE(rows) << body << " " << rows.error().context();
        ASSERT_EQ(rows->size(), 1U) << body;
        EXPECT_EQ(rows->key(0), 456);
        EXPECT_EQ(rows->links(0).size(), 0U);
        EXPECT_EQ(cell_in(*rows, 0, "extra"), "NULL");
    }
}

TEST(Dock, KeepsTheRunningTimer) {
    const auto rows = decode_dock(R"({"id":"6249415","user_account_id":"456","contact_id":"7","task_ids":["3","2"],"description":"now","duration":95,)"
                                  R"("timer_active":true,"version_id":"fc21","version_client_id":"9536","version_number":12,"rate":5,"odd":{"a":1}})",
                                  456);
    ASSERT_TRUE(rows) << rows.error().context();
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_EQ(cell_in(*rows, 0, "contact_id"), "7");
    EXPECT_EQ(cell_in(*rows, 0, "duration_seconds"), "95");
    EXPECT_EQ(cell_in(*rows, 0, "is_running"), "1");
    EXPECT_EQ(cell_in(*rows, 0, "version_id"), "'fc21'");
    EXPECT_EQ(cell_in(*rows, 0, "version_number"), "12");
    EXPECT_EQ(cell_in(*rows, 0, "extra"), R"('{"odd":{"a":1}}')");
    EXPECT_EQ(rows->links(0).size(), 2U);
}

TEST(Dock, IsRefusedWhenItIsAnothersOrSomethingElse) {
    const std::pair<std::string_view, std::string_view> table[] = {
        {R"({"user_account_id":"457","duration":5})", "bad_shape dock.user_account_id: the timer of another user"},
        {R"({"user_account_id":"x"})", "bad_shape dock.user_account_id: not a usable id"},
        {R"({"user_account_id":0})", "bad_shape dock.user_account_id: not a usable id"},
        {"[]", "bad_shape dock: not an object"},
        {"false", "bad_shape dock: not an object"},
        {R"("")", "bad_shape dock: not an object"},
        {"0", "bad_shape dock: not an object"},
        {R"({"duration":"long"})", "bad_shape dock.duration: not an integer"},
        {R"({"timer_active":1})", "bad_shape dock.timer_active: not a boolean"},
        {"<html>", "not_json dock: a web page"},
        {"nul", "not_json dock"},
        {"null null", "not_json dock"},
        {R"({"duration":5)", "not_json dock"},
    };
    for (const auto& [body, why] : table) EXPECT_TRUE(refusal(decode_dock(body, 456)).starts_with(why)) << body << ": " << refusal(decode_dock(body, 456));
}

}  // namespace
}  // namespace mdock::api
