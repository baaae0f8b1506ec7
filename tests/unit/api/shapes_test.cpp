// SPDX-License-Identifier: MIT
// Answers that are not what they should be: refused whole, with the place named, and nothing of them kept.
#include <gtest/gtest.h>

#include "tests/unit/api/reading.h"

namespace mdock::api {
namespace {

TEST(Shapes, H02_SomethingElseWhereAListBelongs) {
    for (const resource which : listed) {
        const std::string name{name_of(which)};
        for (const auto* body : {"null", "{}", R"({"id":1})", R"("error")", "1", "1.5", "true", "false", R"({"error":"no"})"})
            EXPECT_EQ(outcome(which, body), "bad_shape " + name + ": not an array") << body;
        for (const auto* body : {"[null]", "[1]", R"(["x"])", "[true]"})
            EXPECT_EQ(outcome(which, body), "bad_shape " + name + "[0]: not an object") << body;
        EXPECT_TRUE(outcome(which, "[[]]").starts_with("bad_shape " + name)) << outcome(which, "[[]]");
        EXPECT_EQ(outcome(which, "[]"), "decoded");
        EXPECT_EQ(outcome(which, " \r\n\t[ ] \n"), "decoded");
    }
}

TEST(Shapes, H03_NothingWhereJsonBelongs) {
    for (const resource which : listed)
        for (const auto* body : {"", " ", "\r\n\t "})
            EXPECT_EQ(outcome(which, body), "not_json " + std::string(name_of(which)) + ": the answer is empty where JSON belongs");
}

TEST(Shapes, H04_ARowWithoutItsIdRefusesThePage) {
    for (const resource which : listed) {
        const auto& columns = model::layout_of(which);
        const std::string key{columns.stored[columns.key]->api_field};
        const std::string place = "bad_shape " + std::string(name_of(which)) + "[1]." + key + ": ";
        const std::string good = which == resource::entries ? R"({"id":1,"date":"2024-01-20"})" : "{\"" + key + "\":1}";
        EXPECT_TRUE(outcome(which, "[" + good + ",{}," + good + "]").starts_with(place + "missing")) << outcome(which, "[" + good + ",{}]");
        EXPECT_TRUE(outcome(which, "[" + good + R"(,{"new":1}])").starts_with(place + "missing"));
        for (const auto* value : {"null", R"("")", "0", R"("0")", "1.5", "false"})
            EXPECT_EQ(outcome(which, "[" + good + ",{\"" + key + "\":" + value + "}]"), place + "not a usable id") << value;
        EXPECT_TRUE(decode_list(which, "[" + good + "]"));
    }
}

TEST(Shapes, N09_AWebPageIsNamedAsSuch) {
    for (const auto* body : {"<!DOCTYPE html><html><body>Sign in to the network</body></html>", "\n <html>", "<"})
        EXPECT_EQ(outcome(resource::entries, body), "not_json entries: a web page where JSON belongs (a login page of the network?)");
    EXPECT_TRUE(outcome(resource::entries, "Service Unavailable").starts_with("not_json entries: no valid JSON ("));
}

TEST(Shapes, EveryRefusalNamesItsPlace) {
    const std::tuple<resource, std::string_view, std::string_view> table[] = {
        {resource::entries, R"([{"id":1,"date":"2024-01-20"},{"id":2,"date":"2024-01-20","duration":"x"}])", "entries[1].duration: not an integer"},
        {resource::entries, R"([{"id":1,"date":"2024-01-20","task_ids":[1,"x"]}])", "entries[0].task_ids: not a usable id"},
        {resource::entries, R"([{"id":1,"date":"2024-01-20","task_ids":"1"}])", "entries[0].task_ids: not an array"},
        {resource::entries, R"([{"id":1,"date":"2024-01-20","description":{}}])", "entries[0].description: an object where one value belongs"},
        {resource::entries, R"([{"id":1,"date":"2024-01-20","description":[]}])", "entries[0].description: an array where one value belongs"},
        {resource::entries, R"([{"id":1,"date":"20.01.2024"}])", "entries[0].date: not a date (YYYY-MM-DD)"},
        {resource::entries, R"([{"id":1,"updated_at":"yesterday"}])", "entries[0].updated_at: not a time stamp (RFC 3339)"},
        {resource::entries, R"([{"id":1,"billing_rate":"1.999"}])", "entries[0].billing_rate: not an amount in whole cents"},
        {resource::invoices, R"([{"id":1,"delivery":{"service":[]}}])", "invoices[0].delivery.service: an array where one value belongs"},
        {resource::invoices, R"([{"id":1,"delivery":"xero"}])", "invoices[0].delivery: not an object"},
        {resource::invoices, R"([{"id":1,"delivery":[]}])", "invoices[0].delivery: not an object"},
        {resource::invoices, R"([{"id":1,"line_items":5}])", "invoices[0].line_items: not an array"},
        {resource::expenses, R"([{"id":1,"item":{"id":"x"}}])", "expenses[0].item.id: not a usable id"},
        {resource::expenses, R"([{"id":1},{"id":2,"x":{"y":1},"amount":true}])", "expenses[1].amount: not an amount"},
        {resource::contacts, R"([{"id":1,"active":"maybe"}])", "contacts[0].active: not a boolean"},
        {resource::contacts, R"([{"id":1,"budget_target":"much"}])", "contacts[0].budget_target: not a number"},
        {resource::contacts, R"([{"id":1,"name":true}])", "contacts[0].name: not a text"},
    };
    for (const auto& [which, body, why] : table) EXPECT_EQ(outcome(which, body), "bad_shape " + std::string(why)) << body;
}

TEST(Shapes, N04_AnAnswerCutShortNeverDecodes) {
    for (const resource which : listed) {
        const std::string page = sample_page(which);
        ASSERT_EQ(outcome(which, page), "decoded");
        for (std::size_t size = 0; size < page.size(); ++size)
            ASSERT_TRUE(outcome(which, page.substr(0, size)).starts_with("not_json ")) << page.substr(0, size);
    }
}

TEST(Shapes, ASecondDocumentAfterTheFirstIsRefused) {
    for (const auto* after : {"[]", "]", ",", "x", "null", "<html>", "\xef\xbb\xbf", "//"})
        EXPECT_TRUE(outcome(resource::tasks, R"([{"id":1}])" + std::string(after)).starts_with("not_json ")) << after;
    EXPECT_TRUE(outcome(resource::tasks, std::string("[]\0", 3)).starts_with("not_json "));
}

TEST(Shapes, OtherDialectsOfJsonAreRefused) {
    for (const auto* body : {R"([{"id":1,}])", R"([{"id":1},])", R"([{id:1}])", R"([{'id':1}])", R"([{"id":1,"name":01}])", R"([{"id":1,"name":+1}])",
                             R"([{"id":1,"name":.5}])", R"([{"id":1,"name":1.}])", R"([{"id":1,"name":NaN}])", R"([{"id":1}/**/])", "[{\"id\":1,\"name\":\"a\nb\"}]", R"([{"id" 1}])",
                             R"([{"id":1 "name":"x"}])", R"([{"id":1,"name":"\x41"}])", R"([{"id":1,"name":"\u12"}])", "\xef\xbb\xbf[]"})
        EXPECT_TRUE(outcome(resource::tasks, body).starts_with("not_json ")) << body;
}

TEST(Shapes, H09_DeepNestingIsRefusedAndCostsNothing) {
    const auto nested = [](std::size_t depth) {
        return R"([{"id":1,"new":)" + std::string(depth, '[') + std::string(depth, ']') + "}]";
    };
    EXPECT_EQ(outcome(resource::tasks, nested(20)), "decoded");
    for (const std::size_t depth : {100U, 100'000U}) EXPECT_TRUE(outcome(resource::tasks, nested(depth)).starts_with("not_json "));
    EXPECT_TRUE(outcome(resource::tasks, std::string(100'000, '[')).starts_with("bad_shape "));
    std::string objects = R"([{"id":1,"new":)";
    for (int i = 0; i < 10'000; ++i) objects += R"({"a":)";
    EXPECT_TRUE(outcome(resource::tasks, objects).starts_with("not_json "));
}

TEST(Shapes, H09_HugePartsAreRefusedByTheirSize) {
    const std::string long_key(2000, 'k');
    EXPECT_FALSE(decode_list(resource::tasks, "[{\"id\":1,\"" + long_key + "\":1}]"));
    const std::string long_text(4'100'000, 'x');
    EXPECT_FALSE(decode_list(resource::tasks, "[{\"id\":1,\"name\":\"" + long_text + "\"}]"));
    std::string many = R"([{"id":1)";
    for (int i = 0; i < 2'001; ++i) many += ",\"k" + std::to_string(i) + "\":1";
    EXPECT_FALSE(decode_list(resource::tasks, many + "}]"));
    const auto kept = rows_of(resource::tasks, "[{\"id\":1,\"name\":\"" + long_text.substr(0, 1'000'000) + "\"}]");
    EXPECT_EQ(cell_in(kept, 0, "name").size(), 1'000'002U);
}

}  // namespace
}  // namespace mdock::api
