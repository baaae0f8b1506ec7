// SPDX-License-Identifier: MIT
// Catalogue A1, N12 to N16: how often the service is asked while it refuses, and when a refusal is believed. Times are
// virtual, so that hours of an outage are counted and not estimated.
#include "core/sync/pace.h"
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

constexpr minutedock::account_size tiny{.entries = 60, .years = 1};
constexpr minutedock::account_size paged{.entries = 4000, .years = 3};

std::chrono::seconds longest_gap(const std::vector<monotonic_time>& at, monotonic_time from, monotonic_time to) {
    monotonic_time last = from;
    std::chrono::nanoseconds longest{0};
    for (const auto t : at) {
        if (t < from || t >= to) continue;
        longest = std::max(longest, t - last);
        last = t;
    }
    return std::chrono::floor<std::chrono::seconds>(longest);
}

TEST(Outage, N12_HoursOf503CostFewRequests) {
    world w(tiny);
    w.sync();
    send_times sends(w);
    timetable then(w);
    then.at(10min, [&] { add_fault(w, "503"); });
    EXPECT_EQ(w.run_for(8h), std::nullopt);
    EXPECT_LT(sends.between(then.begun + 30min, then.begun + 8h), 8U * 60U);
}

TEST(Outage, N12_BackOffGrowsToTheCapAndNotBeyond) {
    world w(tiny);
    add_fault(w, "502");
    send_times sends(w);
    const auto begun = w.clock.monotonic();
    EXPECT_EQ(w.run_for(8h), std::nullopt);
    EXPECT_LT(longest_gap(sends.at, begun, begun + 1min), 60s);
    EXPECT_GT(longest_gap(sends.at, begun + 1h, begun + 8h), w.how.retry_max / 2);
    EXPECT_LE(longest_gap(sends.at, begun, begun + 8h), w.how.retry_max + 1s);
}

TEST(Outage, N12_HealsByItselfWithinTheCap) {
    world w(tiny);
    w.sync();
    timetable then(w);
    then.at(10min, [&] { add_fault(w, "504"); });
    then.at(2h, [&] { add_entry(w, std::chrono::sys_days{std::chrono::year{2024} / 6 / 12}); });
    then.at(5h, [&] { w.service.clear_faults(); });
    EXPECT_EQ(w.run_for(5h + w.how.retry_max + w.how.interval), std::nullopt);
    expect_equal(w);
}

TEST(Outage, N12_OneSyncGivesUpSoonAndSaysWhy) {
    world w(tiny);
    add_fault(w, "502");
    EXPECT_EQ(stop_code(w.sync()), errc::server_error);
    EXPECT_LE(w.http.sent.size(), 4U);
}

TEST(Outage, N12_OneBrokenListDoesNotHoldUpTheOthers) {
    world w(tiny);
    add_fault(w, "500:path=/projects");
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_NE(error_of(w, "projects").find("500"), std::string::npos) << error_of(w, "projects");
    for (const char* other : {"users", "contacts", "tasks", "entries", "expenses", "invoices", "dock"})
        EXPECT_EQ(state_of(w, other), "current") << other;
    w.service.clear_faults();
    w.sync();
    expect_equal(w);
}

TEST(RateLimit, N13_PausesAMinuteThenDoublesToAQuarterHour) {
    world w(tiny);
    add_fault(w, "429");
    send_times sends(w);
    EXPECT_EQ(w.run_for(3h), std::nullopt);
    const std::array<std::chrono::seconds, 7> least{60s, 120s, 240s, 480s, 900s, 900s, 900s};
    ASSERT_GT(sends.at.size(), least.size());
    for (std::size_t i = 0; i < least.size(); ++i) {
        const auto gap = sends.at[i + 1] - sends.at[i];
        EXPECT_GE(gap, least[i]) << i;
        EXPECT_LE(gap, least[i] * 5 / 4 + w.how.retry_max) << i;
    }
    EXPECT_LT(sends.at.size(), 20U);
}

TEST(RateLimit, N13_HalvesTheRate) {
    world w(tiny);
    w.how.max_requests_per_minute = 60;
    add_fault(w, "429:nth=3");
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(w.number("SELECT allowed_per_minute FROM _pace"), 30);
    expect_equal(w);
}

TEST(RateLimit, N13_RestartAndKillDoNotShortenThePause) {
    for (const bool is_killed : {false, true}) {
        world w(tiny);
        w.how.give_up_after = 10s;
        add_fault(w, "429:nth=1");
        EXPECT_EQ(stop_code(w.sync()), errc::rate_limited);
        const auto refused_at = w.clock.monotonic();
        w.how.give_up_after.reset();
        if (is_killed) w.revive(); else w.restart();
        send_times sends(w);
        EXPECT_EQ(troubles(w.sync()), lines{});
        ASSERT_FALSE(sends.at.empty());
        EXPECT_GE(sends.at.front() - refused_at, 59s) << is_killed;
        EXPECT_LE(sends.at.front() - refused_at, 76s) << is_killed;
    }
}

TEST(RateLimit, N13_LearnedRateOutlivesTheProcess) {
    world w(paged);
    w.how.max_requests_per_minute = 40;
    add_fault(w, "429:nth=2");
    w.sync();
    w.restart();
    w.clock.pass(5min);
    send_times sends(w);
    w.sync(all_again());
    for (const auto t : sends.at) EXPECT_LE(sends.between(t, t + 1min), 20U);
    EXPECT_GT(sends.at.size(), 20U);
}

TEST(RateLimit, N13_NothingOfAnyPartIsSentDuringThePause) {
    world w(paged);
    send_times sends(w);
    std::optional<monotonic_time> refused_at;
    w.http.intercept = [&](const http_request& request) -> std::optional<result<http_answer>> {
        if (refused_at || !is_path(request, "/entries") || sends.at.size() < 20) return std::nullopt;
        refused_at = w.clock.monotonic();
        return answered(429, "Retry later\n");
    };
    EXPECT_EQ(troubles(w.sync()), lines{});
    ASSERT_TRUE(refused_at);
    EXPECT_EQ(sends.between(*refused_at + 1ms, *refused_at + 60s), 0U);
    expect_equal(w);
}

TEST(RateLimit, N13_FourOnTheWayRefusedTogetherHalveOnce) {
    world w(paged);
    w.how.max_requests_per_minute = 80;
    int refused = 0, asked = 0;
    std::optional<monotonic_time> since;
    w.http.intercept = [&](const http_request& request) -> std::optional<result<http_answer>> {
        if (!is_path(request, "/entries") || ++asked < 4) return std::nullopt;
        if (!since) since = w.clock.monotonic();
        if (w.clock.monotonic() > *since + w.http.latency) return std::nullopt;
        ++refused;
        return answered(429, "Retry later\n");
    };
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_GE(refused, 2);
    EXPECT_EQ(w.number("SELECT allowed_per_minute FROM _pace"), 40);
    expect_equal(w);
}

TEST(RateLimit, N13_TighterLimitThanOursIsLearnedAndTheLoadEnds) {
    minutedock::switches how;
    how.page_clamp = minutedock::page_clamp::at_100;
    world w({.entries = 2500, .years = 2}, 3, how);
    w.how.max_requests_per_minute = 60;
    w.service.set_rate_limit(20);
    for (int rounds = 0; rounds < 5 && !troubles(w.sync()).empty(); ++rounds) {}
    expect_equal(w);
    std::int64_t refused = 0, served = 0;
    for (const auto& call : w.service.log()) ++(call.status == 429 ? refused : served);
    EXPECT_LT(refused * 10, served) << refused << " of " << served;
}

struct wait_case {
    std::vector<std::string> headers;
    std::optional<std::chrono::seconds> obeyed;    // nothing: our own pause
};

// The first request is at 10:00:00 of the service's day; the answer carries that Date.
const std::vector<wait_case>& wait_cases() {
    static const std::vector<wait_case> cases{
        {{"30"}, 30s},
        {{" 45 "}, 45s},
        {{"3600"}, 3600s},
        {{"10", "40"}, 40s},
        {{"garbage", "20"}, 20s},
        {{"Wed, 12 Jun 2024 10:02:00 GMT"}, 120s},
        {{"Wednesday, 12-Jun-24 10:03:00 GMT"}, 180s},
        {{"Wed Jun 12 10:04:00 2024"}, 240s},
        {{}, {}},
        {{""}, {}},
        {{"-5"}, {}},
        {{"3601"}, {}},
        {{"1000000000000"}, {}},
        {{"99999999999999999999999"}, {}},
        {{"12.5"}, {}},
        {{"soon"}, {}},
        {{"Wed, 12 Jun 2024 09:00:00 GMT"}, {}},
        {{"Fri, 12 Jun 2026 10:00:00 GMT"}, {}},
        {{"Wed, 32 Jun 2024 10:02:00 GMT"}, {}},
    };
    return cases;
}

// How long nothing was sent after an answer of `status` with these headers.
std::chrono::nanoseconds pause_after(int status, const std::vector<std::string>& headers) {
    world w(tiny);
    w.how.give_up_after = 2h;
    bool is_first = true;
    w.http.intercept = [&](const http_request&) -> std::optional<result<http_answer>> {
        if (!std::exchange(is_first, false)) return std::nullopt;
        auto refusal = answered(status, "");
        refusal->value().retry_after = headers;
        refusal->value().date = "Wed, 12 Jun 2024 10:00:00 GMT";
        return refusal;
    };
    send_times sends(w);
    EXPECT_EQ(troubles(w.sync()), lines{});
    return sends.at.at(1) - sends.at.at(0) - w.http.latency;
}

std::string shown(const std::vector<std::string>& headers) {
    std::string out;
    for (const auto& header : headers) out += "[" + header + "]";
    return out;
}

TEST(RetryAfter, N14_EachFormWithA429) {
    for (const auto& [headers, obeyed] : wait_cases()) {
        const auto waited = pause_after(429, headers);
        EXPECT_GE(waited, obeyed.value_or(60s)) << shown(headers);
        EXPECT_LE(waited, obeyed ? *obeyed + 1s : 76s) << shown(headers);
    }
}

TEST(RetryAfter, N14_ALongPauseIsSaidAndLeftToALaterRound) {
    world w(tiny);
    add_fault(w, "429:nth=1:retry-after=900");
    const auto begun = w.clock.monotonic();
    const auto report = w.sync();
    ASSERT_TRUE(report.stopped_by);
    EXPECT_EQ(report.stopped_by->code(), errc::rate_limited);
    EXPECT_NE(report.stopped_by->context().find("another 900 s"), std::string::npos) << report.stopped_by->context();
    EXPECT_LT(w.clock.monotonic() - begun, 1min);
    EXPECT_EQ(report.requests, 1);
}

TEST(RetryAfter, N14_EachFormWithA503) {
    for (const auto& [headers, obeyed] : wait_cases()) {
        const auto waited = pause_after(503, headers);
        EXPECT_GT(waited, 0s) << shown(headers);
        EXPECT_GE(waited, obeyed.value_or(0s)) << shown(headers);
        EXPECT_LE(waited, obeyed.value_or(0s) + 3s) << shown(headers);
    }
}

TEST(RetryAfter, N14_ZeroSecondsIsNoBusyLoop) {
    for (const char* status : {"429", "503"}) {
        world w(tiny);
        add_fault(w, std::string(status) + ":retry-after=0");
        send_times sends(w);
        EXPECT_EQ(w.run_for(2h), std::nullopt) << status;
        EXPECT_LT(sends.at.size(), 200U) << status;
    }
}

TEST(RetryAfter, N14_A503DoesNotLowerTheRate) {
    world w(tiny);
    add_fault(w, "503:nth=1:retry-after=30");
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(w.ask("SELECT allowed_per_minute FROM _pace").value_or("6000"), "6000");
}

TEST(Jitter, N15_InstallsThatWakeTogetherAreSpread) {
    std::map<std::int64_t, int> at_millisecond;
    constexpr int installs = 24;
    for (int i = 0; i < installs; ++i) {
        world w(tiny);
        w.chance = seeded_random(1000 + static_cast<std::uint64_t>(i));
        w.http.is_offline = true;
        send_times sends(w);
        w.run_for(3s);
        ASSERT_FALSE(sends.at.empty());
        ++at_millisecond[std::chrono::floor<std::chrono::milliseconds>(sends.at.front().time_since_epoch()).count() / 100];
    }
    for (const auto& [tenth, many] : at_millisecond) EXPECT_LE(many, installs / 4) << tenth;
}

TEST(Jitter, N15_AThousandRetriesStayUnderThePeak) {
    std::map<std::int64_t, int> in_second;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        seeded_random chance(i);
        std::chrono::milliseconds at{0};
        for (int tries = 0; tries < 10; ++tries) {
            const double jitter = static_cast<double>(chance.next() >> 11U) * 0x1.0p-53;
            at += sync::retry_pause(tries, 2s, 300s, jitter);
            if (tries >= 6) ++in_second[at.count() / 1000];
        }
    }
    int peak = 0;
    for (const auto& [second, many] : in_second) peak = std::max(peak, many);
    EXPECT_LT(peak, 50);
}

TEST(Refused, N16_OneRefusalOfAListIsAHiccup) {
    world w(tiny);
    w.sync();
    add_fault(w, "401:nth=1:path=/contacts");
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(state_of(w, "contacts"), "current");
    expect_equal(w);
}

TEST(Refused, N16_OneRefusalInTheDaemonDropsNothing) {
    for (const char* path : {"/users/me", "/entries", "/dock"}) {
        world w(tiny);
        w.sync();
        add_fault(w, "401:nth=1:path=" + std::string(path));
        timetable then(w);
        then.at(3min, [&] { add_entry(w, std::chrono::sys_days{std::chrono::year{2024} / 6 / 12}); });
        EXPECT_EQ(w.run_for(12min), std::nullopt) << path;
        expect_equal(w, path);
    }
}

TEST(Refused, N16_TokenThatIsGoneStopsASync) {
    world w(tiny);
    w.sync();
    const auto shown = rows_shown(w);
    w.service.account().credentials.front().revoked = true;
    EXPECT_EQ(stop_code(w.sync()), errc::unauthorized);
    EXPECT_EQ(rows_shown(w), shown);
    EXPECT_EQ(rows_in(w, "_identity"), 1);
}

TEST(Refused, N16_TokenThatGoesDuringARoundStopsIt) {
    world w(paged);
    int asked = 0;
    w.http.intercept = [&](const http_request& request) -> std::optional<result<http_answer>> {
        if (is_path(request, "/entries") && ++asked == 4) w.service.account().credentials.front().revoked = true;
        return std::nullopt;
    };
    EXPECT_EQ(stop_code(w.sync()), errc::unauthorized);
    EXPECT_GT(rows_in(w, "entries"), 0);
    // Four on the way, one look at /users/me for each of them, and nothing after that.
    std::size_t refused = 0;
    for (const auto& call : w.service.log()) refused += call.status == 401 ? 1U : 0U;
    EXPECT_LE(refused, 8U);
}

TEST(Refused, N16_DaemonEndsOnlyAfterASecondLookFiveMinutesLater) {
    world w(tiny);
    w.sync();
    send_times sends(w);
    timetable then(w);
    then.at(20min, [&] { w.service.account().credentials.front().revoked = true; });
    const auto ended = w.run_for(2h);
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->code(), errc::unauthorized);
    const auto took = w.clock.monotonic() - (then.begun + 20min);
    EXPECT_GE(took, 5min);
    EXPECT_LE(took, 7min);
    EXPECT_LE(sends.between(then.begun + 20min, w.clock.monotonic() + 1s), 8U);
    EXPECT_GT(rows_shown(w), 0);
}

TEST(Refused, N16_TokenThatComesBackWithinFiveMinutesChangesNothing) {
    world w(tiny);
    w.sync();
    timetable then(w);
    then.at(20min, [&] { w.service.account().credentials.front().revoked = true; });
    then.at(24min, [&] { w.service.account().credentials.front().revoked = false; });
    EXPECT_EQ(w.run_for(40min), std::nullopt);
    expect_equal(w);
}

}  // namespace
}  // namespace mdock::test
