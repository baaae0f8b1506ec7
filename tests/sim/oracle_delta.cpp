// SPDX-License-Identifier: MIT
// SINCE: a walk that says it is complete has brought every stamped change that was visible when it began.
#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"
#include "tests/sim/visible.h"

namespace mdock::sim {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

class delta_judge {
public:
    delta_judge(grounds& world, machine& of) : world_(world), of_(of), who_(of.me()), wanted_(waiting_rows(of)) {}

    void entries() {
        auto& row = of_.db().prepared("SELECT updated_at FROM entries WHERE entry_id = ?1");
        world_.service.account().entries.for_each([&](const minutedock::entry& what) {
            if (who_.sees(what)) compare(resource::entries, what.id, what.updated_at, row);
        });
    }
    void expenses() {
        auto& row = of_.db().prepared("SELECT updated_at FROM expenses WHERE expense_id = ?1");
        for (const auto& [id, what] : world_.service.account().expenses)
            if (who_.sees(what)) compare(resource::expenses, id, what.updated_at, row);
    }
    void invoices() {
        auto& row = of_.db().prepared("SELECT updated_at FROM invoices WHERE invoice_id = ?1");
        for (const auto& [id, what] : world_.service.account().invoices)
            if (who_.is_allowed_contact(what.contact)) compare(resource::invoices, id, what.updated_at, row);
    }

private:
    void compare(resource which, row_id id, stamp updated_at, store::statement& row) {
        if (wanted_.contains({which, id})) return;
        const auto* life = world_.past.find(which, id);
        // The service's time is of whole seconds: within one it has not yet made visible what became so in it.
        const stamp began{floor<seconds>(of_.seen().round_began)};
        if (life != nullptr && life->touched && *life->touched >= began) return;
        // Deleted from here, and lists do not know it yet.
        if (life != nullptr && life->died && *life->died >= began) return;
        row.bind(1, id);
        const bool is_there = row.step();
        const auto mirrored = is_there ? row.optional_text(0).value_or("NULL") : std::string("no row");
        row.reset();
        const auto wanted = format_timestamp(floor<seconds>(updated_at));
        // A change without a stamp may have brought the row into this person's sight.
        if (mirrored == wanted || (!is_there && life != nullptr && life->is_silent)) return;
        world_.fail("SINCE", std::string(name_of(which)) + " " + std::to_string(id) + ": MinuteDock's version of " + wanted +
                                 " was there when the round began, the mirror has " + mirrored);
    }

    grounds& world_;
    machine& of_;
    minutedock::viewer who_;
    const std::set<std::pair<resource, row_id>> wanted_;
};

}  // namespace

void judge_delta(grounds& world, machine& of, const engine::round_report& report) {
    of.look_at_rights();
    if (report.stopped_by || !of.seen().may_trust_since) return;
    delta_judge judge(world, of);
    for (const auto& outcome : report.resources) {
        if (outcome.state != "current" || outcome.error) continue;
        if (outcome.which == resource::entries) judge.entries();
        if (outcome.which == resource::expenses) judge.expenses();
        if (outcome.which == resource::invoices) judge.invoices();
    }
}

}  // namespace mdock::sim
