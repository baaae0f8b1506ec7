// SPDX-License-Identifier: MIT
// Texts that break naive programs: kept exactly, byte for byte, or refused whole (H10).
#include <gtest/gtest.h>

#include "tests/unit/api/reading.h"

namespace mdock::api {
namespace {

std::string name_of_task(const std::string& json_text) {
    const auto rows = rows_of(resource::tasks, R"([{"id":1,"name":")" + json_text + R"("}])");
    return rows.empty() ? "no row" : std::string(rows.row(0)[rows.columns().cell_of("name")].view());
}

TEST(Text, H10_StrangeButRightTextIsKeptExactly) {
    using namespace std::string_literals;
    const std::pair<std::string, std::string> table[] = {
        {R"(\u0000)", "\0"s},
        {R"(a\u0000b\u0000)", "a\0b\0"s},
        {R"(\u0001\u001f\u007f)", "\x01\x1f\x7f"},
        {R"(\b\f\n\r\t\"\\\/)", "\b\f\n\r\t\"\\/"},
        {"\x7f", "\x7f"},
        {R"(\ud83d\ude00)", "😀"},
        {"😀", "😀"},
        {R"(\uffff\ufffe\ufeff)", "\uffff\ufffe\ufeff"},
        {R"(\u202e\u2066\u200b\u2028)", "\u202e\u2066\u200b\u2028"},
        {"e\u0301 \u00e9", "e\u0301 \u00e9"},
        {"  two  ", "  two  "},
        {R"(\u001b[31mred)", "\x1b[31mred"},
        {R"('; DROP TABLE entries; --)", "'; DROP TABLE entries; --"},
        {"\U0010ffff", "\U0010ffff"},
    };
    for (const auto& [json_text, text] : table) EXPECT_EQ(name_of_task(json_text), text) << json_text;
}

TEST(Text, H10_LoneSurrogatesAreRefused) {
    for (const auto* text : {R"(\ud800)", R"(\udc00)", R"(\ud800x)", R"(\ud800\ud800)", R"(\udc00\ud800)", R"(\ud83d\u0041)", R"(a\udfffb)", R"(\ud800\n)"}) {
        EXPECT_TRUE(outcome(resource::tasks, R"([{"id":1,"name":")" + std::string(text) + R"("}])").starts_with("not_json tasks")) << text;
        EXPECT_TRUE(outcome(resource::tasks, R"([{"id":1,"new":[")" + std::string(text) + R"("]}])").starts_with("not_json tasks")) << text;
        EXPECT_TRUE(outcome(resource::tasks, R"([{"id":1,")" + std::string(text) + R"(":1}])").starts_with("not_json tasks")) << text;
    }
}

TEST(Text, H10_BadUtf8IsRefused) {
    const std::string_view bad[] = {
        "\x80",                  // a continuation alone
        "\xbf",
        "\xc3",                  // cut
        "\xc3(",
        "\xe2\x82",
        "\xf0\x9f\x98",
        "\xc0\xaf",              // overlong
        "\xc1\xbf",
        "\xe0\x80\xaf",
        "\xf0\x80\x80\xaf",
        "\xed\xa0\x80",          // a surrogate
        "\xed\xbf\xbf",
        "\xf4\x90\x80\x80",      // beyond the last character
        "\xf5\x80\x80\x80",
        "\xfe",
        "\xff",
        "caf\xe9",               // Latin-1
    };
    for (const auto text : bad) {
        for (const auto* before : {R"([{"id":1,"name":")", R"([{"id":1,"new":")", R"([{"id":1,"new":{"a":[")"}) {
            EXPECT_TRUE(outcome(resource::tasks, before + std::string(text) + R"("}])").starts_with("not_json tasks")) << before << text;
        }
        EXPECT_TRUE(outcome(resource::tasks, R"([{"id":1,")" + std::string(text) + R"(":1}])").starts_with("not_json tasks")) << text;
    }
}

TEST(Text, H10_RawControlCharactersAreNoJson) {
    for (char c = 0; c < 0x20; ++c)
        EXPECT_TRUE(outcome(resource::tasks, R"([{"id":1,"name":"a)" + std::string(1, c) + R"("}])").starts_with("not_json tasks")) << int{c};
}

TEST(Text, EveryCharacterComesThroughEscapedAndPlain) {
    const auto utf8 = [](unsigned c) {
        std::string out;
        if (c < 0x80) return std::string(1, static_cast<char>(c));
        if (c < 0x800) return out + static_cast<char>(0xC0U | c >> 6U) + static_cast<char>(0x80U | (c & 63U));
        return out + static_cast<char>(0xE0U | c >> 12U) + static_cast<char>(0x80U | (c >> 6U & 63U)) + static_cast<char>(0x80U | (c & 63U));
    };
    std::string escaped, text;
    for (unsigned c = 0; c < 0x10000; c += c < 0x3000 ? 1 : 7) {
        if (c >= 0xD800 && c < 0xE000) continue;
        char code[8];
        std::snprintf(code, sizeof code, "\\u%04x", c);
        escaped += code;
        text += utf8(c);
        if (c >= 0x20 && c != '"' && c != '\\') escaped += utf8(c), text += utf8(c);
    }
    EXPECT_EQ(name_of_task(escaped), text);
}

}  // namespace
}  // namespace mdock::api
