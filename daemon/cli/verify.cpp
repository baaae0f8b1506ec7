// SPDX-License-Identifier: MIT
// mdock verify [--dry-run] [--accept]: one round, then the proof that the mirror is equal to the account, mending what
// differs.
#include <fmt/format.h>

#include "core/store/file_checks.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/control.h"
#include "daemon/cli/rights.h"
#include "daemon/cli/sync.h"
#include "daemon/cli/verify_json.h"
#include "daemon/cli/verify_text.h"
#include "daemon/exit_codes.h"
#include "daemon/progress_bar.h"
#include "daemon/service.h"

namespace mdock::cli {
namespace {

// A person reads so many; what is piped on, and --json, is whole.
constexpr std::size_t most_rows_on_a_terminal = 20;

int show(session& here, const engine::verify_request& asked, const engine::verify_report& report) {
    auto& out = here.out();
    if (out.is_json())
        out.document(verify_as_json(report));
    else if (!out.is_quiet())
        out.print(verify_as_text(report, asked, out.data_is_terminal() ? most_rows_on_a_terminal : no_limit));
    say_failures(out, report.sync);
    return or_needs_person(here, exit_code_of(report, asked));
}

int verify(session& here, const engine::verify_request& asked) {
    if (asked.is_rehearsal && asked.accepts_held)
        fail(errc::usage, "--dry-run changes nothing and --accept does: give one of them");
    const auto& all = here.config();
    const auto give_up_after = here.timeout();
    end_on_signals(false);
    if (store::writer_of(all.database.path)) {
        here.out().note("The daemon keeps this mirror; asking it for the proof.");
        if (auto report = verify_by_daemon(here, asked)) {
            if (!*report) throw failure_exception(report->error());
            return show(here, asked, **report);
        }
    }
    auto found = require_token(here);
    event_log log(log_level_named(all.log.level), log_format_named(all.log.format, here.variables()));
    machine world(all, std::move(found.token), log);
    const auto db = open_database(here);
    progress_bar bar(here.out(), [&world] { return world.now(); });
    engine::mirror mirror{world.world(), *db, engine_options(all, give_up_after, false), &bar};
    auto done = world.finish(engine::verify(mirror, asked));
    bar.clear();
    const bool was_whole = done.value && !done.value->sync.stopped_by;
    if (done.signal_number != 0 && !was_whole) return say_interrupted(here.out(), done.signal_number);
    if (!done.value) fail(errc::interrupted, "the verification did not finish");
    return show(here, asked, *done.value);
}

}  // namespace

void add_verify(command_tree& tree) {
    auto asked = std::make_shared<engine::verify_request>();
    auto* command = tree.add(nullptr, "verify", "proves the mirror equal to the account, mending what differs",
                             "  mdock verify\n  mdock verify --dry-run --json\n  mdock verify --accept");
    command->add_flag("--dry-run", asked->is_rehearsal, "only say what differs; exit 9 when something does");
    command->add_flag("--accept", asked->accepts_held, "take over what is held back because so much of it was gone at once");
    tree.on(command, [asked](session& here) { return verify(here, *asked); });
}

}  // namespace mdock::cli
