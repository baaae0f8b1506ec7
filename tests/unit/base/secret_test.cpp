// SPDX-License-Identifier: MIT
// A token cannot be printed, copied or compared, and a place that it was moved from holds none of it (X06).
#include "core/base/secret.h"

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <type_traits>

namespace mdock {
namespace {

template <class T>
concept streamable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!streamable<secret>);
static_assert(!std::copy_constructible<secret>);
static_assert(!std::is_copy_assignable_v<secret>);
static_assert(!std::equality_comparable<secret>);
static_assert(!std::convertible_to<secret, std::string>);
static_assert(!std::convertible_to<secret, std::string_view>);
static_assert(!std::convertible_to<std::string, secret>);
static_assert(std::is_nothrow_move_constructible_v<secret>);
static_assert(std::is_nothrow_move_assignable_v<secret>);

// Long and short: a short text lives inside the object and is not moved by its pointer.
const std::string_view texts[] = {"short", "a-token-that-is-long-enough-to-be-kept-on-the-heap-0123456789"};

TEST(Secret, X06_IsOnlyWhereItWasMovedTo) {
    for (const auto text : texts) {
        secret first{std::string(text)};
        EXPECT_EQ(first.reveal(), text);
        secret second{std::move(first)};
        EXPECT_EQ(second.reveal(), text);
        EXPECT_TRUE(first.empty());  // NOLINT: what is left behind is the subject
        secret third{std::string("another")};
        third = std::move(second);
        EXPECT_EQ(third.reveal(), text);
        EXPECT_TRUE(second.empty());  // NOLINT
        secret& same = third;
        third = std::move(same);
        EXPECT_EQ(third.reveal(), text);
    }
    EXPECT_TRUE(secret{}.empty());
}

// The bytes of `place` hold no part of `text`.
bool holds(const unsigned char* place, std::string_view text) {
    const std::string_view bytes{reinterpret_cast<const char*>(place), sizeof(secret)};
    return bytes.find(text.substr(1)) != std::string_view::npos;
}

TEST(Secret, X06_LeavesNoBytesBehindInTheObject) {
    constexpr std::string_view text = "tk-short-one";
    alignas(secret) unsigned char place[sizeof(secret)];
    auto* token = new (place) secret{std::string(text)};
    ASSERT_TRUE(holds(place, text)) << "a short text is expected inside the object";
    token->~secret();
    EXPECT_FALSE(holds(place, text));

    auto* moved = new (place) secret{std::string(text)};
    ASSERT_TRUE(holds(place, text));
    const secret taken{std::move(*moved)};
    EXPECT_FALSE(holds(place, text));
    EXPECT_EQ(taken.reveal(), text);
    moved->~secret();
}

}  // namespace
}  // namespace mdock
