// SPDX-License-Identifier: MIT
// The one list of what can go wrong: each code has a name of its own and a retry rule, each status has a code.
#include "core/base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mdock {
namespace {

struct rule {
    errc code;
    std::string_view name;
    retry after;
};

// Written out here a second time on purpose: the retry rule of a code is a promise, not a detail.
constexpr rule rules[] = {
    {errc::none, "none", retry::later},
    {errc::resolve_failed, "resolve_failed", retry::soon},
    {errc::connect_failed, "connect_failed", retry::soon},
    {errc::tls_failed, "tls_failed", retry::soon},
    {errc::certificate_refused, "certificate_refused", retry::needs_person},
    {errc::proxy_refused, "proxy_refused", retry::needs_person},
    {errc::connection_lost, "connection_lost", retry::soon},
    {errc::timed_out, "timed_out", retry::soon},
    {errc::cancelled, "cancelled", retry::stop},
    {errc::bad_framing, "bad_framing", retry::later},
    {errc::bad_encoding, "bad_encoding", retry::later},
    {errc::redirect_refused, "redirect_refused", retry::needs_person},
    {errc::unauthorized, "unauthorized", retry::needs_person},
    {errc::forbidden, "forbidden", retry::later},
    {errc::not_found, "not_found", retry::later},
    {errc::conflict, "conflict", retry::later},
    {errc::unprocessable, "unprocessable", retry::later},
    {errc::rate_limited, "rate_limited", retry::soon},
    {errc::server_error, "server_error", retry::soon},
    {errc::not_json, "not_json", retry::later},
    {errc::bad_shape, "bad_shape", retry::later},
    {errc::no_progress, "no_progress", retry::later},
    {errc::no_token, "no_token", retry::needs_person},
    {errc::wrong_account, "wrong_account", retry::needs_person},
    {errc::wrong_user, "wrong_user", retry::needs_person},
    {errc::usage, "usage", retry::needs_person},
    {errc::bad_config, "bad_config", retry::needs_person},
    {errc::not_found_locally, "not_found_locally", retry::needs_person},
    {errc::write_refused, "write_refused", retry::needs_person},
    {errc::daemon_needed, "daemon_needed", retry::needs_person},
    {errc::database_busy, "database_busy", retry::needs_person},
    {errc::database_newer, "database_newer", retry::stop},
    {errc::database_foreign, "database_foreign", retry::stop},
    {errc::database_corrupt, "database_corrupt", retry::stop},
    {errc::database_full, "database_full", retry::later},
    {errc::database_error, "database_error", retry::later},
    {errc::database_replaced, "database_replaced", retry::stop},
    {errc::network_filesystem, "network_filesystem", retry::stop},
    {errc::interrupted, "interrupted", retry::stop},
};

TEST(Errors, EveryCodeHasANameAndARetryRule) {
    for (const auto& r : rules) {
        EXPECT_EQ(name_of(r.code), r.name);
        EXPECT_EQ(name_of(errc_named(r.name)), r.name);
        EXPECT_EQ(classify(r.code), r.after) << r.name;
    }
}

TEST(Errors, NoCodeIsLeftOutOfTheTableAndNoNameIsGivenTwice) {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(errc::interrupted); ++i) {
        const auto code = static_cast<errc>(i);
        // A code without a row of its own would show the name of the first row.
        EXPECT_EQ(name_of(code) == "none", code == errc::none) << i;
        EXPECT_TRUE(names.insert(name_of(code)).second) << name_of(code);
    }
    EXPECT_EQ(names.size(), std::size(rules));
}

TEST(Errors, AnUnknownNameIsNoCode) {
    for (const auto* name : {"", "rate-limited", "RATE_LIMITED", "rate_limited ", "5"}) EXPECT_EQ(errc_named(name), errc::none) << name;
}

TEST(Errors, EveryStatusOutside2xxHasACode) {
    const std::pair<int, errc> statuses[] = {
        {300, errc::redirect_refused}, {301, errc::redirect_refused}, {302, errc::redirect_refused},
        {304, errc::redirect_refused}, {307, errc::redirect_refused}, {308, errc::redirect_refused},
        {399, errc::redirect_refused}, {400, errc::unprocessable},    {401, errc::unauthorized},
        {402, errc::unprocessable},    {403, errc::forbidden},        {404, errc::not_found},
        {405, errc::unprocessable},    {409, errc::conflict},         {410, errc::not_found},
        {422, errc::unprocessable},    {429, errc::rate_limited},     {499, errc::unprocessable},
        {500, errc::server_error},     {502, errc::server_error},     {503, errc::server_error},
        {504, errc::server_error},     {599, errc::server_error},     {100, errc::server_error},
    };
    for (const auto& [status, code] : statuses) EXPECT_EQ(name_of(errc_of_status(status)), name_of(code)) << status;
    for (int status = 300; status < 1000; ++status) EXPECT_NE(errc_of_status(status), errc::none) << status;
}

TEST(Errors, AFailureTravelsAsAValueAndAsAnException) {
    const result<int> good = 7;
    EXPECT_EQ(good.value(), 7);
    const result<int> bad = failure{errc::rate_limited, "GET /entries: 429"};
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code(), errc::rate_limited);
    try {
        bad.value();
        FAIL() << "no value was there";
    } catch (const failure_exception& error) {
        EXPECT_EQ(error.why().code(), errc::rate_limited);
        EXPECT_STREQ(error.what(), "GET /entries: 429");
    }
}

}  // namespace
}  // namespace mdock
