// SPDX-License-Identifier: MIT
// Catalogue A2 and T07, the forms inside a body: one canonical id, money without floating point, fixed rules for doubled
// keys, bounds on depth and size, text that survives to the byte, dates that exist.
#include "core/api/decode.h"
#include "core/api/identity_answers.h"
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

constexpr minutedock::account_size tiny{.entries = 60, .years = 1, .contacts = 5, .invoices = 3, .expenses = 3};

std::string entry_with(const std::string& field, const std::string& value) {
    return R"([{"id":"7","user_account_id":"3","date":"2024-02-29",")" + field + "\":" + value + "}]";
}

// The cell of one column of the one entry of a body; nothing when the body is refused.
std::optional<model::cell> cell_of(const std::string& body, std::string_view column) {
    static std::vector<model::row_batch> kept;    // texts of cells live in their batch
    auto rows = api::decode_list(resource::entries, body);
    if (!rows || rows->size() != 1) return std::nullopt;
    kept.push_back(std::move(*rows));
    return kept.back().row(0)[kept.back().columns().cell_of(column)];
}

std::optional<std::int64_t> integer_of(const std::string& body, std::string_view column) {
    const auto cell = cell_of(body, column);
    if (!cell || cell->type != model::cell_type::integer) return std::nullopt;
    return cell->integer;
}

errc refusal_of(resource which, const std::string& body) {
    const auto rows = api::decode_list(which, body);
    return rows ? errc::none : rows.error().code();
}

TEST(Body, H05_NumberAndTextAreTheSameId) {
    EXPECT_EQ(integer_of(entry_with("contact_id", "17"), "contact_id"), 17);
    EXPECT_EQ(integer_of(entry_with("contact_id", "\"17\""), "contact_id"), 17);
}

TEST(Body, H05_OtherSpellingsOfAnIdAreRefused) {
    for (const char* id : {"\"01\"", "\"1e3\"", "1.0", "1e3", "\"1.0\"", "\"+1\"", "\" 1\"", "\"1 \"", "\"0x1\"", "\"1_000\"", "-1"}) {
        EXPECT_EQ(refusal_of(resource::entries, entry_with("contact_id", id)), errc::bad_shape) << id;
        EXPECT_EQ(refusal_of(resource::tasks, R"([{"id":)" + std::string(id) + "}]"), errc::bad_shape) << id;
        EXPECT_EQ(refusal_of(resource::entries, entry_with("task_ids", "[" + std::string(id) + "]")), errc::bad_shape) << id;
    }
}

TEST(Body, H05_FormOfIdsMayChangeBetweenSyncs) {
    world w(tiny);
    w.sync();
    w.service.how().ids = minutedock::id_form::integer;
    EXPECT_EQ(troubles(w.sync(all_again())), lines{});
    expect_equal(w);
    EXPECT_EQ(rows_in(w, "changes"), 0);
}

TEST(Body, H06_LargeIdsAreKeptExactly) {
    constexpr std::int64_t large = 8'999'999'999'999'999;
    EXPECT_EQ(integer_of(entry_with("contact_id", std::to_string(large)), "contact_id"), large);
    EXPECT_EQ(integer_of(entry_with("contact_id", "\"" + std::to_string(large) + "\""), "contact_id"), large);
    world w(tiny);
    add_entry(w, std::chrono::sys_days{std::chrono::year{2024} / 6 / 1}, [&](minutedock::entry& e) { e.id = large; });
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Body, H06_IdsBeyondTheRangeAreRefusedAndNeverRounded) {
    for (const char* id : {"9000000000000000", "9007199254740993", "9223372036854775807", "9223372036854775808",
                           "18446744073709551616", "99999999999999999999999999"}) {
        EXPECT_EQ(refusal_of(resource::tasks, R"([{"id":)" + std::string(id) + "}]"), errc::bad_shape) << id;
        EXPECT_EQ(refusal_of(resource::tasks, R"([{"id":")" + std::string(id) + "\"}]"), errc::bad_shape) << id;
    }
}

TEST(Body, H07_MoneyIsReadAsDecimalText) {
    const std::vector<std::pair<const char*, std::int64_t>> good{
        {"\"150.00\"", 15000}, {"\"150\"", 15000}, {"\"150.5\"", 15050},  {"150.0", 15000},    {"150", 15000},
        {"\"-0.00\"", 0},      {"\"-3.50\"", -350}, {"\"0.07\"", 7},      {"1.15", 115},       {"\"150.000\"", 15000},
        {"70368744177664.01", 7036874417766401},    {"\"92233720368547758.07\"", 9223372036854775807}};
    for (const auto& [text, cents] : good) EXPECT_EQ(integer_of(entry_with("billing_rate", text), "billing_rate_cents"), cents) << text;
}

TEST(Body, H07_MoneyThatIsNoCentsIsRefused) {
    for (const char* text : {"\"1e2\"", "1e2", "\"1.005\"", "1.005", "\"1,50\"", "\"$5\"", "\"92233720368547758.08\"",
                             "\"1234567890123456789012345678901234567890\"", "true", "[]", "{}"})
        EXPECT_EQ(refusal_of(resource::entries, entry_with("billing_rate", text)), errc::bad_shape) << text;
}

TEST(Body, H07_UnitPricesKeepEveryDigit) {
    world w(tiny);
    w.service.account().expenses.begin()->second.unit_amount = "1234567890123456789.0123456789";
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(w.number("SELECT count(*) FROM expenses WHERE unit_amount = '1234567890123456789.0123456789'"), 1);
    expect_equal(w);
}

TEST(Body, H07_FormOfMoneyMayChangeBetweenSyncs) {
    world w(tiny);
    w.sync();
    w.service.how().money = minutedock::money_form::number;
    EXPECT_EQ(troubles(w.sync(all_again())), lines{});
    expect_equal(w);
}

TEST(Body, H08_TheLastOfDoubledKeysWins) {
    const auto twice = cell_of(R"([{"id":"9","description":"first","id":"7","duration":5,"description":"second","duration":6,"date":"2024-02-29"}])", "description");
    ASSERT_TRUE(twice);
    EXPECT_EQ(twice->view(), "second");
    EXPECT_EQ(integer_of(R"([{"id":"9","id":"7","date":"2024-02-29"}])", "entry_id"), 7);
    EXPECT_EQ(integer_of(R"([{"id":"7","date":"2024-02-29","duration":5,"duration":8}])", "duration_seconds"), 8);
}

TEST(Body, H08_TheOtherParserDecidesAlike) {
    const auto me = api::decode_me(R"({"id":"9","email":"a@example.com","id":"7","email":"b@example.com"})");
    ASSERT_TRUE(me);
    EXPECT_EQ(me->legacy_user_id, 7);
    EXPECT_EQ(me->email, "b@example.com");
}

TEST(Body, H08_DoubledUnknownFieldsKeepTheLast) {
    auto rows = api::decode_list(resource::tasks, R"([{"id":"7","colour":"red","colour":{"name":"green"}}])");
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->row(0)[rows->columns().extra()].view(), R"({"colour":{"name":"green"}})");
}

TEST(Body, H09_DepthIsBounded) {
    const std::string deep(100'000, '[');
    EXPECT_EQ(refusal_of(resource::tasks, R"([{"id":"7","x":)" + deep + std::string(100'000, ']') + "}]"), errc::not_json);
    EXPECT_EQ(refusal_of(resource::tasks, deep), errc::bad_shape);
    EXPECT_EQ(refusal_of(resource::tasks, R"([{"id":"7","x":)" + std::string(20, '[') + std::string(20, ']') + "}]"), errc::none);
}

TEST(Body, H09_DepthOfIdentityAnswersIsBounded) {
    EXPECT_FALSE(api::decode_me(R"({"id":"7","x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}"));
    EXPECT_FALSE(api::decode_account(std::string(100'000, '[')));
}

TEST(Body, H09_LengthOfAStringIsBounded) {
    const std::string in_the_field = R"([{"id":"7","name":")", in_the_key = R"([{"id":"7",")";
    EXPECT_NE(refusal_of(resource::tasks, in_the_field + std::string(5'000'000, 'a') + "\"}]"), errc::none);
    EXPECT_NE(refusal_of(resource::tasks, in_the_key + std::string(2'000, 'a') + "\":1}]"), errc::none);
    EXPECT_EQ(refusal_of(resource::tasks, in_the_field + std::string(100'000, 'a') + "\"}]"), errc::none);
}

TEST(Body, H09_NumberOfElementsIsBounded) {
    std::string many = R"([{"id":"7","x":[)";
    for (int i = 0; i < 2'000'001; ++i) many += "0,";
    EXPECT_NE(refusal_of(resource::tasks, many + "0]}]"), errc::none);
    std::string wide = R"([{"id":"7")";
    for (int i = 0; i < 10'001; ++i) wide += ",\"f" + std::to_string(i) + "\":0";
    EXPECT_NE(refusal_of(resource::tasks, wide + "}]"), errc::none);
}

TEST(Body, H09_HugeAndDeepAnswersAreTheTroubleOfTheirResource) {
    for (const char* kind : {"deep", "huge=6000000"}) {
        world w(tiny);
        add_fault(w, std::string(kind) + ":path=/contacts");
        EXPECT_FALSE(w.sync().stopped_by) << kind;
        EXPECT_NE(error_of(w, "contacts"), "") << kind;
        EXPECT_EQ(state_of(w, "entries"), "current") << kind;
    }
}

TEST(Body, H10_BadUtf8IsRefused) {
    for (const char* bytes : {"\xff", "\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80"})
        EXPECT_EQ(refusal_of(resource::tasks, R"([{"id":"7","name":")" + std::string(bytes) + "\"}]"), errc::not_json);
}

TEST(Body, H10_LoneSurrogatesAreRefused) {
    for (const char* text : {R"(\ud800)", R"(\udc00)", R"(\ud800\u0041)", R"(\ud800x)"})
        EXPECT_EQ(refusal_of(resource::tasks, R"([{"id":"7","name":")" + std::string(text) + "\"}]"), errc::not_json) << text;
}

TEST(Body, H10_BadUtf8IsTheTroubleOfItsResource) {
    world w(tiny);
    add_fault(w, "bad_utf8:path=/entries");
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_NE(error_of(w, "entries"), "");
    EXPECT_EQ(rows_in(w, "entries"), 0);
    EXPECT_EQ(state_of(w, "contacts"), "current");
}

TEST(Body, H10_OddTextSurvivesToTheByte) {
    const std::vector<std::string> odd{std::string("a\0b", 3), std::string(1, '\0'), "\x01\x1f\x7f", "\xe2\x80\xae" "abc",
                                       "\xef\xbb\xbf" "bom", "tab\tline\r\n", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
                                       "e\xcc\x81", "\"quoted\\ </script>", " spaces "};
    for (const auto escape : {minutedock::escape_form::html, minutedock::escape_form::plain, minutedock::escape_form::ascii}) {
        world w(tiny);
        w.service.how().json_escape = escape;
        for (const auto& text : odd)
            add_entry(w, std::chrono::sys_days{std::chrono::year{2024} / 6 / 1}, [&](minutedock::entry& e) { e.description = text; });
        EXPECT_EQ(troubles(w.sync()), lines{});
        expect_equal(w);
    }
}

bool takes_date(const std::string& date) {
    return static_cast<bool>(api::decode_list(resource::entries, R"([{"id":"7","user_account_id":"3","date":")" + date + "\"}]"));
}

bool takes_stamp(const std::string& stamp) {
    return static_cast<bool>(api::decode_list(resource::entries, R"([{"id":"7","date":"2024-01-01","updated_at":")" + stamp + "\"}]"));
}

TEST(Clock, T07_OddDatesAreTakenOrRefusedByRule) {
    for (const char* date : {"2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31", "1900-01-01", "2199-12-31"}) EXPECT_TRUE(takes_date(date)) << date;
    for (const char* date : {"2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "0000-01-01", "24-01-01",
                             "2024-1-1", "10000-01-01", "2024-01-01T00:00:00Z", "01/02/2024", "today"})
        EXPECT_FALSE(takes_date(date)) << date;
}

TEST(Clock, T07_OddStampsAreTakenOrRefusedByRule) {
    for (const char* stamp : {"2016-12-31T23:59:60Z", "2024-02-29T23:59:59.999Z", "2024-03-10T02:30:00-05:00", "0001-01-01T00:00:00Z"})
        EXPECT_TRUE(takes_stamp(stamp)) << stamp;
    for (const char* stamp : {"2024-02-30T00:00:00Z", "2024-01-01T24:00:01Z", "2024-01-01T10:00:00", "2024-01-01", "1718182800"})
        EXPECT_FALSE(takes_stamp(stamp)) << stamp;
}

TEST(Clock, T07_LeapSecondIsTheNextMinute) {
    auto rows = api::decode_list(resource::entries, R"([{"id":"7","date":"2024-01-01","updated_at":"2016-12-31T23:59:60Z"}])");
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->row(0)[rows->columns().cell_of("updated_at")].view(), "2017-01-01 00:00:00");
}

}  // namespace
}  // namespace mdock::test
