// SPDX-License-Identifier: MIT
#include "tests/sim/yard.h"

#include <algorithm>
#include <memory>

#include "tests/sim/account.h"
#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"
#include "tests/sim/person.h"
#include "tests/sim/warm.h"
#include "tests/sim/web.h"

namespace mdock::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Far more wake-ups than any run needs; a run that does not end is a broken promise too.
constexpr int most_wakes = 400'000;
constexpr int most_cycles = 10;
constexpr int accepted_after = 5;

class yard {
public:
    yard(const script& what, coverage& reached, bool keeps_trace)
        : what_(what),
          world_{timeline(what.machines.size(), what.seed ^ 0x71e5U),
                 minutedock::server(dense_account(what.account, what.entries), what.how, what.seed ^ 0x5e12U),
                 {},
                 trace(keeps_trace),
                 reached,
                 minutedock::dice(what.seed ^ 0xc4a9U),
                 0,
                 false,
                 std::nullopt},
          people_(world_.service, world_.past, what.seed ^ 0x3ebU) {
        world_.service.keep_log(false);
        std::vector<const warm_start*> begins(what.machines.size());
        for (std::size_t i = 0; what.is_warm && i < begins.size(); ++i) begins[i] = &warm_start_of(what, what.machines[i].token);
        for (const auto* one : begins)
            if (one != nullptr) world_.line.advance_to(one->at);
        for (std::size_t i = 0; i < begins.size(); ++i)
            machines_.push_back(std::make_unique<machine>(world_, i, what.machines[i], begins[i] != nullptr ? &begins[i]->disk : nullptr));
        for (auto& m : machines_) set_writing(m->how());
        machines_.front()->is_watched_by_reader = what.seed % 16 == 0;
    }

    outcome run() {
        for (const auto& e : what_.events) {
            run_for(e.wait);
            if (world_.broken) break;
            apply(e);
        }
        if (!world_.broken) heal();
        for (auto& m : machines_)
            if (!world_.broken) settle(*m);
        if (what_.is_canary) world_.fail("CANARY", "this run is made to fail");
        world_.reached.virtual_seconds += (world_.line.true_time() - yard_begin).count();
        return {world_.broken, world_.log.hash(), world_.log.lines()};
    }

private:
    void set_writing(engine::options& how) const {
        how.hold_above = 5;
        if (what_.seed % 8 == 0) how.on_conflict = sync::on_conflict::mine;
        if (what_.seed % 8 == 1) how.on_conflict = sync::on_conflict::theirs;
    }

    bool pump() {
        bool did = false;
        for (auto& m : machines_) did = m->pump() || did;
        return did;
    }

    // Runs everything that happens up to then, or until `done`.
    template <class Done>
    void run_until(monotonic_time until, Done done) {
        while (!world_.broken && !done()) {
            world_.log.at(std::chrono::duration_cast<std::chrono::milliseconds>(world_.line.exact() - minutedock::stamp{yard_begin}).count());
            if (pump()) continue;
            const auto next = world_.line.next();
            if (!next || *next > until) return world_.line.advance_to(until);
            world_.line.step();
            if (++wakes_ > most_wakes) world_.fail("LIVE", "the run does not come to an end");
        }
    }
    void run_for(std::chrono::nanoseconds time) {
        run_until(world_.line.now() + time, [] { return false; });
    }

    void apply(const event& e) {
        world_.reached.event(name_of(e.what));
        world_.log.note(e.machine, name_of(e.what), e.a, e.b);
        auto& m = *machines_[e.machine];
        if (is_web(e.what)) {
            people_.act_on(e, world_.line.exact());
            return world_.wanted.look(world_.service.account());
        }
        if (is_local(e.what)) {
            act_here(world_, m, e);
            return judge_outbox(world_, m, false);
        }
        switch (e.what) {
            case act::sync:
            case act::sync_some:
            case act::full:
            case act::verify:
            case act::rehearse:
            case act::accept: return begin(m, e.what, e.b);
            case act::start: return m.start();
            case act::stop: return m.cancel();
            case act::kill: return m.kill();
            case act::hold: return world_.line.hold(e.machine, world_.line.now() + seconds{1 + e.a % 7200});
            default: return go_wrong(m, e);
        }
    }

    void begin(machine& m, act what, std::uint64_t pick = 0) {
        m.start();
        engine::verify_request proof;
        proof.accepts_held = what == act::accept;
        proof.is_rehearsal = what == act::rehearse;
        if (what == act::accept) return m.begin_verification(proof);
        if (m.plan().is_daemon && what != act::full) return m.begin_daemon();
        if (what == act::verify || what == act::rehearse) return m.begin_verification(proof);
        engine::round_request round;
        round.full = what == act::full;
        if (what == act::sync_some) round.only = what_.is_narrow ? std::vector<resource>{resource::entries} : some(pick);
        m.begin_round(std::move(round));
    }

    static std::vector<resource> some(std::uint64_t pick) {
        switch (pick % 4) {
            case 0: return {resource::expenses, resource::invoices};
            case 1: return {resource::entries, resource::tasks};
            default: return {resource::entries};
        }
    }

    void go_wrong(machine& m, const event& e) {
        switch (e.what) {
            // Mostly soon: a short round has few requests.
            case act::http_fault: m.awaiting.http.push_back({e.a % 3 == 0 ? e.a % 17 : e.a % 4, e.b}); break;
            case act::write_fault: m.awaiting.writes.push_back({e.a % 3, e.b}); break;
            case act::store_fault: m.awaiting.store.push_back({e.a % 3 == 0 ? e.a % 25 : e.a % 7, e.b}); break;
            case act::kill_at: m.awaiting.kill_in = e.a % 3 == 0 ? e.a % 140 : e.a % 30; break;
            case act::cancel_at: m.awaiting.cancel_in = e.a % 3 == 0 ? e.a % 50 : e.a % 12; break;
            case act::network_away:
                m.offline_until = world_.line.now() + seconds{5 + e.a % 1800};
                world_.fired("network.away", e.machine);
                break;
            case act::wall_jump:
                m.wall_error += seconds{static_cast<std::int64_t>(e.a % 20'000) - 10'000};
                m.pace().clock_jumped();
                m.pace().forgets();
                world_.fired("host.wall_jump", e.machine);
                break;
            case act::throttle:
                world_.service.set_rate_limit(e.a % 3 == 0 ? 0 : 5 + e.a % 40);
                world_.fired("service.throttle", e.machine);
                break;
            default:
                for (auto& known : world_.service.account().credentials)
                    if (known.text == m.plan().token) known.revoked = !known.revoked;
                world_.fired("service.revoke", e.machine);
        }
    }

    void heal() {
        world_.log.note(0, "everything is well again");
        world_.is_healed = true;
        world_.service.set_rate_limit(0);
        for (auto& known : world_.service.account().credentials) known.revoked = false;
        for (auto& m : machines_) {
            m->awaiting.clear();
            m->offline_until = {};
            if (world_.wanted.has_any()) release_all(world_, *m);
        }
        // What was stopped goes on when its time has come, and not a moment after what it missed.
        run_until(world_.line.now() + hours{3}, [&] {
            return std::none_of(machines_.begin(), machines_.end(), [&](const auto& m) { return world_.line.is_held(m->number()); });
        });
        // Longer than any change of the service takes to be shown.
        run_for(seconds{40});
    }

    void settle(machine& m) {
        finish(m);
        m.look_at_rights();
        const bool is_judged = m.seen().may_trust_since;
        if (what_.is_narrow) {
            become_equal(m, is_judged, strictness::entries, act::sync_some);
            if (is_judged && !world_.broken) judge_outbox(world_, m, true);
            return;
        }
        // A verification has its own round; every other run has one before.
        if (what_.seed % 2 == 0) become_equal(m, is_judged, strictness::stamped, act::sync);
        become_equal(m, is_judged && m.seen().may_trust_since, strictness::proven, act::verify);
        m.cancel();
        finish(m, true);
        // A person asks for everything, which is the only cure for a lie that was consistent.
        if (what_.seed % 4 == 0 || !is_judged || !m.seen().may_trust_since)
            become_equal(m, true, strictness::everything, act::full);
        if (!world_.broken) judge_outbox(world_, m, true);
        if (m.is_on() && !world_.broken) judge_soundness(world_, m, what_.seed % 64 == 0);
    }

    // What is under way comes to its end; daemons go on.
    void finish(machine& m, bool is_told = false) {
        run_until(world_.line.now() + hours{8}, [&] { return !m.is_busy() || (m.is_daemon() && !is_told); });
    }

    void become_equal(machine& m, bool is_judged, strictness how, act by) {
        std::vector<std::string> left;
        for (int cycle = 0; cycle < most_cycles && !world_.broken; ++cycle) {
            const bool is_first = cycle == 0;
            // The guard holds masses when it first sees them.
            if (!is_first && world_.wanted.has_any()) release_all(world_, m);
            if (!is_first || by != act::full) pause(m, is_first);
            // Reading everything again takes nothing away; the proof does.
            if (by == act::full && cycle % 2 == 1) {
                begin(m, act::accept);
                finish(m);
                continue;
            }
            // What the guard holds is a person's to release, here only, and not before it had its own chances.
            const bool is_accepted = by == act::verify && cycle >= accepted_after;
            if (is_accepted && m.is_daemon()) {
                m.cancel();
                finish(m, true);
            }
            begin(m, is_accepted ? act::accept : by);
            if (m.is_daemon())
                run_for(seconds{m.plan().interval * (by == act::verify ? 5 : 3)});
            else
                finish(m);
            if (world_.broken) return;
            left = m.is_on() ? unequal(world_, m, how) : std::vector<std::string>{"the machine is off"};
            if (left.empty() || !is_judged) return;
        }
        for (const auto& line : left) world_.log.note(m.number(), line);
        if (!left.empty()) world_.fail("CONV", "machine " + std::to_string(m.number()) + ": " + left.front());
    }

    // Long enough for a pause that MinuteDock asked for, a refused list's rest, and a second read.
    void pause(machine& m, bool is_first) {
        if (m.is_daemon()) return;
        run_for(is_first ? seconds{1} : std::max<seconds>(minutes{20}, seconds{m.plan().interval * 8}));
    }

    const script& what_;
    grounds world_;
    web people_;
    std::vector<std::unique_ptr<machine>> machines_;
    int wakes_ = 0;
};

}  // namespace

outcome run_script(const script& what, coverage& reached, bool keeps_trace) { return yard(what, reached, keeps_trace).run(); }

}  // namespace mdock::sim
