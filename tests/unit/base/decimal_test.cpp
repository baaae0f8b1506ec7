// SPDX-License-Identifier: MIT
// Money and ids never pass through a floating point number: exact, or refused.
#include "core/base/decimal.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace mdock {
namespace {

TEST(Decimal, H07_MoneyIsExactOrRefused) {
    const std::pair<std::string, std::int64_t> exact[] = {
        {"150.00", 15000},
        {"150.0", 15000},
        {"150", 15000},
        {"0", 0},
        {"0.00", 0},
        {"-0.00", 0},
        {"-0", 0},
        {"0.01", 1},
        {"-0.01", -1},
        {"-3.50", -350},
        {"0.1", 10},
        {"1.10", 110},
        {"19.99", 1999},
        {"150.000", 15000},
        {"150." + std::string(38, '0'), 15000},
        {"0.29" + std::string(36, '0'), 29},
        {"001.50", 150},
        {"90071992547409.93", 9007199254740993},
        {"92233720368547758.07", std::numeric_limits<std::int64_t>::max()},
        {"-92233720368547758.07", -std::numeric_limits<std::int64_t>::max()},
    };
    for (const auto& [text, cents] : exact) EXPECT_EQ(parse_cents(text), cents) << text;
}

TEST(Decimal, H07_MoneyThatWouldHaveToBeGuessedIsRefused) {
    const std::string refused[] = {
        "", "-", ".", "-.", ".5", "5.", "-5.", "+5", "1e2", "1E2", "1.5e1", "1e-2", "0x10", "1,50", "1 000", "1_000", " 1", "1 ", "$1", "NaN",
        "inf", "--1", "1.2.3", "1.-2", "150.001", "0.005", "0.001", "-0.001", "1.999", "92233720368547758.08", "92233720368547759",
        "-92233720368547758.09", std::string(40, '9'), "0." + std::string(40, '9'), "1.00\n", "١٢"};
    for (const auto& text : refused) EXPECT_FALSE(parse_cents(text)) << text;
    EXPECT_FALSE(parse_cents(std::string_view("1\0", 2)));
}

TEST(Decimal, CentsAreWrittenBackAsTheyWereRead) {
    const std::pair<std::int64_t, std::string_view> table[] = {
        {0, "0.00"},       {1, "0.01"},         {-1, "-0.01"},
        {9, "0.09"},       {10, "0.10"},        {99, "0.99"},
        {100, "1.00"},     {-350, "-3.50"},     {15000, "150.00"},
        {std::numeric_limits<std::int64_t>::max(), "92233720368547758.07"},
        {std::numeric_limits<std::int64_t>::min(), "-92233720368547758.08"},
    };
    for (const auto& [cents, text] : table) EXPECT_EQ(format_cents(cents), text);
    std::mt19937_64 random(11);
    for (int i = 0; i < 10'000; ++i) {
        const auto cents = static_cast<std::int64_t>(random() >> (1 + random() % 62)) * (i % 2 == 0 ? 1 : -1);
        ASSERT_EQ(parse_cents(format_cents(cents)), cents) << cents;
    }
}

TEST(Decimal, H05_IdsHaveOneCanonicalForm) {
    EXPECT_EQ(parse_id("1"), 1);
    EXPECT_EQ(parse_id("456"), 456);
    EXPECT_EQ(parse_id("12345678901234"), 12345678901234);
    for (const auto* text : {"", "0", "00", "01", "-1", "+1", "1.0", "1e3", "1E3", "0x1", " 1", "1 ", "1\n", "one", "1_0", "1,0", "null", "１"})
        EXPECT_FALSE(parse_id(text)) << text;
    EXPECT_FALSE(parse_id(std::string_view("1\0", 2)));
}

TEST(Decimal, H06_IdsAreExactUpToTheLocalRangeAndRefusedBeyond) {
    EXPECT_EQ(parse_id("8999999999999999"), local_id_base - 1);
    for (const auto* text : {"9000000000000000", "9000000000000001", "9007199254740993", "9223372036854775807", "9223372036854775808",
                             "18446744073709551617", "99999999999999999999999999999999999999999999"})
        EXPECT_FALSE(parse_id(text)) << text;
    std::mt19937_64 random(5);
    for (int i = 0; i < 10'000; ++i) {
        const auto id = static_cast<std::int64_t>(random() % (static_cast<std::uint64_t>(local_id_base) - 1)) + 1;
        ASSERT_EQ(parse_id(std::to_string(id)), id);
    }
}

}  // namespace
}  // namespace mdock
