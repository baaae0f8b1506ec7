// SPDX-License-Identifier: MIT
// WHY: a round that could not work says the true reason.
#include "tests/sim/machine.h"
#include "tests/sim/oracles.h"

namespace mdock::sim {

void judge_cause(grounds& world, machine& of, const engine::round_report& report) {
    // Cut off from the first request to the last: nothing else can be the reason. A round that sent nothing says nothing.
    if (of.seen().is_cut_off_all_along && report.requests > 0 &&
        (!report.stopped_by || report.stopped_by->code() != errc::resolve_failed))
        world.fail("WHY", "the network was away, the round says " +
                              (report.stopped_by ? report.stopped_by->context() : std::string("nothing")));
    bool is_revoked = false;
    for (const auto& known : world.service.account().credentials)
        if (known.text == of.plan().token) is_revoked = known.revoked;
    if (!is_revoked || !of.seen().was_revoked_at_start || report.requests == 0 || of.seen().is_cut_off_all_along) return;
    if (world.faults_fired != of.seen().faults_at_start) return;
    if (!report.stopped_by) world.fail("WHY", "the token is refused, and the round says nothing");
}

}  // namespace mdock::sim
