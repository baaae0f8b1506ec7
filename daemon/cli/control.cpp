// SPDX-License-Identifier: MIT
#include "daemon/cli/control.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/engine/desk.h"
#include "daemon/cli/change_json.h"
#include "daemon/cli/change_jobs.h"
#include "daemon/cli/report_json.h"
#include "daemon/cli/sync.h"
#include "daemon/cli/verify_json.h"
#include "daemon/server/control_call.h"
#include "daemon/server/control_socket.h"

namespace mdock::cli {
namespace {

namespace json = boost::json;

constexpr std::string_view sync_target = "/mdock/v1/sync";
constexpr std::string_view verify_target = "/mdock/v1/verify";

server::control_answer refusal(int status, std::string_view message) {
    json::object error, body;
    error["message"] = message;
    body["schema"] = 1;
    body["error"] = std::move(error);
    return {status, json::serialize(body)};
}

server::control_answer refusal(const failure& why) {
    return refusal(why.code() == errc::daemon_needed ? 409 : 400, why.context());
}

// What the caller says; it names the file it means, so that no daemon of another mirror answers.
result<json::object> read_request(const std::string& body, const std::filesystem::path& own_file) {
    json::error_code ec;
    json::value document = json::parse(body, ec);
    if (ec || !document.is_object()) return failure{errc::usage, "the request is no JSON object"};
    auto& asked = document.get_object();
    const auto* file = asked.if_contains("database");
    if (file == nullptr || !file->is_string() || std::string_view(file->get_string()) != own_file.string())
        return failure{errc::daemon_needed, "this daemon mirrors into another file"};
    return std::move(asked);
}

bool is_set(const json::object& asked, const char* key) {
    const auto* value = asked.if_contains(key);
    return value != nullptr && value->is_bool() && value->get_bool();
}

result<engine::round_request> round_in(const json::object& asked) {
    engine::round_request what;
    what.full = is_set(asked, "full");
    const auto* only = asked.if_contains("resources");
    if (only == nullptr || !only->is_array()) return what;
    for (const auto& name : only->get_array()) {
        const auto which = name.is_string() ? resource_named(std::string_view(name.get_string())) : std::nullopt;
        if (!which) return failure{errc::usage, "the request names an unknown resource"};
        what.only.push_back(*which);
    }
    return what;
}

result<engine::verify_request> verification_in(const json::object& asked) {
    engine::verify_request what;
    what.is_rehearsal = is_set(asked, "dry_run");
    what.accepts_held = is_set(asked, "accept");
    if (what.is_rehearsal && what.accepts_held) return failure{errc::usage, "dry_run and accept exclude each other"};
    return what;
}

// What the handlers share. It outlives the loop: calls are still being answered when that has ended, and so does `mirror`,
// which belongs to the machine's run.
struct control_desk {
    explicit control_desk(engine::mirror& of) : mirror(of) {}

    engine::mirror& mirror;
    engine::round_desk rounds;
};
using desk_pointer = std::shared_ptr<control_desk>;

asio::awaitable<server::control_answer> sync(desk_pointer desk, json::object asked) {
    auto what = round_in(asked);
    if (!what) co_return refusal(what.error());
    const auto report = co_await desk->rounds.ask(std::move(*what));
    co_return server::control_answer(200, json::serialize(report_as_json(report)));
}

asio::awaitable<server::control_answer> verify(desk_pointer desk, json::object asked) {
    const auto what = verification_in(asked);
    if (!what) co_return refusal(what.error());
    const auto report = co_await desk->rounds.ask_proof(*what);
    co_return server::control_answer(200, json::serialize(verify_as_message(report)));
}

asio::awaitable<server::control_answer> write(desk_pointer desk, json::object asked) {
    auto what = write_in(asked);
    if (!what) co_return refusal(what.error());
    const bool keeps = what->keeps;
    auto done = co_await write_between_jobs(desk->mirror, std::move(*what));
    if (!done) co_return server::control_answer(422, json::serialize(as_message(done.error())));
    if (keeps && !done->queued.empty()) desk->rounds.note_write();
    co_return server::control_answer(200, json::serialize(as_message(*done)));
}

asio::awaitable<server::control_answer> act(desk_pointer desk, json::object asked) {
    const auto what = action_in(asked);
    if (!what) co_return refusal(what.error());
    auto done = co_await act_between_jobs(desk->mirror, *what);
    if (!done) co_return server::control_answer(422, json::serialize(as_message(done.error())));
    if (*done) desk->rounds.note_write();
    json::object body;
    body["done"] = *done;
    co_return server::control_answer(200, json::serialize(body));
}

using control_action = asio::awaitable<server::control_answer> (*)(desk_pointer, json::object);

control_action action_at(std::string_view target) {
    if (target == sync_target) return sync;
    if (target == verify_target) return verify;
    if (target == write_target) return write;
    return target == outbox_target ? act : nullptr;
}

asio::awaitable<server::control_answer> answer(desk_pointer desk, std::filesystem::path own_file, server::control_request request) {
    const auto action = action_at(request.target);
    if (action == nullptr) co_return refusal(404, "no such control");
    if (request.method != "POST") co_return refusal(405, "only POST");
    auto asked = read_request(request.body, own_file);
    if (!asked) co_return refusal(asked.error());
    auto answered = co_await action(std::move(desk), std::move(*asked));
    co_return answered;
}

std::filesystem::path one_path(const std::filesystem::path& file) {
    std::error_code ignored;
    const auto out = std::filesystem::weakly_canonical(file, ignored);
    return ignored ? file : out;
}

}  // namespace

std::filesystem::path control_path(session& here) {
    const auto& variables = here.variables();
    const auto beside = here.config().database.path.parent_path() / "control.sock";
#if defined(__APPLE__)
    return beside;
#else
    const auto service = variables.get("RUNTIME_DIRECTORY");
    if (service) return std::filesystem::path(*service) / "control.sock";
    // What systemd/mdock.service and mdock@.service have: /var/lib/mdock[/NAME] and /run/mdock[/NAME].
    const auto folder = here.config().database.path.parent_path().string();
    constexpr std::string_view state_folder = "/var/lib/mdock";
    if (folder.starts_with(state_folder))
        return std::filesystem::path("/run/mdock" + folder.substr(state_folder.size())) / "control.sock";
    const auto runtime = variables.get("XDG_RUNTIME_DIR");
    if (!runtime) return beside;
    return std::filesystem::path(*runtime) / "mdock" / "control.sock";
#endif
}

asio::awaitable<failure> run_with_control(session& here, engine::mirror& mirror, event_log& log, std::function<void()> on_ready) {
    auto desk = std::make_shared<control_desk>(mirror);
    mirror.desk = &desk->rounds;
    const auto own_file = one_path(here.config().database.path);
    server::control_handler handler = [desk, own_file](server::control_request request) {
        return answer(desk, own_file, std::move(request));
    };
    auto executor = co_await asio::this_coro::executor;
    auto socket = server::control_socket::listen(executor, control_path(here), std::move(handler));
    if (!socket)
        log.write(log_level::warning, socket.error().context() + "; commands that sync, verify or change something cannot reach this daemon, all else works");
    on_ready();
    auto ended = co_await engine::run(mirror);
    co_return ended;
}

std::optional<result<server::control_answer>> ask_daemon(session& here, std::string_view target, json::object body) {
    body["database"] = one_path(here.config().database.path).string();
    server::control_request request;
    request.method = "POST";
    request.target = target;
    request.body = json::serialize(body);
    std::optional<result<server::control_answer>> got;
    asio::io_context io;
    asio::co_spawn(io, server::call(control_path(here), std::move(request), here.timeout()),
                   [&got](std::exception_ptr error, result<server::control_answer> answered) {
                       if (!error) got.emplace(std::move(answered));
                   });
    io.run();
    if (!got) return std::nullopt;
    if (!*got && got->error().code() == errc::daemon_needed) return std::nullopt;
    // 404: a daemon of an older version; 409: it mirrors into another file.
    if (*got && ((*got)->status == 404 || (*got)->status == 409)) return std::nullopt;
    return got;
}

namespace {

// The body of a good answer; nothing when no daemon answers for this file.
std::optional<result<std::string>> report_of_daemon(session& here, std::string_view target, json::object body) {
    auto got = ask_daemon(here, target, std::move(body));
    if (!got) return std::nullopt;
    if (!*got) return result<std::string>(got->error());
    if ((*got)->status != 200) return std::nullopt;
    return result<std::string>(std::move((*got)->body));
}

}  // namespace

std::optional<result<engine::round_report>> sync_by_daemon(session& here, const engine::round_request& what) {
    json::array only;
    for (const auto which : what.only) only.push_back(json::value(std::string_view(name_of(which))));
    json::object body;
    body["full"] = what.full;
    body["resources"] = std::move(only);
    const auto answered = report_of_daemon(here, sync_target, std::move(body));
    if (!answered) return std::nullopt;
    if (!*answered) return result<engine::round_report>(answered->error());
    return report_from_json(**answered);
}

std::optional<result<engine::verify_report>> verify_by_daemon(session& here, const engine::verify_request& what) {
    json::object body;
    body["dry_run"] = what.is_rehearsal;
    body["accept"] = what.accepts_held;
    const auto answered = report_of_daemon(here, verify_target, std::move(body));
    if (!answered) return std::nullopt;
    if (!*answered) return result<engine::verify_report>(answered->error());
    return verify_from_message(**answered);
}

}  // namespace mdock::cli
