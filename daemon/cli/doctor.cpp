// SPDX-License-Identifier: MIT
// mdock doctor: looks at everything that mdock needs, one line a finding, each with what to do. It changes nothing.
#include "daemon/cli/doctor.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json/array.hpp>

#include "core/api/requests.h"
#include "core/store/file_checks.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/proof_status.h"
#include "daemon/cli/rights.h"
#include "daemon/exit_codes.h"
#include "daemon/service.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t mebibyte = 1024 * 1024;

struct online_answers {
    result<http_answer> me;
    std::optional<token_report> token;  // only when `me` was accepted
};

asio::awaitable<online_answers> ask_online(ports world, std::chrono::sys_days today) {
    online_answers all;
    auto me = co_await world.http.send("doctor.me", api::get_me());
    all.me = std::move(me);
    if (!all.me || all.me->status != 200) co_return all;
    auto token = co_await examine_token(world, today);
    all.token = std::move(token);
    co_return all;
}

finding error(std::string name, const failure& why) {
    return {std::move(name), finding::bad, why.context(), hint_for(why.code())};
}

finding judge_connection(const result<http_answer>& me) {
    if (me) return {"tls", finding::good, "the server's certificate and name are right", {}};
    return error("tls", me.error());
}

finding judge_answer(const online_answers& all) {
    if (all.me->status == 401)
        return error("token accepted", {errc::unauthorized, "MinuteDock refuses this token (401)"});
    if (all.me->status != 200)
        return {"token accepted", finding::doubtful, fmt::format("MinuteDock answered {}", all.me->status),
                "Try again later."};
    if (!all.token->who) return error("token accepted", all.token->who.error());
    return {"token accepted",
            finding::good,
            fmt::format("{}, account {} ({})", describe_user(*all.token->who),
                        made_visible(all.token->who->account_name), all.token->who->account_id),
            {}};
}

// The service's mirror, which its group may read: the token is the service's.
bool is_anothers(const fs::path& file) {
    struct stat it {};
    return ::stat(file.c_str(), &it) == 0 && it.st_uid != ::geteuid();
}

void look_online(session& here, std::vector<finding>& found) {
    const auto& all = here.config();
    auto token = find_token(all, here.variables());
    if (!token && token.error().code() == errc::no_token && is_anothers(all.database.path)) {
        found.push_back({"token", finding::good, "none of yours, and none is needed to read the mirror of another user", {}});
        return;
    }
    if (!token) {
        found.push_back(error("token", token.error()));
        return;
    }
    found.push_back({"token", token->warning.empty() ? finding::good : finding::doubtful,
                     fmt::format("from {}: {}", name_of(token->source), token->place), token->warning});
    event_log log(log_level_named(all.log.level), log_format_named(all.log.format, here.variables()));
    machine world(all, std::move(token->token), log);
    const auto today = day_in_zone(now_utc(), "UTC");
    auto asked = world.finish(ask_online(world.world(), today), here.timeout());
    if (asked.signal_number != 0) fail(errc::interrupted, "interrupted");
    if (!asked.value) {
        found.push_back(error("tls", {errc::timed_out, "MinuteDock did not answer in time"}));
        return;
    }
    found.push_back(judge_connection(asked.value->me));
    if (!asked.value->me) return;
    found.push_back(judge_clock(now_utc(), parse_http_date(asked.value->me->date)));
    found.push_back(judge_answer(*asked.value));
    if (!asked.value->token || !asked.value->token->who) return;
    for (const auto& one : asked.value->token->rights)
        found.push_back(
            {"rights: " + one.name, one.state == "ok" ? finding::good : finding::doubtful, one.message,
             one.state == "missing" ? "An administrator of the account can grant it; mdock works without." : ""});
    const auto match = compare_with_mirror(here, *asked.value->token->who);
    if (match == "another account" || match == "another user")
        found.push_back(error("identity", {errc::wrong_account, "the mirror is of " + match}));
}

void look_at_file(session& here, std::vector<finding>& found) {
    const auto& file = here.config().database.path;
    std::error_code ignored;
    try {
        auto db = open_mirror(here);
        const auto answer = db.execAndGet("PRAGMA quick_check(1)").getString();
        if (answer == "ok")
            found.push_back({"database", finding::good, file.string() + " is whole", {}});
        else
            found.push_back(error("database", {errc::database_corrupt, file.string() + " is damaged: " + answer}));
        const auto proof = read_proof_state(db);
        found.push_back(judge_held(proof));
        found.push_back(judge_incidents(proof, now_utc()));
        found.push_back(judge_additions(db));
        found.push_back(judge_waiting(read_waiting_state(db)));
    } catch (const failure_exception& wrong) {
        const bool is_missing = wrong.why().code() == errc::not_found_locally;
        found.push_back({"database", is_missing ? finding::doubtful : finding::bad, wrong.why().context(),
                         hint_for(wrong.why().code())});
        if (is_missing) return;
    } catch (const SQLite::Exception& wrong) {
        found.push_back(error("database", {errc::database_corrupt, file.string() + ": " + wrong.what()}));
    }
    const auto wal = fs::file_size(file.string() + "-wal", ignored);
    if (!ignored) found.push_back(judge_wal(wal));
    found.push_back(judge_readers(host::readers_of(file), ignored ? 0 : wal));
    found.push_back(judge_daemon(store::writer_of(file)));
    found.push_back(judge_modes(file));
}

finding look_at_disk(const fs::path& file) {
    std::error_code error_code;
    auto folder = file.parent_path();
    while (!fs::exists(folder, error_code) && folder.has_relative_path()) folder = folder.parent_path();
    const auto space = fs::space(folder, error_code);
    if (error_code)
        return {"disk", finding::doubtful, fmt::format("the free space of {} is not known", folder.string()), {}};
    return judge_space(space.available);
}

std::vector<finding> examine(session& here) {
    std::vector<finding> found;
    try {
        here.config();
        found.push_back({"config", finding::good, here.places().config.string(), {}});
    } catch (const failure_exception& wrong) {
        found.push_back(error("config", wrong.why()));
        found.push_back(judge_sqlite(sqlite3_libversion_number()));
        return found;
    }
    protect_memory();
    try {
        look_online(here, found);
    } catch (const failure_exception& wrong) {
        if (wrong.why().code() == errc::interrupted) throw;
        found.push_back(error("connection", wrong.why()));
    }
    look_at_file(here, found);
    found.push_back(look_at_disk(here.config().database.path));
    found.push_back(judge_sqlite(sqlite3_libversion_number()));
    return found;
}

void show(output& out, const std::vector<finding>& found) {
    for (const auto& one : found) {
        const auto how = one.state == finding::good       ? tone::good
                         : one.state == finding::doubtful ? tone::warning
                                                          : tone::bad;
        out.line(fmt::format("{}  {:<18} {}", out.in_tone(how, fmt::format("{:<7}", one.state)), one.name,
                             made_visible(one.message)));
        if (!one.remedy.empty()) out.line(fmt::format("{:28}{}", "", one.remedy));
    }
}

int doctor(session& here) {
    const auto found = examine(here);
    if (here.out().is_json()) {
        boost::json::array list;
        for (const auto& one : found)
            list.push_back(
                {{"name", one.name},
                 {"state", one.state},
                 {"message", one.message},
                 {"remedy", one.remedy.empty() ? boost::json::value(nullptr) : boost::json::value(one.remedy)}});
        boost::json::object body;
        body["checks"] = std::move(list);
        here.out().document(std::move(body));
    } else {
        show(here.out(), found);
    }
    const bool is_ill =
        std::any_of(found.begin(), found.end(), [](const finding& one) { return one.state == finding::bad; });
    return is_ill ? exit_code::degraded : exit_code::done;
}

}  // namespace

finding judge_clock(utc_seconds ours, std::optional<utc_seconds> theirs) {
    if (!theirs) return {"clock", finding::doubtful, "MinuteDock's answer had no date to compare with", {}};
    const auto off = (ours - *theirs).count();
    if (std::abs(off) <= 30) return {"clock", finding::good, fmt::format("{} s from MinuteDock's", std::abs(off)), {}};
    return {"clock", finding::doubtful,
            fmt::format("this machine's clock is {} s {} MinuteDock's", std::abs(off), off > 0 ? "ahead of" : "behind"),
            "The mirror goes by MinuteDock's clock and loses nothing, but ages and the running timer are shown wrong: "
            "switch time synchronisation on."};
}

finding judge_sqlite(int version) {
    const auto text = fmt::format("SQLite {}.{}.{}", version / 1000000, version / 1000 % 1000, version % 1000);
    if (version < 3007000 || version > 3051002) return {"sqlite", finding::good, text, {}};
    return {"sqlite", finding::doubtful,
            text + " can lose a commit when two programs write and checkpoint at the same instant",
            "mdock is the only writer and so is safe. Leave writes.direct_sql off, and let other programs open the "
            "file read-only."};
}

finding judge_wal(std::uintmax_t bytes) {
    if (bytes <= host::large_log) return {"wal", finding::good, fmt::format("{} KiB", bytes / 1024), {}};
    return {"wal", finding::doubtful, fmt::format("the write-ahead log has grown to {} MiB", bytes / mebibyte),
            "Some program has been reading for long: close it, and the log shrinks after the next round."};
}

finding judge_space(std::uintmax_t available) {
    const auto text = fmt::format("{} MiB are free", available / mebibyte);
    if (available < 20 * mebibyte)
        return {"disk", finding::bad, text, "Make room: the mirror cannot grow. What it holds is safe."};
    if (available < 200 * mebibyte) return {"disk", finding::doubtful, text, "Make room soon."};
    return {"disk", finding::good, text, {}};
}

finding judge_modes(const fs::path& file) {
    struct stat it {};
    struct stat above {};
    if (::stat(file.c_str(), &it) != 0 || ::stat(file.parent_path().c_str(), &above) != 0)
        return {"file modes", finding::doubtful, file.string() + " cannot be looked at", {}};
    if ((it.st_mode & 0007) != 0)
        return {"file modes", finding::bad,
                fmt::format("{} has mode {:04o}: everybody on this machine can read names, rates and notes",
                            file.string(), it.st_mode & 07777),
                fmt::format("chmod 600 '{}'", file.string())};
    if ((above.st_mode & 0002) != 0)
        return {"file modes", finding::bad,
                fmt::format("{} has mode {:04o}: everybody can exchange the file", file.parent_path().string(),
                            above.st_mode & 07777),
                fmt::format("chmod o-w '{}'", file.parent_path().string())};
    return {"file modes",
            finding::good,
            fmt::format("{:04o} in a folder of {:04o}", it.st_mode & 07777, above.st_mode & 07777),
            {}};
}

void add_doctor(command_tree& tree) {
    auto probes = std::make_shared<bool>(false);
    auto* command = tree.add(nullptr, "doctor", "checks everything that mdock needs, and says what to do",
                             "  mdock doctor\n  mdock doctor --json\n  mdock doctor --probe");
    command->add_flag("--probe", *probes, "ask MinuteDock instead what its documentation leaves open; reads only");
    tree.on(command, [probes](session& here) { return *probes ? probe_service(here) : doctor(here); });
}

}  // namespace mdock::cli
