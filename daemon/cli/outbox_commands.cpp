// SPDX-License-Identifier: MIT
// mdock outbox list | show ID | retry ID | discard ID | hold [ID] | release [ID] | plan, and mdock undo.
#include <fmt/format.h>

#include "daemon/cli/change_text.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/outbox_plan.h"
#include "daemon/cli/terminal.h"
#include "daemon/cli/waiting.h"
#include "daemon/exit_codes.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

int say_missing(session& here, std::int64_t id) {
    here.out().error({errc::not_found_locally, fmt::format("there is no change {} in the outbox", id)},
                     "`mdock outbox list` shows what waits; what was sent is in the table outbox_done.");
    return exit_code::not_found;
}

int list(session& here) {
    auto db = open_mirror(here);
    const auto rows = read_waiting_rows(db);
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::array all;
        for (const auto& one : rows) all.push_back(as_json(one));
        boost::json::object body;
        body["outbox"] = std::move(all);
        out.document(std::move(body));
        return exit_code::done;
    }
    std::vector<std::vector<std::string>> cells;
    for (const auto& one : rows) cells.push_back({std::to_string(one.outbox_id), one.queued_at, one.state, describe(one), reason(one)});
    if (cells.empty())
        out.note("Nothing waits: MinuteDock has everything.");
    else
        out.print(format_table({{"ID", align::right}, {"QUEUED AT (UTC)"}, {"STATE"}, {"CHANGE", align::left, true}, {"WHY", align::left, true}},
                               cells, out.data_columns()));
    return exit_code::done;
}

int show(session& here, std::int64_t id) {
    auto db = open_mirror(here);
    const auto rows = read_waiting_rows(db, id);
    if (rows.empty()) return say_missing(here, id);
    auto& out = here.out();
    const auto& one = rows.front();
    if (out.is_json()) {
        boost::json::object body;
        body["change"] = as_json(one);
        out.document(std::move(body));
        return exit_code::done;
    }
    out.line(fmt::format("change      {}: {} {} {}", one.outbox_id, one.operation, one.resource, one.row_id));
    out.line(fmt::format("queued at   {} UTC", one.queued_at));
    out.line(fmt::format("state       {}, tried {} times", one.state, one.attempts));
    out.line("why         " + made_visible(reason(one)));
    if (const auto is = values_in_words(one.new_values); !is.empty()) out.line("new values  " + made_visible(is));
    if (const auto was = values_in_words(one.old_values); !was.empty()) out.line("old values  " + made_visible(was));
    return exit_code::done;
}

// The document and the line of an action on changes that wait.
int say_done(session& here, const action_answer& got, const std::string& line, std::optional<std::int64_t> id) {
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::object body;
        body["done"] = got.was_done;
        if (id) body["outbox_id"] = *id;
        out.document(std::move(body));
    } else if (!out.is_quiet()) {
        out.line(got.was_done ? made_visible(line) : "Nothing to do.");
    }
    return exit_code::done;
}

int retry(session& here, std::int64_t id) {
    const auto got = change(here, action_request{change_action::retry, id});
    if (!got.was_done) return say_missing(here, id);
    const int code = say_done(here, got, fmt::format("Change {} is tried again.", id), id);
    say_next(here, got.by_daemon);
    return code;
}

int discard_row(session& here, const waiting_row& row, const losing_options& how) {
    if (how.dry_run) {
        boost::json::object body;
        body["dry_run"] = true;
        body["change"] = as_json(row);
        if (here.out().is_json())
            here.out().document(std::move(body));
        else
            here.out().line(made_visible(fmt::format("Would take back change {}: {}", row.outbox_id, describe(row))));
        here.out().note("Nothing was changed.");
        return exit_code::done;
    }
    const auto question = fmt::format("Take back change {} ({})? MinuteDock does not get it.", row.outbox_id, describe(row));
    if (!agrees_to_lose(here, how.yes, made_visible(question))) {
        here.out().note("Nothing was changed.");
        return exit_code::failed;
    }
    const auto got = change(here, action_request{change_action::discard, row.outbox_id});
    if (!got.was_done) return say_missing(here, row.outbox_id);
    return say_done(here, got, fmt::format("Taken back: {}", describe(row)), row.outbox_id);
}

int discard(session& here, std::int64_t id, const losing_options& how) {
    auto db = open_mirror(here);
    const auto rows = read_waiting_rows(db, id);
    if (rows.empty()) return say_missing(here, id);
    return discard_row(here, rows.front(), how);
}

int undo(session& here, const losing_options& how) {
    auto db = open_mirror(here);
    // As store::last_waiting_change, which needs the writer's connection.
    SQLite::Statement last(db, "SELECT max(outbox_id) FROM outbox WHERE state IN ('queued', 'held') AND attempts = 0");
    if (last.executeStep() && !last.getColumn(0).isNull())
        return discard_row(here, read_waiting_rows(db, last.getColumn(0).getInt64()).front(), how);
    here.out().error({errc::not_found_locally, "there is nothing to take back: no change waits that has not been sent"},
                     "What MinuteDock has already is changed like anything else.");
    return exit_code::not_found;
}

int hold(session& here, std::optional<std::int64_t> id) {
    const auto got = change(here, action_request{change_action::hold, id});
    if (!got.was_done && id) return say_missing(here, *id);
    return say_done(here, got, id ? fmt::format("Change {} is held back.", *id) : "All that waits is held back; `mdock outbox release` lets it go.", id);
}

int release(session& here, std::optional<std::int64_t> id) {
    const auto got = change(here, action_request{change_action::release, id});
    if (!got.was_done && id) return say_missing(here, *id);
    const int code = say_done(here, got, id ? fmt::format("Change {} may go.", *id) : "All that was held back may go.", id);
    if (got.was_done) say_next(here, got.by_daemon);
    return code;
}

int plan(session& here) {
    auto db = open_mirror(here);
    const auto all = planned_requests(db);
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::array list;
        for (const auto& one : all) list.push_back(as_json(one));
        boost::json::object body;
        body["requests"] = std::move(list);
        out.document(std::move(body));
        return exit_code::done;
    }
    for (const auto& one : all) {
        out.line(fmt::format("{:>4}  {} {}{}", one.outbox_id, one.method, one.target, one.body.empty() ? "" : "  " + made_visible(one.body)));
        if (!one.remark.empty()) out.line("      " + one.remark);
    }
    if (all.empty()) out.note("Nothing would be sent.");
    return exit_code::done;
}

void add_by_id(command_tree& tree, CLI::App* parent, const std::string& name, const std::string& meaning, int (*run)(session&, std::int64_t)) {
    auto id = std::make_shared<std::int64_t>(0);
    auto* command = tree.add(parent, name, meaning, fmt::format("  mdock outbox {} 12", name));
    command->add_option("ID", *id, "the number that `mdock outbox list` shows")->required();
    tree.on(command, [id, run](session& here) { return run(here, *id); });
}

void add_for_all(command_tree& tree, CLI::App* parent, const std::string& name, const std::string& meaning,
                 int (*run)(session&, std::optional<std::int64_t>)) {
    auto id = std::make_shared<std::int64_t>(0);
    auto* command = tree.add(parent, name, meaning, fmt::format("  mdock outbox {0}\n  mdock outbox {0} 12", name));
    auto* given = command->add_option("ID", *id, "one change; all without it");
    tree.on(command, [id, given, run](session& here) { return run(here, given->count() > 0 ? std::optional(*id) : std::nullopt); });
}

}  // namespace

void add_outbox(command_tree& tree) {
    auto* outbox = tree.add(nullptr, "outbox", "what waits to be sent to MinuteDock", "  mdock outbox list\n  mdock outbox plan");
    outbox->require_subcommand(1);
    tree.on(tree.add(outbox, "list", "what waits, why, and since when", "  mdock outbox list\n  mdock outbox list --json"), list);
    add_by_id(tree, outbox, "show", "one change with everything that is known of it", show);
    add_by_id(tree, outbox, "retry", "tries a change again that MinuteDock did not take", retry);
    auto id = std::make_shared<std::int64_t>(0);
    auto how = std::make_shared<losing_options>();
    auto* command = tree.add(outbox, "discard", "takes a change back that has not been sent", "  mdock outbox discard 12\n  mdock outbox discard 12 --dry-run");
    command->add_option("ID", *id, "the number that `mdock outbox list` shows")->required();
    add_losing_options(command, *how);
    tree.on(command, [id, how](session& here) { return discard(here, *id, *how); });
    add_for_all(tree, outbox, "hold", "keeps a change, or all, from being sent", hold);
    add_for_all(tree, outbox, "release", "lets go what is held back", release);
    tree.on(tree.add(outbox, "plan", "the requests that would be sent", "  mdock outbox plan\n  mdock outbox plan --json"), plan);

    auto undoing = std::make_shared<losing_options>();
    auto* last = tree.add(nullptr, "undo", "takes back the last change if it has not been sent", "  mdock undo\n  mdock undo --dry-run");
    add_losing_options(last, *undoing);
    tree.on(last, [undoing](session& here) { return undo(here, *undoing); });
}

}  // namespace mdock::cli
