// SPDX-License-Identifier: MIT
// Whose token it is, and what an error answer says.
#include <gtest/gtest.h>

#include "core/api/error_body.h"
#include "core/api/identity_answers.h"

namespace mdock::api {
namespace {

TEST(Identity, MeIsReadInItsFullAndItsShortForm) {
    const auto full = decode_me(R"({"user_account_id":"456","id":12,"email":"a@example.com","first_name":"A","last_name":"B","billing_rate":"150.00"})");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->user_account_id, 456);
    EXPECT_EQ(full->legacy_user_id, 12);
    EXPECT_EQ(full->email, "a@example.com");
    EXPECT_EQ(full->first_name, "A");
    EXPECT_EQ(full->last_name, "B");
    EXPECT_TRUE(full->shows_rates);
    const auto brief = decode_me(R"({"id":"12","email":"a@example.com"})");
    ASSERT_TRUE(brief);
    EXPECT_FALSE(brief->user_account_id);
    EXPECT_EQ(brief->legacy_user_id, 12);
    EXPECT_FALSE(brief->shows_rates);
    EXPECT_FALSE(decode_me(R"({"id":"12","billing_rate":null})")->shows_rates);
}

TEST(Identity, H05_IdsAreCanonicalHereToo) {
    for (const auto* id : {"0", R"("0")", R"("01")", R"("")", "null", "1.0", "true", "-1", "9000000000000000", "18446744073709551615", "[]", "{}"}) {
        const auto me = decode_me(R"({"email":"a@example.com","user_account_id":)" + std::string(id) + "}");
        ASSERT_TRUE(me) << id;
        EXPECT_FALSE(me->user_account_id) << id;
        EXPECT_FALSE(decode_account(R"({"name":"x","id":)" + std::string(id) + "}")) << id;
    }
}

std::string why(const auto& outcome) {
    return outcome ? "decoded" : std::string(name_of(outcome.error().code())) + " " + outcome.error().context();
}

TEST(Identity, H02_AnAnswerThatNamesNobodyIsRefused) {
    for (const auto* body : {"{}", R"({"first_name":"A"})", R"({"email":""})", R"({"id":null,"email":null})", R"({"email":5})"})
        EXPECT_TRUE(why(decode_me(body)).starts_with("bad_shape users/me: names no user")) << body;
    for (const auto* body : {"null", "[]", R"([{"id":1}])", R"("me")", "5"}) {
        EXPECT_EQ(why(decode_me(body)), "bad_shape users/me: not an object") << body;
        EXPECT_EQ(why(decode_account(body)), "bad_shape accounts/current: not an object") << body;
    }
    for (const auto* body : {"", " ", "<html>", "{", "{}{}", "\xff", R"({"id":"\ud800"})"}) {
        EXPECT_TRUE(why(decode_me(body)).starts_with("not_json users/me: ")) << body;
        EXPECT_TRUE(why(decode_account(body)).starts_with("not_json accounts/current: ")) << body;
    }
}

TEST(Identity, TheAccountNeedsItsIdAndNothingElse) {
    EXPECT_EQ(decode_account(R"({"id":"15865","name":"Studio","odd":[1]})")->account_id, 15865);
    EXPECT_EQ(decode_account(R"({"id":15865,"name":"Studio"})")->name, "Studio");
    EXPECT_EQ(decode_account(R"({"id":1,"name":null})")->name, "");
    EXPECT_TRUE(why(decode_account("{}")).starts_with("bad_shape accounts/current.id"));
}

TEST(Identity, TheDockNamesItsOwnerWhereItDoes) {
    EXPECT_EQ(decode_dock_owner(R"({"user_account_id":"456"})"), 456);
    for (const auto* body : {"", "null", "{}", R"({"user_account_id":null})", R"({"user_account_id":0})", "[]", "<html>"})
        EXPECT_FALSE(decode_dock_owner(body)) << body;
}

http_answer answering(std::string body, std::string content_type = "application/json") {
    http_answer answer;
    answer.status = 403;
    answer.body = std::move(body);
    answer.content_type = std::move(content_type);
    return answer;
}

TEST(ErrorBody, TheSentenceIsFoundInEveryShapeSeen) {
    const std::pair<std::string_view, std::string_view> table[] = {
        {R"({"status":"error","message":"Either your key or account is wrong"})", "Either your key or account is wrong"},
        {R"({"message":"Account \u003e Settings"})", "Account > Settings"},
        {R"({"error":"invalid_token","error_description":"The token was revoked"})", "The token was revoked"},
        {R"({"error":"Not found"})", "Not found"},
        {R"({"error":{"code":5}})", R"({"code":5})"},
        {R"({"errors":["name is missing","date is bad"]})", R"(["name is missing","date is bad"])"},
        {R"({"errors":{"date":["is bad"]}})", R"({"date":["is bad"]})"},
        {R"({"message":"","error":"second"})", "second"},
        {R"({"message":null,"error":"second"})", "second"},
        {R"({"status":"error"})", ""},
        {"{}", ""},
        {"[]", ""},
        {"null", ""},
        {R"("text")", ""},
        {"", ""},
        {"<html><body>403 Forbidden</body></html>", ""},
        {"{\"message\":\"\xff\"}", ""},
        {R"({"message":"cut)", ""},
    };
    for (const auto& [body, text] : table) EXPECT_EQ(message_in(answering(std::string(body))), text) << body;
}

TEST(ErrorBody, H19_APlainTextIsShownAndAWebPageIsNot) {
    EXPECT_EQ(message_in(answering("Retry later\n", "text/plain; charset=utf-8")), "Retry later ");
    EXPECT_EQ(message_in(answering("<html>Sign in</html>", "text/html")), "");
    EXPECT_EQ(message_in(answering("", "text/plain")), "");
}

TEST(ErrorBody, H10_NothingThatSteersATerminalIsShown) {
    EXPECT_EQ(message_in(answering(R"({"message":"a\u001b[31mb\u0007c\u0000d\r\ne\u007ff"})")), "a [31mb c d  e f");
    for (int c = 0; c < 0x20; ++c)
        EXPECT_EQ(message_in(answering("a" + std::string(1, static_cast<char>(c)) + "b", "text/plain")), "a b") << c;
}

TEST(ErrorBody, AHugeOneIsShortenedBetweenCharacters) {
    const std::string huge = message_in(answering("{\"message\":\"" + std::string(1'000'000, 'x') + "\"}"));
    EXPECT_EQ(huge, std::string(200, 'x') + "…");
    for (std::size_t shift = 0; shift < 4; ++shift) {
        std::string text(shift, 'x');
        for (int i = 0; i < 100; ++i) text += "😀";
        const std::string shown = message_in(answering("{\"message\":\"" + text + "\"}"));
        EXPECT_LE(shown.size(), 203U);
        EXPECT_EQ((shown.size() - 3 - shift) % 4, 0U) << "a character was cut";
        EXPECT_TRUE(shown.ends_with("…"));
    }
    EXPECT_EQ(message_in(answering("{\"message\":\"" + std::string(200, 'x') + "\"}")), std::string(200, 'x'));
}

TEST(ErrorBody, H09_NestingIsNoWayIn) { EXPECT_EQ(message_in(answering(R"({"message":)" + std::string(100'000, '['))), ""); }

TEST(ErrorBody, TheFailureNamesRequestStatusAndSentenceAndNoParameters) {
    http_request request;
    request.target = "/invoices?from=1900-01-01&to=2199-12-31";
    const auto refused = failure_of(request, answering(R"({"message":"no access"})"));
    EXPECT_EQ(refused.code(), errc::forbidden);
    EXPECT_EQ(refused.context(), "GET /invoices: 403, no access");
    http_answer limited;
    limited.status = 429;
    EXPECT_EQ(failure_of(request, limited).code(), errc::rate_limited);
    EXPECT_EQ(failure_of(request, limited).context(), "GET /invoices: 429");
}

}  // namespace
}  // namespace mdock::api
