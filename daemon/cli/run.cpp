// SPDX-License-Identifier: MIT
// mdock run [--once]: the daemon, in the foreground. It ends with 2, 4 or 8 only where a restart cannot help; a network
// that is down, a locked keychain and a disk that is not mounted yet are waited for (L06, L10, L14).
#include <fmt/format.h>

#include "daemon/cli/command_tree.h"
#include "daemon/cli/control.h"
#include "daemon/cli/rights.h"
#include "daemon/cli/sync.h"
#include "daemon/exit_codes.h"
#include "daemon/host/service_status.h"
#include "daemon/service.h"

namespace mdock::cli {
namespace {

using std::chrono::seconds;

constexpr seconds longest_wait{60};

// The engine's events as log lines and as the service's status.
class run_watcher final : public engine::progress {
public:
    run_watcher(event_log& log, host::service_status& service) : log_(log), service_(service) {}

    void planned(resource which, std::optional<std::int64_t> rows) override {
        planned_[static_cast<std::size_t>(which)] = rows;
        log_.write(log_level::info, fmt::format("loading {}{}", name_of(which),
                                                rows ? fmt::format(": about {} rows", with_commas(*rows)) : ""));
    }
    void advanced(resource which, std::int64_t rows) override {
        const auto of = planned_[static_cast<std::size_t>(which)];
        if (of)
            service_.status(
                fmt::format("first sync: {} {} of about {}", name_of(which), with_commas(rows), with_commas(*of)));
    }
    void finished(resource which) override { log_.write(log_level::debug, fmt::format("{} is read", name_of(which))); }
    void pausing(const failure& why, seconds length) override {
        log_.write_once(log_level::warning, "waiting", fmt::format("{} ({})", why.context(), name_of(why.code())));
        service_.status(fmt::format("waiting {} s: {}", length.count(), why.context()));
    }
    void round_done(const engine::round_report& report) override {
        std::int64_t inserted = 0, updated = 0;
        std::string changed;
        for (const auto& one : report.resources) {
            tell_state(one);
            if (one.inserted + one.updated == 0) continue;
            inserted += one.inserted;
            updated += one.updated;
            changed +=
                fmt::format("{}{} +{} ~{}", changed.empty() ? "" : ", ", name_of(one.which), one.inserted, one.updated);
        }
        if (report.stopped_by) return;
        log_.recovered("waiting");
        if (inserted + updated > 0)
            log_.write(log_level::info, fmt::format("{} new and {} changed rows ({}), {} requests", inserted, updated,
                                                    changed, report.requests));
        service_.status("in sync");
    }

private:
    void tell_state(const engine::resource_outcome& one) {
        if (one.error)
            log_.write_once(log_level::warning, name_of(one.which), one.error->context());
        else if (one.state == "held")
            log_.write_once(log_level::warning, name_of(one.which),
                            fmt::format("rows of {} are held back; `mdock status` says why and what to do", name_of(one.which)));
        else
            log_.recovered(name_of(one.which));
    }

    event_log& log_;
    host::service_status& service_;
    std::array<std::optional<std::int64_t>, all_resources.size()> planned_{};
};

// Repeats `attempt` until it gives something, a signal comes (nothing is returned) or it fails in a way that waiting
// cannot help (thrown).
template <class F>
auto wait_for(event_log& log, host::service_status& service, std::string_view subject, errc worth_waiting, F attempt)
    -> std::optional<decltype(attempt())> {
    for (seconds pause{2};; pause = std::min(longest_wait, pause * 2)) {
        try {
            auto got = attempt();
            log.recovered(subject);
            return got;
        } catch (const failure_exception& error) {
            if (error.why().code() != worth_waiting) throw;
            log.write_once(log_level::error, subject, error.why().context());
            service.status(fmt::format("waiting: {}", error.why().context()));
        }
        if (pause_or_signal(pause) != 0) return std::nullopt;
    }
}

found_token token_now(session& here, event_log& log) {
    protect_memory();
    auto found = find_token(here.config(), here.variables());
    if (!found) throw failure_exception(found.error());
    if (!found->warning.empty()) log.write(log_level::warning, found->warning);
    return std::move(*found);
}

int end_of(event_log& log, host::service_status& service, const failure& why) {
    const int code = exit_code_of_run(why.code());
    if (code == exit_code::done) {
        log.write(log_level::notice, "stopped; what arrived is in the file");
    } else {
        log.write(log_level::error, why.context());
        if (const auto hint = hint_for(why.code()); !hint.empty()) log.write(log_level::error, hint);
    }
    service.stopping(code == exit_code::done ? "stopped" : why.context());
    return code;
}

int once(session& here, engine::mirror& mirror, machine& world, event_log& log, host::service_status& service,
         run_watcher& watcher) {
    auto done = world.finish(engine::sync_round(mirror, {}));
    if (done.signal_number != 0 && (!done.value || done.value->stopped_by)) return end_of(log, service, {errc::interrupted, "interrupted"});
    if (!done.value) fail(errc::interrupted, "the round did not finish");
    watcher.round_done(*done.value);
    if (here.out().is_json()) here.out().document(report_as_json(*done.value));
    if (done.value->stopped_by) log.write(log_level::error, done.value->stopped_by->context());
    service.stopping("done");
    return or_needs_person(here, exit_code_of(*done.value));
}

int serve(session& here, bool only_once, event_log& log, host::service_status& service) {
    const auto& all = here.config();
    // A file that is missing or wrong stays so; a keychain may be unlocked later.
    const auto worth_waiting = all.auth.token_command.empty() || only_once ? errc::none : errc::no_token;
    auto found = wait_for(log, service, "token", worth_waiting, [&] { return token_now(here, log); });
    if (!found) return end_of(log, service, {errc::interrupted, "interrupted"});
    machine world(all, std::move(found->token), log, !only_once);
    const bool is_default_place = all.shown.find("database.path")->second.from == origin::by_default;
    const auto folder = wait_for(log, service, "database", only_once ? errc::none : errc::database_error, [&] {
        prepare_database_folder(all.database.path, is_default_place);
        return true;
    });
    if (!folder) return end_of(log, service, {errc::interrupted, "interrupted"});
    const auto db = open_database(here);
    run_watcher watcher(log, service);
    engine::mirror mirror{world.world(), *db, engine_options(all, here.timeout(), !only_once), &watcher};
    service.ready("mirroring into " + all.database.path.string());
    log.write(log_level::notice, fmt::format("mdock {} keeps {} current", MDOCK_VERSION, all.database.path.string()));
    if (only_once) return once(here, mirror, world, log, service, watcher);
    auto done = world.finish(run_with_control(here, mirror, log));
    if (done.signal_number != 0 || !done.value) return end_of(log, service, {errc::interrupted, "interrupted"});
    return end_of(log, service, *done.value);
}

int run(session& here, bool only_once) {
    const auto& all = here.config();
    event_log log(log_level_named(all.log.level), log_format_named(all.log.format, here.variables()));
    host::service_status service;
    end_on_signals(!only_once);
    try {
        return serve(here, only_once, log, service);
    } catch (const failure_exception& error) {
        if (here.out().is_json()) here.out().document(error_document(error.why(), hint_for(error.why().code())));
        return end_of(log, service, error.why());
    }
}

}  // namespace

void add_run(command_tree& tree) {
    auto only_once = std::make_shared<bool>(false);
    auto* command = tree.add(nullptr, "run", "keeps the mirror current until stopped (what the service units start)",
                             "  mdock run\n  mdock run --once");
    command->add_flag("--once", *only_once, "one round, then end");
    tree.on(command, [only_once](session& here) { return run(here, *only_once); });
}

}  // namespace mdock::cli
