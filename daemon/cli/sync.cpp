// SPDX-License-Identifier: MIT
// mdock sync [RESOURCE…] [--full]: one complete round now.
#include "daemon/cli/sync.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <csignal>

#include "core/store/file_checks.h"
#include "core/store/local_write.h"
#include "core/store/open.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/control.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/rights.h"
#include "daemon/cli/waiting.h"
#include "daemon/exit_codes.h"
#include "daemon/progress_bar.h"
#include "daemon/service.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

struct sync_options {
    std::vector<std::string> resources;
    bool full = false;
};

engine::round_request request_of(const sync_options& options) {
    engine::round_request what;
    what.full = options.full;
    for (const auto& name : options.resources) {
        const auto which = resource_named(name);
        if (!which) {
            std::vector<std::string_view> known;
            for (const auto one : all_resources) known.push_back(name_of(one));
            const auto nearest = nearest_word(name, known);
            fail(errc::usage, fmt::format("\"{}\" is not a resource{}", name,
                                          nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest)));
        }
        what.only.push_back(*which);
    }
    return what;
}

boost::json::object error_of(std::string_view resource, const failure& why) {
    boost::json::object one = error_document(why, hint_for(why.code())).at("error").as_object();
    one["resource"] = resource.empty() ? boost::json::value(nullptr) : boost::json::value(resource);
    return one;
}

void print_table(output& out, const engine::round_report& report) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : report.resources)
        rows.push_back({std::string(name_of(one.which)), one.state, with_commas(one.row_count),
                        with_commas(one.inserted), with_commas(one.updated), one.error ? one.error->context() : ""});
    if (!rows.empty() && !out.is_quiet())
        out.print(format_table({{"RESOURCE"},
                                {"STATE"},
                                {"ROWS", align::right},
                                {"NEW", align::right},
                                {"CHANGED", align::right},
                                {"", align::left, true}},
                               rows, out.data_columns()));
}

void say_sent(output& out, const engine::push_counts& sent) {
    const auto done = sent.applied + sent.adopted;
    if (done > 0) out.note(fmt::format("MinuteDock has taken {} of your changes.", with_commas(done)));
}

void say_result(output& out, const engine::round_report& report) {
    say_sent(out, report.pushed);
    if (say_failures(out, report)) return;
    out.note(fmt::format("Up to date after {} requests. `mdock status` shows how fresh it is, `mdock run` keeps it so.",
                         with_commas(report.requests)));
}

int show(session& here, const engine::round_report& report) {
    if (here.out().is_json())
        here.out().document(report_as_json(report));
    else
        print_table(here.out(), report);
    say_result(here.out(), report);
    return or_needs_person(here, exit_code_of(report));
}

int sync(session& here, const sync_options& options) {
    const auto what = request_of(options);
    const auto& all = here.config();
    const auto give_up_after = here.timeout();
    end_on_signals(false);
    // The daemon has the file: it does the round, in its own session and with its own token.
    if (store::writer_of(all.database.path)) {
        here.out().note("The daemon keeps this mirror; asking it for a round.");
        if (auto report = sync_by_daemon(here, what)) {
            if (!*report) throw failure_exception(report->error());
            return show(here, **report);
        }
    }
    auto found = require_token(here);
    event_log log(log_level_named(all.log.level), log_format_named(all.log.format, here.variables()));
    machine world(all, std::move(found.token), log);
    const auto db = open_database(here);
    progress_bar bar(here.out(), [&world] { return world.now(); });
    engine::mirror mirror{world.world(), *db, engine_options(all, give_up_after, false), &bar};
    auto done = world.finish(engine::sync_round(mirror, what));
    bar.clear();
    const bool was_whole = done.value && !done.value->stopped_by;
    if (done.signal_number != 0 && !was_whole) return say_interrupted(here.out(), done.signal_number);
    if (!done.value) fail(errc::interrupted, "the round did not finish");
    return show(here, *done.value);
}

}  // namespace

boost::json::object report_as_json(const engine::round_report& report) {
    boost::json::array resources, errors;
    for (const auto& one : report.resources) {
        resources.push_back({{"resource", std::string(name_of(one.which))},
                             {"state", one.state},
                             {"row_count", one.row_count},
                             {"inserted", one.inserted},
                             {"updated", one.updated},
                             {"unchanged", one.unchanged}});
        if (one.error) errors.push_back(error_of(name_of(one.which), *one.error));
    }
    boost::json::object body;
    body["resources"] = std::move(resources);
    body["requests"] = report.requests;
    if (report.stopped_by) errors.push_back(error_of({}, *report.stopped_by));
    body["errors"] = std::move(errors);
    if (report.stopped_by)
        body["error"] = error_document(*report.stopped_by, hint_for(report.stopped_by->code())).at("error");
    return body;
}

int say_interrupted(output& out, int signal_number) {
    out.error({errc::interrupted, "interrupted"},
              "Nothing is lost: what arrived is in the file. `mdock sync` goes on where this stopped.");
    return exit_code::interrupted_by + signal_number;
}

int or_needs_person(session& here, int code) {
    if (code != exit_code::done) return code;
    auto db = open_mirror(here);
    const auto waiting = read_waiting_state(db);
    if (!waiting.needs_person()) return code;
    for (const auto& one : describe(waiting)) here.out().warn(made_visible(one));
    return exit_code::needs_person;
}

bool say_failures(output& out, const engine::round_report& report) {
    if (report.stopped_by) {
        out.warn(out.message_in_tone(tone::bad, "mdock: ") + made_visible(report.stopped_by->context()));
        out.warn(hint_for(report.stopped_by->code()));
        return true;
    }
    bool has_error = false;
    for (const auto& one : report.resources) {
        if (!one.error) continue;
        has_error = true;
        out.warn(out.message_in_tone(tone::warning, fmt::format("{}: ", name_of(one.which))) +
                 made_visible(one.error->context()));
    }
    if (has_error) out.warn("What was read is in the file; `mdock sync` tries the rest again.");
    return has_error;
}

std::unique_ptr<store::database> open_database(session& here) {
    const auto& all = here.config();
    prepare_database_folder(all.database.path, all.shown.find("database.path")->second.from == origin::by_default);
    auto db = store::open_writer(all.database.path, all.database.file_mode);
    const bool is_open = db->connection().execAndGet("SELECT coalesce(max(is_open), 0) FROM _gate").getInt() != 0;
    if (is_open != all.writes.direct_sql) store::open_gate_for_direct_sql(*db, all.writes.direct_sql);
    return db;
}

void add_sync(command_tree& tree) {
    auto options = std::make_shared<sync_options>();
    auto* command = tree.add(nullptr, "sync", "fetches the account, or what changed in it",
                             "  mdock sync\n  mdock sync entries expenses\n  mdock sync --full --json");
    command->add_option("RESOURCE", options->resources, "only these: entries, contacts, projects, …");
    command->add_flag("--full", options->full, "read everything again and compare");
    tree.on(command, [options](session& here) { return sync(here, *options); });
}

}  // namespace mdock::cli
