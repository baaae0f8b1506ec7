// SPDX-License-Identifier: MIT
// Retry-After is obeyed when it makes sense, and is as good as not there when it does not.
#include "core/sync/retry_after.h"

#include <gtest/gtest.h>

#include <vector>

namespace mdock::sync {
namespace {

using std::chrono::seconds;

const auto now = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");

TEST(RetryAfter, N14_OneHeader) {
    const std::pair<std::string, std::optional<int>> table[] = {
        {"0", 0},
        {"1", 1},
        {"60", 60},
        {"007", 7},
        {" 60\t", 60},
        {"3600", 3600},
        {"3601", {}},
        {"86400", {}},
        {"-1", {}},
        {"+5", {}},
        {"1000000000000", {}},
        {"99999999999999999999999999", {}},
        {"1.5", {}},
        {"1e2", {}},
        {"60s", {}},
        {"6 0", {}},
        {"", {}},
        {"  ", {}},
        {"soon", {}},
        {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
        {"Sun, 06 Nov 1994 08:50:07 GMT", 30},
        {"Sunday, 06-Nov-94 08:50:07 GMT", 30},
        {"Sun Nov  6 08:50:07 1994", 30},
        {"Sun, 06 Nov 1994 09:49:37 GMT", 3600},
        {"Sun, 06 Nov 1994 09:49:38 GMT", {}},
        {"Sun, 06 Nov 1994 08:49:36 GMT", {}},
        {"Sun, 06 Nov 2094 08:49:37 GMT", {}},
        {"1994-11-06T08:50:07Z", {}},
    };
    for (const auto& [header, wait] : table) {
        const std::vector<std::string> headers{header};
        const auto got = retry_after(headers, now);
        EXPECT_EQ(got ? std::optional<long>(got->count()) : std::nullopt, wait ? std::optional<long>(*wait) : std::nullopt) << header;
    }
}

TEST(RetryAfter, N14_OfSeveralTheLongestThatMakesSense) {
    const std::pair<std::vector<std::string>, std::optional<seconds>> table[] = {
        {{}, {}},
        {{"5", "60"}, seconds{60}},
        {{"60", "5"}, seconds{60}},
        {{"60", "99999999"}, seconds{60}},
        {{"garbage", "7", "-1"}, seconds{7}},
        {{"garbage", "-1"}, {}},
        {{"5", "Sun, 06 Nov 1994 08:50:07 GMT"}, seconds{30}},
    };
    for (const auto& [headers, wait] : table) EXPECT_EQ(retry_after(headers, now), wait) << (headers.empty() ? "" : headers.front());
}

TEST(RetryAfter, N14_ADateSaysNothingWithoutTheAnswersOwn) {
    const std::vector<std::string> headers{"Sun, 06 Nov 1994 08:50:07 GMT"};
    EXPECT_FALSE(retry_after(headers, std::nullopt));
    const std::vector<std::string> in_seconds{"30"};
    EXPECT_EQ(retry_after(in_seconds, std::nullopt), seconds{30});
}

}  // namespace
}  // namespace mdock::sync
