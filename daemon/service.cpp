// SPDX-License-Identifier: MIT
#include "daemon/service.h"

#include <fmt/format.h>
#include <sys/resource.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif
#include <unistd.h>

#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>

#include "daemon/host/stop_signals.h"
#include "daemon/net/transport.h"
#include "daemon/paths.h"

namespace mdock {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t most_of_an_answer = 2000;

// Tells the log what went over the wire. It holds the token only to take it out of answers that echo it.
class logged_http final : public http_port {
public:
    logged_http(http_port& wire, clock_port& clock, event_log& log, secret token)
        : wire_(wire), clock_(clock), log_(log), token_(std::move(token)) {}

    asio::awaitable<result<http_answer>> send(step_name step, http_request request) override {
        const auto began = clock_.monotonic();
        const auto what = request.method + " " + request.target;
        auto answer = co_await wire_.send(step, std::move(request));
        tell(step, what, answer, std::chrono::duration_cast<milliseconds>(clock_.monotonic() - began));
        co_return answer;
    }

private:
    void tell(step_name step, const std::string& what, const result<http_answer>& answer, milliseconds took) {
        if (!log_.shows(log_level::debug)) return;
        if (!answer)
            return log_.write(log_level::debug, without_token(fmt::format("{}: {}: {} ({}) after {} ms", step, what,
                                                                          name_of(answer.error().code()),
                                                                          answer.error().context(), took.count())));
        log_.write(log_level::debug, fmt::format("{}: {}: {}, {} bytes, {} ms", step, what, answer->status,
                                                 answer->body.size(), took.count()));
        if (log_.shows(log_level::trace))
            log_.write(log_level::trace, without_token(answer->body).substr(0, most_of_an_answer));
    }

    std::string without_token(std::string text) const {
        if (token_.empty()) return text;
        for (auto at = text.find(token_.reveal()); at != std::string::npos; at = text.find(token_.reveal(), at))
            text.replace(at, token_.reveal().size(), "[token]");
        return text;
    }

    http_port& wire_;
    clock_port& clock_;
    event_log& log_;
    secret token_;
};

net::transport_options transport_options_of(const settings& all) {
    net::transport_options how;
    how.base_url = all.api.base_url;
    how.ca_file = all.api.ca_file.string();
    how.auth = all.auth.kind == "api_key" ? net::auth_kind::api_key : net::auth_kind::bearer;
    if (all.auth.account_id) how.account_id = std::to_string(*all.auth.account_id);
    how.connect_timeout = all.api.connect_timeout;
    how.request_timeout = all.api.request_timeout;
    how.proxy = all.api.proxy;
    const auto variables = environment::of_this_process();
    how.no_proxy = variables.get("NO_PROXY").value_or(variables.get("no_proxy").value_or(""));
    return how;
}

sync::on_conflict on_conflict_named(std::string_view name) {
    if (name == "theirs") return sync::on_conflict::theirs;
    return name == "mine" ? sync::on_conflict::mine : sync::on_conflict::ask;
}

seconds whole(milliseconds length) { return std::max(seconds(1), std::chrono::duration_cast<seconds>(length)); }

}  // namespace

struct stop_watch::state {
    state(asio::io_context& io, std::optional<milliseconds> limit) : timer(io), grace(io) {
        signals = std::make_unique<host::stop_signals>(io.get_executor(), [this](int number) { stop(number); });
        if (!limit) return;
        timer.expires_after(*limit);
        timer.async_wait([this](const boost::system::error_code& error) {
            if (error || is_over) return;
            ran_out = true;
            cancel.emit(asio::cancellation_type::terminal);
        });
    }

    void stop(int number) {
        if (is_over) return;
        // Stopping is more than reading anew, and asked twice it is done at once.
        if (signal_number != 0 && number == SIGHUP) return;
        if (signal_number != 0 && signal_number != SIGHUP) ::_exit(128 + number);
        signal_number = number;
        grace.expires_after(stop_grace);
        grace.async_wait([number](const boost::system::error_code& error) {
            if (!error) ::_exit(128 + number);
        });
        cancel.emit(asio::cancellation_type::terminal);
    }

    asio::cancellation_signal cancel;
    asio::steady_timer timer, grace;
    std::unique_ptr<host::stop_signals> signals;
    int signal_number = 0;
    bool ran_out = false;
    bool is_over = false;
};

stop_watch::stop_watch(asio::io_context& io, std::optional<milliseconds> limit)
    : state_(std::make_unique<state>(io, limit)) {}
stop_watch::~stop_watch() = default;
asio::cancellation_slot stop_watch::slot() { return state_->cancel.slot(); }
int stop_watch::signal_number() const { return state_->signal_number; }
bool stop_watch::ran_out() const { return state_->ran_out; }

void stop_watch::release() {
    state_->is_over = true;
    state_->timer.cancel();
    state_->grace.cancel();
    state_->signals->release();
}

machine::machine(const settings& all, secret token, event_log& log, bool ends_with_success)
    : ends_with_success_(ends_with_success) {
    end_on_signals(ends_with_success);
    secret copy{std::string(token.reveal())};
    auto wire = net::transport::create(io_.get_executor(), transport_options_of(all), std::move(token));
    if (!wire) throw failure_exception(wire.error());
    wire_ = std::move(*wire);
    logged_ = std::make_unique<logged_http>(*wire_, clock_, log, std::move(copy));
}

machine::~machine() = default;

ports machine::world() { return {clock_, random_, *logged_, store_}; }

void machine::rethrow_unless_cancelled(const std::exception_ptr& error, bool was_cancelled) {
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& thrown) {
        if (!was_cancelled || thrown.code() != asio::error::operation_aborted) throw;
    }
}

engine::options engine_options(const settings& all, std::optional<milliseconds> give_up_after, bool waits_patiently) {
    engine::options how;
    how.max_requests_per_minute = all.api.max_requests_per_minute;
    how.retry_min = whole(all.api.retry_min);
    how.retry_max = whole(all.api.retry_max);
    how.rate_limit_pause = whole(all.api.rate_limit_pause);
    how.interval = whole(all.sync.interval);
    how.billing_interval = whole(all.sync.billing_interval);
    how.reference_interval = whole(all.sync.reference_interval);
    how.verify_interval = whole(all.sync.verify_interval);
    how.sweep_interval = whole(all.sync.sweep_interval);
    how.overlap = whole(all.sync.overlap);
    how.second_read_after = whole(all.sync.second_read_after);
    how.retry_denied_after = whole(all.sync.retry_denied_after);
    how.dock_active_interval = whole(all.dock.active_interval);
    how.dock_idle_interval = whole(all.dock.idle_interval);
    how.hold_above = all.writes.hold_above;
    how.max_creates_per_minute = static_cast<int>(all.writes.max_creates_per_minute);
    how.settle_time = whole(all.writes.settle_time);
    how.undo_window = std::chrono::duration_cast<seconds>(all.writes.undo_window);
    how.on_conflict = on_conflict_named(all.writes.on_conflict);
    if (give_up_after) how.give_up_after = whole(*give_up_after);
    how.waits_patiently = waits_patiently;
    return how;
}

void prepare_database_folder(const std::filesystem::path& file, bool is_default_place) {
    std::error_code error;
    const auto folder = file.parent_path();
    if (!is_default_place && !folder.empty() && !std::filesystem::exists(folder.parent_path(), error))
        throw failure_exception({errc::database_error,
                                 fmt::format("{} is not there: is the disk with {} mounted? If it is meant to be new, "
                                             "make the folder first",
                                             folder.parent_path().string(), file.string())});
    if (auto made = make_private_folder(folder); !made)
        throw failure_exception({errc::database_error, made.error().context()});
}

void protect_memory() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__)
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void end_on_signals(bool with_success) {
    const auto quietly = [](int) { ::_exit(0); };
    const auto with_a_word = [](int number) {
        constexpr std::string_view sentence = "\nmdock: interrupted. Nothing is lost: what arrived is in the file.\n";
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, sentence.data(), sentence.size());
        ::_exit(128 + number);
    };
    const auto action = with_success ? +quietly : +with_a_word;
    std::signal(SIGINT, action);
    std::signal(SIGTERM, action);
}

void reload_on_hangup() {
    // Held for good: between two listeners the default action, which is to die, would be back.
    static asio::io_context never_run;
    static asio::signal_set held(never_run, SIGHUP);
    host::stop_signals::also_hangup();
}

int pause_or_signal(seconds length) {
    asio::io_context io;
    int number = 0;
    asio::steady_timer timer(io, length);
    host::stop_signals signals(io.get_executor(), [&number, &timer](int which) {
        number = which;
        timer.cancel();
    });
    timer.async_wait([&signals](const boost::system::error_code&) { signals.release(); });
    io.run();
    return number;
}

}  // namespace mdock
