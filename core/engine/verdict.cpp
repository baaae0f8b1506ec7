// SPDX-License-Identifier: MIT
#include "core/engine/verdict.h"

#include <algorithm>

#include "core/base/planted.h"
#include "core/engine/identify.h"
#include "core/engine/lookup.h"
#include "core/store/doubts.h"
#include "core/store/gone.h"
#include "core/store/present_rows.h"
#include "core/sync/absence.h"

namespace mdock::engine {
namespace {

using sync::doubt;

// Before the vanishing of all rows of others is taken for a lost right (C3 rule 9).
constexpr std::chrono::seconds second_look_after = std::chrono::minutes{10};

bool has_owner(resource which) { return which == resource::entries || which == resource::expenses; }

std::string_view name_of(doubt why) {
    switch (why) {
        case doubt::none: return "";
        case doubt::mass: return "mass";
        case doubt::empty: return "empty";
        case doubt::visibility: return "visibility";
        case doubt::rewound: return "rewound";
    }
    return "";
}

std::string sentence(resource which, const sync::absence& what, doubt why) {
    const std::string rows = std::to_string(what.absent) + " of " + std::to_string(what.rows) + " " + std::string(mdock::name_of(which));
    const std::string way_on = "; nothing was taken away here. If that is right, run: mdock verify --accept";
    switch (why) {
        case doubt::empty: return "MinuteDock answered with nothing where the mirror has " + std::to_string(what.rows) + " rows" + way_on;
        case doubt::visibility:
            return "all " + std::to_string(what.absent) + " " + std::string(mdock::name_of(which)) +
                   " of other people are no longer shown: a right of this token may have been taken. They stay here until a "
                   "second look, ten minutes later at the soonest, agrees";
        case doubt::rewound:
            return "MinuteDock shows older versions than before, or lacks just the newest rows (" + rows +
                   "): it may have been set back to a backup" + way_on;
        case doubt::mass:
        case doubt::none: break;
    }
    return rows + " are no longer on MinuteDock, more than is believed without a person" + way_on;
}

struct considered {
    sync::absence what;
    std::optional<store::hold> before;
};

class judging {
public:
    judging(session& s, suspects what) : s_(s), what_(std::move(what)) {}

    asio::awaitable<bool> run() {
        co_await consider();
        const doubt why = sync::doubt_about(facts_.what);
        if (what_.ids.empty() && why == doubt::none) {
            co_await end_hold();
            co_return true;
        }
        // A part of the resource is no ground for a verdict while the whole of it is in doubt.
        if (facts_.before && !what_.is_everything && !s_.accepts_held) co_return false;
        bool is_hidden = false;
        if (why != doubt::none && !s_.accepts_held) {
            is_hidden = why == doubt::visibility && facts_.before && facts_.before->reason == "visibility" &&
                        s_.has_waited(what_.which, 0, facts_.before->since, second_look_after);
            const bool is_confirmed = co_await sample();
            if (!is_confirmed) co_return false;
            if (!is_hidden) {
                co_await hold(why);
                co_return false;
            }
        }
        co_await prove_identity();
        if (s_.stopped_by) co_return false;
        const bool all = co_await decide(is_hidden);
        co_await count_again();
        if (all || s_.accepts_held) co_await end_hold();
        co_return all;
    }

private:
    asio::awaitable<void> consider() {
        auto& db = s_.db();
        const auto which = what_.which;
        const auto ids = what_.ids;
        const auto me = s_.who ? s_.who->user_account_id : 0;
        auto job = [&db, which, ids, me] {
            considered out;
            out.what.rows = store::count_present(db, which);
            out.what.absent = static_cast<std::int64_t>(ids.size());
            out.before = store::held(db, which);
            if (ids.empty()) return out;
            out.what.only_the_newest = store::are_the_newest(db, which, ids);
            if (!has_owner(which) || me == 0) return out;
            out.what.others = store::count_of_others(db, which, me);
            out.what.absent_others = store::count_of_others(db, which, me, ids);
            return out;
        };
        auto facts = co_await s_.store().run("verdict.read", job);
        facts_ = std::move(facts);
        facts_.what.has_lookup = has_lookup(which);
        facts_.what.went_back = what_.went_back;
        facts_.what.shows_others = what_.shows_others;
        const auto taken = s_.taken[which];
        facts_.what.rows += taken;
        if (facts_.what.absent > 0) facts_.what.absent += taken;
    }

    // A few of the absent asked by id: a list that forgets rows which are there is found out at once (H01).
    asio::awaitable<bool> sample() {
        if (!has_lookup(what_.which) || what_.ids.empty()) co_return true;
        for (const auto at : {std::size_t{0}, what_.ids.size() / 2, what_.ids.size() - 1}) {
            const auto id = what_.ids[at];
            const auto found = co_await look_up(s_, what_.which, id);
            if (found == fate::unknown) co_return false;
            if (found == fate::gone || found == fate::hidden) continue;
            const auto absent = static_cast<std::int64_t>(what_.ids.size());
            s_.leave_open(what_.which, absent, "MinuteDock's list lacks rows that it has by their ids");
            co_return false;
        }
        co_return true;
    }

    asio::awaitable<void> hold(doubt why) {
        store::hold kept;
        kept.reason = name_of(why);
        kept.rows = facts_.what.absent;
        kept.since = s_.out.now();
        kept.detail = sentence(what_.which, facts_.what, why);
        if (!facts_.before || facts_.before->reason != kept.reason)
            s_.doubted_since[{what_.which, 0}] = s_.m.world.clock.monotonic();
        auto& db = s_.db();
        const auto which = what_.which;
        const auto ids = what_.ids;
        const bool needs_two_reads = !has_lookup(which);
        auto job = [&db, which, kept, ids, needs_two_reads] {
            store::transaction write(db);
            store::hold_rows(db, which, kept);
            if (needs_two_reads) store::note_absent(db, which, ids, kept.since);
            write.commit();
        };
        co_await s_.store().run("verdict.hold", job);
        for (const auto id : ids) s_.doubted_since.try_emplace({which, id}, s_.m.world.clock.monotonic());
        s_.outcome(which).state = "held";
        s_.needs_second_look = s_.needs_second_look || why == doubt::visibility;
    }

    asio::awaitable<void> end_hold() {
        // A service that went back in time is not believed again because one answer looks well.
        const bool is_over = facts_.before && what_.is_everything && (s_.accepts_held || facts_.before->reason != "rewound");
        s_.doubted_since.erase({what_.which, 0});
        if (!is_over) co_return;
        auto& db = s_.db();
        const auto which = what_.which;
        auto job = [&db, which] {
            store::transaction write(db);
            store::release(db, which);
            write.commit();
        };
        co_await s_.store().run("verdict.release", job);
        if (s_.outcome(which).state == "held") s_.outcome(which).state = "current";
    }

    asio::awaitable<void> prove_identity() {
        if (s_.has_looked_at_identity) co_return;
        co_await identify(s_);
        s_.has_looked_at_identity = !s_.stopped_by;
    }

    asio::awaitable<bool> decide(bool is_hidden) {
        if (is_hidden) {
            for (const auto id : what_.ids) co_await take(id, store::evidence::hidden);
            co_return true;
        }
        if (!has_lookup(what_.which)) {
            const bool all = co_await by_two_reads();
            co_return all;
        }
        bool all = true;
        for (const auto id : what_.ids) {
            const bool is_settled = co_await by_id(id);
            all = all && is_settled;
            if (s_.stopped_by) co_return false;
        }
        co_return all;
    }

    asio::awaitable<bool> by_id(std::int64_t id) {
        const auto found = co_await look_up(s_, what_.which, id);
        if (found == fate::in_dock) co_await take_to_dock(id);
        if (found == fate::gone) co_await take(id, store::evidence::not_found);
        if (found == fate::hidden) co_await take(id, store::evidence::hidden);
        if (found == fate::unknown) co_return false;
        if (found != fate::unlisted) co_return true;
        s_.leave_open(what_.which, 1, "MinuteDock has " + std::string(mdock::name_of(what_.which)) + " " + std::to_string(id) +
                                          " by its id and does not list it");
        co_return false;
    }

    // Users are never gone, only no longer shown (D18).
    asio::awaitable<bool> by_two_reads() {
        auto& db = s_.db();
        const auto which = what_.which;
        const auto ids = what_.ids;
        const auto at = s_.out.now();
        auto job = [&db, which, ids, at] {
            store::transaction write(db);
            auto since = store::note_absent(db, which, ids, at);
            write.commit();
            return since;
        };
        const auto since = co_await s_.store().run("verdict.absent", job);
        std::int64_t waiting = 0;
        for (const auto& [id, first] : since) {
            if (first == at) s_.doubted_since[{which, id}] = s_.m.world.clock.monotonic();
            if (!planted(bug::no_second_read) && !s_.has_waited(which, id, first, s_.m.how.second_read_after)) {
                ++waiting;
                continue;
            }
            const auto why = which == resource::users ? store::evidence::hidden : store::evidence::absent_twice;
            co_await take(id, why);
        }
        if (waiting == 0) co_return true;
        s_.needs_second_look = true;
        const auto wait = std::to_string(s_.m.how.second_read_after.count());
        s_.leave_open(which, waiting, "absent from one whole read; a second one, " + wait + " s later at the soonest, must agree");
        co_return false;
    }

    asio::awaitable<void> take(std::int64_t id, store::evidence why) {
        auto& db = s_.db();
        const auto which = what_.which;
        const auto at = s_.out.now();
        auto job = [&db, which, id, why, at] {
            store::transaction write(db);
            store::take_away(db, which, id, why, at);
            if (which == resource::contacts || which == resource::invoices) store::note_vanished(db, which, id);
            write.commit();
        };
        co_await s_.store().run("verdict.store", job);
        s_.doubted_since.erase({which, id});
        ++s_.taken[which];
    }

    asio::awaitable<void> count_again() {
        auto& db = s_.db();
        const auto which = what_.which;
        auto job = [&db, which] {
            store::transaction write(db);
            store::refresh_count(db, which);
            write.commit();
        };
        co_await s_.store().run("verdict.count", job);
    }

    asio::awaitable<void> take_to_dock(std::int64_t id) {
        auto& db = s_.db();
        const auto at = s_.out.now();
        auto job = [&db, id, at] {
            store::transaction write(db);
            store::move_to_dock(db, id, at);
            write.commit();
        };
        co_await s_.store().run("verdict.dock", job);
    }

    session& s_;
    suspects what_;
    considered facts_;
};

}  // namespace

asio::awaitable<bool> judge(session& s, suspects what) {
    judging one(s, std::move(what));
    const bool all = co_await one.run();
    co_return all;
}

}  // namespace mdock::engine
