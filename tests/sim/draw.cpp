// SPDX-License-Identifier: MIT
// A script from a seed. Each draws which kinds of event exist in it at all, so that deep states are reached that a mix of
// everything never reaches (swarm testing); picks are small numbers, so that acts meet on the same rows.
#include <algorithm>
#include <array>

#include "tests/minutedock/generator.h"
#include "tests/minutedock/random.h"
#include "tests/sim/script.h"
#include "tests/sim/trouble.h"

namespace mdock::sim {
namespace {

using minutedock::dice;
using std::chrono::milliseconds;

struct weighted {
    act what;
    unsigned weight;
};

constexpr std::array web_acts{
    weighted{act::create, 8}, weighted{act::edit, 10}, weighted{act::edit_silent, 5}, weighted{act::redate, 5},
    weighted{act::erase, 6}, weighted{act::erase_many, 1}, weighted{act::exchange, 4}, weighted{act::strip_task, 2},
    weighted{act::bulk_edit, 2}, weighted{act::merge_contacts, 1},
    weighted{act::edit_contact, 2}, weighted{act::create_contact, 1}, weighted{act::delete_contact, 1},
    weighted{act::edit_project, 1}, weighted{act::create_project, 1}, weighted{act::delete_project, 1},
    weighted{act::edit_task, 1}, weighted{act::create_task, 1}, weighted{act::delete_task, 1}, weighted{act::edit_item, 1},
    weighted{act::create_item, 1}, weighted{act::delete_item, 1}, weighted{act::edit_expense, 2},
    weighted{act::create_expense, 2}, weighted{act::delete_expense, 1}, weighted{act::edit_invoice, 4},
    weighted{act::create_invoice, 1}, weighted{act::delete_invoice, 1}, weighted{act::attach_invoice, 1},
    weighted{act::edit_user, 1}, weighted{act::hide_contact, 1}, weighted{act::show_contact, 1},
    weighted{act::change_rights, 1}, weighted{act::run_dock, 3}};

constexpr std::array machine_acts{weighted{act::sync, 4}, weighted{act::sync_some, 6}, weighted{act::full, 1}, weighted{act::verify, 8},
                                  weighted{act::rehearse, 1},
                                  weighted{act::start, 1}, weighted{act::stop, 1}, weighted{act::kill, 1}, weighted{act::hold, 1}};

constexpr std::array narrow_web_acts{weighted{act::create, 8}, weighted{act::edit, 10}, weighted{act::edit_silent, 2},
                                     weighted{act::redate, 5}, weighted{act::bulk_edit, 3}, weighted{act::run_dock, 2},
                                     weighted{act::erase, 2}};
constexpr std::array narrow_machine_acts{weighted{act::sync_some, 14}, weighted{act::kill, 1}, weighted{act::hold, 1}};

// Lists of more than one answer, and machines that stop between two of them: what changes within a walk.
constexpr std::array billing_web_acts{weighted{act::edit_invoice, 12}, weighted{act::edit_expense, 6}, weighted{act::create_invoice, 1},
                                      weighted{act::create_expense, 2}, weighted{act::delete_invoice, 1}};
constexpr std::array billing_machine_acts{weighted{act::hold, 7}, weighted{act::sync_some, 9}, weighted{act::verify, 1}};
constexpr std::uint64_t billing_only = 0;    // the pick of sync_some that reads expenses and invoices

constexpr std::array local_acts{weighted{act::local_create, 7}, weighted{act::local_edit, 9}, weighted{act::local_delete, 2},
                                weighted{act::local_name, 4}, weighted{act::local_expense, 1}, weighted{act::local_timer, 7},
                                weighted{act::local_outbox, 2}, weighted{act::local_decide, 2},
                                weighted{act::write_fault, 9}};

constexpr std::array fault_acts{weighted{act::http_fault, 8}, weighted{act::store_fault, 3}, weighted{act::kill_at, 2},
                                weighted{act::cancel_at, 1}, weighted{act::network_away, 1}, weighted{act::wall_jump, 1},
                                weighted{act::throttle, 1}, weighted{act::revoke, 1}};

// The kinds that this run has; at least one of `all` stays.
template <class All>
std::vector<act> swarm(dice& chance, const All& all, unsigned percent) {
    std::vector<act> bag;
    for (const auto& one : all)
        if (chance.percent(percent)) bag.insert(bag.end(), one.weight, one.what);
    if (bag.empty()) bag.push_back(all.front().what);
    return bag;
}

milliseconds some_wait(dice& chance) {
    const auto kind = chance.below(100);
    if (kind < 45) return milliseconds{chance.between(0, 40)};
    if (kind < 65) return milliseconds{chance.between(41, 3'000)};
    if (kind < 82) return milliseconds{chance.between(3'000, 120'000)};
    if (kind < 97) return milliseconds{chance.between(120'000, 3'600'000)};
    return milliseconds{chance.between(3'600'000, 90'000'000)};
}

constexpr std::uint64_t neighbours = 32;

std::vector<machine_plan> some_machines(dice& chance, bool is_narrow) {
    constexpr std::array tokens{minutedock::admin_token, minutedock::plain_token, minutedock::invoices_token,
                                minutedock::limited_token};
    std::vector<machine_plan> out;
    const auto count = chance.percent(90) ? 1 : chance.percent(60) ? 2 : 3;
    for (int i = 0; i < count; ++i) {
        machine_plan m;
        // Two of one user, a third of somebody else.
        m.token = i == 1 ? out.front().token : std::string(chance.percent(50) ? tokens[0] : chance.one_of(tokens));
        m.is_daemon = !is_narrow && chance.percent(6);
        m.requests_per_minute = chance.percent(70) ? 600 : chance.percent(60) ? 60 : 12;
        m.interval = m.is_daemon ? (chance.percent(70) ? 900 : 300) : 60;
        if (chance.percent(15)) m.wall_error = static_cast<int>(chance.between(-90'000, 90'000));
        out.push_back(std::move(m));
    }
    return out;
}

std::size_t index_of(std::string_view trouble) {
    const auto& all = answer_troubles();
    return static_cast<std::size_t>(std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == trouble; }) - all.begin());
}

class drawing {
public:
    explicit drawing(std::uint64_t seed) : chance_(seed ^ 0xd0c4U), writing_(seed ^ 0x3717eU) {
        out_.seed = seed;
        // Neighbours have the account in common, so that a warm beginning is made once for all of them.
        dice common{seed / neighbours ^ 0xacc0U};
        out_.account = common.next() % 1'000'000;
        out_.entries = static_cast<int>(common.percent(6) ? common.between(95, 180) : common.between(3, 25));
        out_.how = minutedock::draw_switches(common.next());
        // Pages that are cut short are for the accounts that have more than one.
        if (out_.entries >= 95 && common.percent(60)) out_.how.page_clamp = minutedock::page_clamp::at_100;
        // Counts without groups are halved, which only many rows are worth.
        if (out_.entries >= 95 && common.percent(40)) out_.how.report_groups = minutedock::report_groups::without_counts;
        // More on one day than a page holds, in another order each time, cannot be proven: the stated limit of C1.
        if (out_.entries >= 95 && out_.how.tie_order == minutedock::tie_order::random)
            out_.how.tie_order = minutedock::tie_order::oldest_id;
        out_.is_warm = chance_.percent(90);
        out_.is_narrow = chance_.percent(60);
        out_.machines = some_machines(chance_, out_.is_narrow);
        for (auto& m : out_.machines) {
            has_daemon_ = has_daemon_ || m.is_daemon;
            // A service whose stamps and Date are exact needs little; what relies on the rest of it shows.
            const bool is_exact = out_.how.commit_lag == minutedock::commit_lag::none &&
                                  out_.how.date_header == minutedock::date_header::present;
            if (is_exact && chance_.percent(50)) m.overlap = 10;
            // Short accounts are read whole where a person waits; a third of the runs has them counted, as long ones are.
            if (seed % 3 == 0) m.windows_read = 0;
        }
        is_billing_ = !out_.is_narrow && chance_.percent(25);
        // A third of the runs has people at the machines too.
        local_ = writing_.percent(33) ? swarm(writing_, local_acts, 60) : std::vector<act>{};
        web_ = out_.is_narrow ? swarm(chance_, narrow_web_acts, 60)
               : is_billing_  ? swarm(chance_, billing_web_acts, 90)
                              : swarm(chance_, web_acts, 55);
        faults_ = swarm(chance_, fault_acts, 45);
        for (std::size_t i = 0; i < answer_troubles().size(); ++i)
            if (chance_.percent(35)) troubles_.push_back(i);
        has_faults_ = chance_.percent(75);
        shares_ = {chance_.between(20, 60), has_faults_ ? chance_.between(5, 35) : 0};
        machine_ = out_.is_narrow ? swarm(chance_, narrow_machine_acts, 60)
                   : is_billing_  ? swarm(chance_, billing_machine_acts, 90)
                                  : swarm(chance_, machine_acts, 80);
    }

    script draw() {
        for (std::size_t i = 0; i < out_.machines.size(); ++i) add(!out_.is_narrow && chance_.percent(35) ? act::sync : act::sync_some, i);
        // A load is begun once in a run; a kill at random would seldom meet it.
        if (!out_.is_warm && chance_.percent(35)) begin_with(act::kill_at, 3 * chance_.below(40), 0);
        // Nothing at all where a load asks for everything (H01).
        if (!out_.is_warm && chance_.percent(25)) begin_with(act::http_fault, 3 * chance_.below(6), index_of("array"));
        auto count = chance_.percent(94) ? chance_.between(2, 9) : chance_.between(10, 50);
        if (!local_.empty()) count += 3;
        for (std::int64_t i = 0; i < count; ++i) {
            const auto kind = chance_.between(0, 99);
            if (!local_.empty() && writing_.percent(45)) {
                add(writing_.one_of(local_), static_cast<std::size_t>(chance_.below(out_.machines.size())));
                continue;
            }
            const auto& bag = kind < shares_[0] ? web_ : kind < shares_[0] + shares_[1] ? faults_ : machine_;
            add(chance_.one_of(bag), static_cast<std::size_t>(chance_.below(out_.machines.size())));
        }
        return std::move(out_);
    }

private:
    // Before everything else, on the first machine; a pick that is a multiple of three may come late in the load.
    void begin_with(act what, std::uint64_t a, std::uint64_t b) {
        event e;
        e.what = what;
        e.a = a;
        e.b = b;
        out_.events.insert(out_.events.begin(), e);
    }

    void add(act what, std::size_t machine) {
        event e;
        // Between the answers of one walk, as often as not.
        e.wait = is_billing_ && chance_.percent(50) ? milliseconds{chance_.between(20, 250)} : some_wait(chance_);
        // A daemon fills each hour with rounds, and one run must not cost what a hundred others do.
        if (has_daemon_ && e.wait > std::chrono::minutes{5}) e.wait /= 10;
        // Opening a file again costs more than most rounds; the kills that find something are those within a round.
        if (what == act::kill && chance_.percent(60)) what = act::sync_some;
        e.what = what;
        e.machine = machine;
        e.a = chance_.below(what == act::kill_at || what == act::hold || what == act::wall_jump ? 20'000 : 64);
        e.b = is_billing_ && what == act::sync_some ? billing_only : chance_.below(1000);
        if (what == act::http_fault && !troubles_.empty()) e.b = chance_.one_of(troubles_);
        out_.events.push_back(e);
    }

    dice chance_;
    dice writing_;    // of its own, so that runs without local writes stay as they were
    script out_;
    std::vector<act> web_, faults_, machine_, local_;
    std::vector<std::size_t> troubles_;
    bool has_faults_ = false;
    bool has_daemon_ = false;
    bool is_billing_ = false;
    std::array<std::int64_t, 2> shares_{};
};

}  // namespace

script draw_script(std::uint64_t seed) { return drawing(seed).draw(); }

}  // namespace mdock::sim
