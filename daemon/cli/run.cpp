// SPDX-License-Identifier: MIT
// mdock run [--once]: the daemon, in the foreground. It ends with 2, 4 or 8 only where a restart cannot help; a network
// that is down, a locked keychain and a disk that is not mounted yet are waited for (L06, L10, L14).
#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

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
        if (report.stopped_by) {
            log_.write_once(log_level::warning, "round", report.stopped_by->context());
            service_.status(report.stopped_by->context());
            return;
        }
        log_.recovered("waiting");
        log_.recovered("round");
        if (inserted + updated > 0)
            log_.write(log_level::info, fmt::format("{} new and {} changed rows ({}), {} requests", inserted, updated,
                                                    changed, report.requests));
        service_.status(fmt::format("in sync{}{}", report.waiting > 0 ? fmt::format(", {} queued", with_commas(report.waiting)) : "",
                                    report.timer_runs ? ", timer running" : ""));
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

// Repeats `attempt` until it gives something, a signal comes (nothing is returned, and `number` says which) or it fails in
// a way that waiting cannot help (thrown).
template <class F>
auto wait_for(event_log& log, host::service_status& service, std::string_view subject, errc worth_waiting, int& number, F attempt)
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
        // The service manager would take the wait for a start that hangs.
        service.more_time(pause + longest_wait);
        number = pause_or_signal(pause);
        if (number != 0) return std::nullopt;
    }
}

// While it lives the service manager is told that a start which takes long goes on: a migration of a large file.
class long_start {
public:
    explicit long_start(host::service_status& service) : service_(service), ticking_([this](std::stop_token stop) { tick(stop); }) {}

private:
    void tick(const std::stop_token& stop) {
        std::unique_lock held(mutex_);
        do service_.more_time(seconds{60});
        while (!wake_.wait_for(held, stop, seconds{20}, [&stop] { return stop.stop_requested(); }));
    }

    host::service_status& service_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread ticking_;    // last: it uses the others
};

// On the io thread, so that one that is stuck is noticed.
asio::awaitable<void> stay_alive(host::service_status& service) {
    const auto pause = host::service_status::watchdog_pause();
    if (!pause) co_return;
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor);
    while (true) {
        service.alive();
        timer.expires_after(*pause);
        auto [error] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        if (error) co_return;
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

asio::awaitable<failure> keep_current(session& here, engine::mirror& mirror, event_log& log, host::service_status& service) {
    // Kept by what it ends: that is still on its way when this coroutine is gone.
    auto end_of_watch = std::make_shared<asio::cancellation_signal>();
    auto executor = co_await asio::this_coro::executor;
    asio::co_spawn(executor, stay_alive(service),
                   asio::bind_cancellation_slot(end_of_watch->slot(), [end_of_watch](std::exception_ptr) {}));
    const auto& file = here.config().database.path;
    auto on_ready = [&] {
        service.ready("mirroring into " + file.string());
        log.write(log_level::notice, fmt::format("mdock {} keeps {} current", MDOCK_VERSION, file.string()));
    };
    std::exception_ptr error;
    failure ended;
    try {
        auto why = co_await run_with_control(here, mirror, log, on_ready);
        ended = std::move(why);
    } catch (...) {
        error = std::current_exception();
    }
    end_of_watch->emit(asio::cancellation_type::terminal);
    if (error) std::rethrow_exception(error);
    co_return ended;
}

// The exit code; nothing when everything is to be read anew (SIGHUP).
std::optional<int> serve(session& here, bool only_once, event_log& log, host::service_status& service) {
    const auto& all = here.config();
    int number = 0;
    const auto stopped = [&]() -> std::optional<int> {
        if (number == SIGHUP) return std::nullopt;
        return end_of(log, service, {errc::interrupted, "interrupted"});
    };
    // A file that is missing or wrong stays so; a keychain may be unlocked later.
    const auto worth_waiting = all.auth.token_command.empty() || only_once ? errc::none : errc::no_token;
    auto found = wait_for(log, service, "token", worth_waiting, number, [&] { return token_now(here, log); });
    if (!found) return stopped();
    machine world(all, std::move(found->token), log, !only_once);
    const bool is_default_place = all.shown.find("database.path")->second.from == origin::by_default;
    const auto folder = wait_for(log, service, "database", only_once ? errc::none : errc::database_error, number, [&] {
        prepare_database_folder(all.database.path, is_default_place);
        return true;
    });
    if (!folder) return stopped();
    std::optional<long_start> opening(service);
    const auto db = open_database(here);
    opening.reset();
    run_watcher watcher(log, service);
    engine::mirror mirror{world.world(), *db, engine_options(all, here.timeout(), !only_once), &watcher};
    if (only_once) {
        service.ready("one round into " + all.database.path.string());
        return once(here, mirror, world, log, service, watcher);
    }
    auto done = world.finish(keep_current(here, mirror, log, service));
    number = done.signal_number;
    if (number != 0 || !done.value) return stopped();
    return end_of(log, service, *done.value);
}

// What was wrong in the file keeps what there was; the database stays the one that was opened (L12).
void reload(session& here, event_log& log, host::service_status& service) {
    service.reloading("reading the configuration anew");
    try {
        const auto kept = here.reload();
        log.write(log_level::notice, "the configuration and the token are read anew");
        if (!kept.empty()) log.write(log_level::warning, kept + "; that takes effect at the next start");
    } catch (const failure_exception& error) {
        log.write(log_level::error, fmt::format("the configuration stays as it was: {}", error.why().context()));
    }
}

int run(session& here, bool only_once) {
    host::service_status service;
    // A terminal that is closed ends what was started on it; a service manager means: read the configuration anew.
    const bool reloads = !only_once && ::isatty(STDIN_FILENO) == 0;
    if (reloads) reload_on_hangup();
    end_on_signals(!only_once);
    while (true) {
        const auto& all = here.config();
        event_log log(log_level_named(all.log.level), log_format_named(all.log.format, here.variables()));
        try {
            const auto code = serve(here, only_once, log, service);
            if (code) return *code;
            reload(here, log, service);
        } catch (const failure_exception& error) {
            if (here.out().is_json()) here.out().document(error_document(error.why(), hint_for(error.why().code())));
            return end_of(log, service, error.why());
        }
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
