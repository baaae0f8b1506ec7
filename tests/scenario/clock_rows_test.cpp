// SPDX-License-Identifier: MIT
// Catalogue A4: the machine's clock may be years off, jump, stand still or move to another zone; what is asked for and
// what is stored follows the service's time and the monotonic clock.
#include <cstdlib>
#include <ctime>

#include "core/api/decode.h"
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr minutedock::account_size tiny{.entries = 120, .years = 1, .contacts = 8, .invoices = 6, .expenses = 8};
constexpr auto a_day = std::chrono::sys_days{std::chrono::year{2024} / 6 / 3};
constexpr seconds years_back = -days{365 * 30}, years_ahead = days{365 * 12};

utc_seconds cursor(world& w) { return parse_database_timestamp(cursor_of(w, "entries").value()).value(); }

void sync_edit_sync(world& w) {
    w.sync();
    w.clock.pass(20min);
    edit_entry(w, entry_ids(w).front(), [](minutedock::entry& e) { e.description = "later"; });
    add_entry(w, a_day);
    EXPECT_EQ(troubles(w.sync()), lines{});
}

TEST(Clock, T01_WrongByYearsTheMirrorIsRight) {
    for (const auto error : {years_back, years_ahead}) {
        world w(tiny);
        w.clock.wall_error = error;
        sync_edit_sync(w);
        expect_equal(w);
    }
}

TEST(Clock, T01_WrongByYearsTheCursorIsTheServicesTimeOrADayEarlier) {
    for (const auto error : {years_back, years_ahead}) {
        world w(tiny);
        w.clock.wall_error = error;
        sync_edit_sync(w);
        EXPECT_LE(cursor(w), w.clock.true_time());
        EXPECT_GE(cursor(w), w.clock.true_time() - 1min - (error < seconds{0} ? seconds{24h} : seconds{0}));
    }
}

TEST(Clock, T01_WrongByYearsWithoutADateHeaderTheMirrorIsRight) {
    for (const auto error : {years_back, years_ahead}) {
        minutedock::switches how;
        how.date_header = minutedock::date_header::missing;
        world w(tiny, 1, how);
        w.clock.wall_error = error;
        sync_edit_sync(w);
        expect_equal(w);
        EXPECT_LE(cursor_of(w, "entries").value_or(""), format_timestamp(w.clock.true_time()));
    }
}

TEST(Clock, T01_TheDaemonsIntervalsAreTheSame) {
    std::vector<std::size_t> requests;
    for (const auto error : {seconds{0}, years_back, years_ahead}) {
        world w(tiny);
        w.clock.wall_error = error;
        EXPECT_EQ(w.run_for(30min), std::nullopt);
        requests.push_back(w.http.sent.size());
    }
    EXPECT_EQ(requests[1], requests[0]);
    EXPECT_EQ(requests[2], requests[0]);
}

TEST(Clock, T01_JumpsBetweenRoundsLoseNothing) {
    world w(tiny);
    for (const auto error : {seconds{0}, years_ahead, seconds{0}, years_back, years_ahead}) {
        w.clock.wall_error = error;
        w.clock.pass(7min);
        add_entry(w, a_day);
        EXPECT_EQ(troubles(w.sync()), lines{});
        w.restart();
    }
    expect_equal(w);
}

TEST(Clock, T01_StoredPauseOfAWrongClockHoldsNobodyForYears) {
    world w(tiny);
    w.clock.wall_error = years_ahead;
    w.how.give_up_after = 10s;
    add_fault(w, "429:nth=1");
    w.sync();
    w.clock.wall_error = seconds{0};
    w.how.give_up_after = 2h;
    w.restart();
    const auto begun = w.clock.monotonic();
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_LE(w.clock.monotonic() - begun, 1h + 5min);
}

// The wait of `step` at which the wall clock jumps back an hour, once.
void jump_back_at(world& w, step_name step) {
    w.clock.on_step = [&w, step](step_name s) {
        if (s == step && w.clock.wall_error == seconds{0}) w.clock.wall_error = -1h;
    };
}

TEST(Clock, T02_JumpBackDuringARetryDoesNotLengthenIt) {
    world w(tiny);
    add_fault(w, "503:nth=1");
    jump_back_at(w, "retry.wait");
    send_times sends(w);
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(w.clock.wall_error, -1h);
    EXPECT_LE(sends.at.at(1) - sends.at.at(0), 5s);
}

TEST(Clock, T02_JumpBackDuringAPauseNeitherLengthensNorShortensIt) {
    world w(tiny);
    add_fault(w, "429:nth=1");
    jump_back_at(w, "gate.wait");
    send_times sends(w);
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(w.clock.wall_error, -1h);
    EXPECT_GE(sends.at.at(1) - sends.at.at(0), 60s);
    EXPECT_LE(sends.at.at(1) - sends.at.at(0), 77s);
}

TEST(Clock, T02_JumpBackInTheDaemonDelaysNoRound) {
    world w(tiny);
    timetable then(w);
    then.at(10min, [&] { w.clock.wall_error = -1h; });
    then.at(12min, [&] { add_entry(w, a_day); });
    EXPECT_EQ(w.run_for(14min), std::nullopt);
    expect_equal(w);
}

// Makes the dock of the token's person run; the account's first user is the admin.
minutedock::dock& run_dock(world& w) {
    auto& what = w.service.account().docks.at(w.service.account().users.begin()->first);
    what.entry_id = what.entry_id == 0 ? w.service.account().new_id() : what.entry_id;
    what.seconds = 1234;
    what.running_since = w.clock.true_time();
    return what;
}

// What a reader of the file would show as the timer's seconds now.
std::int64_t seconds_shown(world& w) {
    const auto observed = parse_database_timestamp(w.ask("SELECT observed_at FROM dock").value_or(""));
    return w.number("SELECT duration_seconds FROM dock") + (observed ? (w.clock.true_time() - *observed).count() : 0);
}

TEST(Clock, T04_RunningTimerIsTheServicesNumberWhateverTheClockSays) {
    for (const auto error : {seconds{0}, seconds{1h}, seconds{-1h}, years_back}) {
        world w(tiny);
        const auto& dock = run_dock(w);
        w.clock.wall_error = error;
        w.sync();
        w.clock.pass(47min);
        EXPECT_NEAR(static_cast<double>(seconds_shown(w)), static_cast<double>(dock.duration(w.clock.true_time())), 2.0);
        EXPECT_EQ(w.number("SELECT is_running FROM dock"), 1);
    }
}

TEST(Clock, T04_HourThatTheClockLosesOrGainsChangesNoRow) {
    world w(tiny);
    run_dock(w);
    w.sync();
    for (const auto error : {seconds{1h}, seconds{0}, seconds{-1h}}) {
        w.clock.wall_error = error;
        w.clock.pass(40min);
        w.sync();
    }
    EXPECT_EQ(w.number("SELECT count(*) FROM changes WHERE resource = 'dock'"), 0);
    EXPECT_EQ(w.number("SELECT duration_seconds FROM dock"), 1234);
}

TEST(Clock, T05_OffsetsAndUtcAreOneInstant) {
    for (const auto form : {minutedock::stamp_format::utc_z, minutedock::stamp_format::local, minutedock::stamp_format::local_ms}) {
        minutedock::switches how;
        how.ts_format = form;
        world w(tiny, 3, how);
        w.service.account().zone_minutes = -300;
        EXPECT_EQ(troubles(w.sync()), lines{});
        expect_equal(w);
    }
}

TEST(Clock, T05_AnotherZoneInTheStampsChangesNoRow) {
    world w(tiny);
    w.sync();
    w.service.how().ts_format = minutedock::stamp_format::local;
    w.service.account().zone_minutes = 345;
    EXPECT_EQ(troubles(w.sync(all_again())), lines{});
    EXPECT_EQ(rows_in(w, "changes"), 0);
    expect_equal(w);
}

// The machine's zone for the length of a test.
class machine_zone {
public:
    explicit machine_zone(const char* zone) { set(zone); }
    ~machine_zone() {
        ::unsetenv("TZ");
        ::tzset();
    }
    machine_zone(const machine_zone&) = delete;
    machine_zone& operator=(const machine_zone&) = delete;
    static void set(const char* zone) {
        ::setenv("TZ", zone, 1);
        ::tzset();
    }
};

TEST(Clock, T06_TravellingShiftsNoDate) {
    machine_zone zone("XXX+11");
    world w(tiny);
    w.sync();
    expect_equal(w);
    for (const char* next : {"YYY-14", "ZZZ-5:45", "UTC0"}) {
        machine_zone::set(next);
        w.clock.pass(20min);
        w.sync(all_again());
        EXPECT_EQ(rows_in(w, "changes"), 0) << next;
        expect_equal(w, next);
    }
}

TEST(Clock, T07_DatesUpToTheFarBoundsAreRead) {
    world w(tiny);
    for (const auto day : {std::chrono::year{1900} / 1 / 1, std::chrono::year{2000} / 2 / 29, std::chrono::year{2199} / 12 / 31})
        add_entry(w, std::chrono::sys_days{day});
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Clock, T07_EmptyDateOfTheDockIsNoTrouble) {
    world w(tiny);
    run_dock(w);
    w.sync();
    EXPECT_EQ(state_of(w, "dock"), "current");
    auto dock = api::decode_dock(R"({"user_account_id":"3","timer_active":true,"duration":5,"date":""})", 3);
    EXPECT_TRUE(dock);
}

TEST(Clock, T08_WithoutOrWithAShiftedDateNothingIsLost) {
    for (const auto date : {minutedock::date_header::missing, minutedock::date_header::skewed})
        for (std::uint64_t seed = 1; seed <= 2; ++seed) {
            minutedock::switches how;
            how.date_header = date;
            world w(tiny, seed, how);
            w.sync();
            for (int i = 0; i < 5; ++i) {
                w.clock.pass(2min);
                add_entry(w, a_day);
                edit_entry(w, entry_ids(w).back(), [](minutedock::entry& e) { e.duration += 1; });
                w.sync();
            }
            expect_equal(w, minutedock::describe(how));
        }
}

TEST(Clock, T08_WithoutDateTheOverlapIsAtLeastAQuarterHour) {
    minutedock::switches how;
    how.date_header = minutedock::date_header::missing;
    world w(tiny, 1, how);
    w.sync();
    EXPECT_GE(w.number("SELECT overlap_seconds FROM _resource WHERE resource = 'entries'"), 900);
}

// Always ten minutes ahead, twice the overlap: each delta would ask only for what is stamped after now.
TEST(Clock, T08_DateThatRunsAheadOfTheStampsLosesNothing) {
    world w(tiny);
    change_answers(w, [&w](const http_request&, http_answer& answer) {
        const auto ahead = w.clock.true_time() + 10min;
        const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(ahead)};
        const std::string text = format_rfc3339(ahead);
        ASSERT_EQ(day.month(), std::chrono::June);
        answer.date = "Wed, " + text.substr(8, 2) + " Jun " + text.substr(0, 4) + " " + text.substr(11, 8) + " GMT";
    });
    w.sync();
    for (int round = 0; round < 5; ++round) {
        w.clock.pass(1min);
        add_entry(w, a_day);
        w.clock.pass(1min);
        EXPECT_EQ(troubles(w.sync()), lines{});
    }
    expect_equal(w);
}

TEST(Clock, T08_OneDateFromTheFutureDoesNotCarryTheCursorAway) {
    for (const char* path : {"/dock", "/entries", "/users/me"}) {
        world w(tiny);
        const auto spoil = [path, is_once = true](const http_request& request, http_answer& answer) mutable {
            if (is_path(request, path) && std::exchange(is_once, false)) answer.date = "Tue, 12 Jun 2035 10:00:00 GMT";
        };
        change_answers(w, spoil);
        w.sync();
        change_answers(w, spoil);
        w.sync();
        w.http.intercept = nullptr;
        w.clock.pass(20min);
        add_entry(w, a_day);
        w.sync();
        expect_equal(w, path);
        EXPECT_LE(cursor(w), w.clock.true_time()) << path;
    }
}

TEST(Clock, T08_OneDateFromThePastTakesTheCursorNotBack) {
    world w(tiny);
    w.sync();
    const auto before = cursor(w);
    change_answers(w, [](const http_request&, http_answer& answer) { answer.date = "Mon, 12 Jun 2017 10:00:00 GMT"; });
    w.clock.pass(10min);
    add_entry(w, a_day);
    w.sync();
    EXPECT_EQ(cursor(w), before);
    expect_equal(w);
}

TEST(Clock, T10_MillisecondsThatComeAndGoChangeNoRow) {
    world w(tiny);
    w.sync();
    for (const auto form : {minutedock::stamp_format::local_ms, minutedock::stamp_format::utc_z}) {
        w.service.how().ts_format = form;
        EXPECT_EQ(troubles(w.sync(all_again())), lines{});
    }
    EXPECT_EQ(rows_in(w, "changes"), 0);
    expect_equal(w);
}

TEST(Clock, T10_FinerStampsOfTheServiceLoseNoEdit) {
    minutedock::switches how;
    how.ts_precision_store = minutedock::stored_precision::ms;
    world w(tiny, 2, how);
    w.sync();
    for (int i = 0; i < 4; ++i) {
        w.clock.pass(3min);
        edit_entry(w, entry_ids(w).front(), [&](minutedock::entry& e) {
            e.duration += 10;
            e.updated_at += std::chrono::milliseconds{300 * i};
        });
        w.sync();
    }
    expect_equal(w);
}

}  // namespace
}  // namespace mdock::test
