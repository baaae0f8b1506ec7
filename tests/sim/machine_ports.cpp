// SPDX-License-Identifier: MIT
#include "tests/sim/machine_ports.h"

#include <boost/asio/associated_cancellation_slot.hpp>

#include "tests/minutedock/viewer.h"
#include "tests/sim/service_watch.h"

namespace mdock::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using wire = minutedock::wire_fault::kind;

constexpr seconds request_timeout{30};

// What the transport would report for this wire fault, if not an answer.
std::optional<failure> failure_of(const minutedock::wire_fault& fault) {
    switch (fault.what) {
        case wire::reset_before: return failure{errc::connection_lost, "the connection was reset"};
        case wire::cut_after: return failure{errc::connection_lost, "the answer was cut short"};
        case wire::hang:
        case wire::drip: return failure{errc::timed_out, "no whole answer in time"};
        case wire::bad_gzip:
        case wire::gzip_bomb: return failure{errc::bad_encoding, "the answer does not inflate"};
        case wire::delay:
            if (seconds{static_cast<long long>(fault.amount)} >= request_timeout)
                return failure{errc::timed_out, "no whole answer in time"};
            return std::nullopt;
        case wire::none:
        case wire::close_without_notify: return std::nullopt;
    }
    return std::nullopt;
}

std::chrono::nanoseconds time_of(const minutedock::wire_fault& fault) {
    if (fault.what == wire::hang || fault.what == wire::drip) return request_timeout;
    if (fault.what == wire::delay)
        return std::min<std::chrono::nanoseconds>(request_timeout, seconds{static_cast<long long>(fault.amount)});
    return {};
}

std::string_view path_of(const http_request& request) {
    const std::string_view target = request.target;
    return target.substr(0, target.find('?'));
}

bool is_by_id(std::string_view path) {
    const auto last = path.substr(path.rfind('/') + 1);
    return !last.empty() && last.front() >= '0' && last.front() <= '9';
}

}  // namespace

asio::awaitable<void> machine::clock::sleep_until(step_name step, monotonic_time until) {
    // The daemon's own waiting is where one round ends and the next begins.
    const bool is_between = step == "loop.wait" || step == "loop.start";
    if (!on_.meet(step)) until = monotonic_time::max();
    co_await rest(until);
    if (is_between) on_.begins_round();
    if (!on_.pass(step)) co_await rest(monotonic_time::max());
}

asio::awaitable<void> machine::clock::rest(monotonic_time until) {
    if (until <= monotonic()) co_return;
    auto executor = co_await asio::this_coro::executor;
    auto& line = world_.line;
    const auto number = on_.number();
    auto initiate = [&line, number, until, executor](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto kept = std::make_shared<decltype(handler)>(std::move(handler));
        const auto mine = line.wake_at(number, until, [kept, executor](boost::system::error_code ec) {
            asio::post(executor, [kept, ec]() mutable { std::move (*kept)(ec); });
        });
        if (!slot.is_connected()) return;
        slot.assign([&line, number, mine](asio::cancellation_type) { line.cancel(number, mine); });
    };
    auto token = asio::use_awaitable;
    co_await asio::async_initiate<decltype(token), void(boost::system::error_code)>(std::move(initiate), token);
}

monotonic_time machine::http::some_latency() {
    const auto most = world_.chance.percent(80) ? 40 : 900;
    return world_.line.now() + milliseconds{1 + world_.chance.between(0, most)};
}

const answer_trouble* machine::http::strikes(const http_request& request) {
    if (world_.is_healed) return nullptr;
    if (request.method != "GET" && !request.target.starts_with("/reports"))
        if (const auto write = take_due(on_.awaiting.writes)) {
            const auto& what = write_trouble(*write);
            world_.fired(what.name, on_.number());
            return &what;
        }
    const auto due = take_due(on_.awaiting.http);
    if (!due) return nullptr;
    const auto& all = answer_troubles();
    const auto& what = all[static_cast<std::size_t>(*due % all.size())];
    const auto path = path_of(request);
    if (what.spares_by_id && is_by_id(path)) return nullptr;
    // A list that has never shown a row cannot be doubted when it shows none.
    if (what.name == "array" && request.target.find("from=") == std::string::npos && !shown_.contains(std::string(path))) return nullptr;
    // The same lie told twice about the same list is the truth as far as anybody can tell.
    if (what.is_lie && !lied_about_.insert(std::string(path)).second) return nullptr;
    // Nothing at all in the place of everything is asked for a second time (H01), and lists without a window come again.
    const bool is_looked_into = what.name == "array" && request.target.find("since=") == std::string::npos &&
                                (request.target.find("from=1900-01-01&to=2199-12-31") != std::string::npos ||
                                 request.target.find("from=") == std::string::npos);
    if (what.is_lie && !is_looked_into) on_.seen().may_trust_since = false;
    world_.fired(what.name, on_.number());
    return &what;
}

// Refused `all`, a token reads its own entries only until it is asked who it is again; unless that is all it may ever see.
bool machine::http::is_narrowed_by_a_403() const {
    return minutedock::viewer(on_.me()).sees_others_time() ||
           world_.service.how().all_users_denied != minutedock::others_denied::refuse;
}

asio::awaitable<result<http_answer>> machine::http::send(step_name step, http_request request) {
    if (!on_.meet(step)) co_await on_.clock_->rest(monotonic_time::max());
    if (auto why = on_.pace().request(world_.line.now())) world_.fail("BUDGET", *why + ": " + request.target);
    ++world_.reached.requests;
    auto answer = co_await travel(std::move(request));
    if (!on_.pass(step)) co_await on_.clock_->rest(monotonic_time::max());
    if (answer) on_.pace().answer(world_.line.now(), answer->status, answer->retry_after);
    co_return answer;
}

asio::awaitable<result<http_answer>> machine::http::travel(http_request request) {
    const auto arrives = some_latency();
    co_await on_.clock_->rest(arrives);
    if (on_.offline_until > world_.line.now() && !world_.is_healed) {
        world_.log.note(on_.number(), "offline", request.target);
        co_return result<http_answer>(failure(errc::resolve_failed, "no network"));
    }
    on_.seen().is_cut_off_all_along = false;
    const answer_trouble* trouble = strikes(request);
    if (trouble != nullptr && trouble->name == "refused")
        co_return result<http_answer>(failure(errc::connect_failed, "connection refused"));
    if (trouble != nullptr) world_.service.add_fault(minutedock::parse_fault(trouble->name).value());
    minutedock::call call;
    call.method = request.method;
    call.target = request.target;
    call.body = request.body;
    call.bearer = on_.plan().token;
    service_watch watch(world_, on_, request);
    auto reply = world_.service.handle(call, world_.line.true_time());
    watch.is_over();
    if (trouble != nullptr) world_.service.clear_faults();
    world_.log.note(on_.number(), request.method, request.target, static_cast<std::uint64_t>(reply.answer.status),
                    static_cast<std::uint64_t>(reply.answer.body.size()));
    if (reply.answer.status == 403 && path_of(request) == "/entries" && is_narrowed_by_a_403()) on_.seen().may_trust_since = false;
    if (reply.answer.status == 200 && reply.answer.body.size() > 2) shown_.insert(std::string(path_of(request)));
    const auto took = time_of(reply.wire);
    const auto back = world_.chance.percent(25) ? some_latency() : world_.line.now();
    co_await on_.clock_->rest(back + took);
    const auto broken = failure_of(reply.wire);
    if (broken) co_return result<http_answer>(*broken);
    if (reply.answer.status >= 300 && reply.answer.status < 400)
        co_return result<http_answer>(failure(errc::redirect_refused, "the service redirects elsewhere"));
    co_return result<http_answer>(std::move(reply.answer));
}

void machine::store_thread::post(step_name step, std::function<void()> work, std::function<void()> done) {
    if (!on_.meet(step)) return;
    const auto trouble = world_.is_healed ? std::nullopt : take_due(on_.awaiting.store);
    if (trouble) on_.fail_store(*trouble);
    on_.set_clock();
    work();
    if (trouble)
        on_.heal_store();
    else if (!on_.db().is_rehearsing())    // what a rehearsal writes is not kept
        on_.pace().stored();
    on_.look_for_open_statements(step);
    if (on_.is_watched_by_reader) on_.let_reader_look();
    if (on_.pass(step)) done();
}

}  // namespace mdock::sim
