// SPDX-License-Identifier: MIT
// mdock service install | uninstall | status: the daemon as this person's own service, started at login and after a crash.
#include <fmt/format.h>

#include "core/store/file_checks.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/service_manager.h"
#include "daemon/exit_codes.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

namespace fs = std::filesystem;

void refuse_if_anothers(const personal_service& what) {
    if (what.is_installed() && !what.is_ours())
        fail(errc::usage, fmt::format("{} was not written by mdock, or was changed since, and stays as it is: move it aside first", what.file.string()));
}

int install(session& here, bool dry_run) {
    const auto what = service_of(here);    // reads the configuration: a service without one would only fail
    auto& out = here.out();
    if (dry_run) {
        out.note(fmt::format("Would write {}:", what.file.string()));
        out.print(what.text);
        return exit_code::done;
    }
    refuse_if_anothers(what);
    if (auto written = write_private_file(what.file, what.text); !written) throw failure_exception(written.error());
    out.note(fmt::format("{} is written.", what.file.string()));
    enable_and_start(here, what);
    out.line("The service is installed and started: it keeps the mirror current from now on, and starts with your login.");
    out.note("`mdock service status` and `mdock status` say how it is; its log: journalctl --user -u mdock");
    if (const auto hint = hint_about_logins(); !hint.empty()) out.note(hint);
    return exit_code::done;
}

int uninstall(session& here) {
    const auto what = service_of(here);
    auto& out = here.out();
    if (!what.is_installed()) {
        out.note(fmt::format("There is no {}: nothing to do.", what.file.string()));
        return exit_code::done;
    }
    refuse_if_anothers(what);
    try {
        stop_and_disable(here, what);
    } catch (const service_refused& refused) {
        // Where no manager answers nothing of it runs, and the file must not stay for the day on which one does (L15).
        if (state_of_service(here).is_running) throw;
        out.warn(refused.what());
    }
    std::error_code error;
    if (!fs::remove(what.file, error)) throw service_refused(fmt::format("{} could not be removed: {}", what.file.string(), error.message()));
    forget_service(here);
    out.line("The service is stopped and removed.");
    out.note(fmt::format("The mirror {}, the configuration and the token are where they were.", here.config().database.path.string()));
    return exit_code::done;
}

// Exit code 1, with what was asked; what a person can do is the service manager's to say.
action saying_what_was_refused(action what) {
    return [what](session& here) {
        try {
            return what(here);
        } catch (const service_refused& refused) {
            here.out().error({errc::none, refused.what()}, "What was done so far stays; is this a login with a service manager of its own?");
            return exit_code::failed;
        }
    };
}

int status(session& here) {
    const auto what = service_of(here);
    const auto writer = store::writer_of(here.config().database.path);
    service_state state;
    if (what.is_installed()) state = state_of_service(here);
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::object body;
        body["installed"] = what.is_installed();
        body["enabled"] = state.is_enabled;
        body["running"] = state.is_running;
        body["file"] = what.file.string();
        body["daemon_pid"] = writer ? boost::json::value(*writer) : boost::json::value(nullptr);
        out.document(std::move(body));
    } else if (!what.is_installed()) {
        out.line(writer ? fmt::format("No service is installed; a daemon runs all the same (process {}).", *writer) : "No service is installed.");
        out.note("`mdock service install` makes one for you.");
    } else {
        out.line(fmt::format("{}: {}", what.file.string(), made_visible(state.words)));
        if (!state.is_running) out.note("Why it is not running: journalctl --user -u mdock -n 20");
    }
    if (!what.is_installed()) return exit_code::not_found;
    return state.is_running ? exit_code::done : exit_code::daemon_needed;
}

}  // namespace

void add_service(command_tree& tree) {
    auto* service = tree.add(nullptr, "service", "the daemon as your own service", "  mdock service install\n  mdock service status");
    service->require_subcommand(1);
    auto dry_run = std::make_shared<bool>(false);
    auto* installing = tree.add(service, "install", "installs and starts it, for this user", "  mdock service install\n  mdock service install --dry-run");
    installing->add_flag("--dry-run", *dry_run, "only show what would be written");
    tree.on(installing, saying_what_was_refused([dry_run](session& here) { return install(here, *dry_run); }));
    tree.on(tree.add(service, "uninstall", "stops and removes it; the mirror stays", "  mdock service uninstall"), saying_what_was_refused(uninstall));
    tree.on(tree.add(service, "status", "whether it is installed, starts by itself and runs", "  mdock service status --json"), saying_what_was_refused(status));
}

}  // namespace mdock::cli
