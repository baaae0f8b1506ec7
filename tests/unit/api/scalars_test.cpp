// SPDX-License-Identifier: MIT
// One JSON value to one cell: the forms that MinuteDock is tolerated to send, and that everything else is refused.
#include <gtest/gtest.h>

#include "tests/unit/api/reading.h"

namespace mdock::api {
namespace {

struct form {
    std::string_view value;    // as JSON
    std::string_view cell;     // as shown(); empty: refused
};

void expect_forms(resource which, std::string_view api_field, std::initializer_list<form> table) {
    for (const auto& [value, cell] : table) {
        const auto got = becomes(which, api_field, value);
        if (cell.empty()) {
            EXPECT_TRUE(got.starts_with("refused: " + std::string(name_of(which)) + "[0]." + std::string(api_field))) << value << " is " << got;
        } else {
            EXPECT_EQ(got, cell) << api_field << ": " << value;
        }
    }
}

TEST(Scalars, H05_AnIdIsTheSameAsTextAndAsNumber) {
    expect_forms(resource::contacts, "id",
                 {{"5", "5"}, {R"("5")", "5"}, {R"("8999999999999999")", "8999999999999999"}, {"8999999999999999", "8999999999999999"}});
}

TEST(Scalars, H04_WhatIsNoIdIsRefused) {
    expect_forms(resource::contacts, "id",
                 {{"null", ""},   {R"("")", ""},      {"0", ""},     {R"("0")", ""},    {R"("01")", ""},  {R"("1e3")", ""}, {"1e3", ""},
                  {"1.0", ""},    {"-1", ""},         {"true", ""},  {R"("five")", ""}, {R"(" 5")", ""},  {"[5]", ""},      {R"({"id":5})", ""},
                  {R"("5\u0000")", ""}});
}

TEST(Scalars, H06_AnIdBeyondOursIsRefusedAndNeverRounded) {
    expect_forms(resource::contacts, "id",
                 {{"9000000000000000", ""}, {R"("9007199254740993")", ""}, {"9223372036854775808", ""}, {"1e400", ""},
                  {"123456789012345678901234567890", ""}});
}

TEST(Scalars, AReferenceMayBeNone) {
    for (const auto* field : {"contact_id", "project_id", "invoice_id", "user_account_id"})
        expect_forms(resource::entries, field,
                     {{"null", "NULL"}, {R"("")", "NULL"}, {"0", "NULL"}, {R"("0")", "NULL"}, {"7", "7"}, {R"("7")", "7"}, {R"("x")", ""},
                      {"1.0", ""}, {"-1", ""}, {"true", ""}, {R"("01")", ""}, {"[]", ""}, {"{}", ""}, {R"("9000000000000001")", ""}});
    expect_forms(resource::expenses, "item.id", {{"null", "NULL"}, {R"("")", "NULL"}, {R"("3")", "3"}});
}

TEST(Scalars, TextIsKeptAsItIsAndANumberAsItsOwnText) {
    expect_forms(resource::contacts, "name",
                 {{"null", "NULL"}, {R"("")", "''"}, {R"(" Clients ")", "' Clients '"}, {R"("a\u003eb\/c")", "'a>b/c'"}, {"12", "'12'"},
                  {"1.50", "'1.50'"}, {"-1E+2", "'-1E+2'"}, {"true", ""}, {"[]", ""}, {"{}", ""}});
}

TEST(Scalars, IntegersAreWhole) {
    expect_forms(resource::entries, "duration",
                 {{"null", "NULL"}, {"5400", "5400"}, {R"("5400")", "5400"}, {"-5", "-5"}, {"0", "0"}, {"-0", "0"},
                  {"9223372036854775807", "9223372036854775807"}, {"-9223372036854775808", "-9223372036854775808"},
                  {"9223372036854775808", ""}, {"1.0", ""}, {"1e3", ""}, {R"("1.5")", ""}, {R"("+5")", ""}, {R"(" 5")", ""}, {R"("x")", ""},
                  {"true", ""}, {"[]", ""}});
}

TEST(Scalars, L13_RealsAreReadWithAPointWhateverTheLocale) {
    expect_forms(resource::expenses, "quantity",
                 {{"null", "NULL"}, {"1.5", "1.5"}, {R"("1.5")", "1.5"}, {"2", "2"}, {"-0.25", "-0.25"}, {"1e3", "1000"}, {R"("1e3")", "1000"},
                  {R"("1,5")", ""}, {R"("nan")", ""}, {R"("inf")", ""}, {R"("-inf")", ""}, {R"("1.5 ")", ""}, {R"("x")", ""}, {"true", ""},
                  {R"("1e999")", ""}});
}

TEST(Scalars, BooleansAreTrueAndFalse) {
    expect_forms(resource::contacts, "active",
                 {{"null", "NULL"}, {"true", "1"}, {"false", "0"}, {R"("true")", "1"}, {R"("false")", "0"}, {"1", ""}, {"0", ""}, {R"("1")", ""},
                  {R"("yes")", ""}, {R"("True")", ""}, {"[]", ""}});
}

TEST(Scalars, T07_DaysAreKeptAsTheyAreAndMustExist) {
    expect_forms(resource::invoices, "date",
                 {{"null", "NULL"}, {R"("")", "NULL"}, {R"("2024-02-29")", "'2024-02-29'"}, {R"("0001-01-01")", "'0001-01-01'"},
                  {R"("9999-12-31")", "'9999-12-31'"}, {R"("2023-02-29")", ""}, {R"("2024-1-2")", ""}, {R"("01/20/2024")", ""},
                  {R"("2024-01-20T00:00:00Z")", ""}, {R"("0000-00-00")", ""}, {"20240120", ""}, {"true", ""}});
}

TEST(Scalars, T05_StampsBecomeUtcWholeSeconds) {
    expect_forms(resource::invoices, "updated_at",
                 {{"null", "NULL"}, {R"("")", "NULL"}, {R"("2024-01-20T15:45:00Z")", "'2024-01-20 15:45:00'"},
                  {R"("2016-10-02T12:22:53.921-02:00")", "'2016-10-02 14:22:53'"}, {R"("2016-12-31T23:59:60Z")", "'2017-01-01 00:00:00'"},
                  {R"("9999-12-31T23:30:00-01:00")", ""}, {R"("2024-01-20")", ""}, {R"("2024-01-20T15:45:00")", ""}, {"1705765500", ""}, {"true", ""}});
}

TEST(Scalars, H07_MoneyIsWholeCentsOrRefused) {
    const std::string zeros = "150." + std::string(40, '0');
    const std::string long_text = "\"" + std::string(40, '9') + "\"";
    expect_forms(resource::entries, "billing_rate",
                 {{"null", "NULL"}, {R"("")", "NULL"}, {R"("150.00")", "15000"}, {R"("150")", "15000"}, {"150", "15000"}, {"150.0", "15000"},
                  {"150.25", "15025"}, {"0.1", "10"}, {"0.29", "29"}, {R"("-0.00")", "0"}, {"-0.0", "0"}, {R"("0.00")", "0"}, {zeros, "15000"},
                  {"90071992547409.93", "9007199254740993"}, {R"("92233720368547758.07")", "9223372036854775807"},
                  {R"("92233720368547758.08")", ""}, {long_text, ""}, {"1e2", ""}, {R"("1e2")", ""}, {"150.001", ""}, {R"("1,50")", ""},
                  {R"("$5")", ""}, {"true", ""}, {"[]", ""}});
    expect_forms(resource::items, "default_rate_cents",
                 {{"null", "NULL"}, {"15000", "15000"}, {R"("15000")", "15000"}, {"150.0", ""}, {R"("150.00")", ""}, {"true", ""}});
}

TEST(Scalars, H07_DecimalsKeepEveryDigit) {
    const std::string digits = "0." + std::string(38, '7');
    expect_forms(resource::expenses, "unit_amount",
                 {{"null", "NULL"}, {R"("")", "NULL"}, {R"("19.990")", "'19.990'"}, {"19.990", "'19.990'"}, {"3", "'3'"}, {"-0.50", "'-0.50'"},
                  {digits, "'" + digits + "'"}, {"\"" + digits + "\"", "'" + digits + "'"}, {"1e2", ""}, {"1.5E-3", ""}, {"true", ""}, {"{}", ""}});
}

}  // namespace
}  // namespace mdock::api
