// SPDX-License-Identifier: MIT
// mdock status [--watch] [--check [--max-age 15m]] [--json]
#include "daemon/cli/status.h"

#include <fmt/format.h>

#include <thread>

#include "daemon/cli/command_tree.h"
#include "daemon/exit_codes.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

constexpr std::chrono::seconds watch_every{2};

struct status_options {
    bool watch = false;
    bool check = false;
    std::string max_age = "15m";
};

std::string age(const std::optional<utc_seconds>& at, utc_seconds now) {
    if (!at) return "-";
    const auto seconds = std::max<std::int64_t>(0, (now - *at).count());
    if (seconds < 120) return fmt::format("{} s ago", seconds);
    if (seconds < 7200) return fmt::format("{} min ago", seconds / 60);
    if (seconds < 172800) return fmt::format("{} h ago", seconds / 3600);
    return format_date(std::chrono::floor<std::chrono::days>(*at));
}

tone tone_of(const std::string& state) {
    if (state == "current") return tone::good;
    if (state == "stale" || state == "held") return tone::warning;
    return tone::faint;
}

std::string resource_table(const mirror_report& report, const output& out, utc_seconds now) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : report.resources)
        rows.push_back({one.name, one.state, with_commas(one.row_count), age(one.complete_as_of, now),
                        age(one.verified_as_of, now), one.last_error.value_or("")});
    auto text = format_table(
        {{"RESOURCE"}, {"STATE"}, {"ROWS", align::right}, {"COMPLETE AS OF"}, {"VERIFIED AS OF"}, {"LAST ERROR", align::left, true}}, rows,
        out.data_columns());
    // Coloured after the table is laid out, so that the widths are those of the words.
    std::string shown;
    std::size_t line = 0;
    for (std::size_t at = 0; at < text.size(); ++line) {
        const auto end = text.find('\n', at);
        const auto words = text.substr(at, end - at);
        shown += line == 0 ? out.in_tone(tone::strong, words)
                           : out.in_tone(tone_of(report.resources[line - 1].state), words);
        shown += '\n';
        at = end + 1;
    }
    return shown;
}

void show_proof(const proof_state& proof, output& out) {
    out.line(fmt::format("counts   MinuteDock's report counts: {}", describe(proof.counts)));
    if (proof.incidents > 0) {
        out.line(fmt::format("missed   {} that should have come by themselves, since mended; the last of them:",
                             with_commas(proof.incidents) + (proof.incidents == 1 ? " time there were rows" : " times there were rows")));
        for (const auto& one : proof.latest) out.line("         " + made_visible(describe(one)));
    }
    for (const auto& one : proof.held) out.line("held     " + out.in_tone(tone::warning, made_visible(describe(one))));
    if (!proof.held.empty()) out.line("         `mdock verify` looks again, `mdock verify --accept` takes it over");
}

void show_for_people(const mirror_report& report, const settings& all, output& out, utc_seconds now) {
    if (report.account_id)
        out.line(fmt::format("{} (account {}), as {}", out.in_tone(tone::strong, made_visible(report.account_name)),
                             *report.account_id, made_visible(report.user_name)));
    else
        out.line("No account has been mirrored into this file yet.");
    const auto who = report.writer && *report.writer > 0 ? fmt::format("process {} keeps it current", *report.writer)
                     : report.writer                     ? "another process keeps it current"
                                                         : "not running";
    out.line(fmt::format("file     {}", all.database.path.string()));
    out.line(fmt::format("daemon   {}", who));
    out.line(fmt::format("timer    {}", describe(report.timer)));
    out.line(fmt::format("requests {} in the last hour, at most {} a minute{}", with_commas(report.requests_last_hour),
                         report.allowed_per_minute,
                         report.paused_until ? ", paused until " + format_rfc3339(*report.paused_until) : ""));
    std::string title = "changes  ";
    for (const auto& one : describe(report.waiting)) {
        out.line(title + made_visible(one));
        title.assign(title.size(), ' ');
    }
    if (!report.token.empty())
        out.line("token    " + made_visible(report.token) +
                 (report.token_problem.empty() ? "" : "\n         " + out.in_tone(tone::bad, made_visible(report.token_problem))));
    if (report.wal_bytes > host::large_log)
        out.line(fmt::format("log      {} MiB have not been carried over into the file yet", report.wal_bytes / 1048576));
    for (const auto& one : report.readers)
        if (report.wal_bytes > host::large_log || one.age.value_or(std::chrono::seconds{0}) > std::chrono::minutes{10})
            out.line("reader   " + describe(one) + ", holds an older state of the file");
    show_proof(report.proof, out);
    out.line();
    out.print(resource_table(report, out, now));
}

void show(session& here, const mirror_report& report, utc_seconds now) {
    if (here.out().is_json()) return here.out().document(as_json(report));
    show_for_people(report, here.config(), here.out(), now);
}

int watch(session& here) {
    while (true) {
        const auto now = now_utc();
        {
            auto db = open_mirror(here);
            const auto report = read_status(db, here.config(), here.variables(), now);
            if (!here.out().is_json() && here.out().data_is_terminal()) here.out().print("\x1b[H\x1b[2J");
            show(here, report, now);
        }
        if (std::fflush(stdout) != 0) return exit_code::failed;
        std::this_thread::sleep_for(watch_every);
    }
}

int check(session& here, const status_options& options) {
    const auto max_age = parse_duration(options.max_age);
    if (!max_age) fail(errc::usage, "--max-age " + max_age.error().context());
    const auto now = now_utc();
    try {
        auto db = open_mirror(here);
        const auto report = read_status(db, here.config(), here.variables(), now);
        show(here, report, now);
        const auto found = complaints(report, here.config(), *max_age, now);
        for (const auto& one : found) here.out().warn(here.out().message_in_tone(tone::warning, made_visible(one)));
        if (!found.empty()) return exit_code::degraded;
        return report.waiting.needs_person() ? exit_code::needs_person : exit_code::done;
    } catch (const failure_exception& missing) {
        if (missing.why().code() != errc::not_found_locally) throw;
        here.out().error(missing.why(), hint_for(missing.why().code()));  // never fetched is older than any age
        return exit_code::degraded;
    }
}

int status(session& here, const status_options& options) {
    if (options.check) return check(here, options);
    if (options.watch) return watch(here);
    auto db = open_mirror(here);
    const auto now = now_utc();
    show(here, read_status(db, here.config(), here.variables(), now), now);
    return exit_code::done;
}

}  // namespace

void add_status(command_tree& tree) {
    auto options = std::make_shared<status_options>();
    auto* command =
        tree.add(nullptr, "status", "how fresh the mirror is, and what is going on",
                 "  mdock status\n  mdock status --watch\n  mdock status --check --max-age 15m || echo too old");
    command->add_flag("--watch", options->watch, "show it again every two seconds (with --json one document a line)");
    command->add_flag("--check", options->check, "exit 9 when something is too old, held or unreadable");
    command->add_option("--max-age", options->max_age, "what is too old (15m)")->option_text("TIME");
    tree.on(command, [options](session& here) { return status(here, *options); });
}

}  // namespace mdock::cli
