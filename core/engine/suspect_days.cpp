// SPDX-License-Identifier: MIT
#include "core/engine/suspect_days.h"

#include <algorithm>
#include <deque>

#include "core/api/report_counts.h"
#include "core/api/requests.h"
#include "core/store/present_rows.h"
#include "core/sync/counts.h"
#include "core/sync/window.h"

namespace mdock::engine {
namespace {

using std::chrono::sys_days;

// With more months than this it is cheaper to read them than to ask each for its days.
constexpr std::size_t most_months_by_day = 12;
// With more days than this whole months are read.
constexpr std::size_t most_single_days = 40;
// More months than this with other hours at the first look: the sums are of another kind, nobody edited all of them.
constexpr std::size_t telling_hours = 3;
// A range with fewer rows than any page is read rather than halved.
constexpr std::int64_t few_rows = sync::least_page - 10;

sys_days month_end(sys_days first) {
    const std::chrono::year_month_day date{first};
    return sys_days{date.year() / date.month() / std::chrono::last};
}

// `expected` by the count, with which an answer of nothing may well agree.
model::window window_of(sys_days from, sys_days to, std::optional<std::int64_t> expected) {
    model::window w;
    w.from = from;
    w.to = to;
    w.expected = expected;
    return w;
}

std::vector<model::period_sum> sums_of(const api::entry_counts& counts) {
    std::vector<model::period_sum> out;
    for (const auto& one : counts.periods) {
        model::period_sum sum{one.from, one.entries, std::nullopt};
        if (one.hundredths) sum.seconds = *one.hundredths * 36;
        out.push_back(sum);
    }
    return out;
}

class counting {
public:
    counting(session& s, sys_days to, store::count_rule rule, bool looks_closer, const std::vector<sys_days>& own)
        : s_(s), to_(to), own_(own), most_months_by_day_(looks_closer ? most_months_by_day : 0), looks_closer_(looks_closer) {
        out_.rule = std::move(rule);
    }

    asio::awaitable<counted> run() {
        if (s_.is_thorough && looks_closer_ && out_.rule.grouping == "month") {
            co_await by_day();
            co_return std::move(out_);
        }
        auto months = co_await ask_counts("count.months", api::first_day, to_, "month");
        if (!months) co_return std::move(out_);
        const bool has_groups = !months->periods.empty() || months->total == 0;
        out_.rule.grouping = has_groups ? "month" : "total";
        if (has_groups) {
            out_.theirs = sums_of(*months);
            co_await by_month();
        } else if (months->total) {
            co_await by_halves(*months->total);
        } else {
            out_.failed = failure{errc::unprocessable, "reports: an answer without a count"};
        }
        co_return std::move(out_);
    }

private:
    asio::awaitable<std::optional<api::entry_counts>> ask_counts(step_name step, sys_days from, sys_days to,
                                                                 std::string_view group_by) {
        auto answer = co_await ask(s_, step, api::report_counts(from, to, group_by));
        if (!answer) {
            out_.failed = answer.error();
            co_return std::nullopt;
        }
        auto counts = api::decode_report_counts(answer->body, group_by == "date");
        if (!counts) {
            out_.failed = counts.error();
            co_return std::nullopt;
        }
        co_return std::move(*counts);
    }

    std::optional<std::int64_t> counted_user() const {
        if (!out_.is_own_only || !s_.who) return std::nullopt;
        return s_.who->user_account_id;
    }

    asio::awaitable<std::vector<model::period_sum>> own_sums(bool by_day, sys_days from, sys_days to) {
        auto& db = s_.db();
        const auto user = counted_user();
        auto job = [&db, by_day, from, to, user] {
            return by_day ? store::day_sums(db, from, to, user) : store::month_sums(db, from, to, user);
        };
        auto sums = co_await s_.store().run("count.read", job);
        co_return sums;
    }

    // Every day in one answer: larger than that of the months, and it finds what was moved within one.
    asio::awaitable<void> by_day() {
        auto days = co_await ask_counts("count.all_days", api::first_day, to_, "date");
        if (!days) co_return;
        out_.is_own_only = out_.rule.scope == "own";
        const auto ours = co_await own_sums(true, api::first_day, to_);
        const auto theirs = sums_of(*days);
        for (const auto& day : theirs) add_to_month(day);
        const auto differing = sync::different_counts(theirs, ours);
        if (differing.size() > most_single_days) {
            co_await by_month();
            co_return;
        }
        for (const auto& day : differing) {
            out_.suspects.push_back(window_of(day.from, day.from, day.theirs));
            out_.surplus += std::max<std::int64_t>(0, day.theirs - day.ours);
        }
        if (out_.rule.hours != "equal") co_return;
        for (const auto day : sync::different_hours(theirs, ours)) out_.suspects.push_back(window_of(day, day, std::nullopt));
    }

    void add_to_month(const model::period_sum& day) {
        const std::chrono::year_month_day date{day.from};
        const sys_days first{date.year() / date.month() / 1};
        if (out_.theirs.empty() || out_.theirs.back().from != first) out_.theirs.push_back({first, 0, std::nullopt});
        out_.theirs.back().rows += day.rows;
    }

    asio::awaitable<void> by_month() {
        out_.is_own_only = out_.rule.scope == "own";
        auto ours = co_await own_sums(false, api::first_day, to_);
        auto differing = sync::different_counts(out_.theirs, ours);
        if (!differing.empty() && may_be_own_only()) {
            // Some services let a report cover the asker's own entries only, whatever was asked.
            out_.is_own_only = true;
            auto mine = co_await own_sums(false, api::first_day, to_);
            const auto left = sync::different_counts(out_.theirs, mine);
            out_.is_own_only = left.empty() && !mine.empty();
            if (out_.is_own_only) {
                ours = std::move(mine);
                differing.clear();
            }
        }
        for (const auto& one : differing) out_.surplus += std::max<std::int64_t>(0, one.theirs - one.ours);
        add_own_months(differing);
        co_await add_months(differing);
        co_await add_hours(ours);
    }

    void add_own_months(std::vector<sync::period_difference>& differing) const {
        for (const auto day : own_) {
            const std::chrono::year_month_day date{day};
            const sys_days first{date.year() / date.month() / 1};
            const bool is_in = std::any_of(differing.begin(), differing.end(), [first](const auto& one) { return one.from == first; });
            const auto theirs = std::find_if(out_.theirs.begin(), out_.theirs.end(), [first](const auto& one) { return one.from == first; });
            if (is_in || day > to_ || theirs == out_.theirs.end()) continue;
            differing.push_back({first, theirs->rows, theirs->rows});
        }
    }
    bool has_own(sys_days from, sys_days to) const {
        return std::any_of(own_.begin(), own_.end(), [from, to](sys_days day) { return from <= day && day <= to; });
    }

    // Not where they were known to count everybody's: then it is a right that was taken, and the guard's to see (D06).
    bool may_be_own_only() const {
        return !out_.is_own_only && out_.rule.scope != "all" && s_.who && s_.who->user_account_id != 0;
    }

    asio::awaitable<void> add_months(std::vector<sync::period_difference> months) {
        if (months.size() > most_months_by_day_) {
            for (const auto& one : months)
                out_.suspects.push_back(window_of(one.from, std::min(to_, month_end(one.from)), one.theirs));
            co_return;
        }
        for (const auto& one : months) {
            co_await add_days(one.from, false);
            if (out_.failed) co_return;
        }
    }

    // The days of one month that differ, in their counts or in their hours.
    asio::awaitable<void> add_days(sys_days first, bool by_hours) {
        const sys_days last = std::min(to_, month_end(first));
        auto days = co_await ask_counts("count.days", first, last, "date");
        if (!days) co_return;
        const auto ours = co_await own_sums(true, first, last);
        const auto theirs = sums_of(*days);
        const auto before = out_.suspects.size();
        if (by_hours) {
            for (const auto day : sync::different_hours(theirs, ours)) out_.suspects.push_back(window_of(day, day, std::nullopt));
        } else {
            for (const auto& day : sync::different_counts(theirs, ours))
                out_.suspects.push_back(window_of(day.from, day.from, day.theirs));
        }
        // The month differed and no day of it does: its groups cannot be read by day, or it changes as we look.
        if (out_.suspects.size() == before) out_.suspects.push_back(window_of(first, last, std::nullopt));
    }

    asio::awaitable<void> add_hours(std::vector<model::period_sum> ours) {
        if (out_.failed || out_.rule.hours == "other") co_return;
        const auto months = sync::different_hours(out_.theirs, ours);
        if (out_.rule.hours == "unknown" || months.empty()) {
            if (!out_.theirs.empty()) out_.rule.hours = months.size() > telling_hours ? "other" : "equal";
            if (out_.rule.hours == "other") co_return;
        }
        if (!looks_closer_) co_return;
        for (const auto month : months) {
            co_await add_days(month, true);
            if (out_.failed) co_return;
        }
    }

    struct range {
        sys_days from, to;
        std::int64_t theirs = 0;
    };

    asio::awaitable<void> by_halves(std::int64_t total) {
        const bool is_own = co_await are_all_mine(total);
        if (is_own) co_return;
        std::deque<range> open{{api::first_day, to_, total}};
        while (!open.empty()) {
            const range what = open.front();
            open.pop_front();
            const auto ours = co_await rows_within(what.from, what.to);
            if (ours == what.theirs && !has_own(what.from, what.to)) continue;
            out_.surplus += std::max<std::int64_t>(0, what.theirs - ours);
            if (!looks_closer_ || what.from == what.to || std::max(ours, what.theirs) <= few_rows) {
                out_.suspects.push_back(window_of(what.from, what.to, what.theirs));
                continue;
            }
            const auto cut = co_await middle(what, ours);
            auto older = co_await ask_counts("count.half", what.from, cut, "");
            if (!older || !older->total) co_return;
            open.push_back({what.from, cut, *older->total});
            open.push_back({cut + std::chrono::days{1}, what.to, what.theirs - *older->total});
        }
    }

    // The total is that of this user's entries and not of all: the counts are of them alone.
    asio::awaitable<bool> are_all_mine(std::int64_t total) {
        const auto all = co_await own_sums(false, api::first_day, to_);
        const auto rows = [](const std::vector<model::period_sum>& sums) {
            std::int64_t n = 0;
            for (const auto& one : sums) n += one.rows;
            return n;
        };
        const bool is_known = out_.rule.scope == "own";
        if (rows(all) == total || (!is_known && !may_be_own_only())) co_return false;
        out_.is_own_only = true;
        const auto mine = co_await own_sums(false, api::first_day, to_);
        out_.is_own_only = is_known || (rows(mine) == total && total > 0);
        co_return out_.is_own_only;
    }

    asio::awaitable<std::int64_t> rows_within(sys_days from, sys_days to) {
        auto& db = s_.db();
        const auto what = window_of(from, to, std::nullopt);
        auto job = [&db, what] { return store::count_within(db, resource::entries, what); };
        const auto rows = co_await s_.store().run("count.read", job);
        co_return rows;
    }

    // The last day of the older half of our rows.
    asio::awaitable<sys_days> middle(range what, std::int64_t ours) {
        auto& db = s_.db();
        auto job = [&db, what, ours] {
            return store::window_start(db, resource::entries, what.from, what.to, ours / 2);
        };
        const auto start = co_await s_.store().run("count.read", job);
        const sys_days cut = start - std::chrono::days{1};
        const sys_days half = what.from + (what.to - what.from) / 2;
        co_return cut >= what.from && cut < what.to ? cut : half;
    }

    session& s_;
    sys_days to_;
    const std::vector<sys_days>& own_;
    std::size_t most_months_by_day_;
    bool looks_closer_;
    counted out_;
};

}  // namespace

asio::awaitable<counted> suspect_days(session& s, sys_days to, store::count_rule rule, bool looks_closer,
                                      const std::vector<sys_days>& own) {
    counting one(s, to, std::move(rule), looks_closer, own);
    auto out = co_await one.run();
    co_return out;
}

}  // namespace mdock::engine
