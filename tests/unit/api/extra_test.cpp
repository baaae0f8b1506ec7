// SPDX-License-Identifier: MIT
// What the documentation does not know is kept as it came, in `extra` (H13).
#include <gtest/gtest.h>

#include "tests/unit/api/reading.h"

namespace mdock::api {
namespace {

std::string extra_of(resource which, std::string_view members) {
    const auto rows = rows_of(which, list_with(which, members));
    return rows.empty() ? "no row" : cell_in(rows, 0, "extra");
}

TEST(Extra, H13_KeepsUnknownValuesOfEveryShape) {
    const std::pair<std::string_view, std::string_view> table[] = {
        {R"("new":1)", R"({"new":1})"},
        {R"("new":null)", R"({"new":null})"},
        {R"("new":true,"newer":false)", R"({"new":true,"newer":false})"},
        {R"("new":"text")", R"({"new":"text"})"},
        {R"("new":"")", R"({"new":""})"},
        {R"("new":[])", R"({"new":[]})"},
        {R"("new":{})", R"({"new":{}})"},
        {R"("new": [ 1 , "two" , [ ] , { } , null ] )", R"({"new":[1,"two",[],{},null]})"},
        {R"("new":{"a":{"b":[1,{"c":2}],"d":"e"},"f":[[],[1]]})", R"({"new":{"a":{"b":[1,{"c":2}],"d":"e"},"f":[[],[1]]}})"},
        {R"("b":[{"x":1},{"y":2}],"a":{"z":3})", R"({"b":[{"x":1},{"y":2}],"a":{"z":3}})"},
        {R"("":1)", R"({"":1})"},
    };
    for (const resource which : listed)
        for (const auto& [members, extra] : table) EXPECT_EQ(extra_of(which, members), "'" + std::string(extra) + "'") << name_of(which);
}

TEST(Extra, H06_NumbersKeepTheirOwnCharacters) {
    const std::string numbers[] = {"9007199254740993",
                                   "9223372036854775807",
                                   "18446744073709551615",
                                   "-9223372036854775808",
                                   "123456789012345678901234567890",
                                   "0.1000000000000000055511151231257827",
                                   "1.50",
                                   "-0",
                                   "-0.0",
                                   "1e5",
                                   "1E+05",
                                   "2.5e-3",
                                   "1." + std::string(300, '3')};
    for (const auto& number : numbers) {
        EXPECT_EQ(extra_of(resource::contacts, "\"new\":" + number), "'{\"new\":" + number + "}'");
        EXPECT_EQ(extra_of(resource::contacts, "\"new\":[" + number + ",{\"a\":" + number + "}]"),
                  "'{\"new\":[" + number + ",{\"a\":" + number + "}]}'");
    }
}

TEST(Extra, TextsMeanWhatTheyMeant) {
    const std::pair<std::string_view, std::string_view> table[] = {
        {R"("new":"a\"b\\c\/d")", R"({"new":"a\"b\\c/d"})"},
        {R"("new":"\u0000\u001f\n\t")", R"({"new":"\u0000\u001f\n\t"})"},
        {R"("new":"\u00e9\ud83d\ude00")", R"({"new":"é😀"})"},
        {R"("k\"\n\u00e9":1)", R"({"k\"\né":1})"},
        {R"("new":{"k\u0000":"v"}, "n\\":[])", R"({"new":{"k\u0000":"v"},"n\\":[]})"},
    };
    for (const auto& [members, extra] : table) EXPECT_EQ(extra_of(resource::tasks, members), "'" + std::string(extra) + "'") << members;
}

TEST(Extra, LongTextsAndKeysAreKeptWhole) {
    const std::string text(300'000, 'x'), key(900, 'k');
    EXPECT_EQ(extra_of(resource::tasks, "\"" + key + "\":{\"" + key + "\":\"" + text + "\"}"),
              "'{\"" + key + "\":{\"" + key + "\":\"" + text + "\"}}'");
}

TEST(Extra, UnknownPartsOfKnownObjectsAreNamedByTheirPath) {
    EXPECT_EQ(extra_of(resource::invoices, R"("delivery":{"service":"xero","id":"ab","sent":true,"more":{"x":[1]}})"),
              R"('{"delivery.sent":true,"delivery.more":{"x":[1]}}')");
    EXPECT_EQ(extra_of(resource::expenses, R"("item":{"name":"km","id":3},"new":1)"), R"('{"item.name":"km","new":1}')");
}

TEST(Extra, KnownFieldsAroundUnknownOnesAreStillFound) {
    const auto rows = rows_of(resource::contacts, R"([{"x":[{"name":"inner","id":99}],"id":"1","y":{"id":5,"name":"no"},"name":"Outer","z":1,)"
                                                  R"("short_code":"s"}])");
    EXPECT_EQ(rows.key(0), 1);
    EXPECT_EQ(cell_in(rows, 0, "name"), "'Outer'");
    EXPECT_EQ(cell_in(rows, 0, "short_code"), "'s'");
    EXPECT_EQ(cell_in(rows, 0, "extra"), R"('{"x":[{"name":"inner","id":99}],"y":{"id":5,"name":"no"},"z":1}')");
}

TEST(Extra, BelongsToItsOwnRow) {
    const auto rows = rows_of(resource::tasks, R"([{"id":1,"a":1},{"id":2},{"id":3,"b":[2]}])");
    EXPECT_EQ(cell_in(rows, 0, "extra"), R"('{"a":1}')");
    EXPECT_EQ(cell_in(rows, 1, "extra"), "NULL");
    EXPECT_EQ(cell_in(rows, 2, "extra"), R"('{"b":[2]}')");
}

}  // namespace
}  // namespace mdock::api
