// SPDX-License-Identifier: MIT
// mdock conflict list | show ID | resolve ID --mine|--theirs.
#include <fmt/format.h>

#include "daemon/cli/change_text.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/waiting.h"
#include "daemon/exit_codes.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

int say_missing(session& here, std::int64_t id) {
    here.out().error({errc::not_found_locally, fmt::format("there is no open conflict {}", id)}, "`mdock conflict list` shows those that are open.");
    return exit_code::not_found;
}

int list(session& here, bool all) {
    auto db = open_mirror(here);
    const auto rows = read_conflicts(db, !all);
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::array found;
        for (const auto& one : rows) found.push_back(as_json(one));
        boost::json::object body;
        body["conflicts"] = std::move(found);
        out.document(std::move(body));
        return exit_code::done;
    }
    std::vector<std::vector<std::string>> cells;
    for (const auto& one : rows)
        cells.push_back({std::to_string(one.conflict_id), one.detected_at, fmt::format("{} {}", one.resource, one.row_id), one.field, one.mine,
                         one.theirs, one.choice.empty() ? "open" : one.choice});
    if (cells.empty()) {
        out.note("No conflicts.");
        return exit_code::done;
    }
    out.print(format_table({{"ID", align::right}, {"DETECTED AT (UTC)"}, {"ROW"}, {"FIELD"}, {"MINE", align::left, true}, {"THEIRS", align::left, true}, {"CHOICE"}},
                           cells, out.data_columns()));
    out.note("`mdock conflict resolve ID --mine` sends yours, `--theirs` keeps MinuteDock's.");
    return exit_code::done;
}

int show(session& here, std::int64_t id) {
    auto db = open_mirror(here);
    const auto rows = read_conflicts(db, false, id);
    if (rows.empty()) return say_missing(here, id);
    const auto& one = rows.front();
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::object body;
        body["conflict"] = as_json(one);
        out.document(std::move(body));
        return exit_code::done;
    }
    out.line(fmt::format("conflict  {}: {} {}, {}", one.conflict_id, one.resource, one.row_id,
                         one.field == "*" ? "changed on one side and deleted on the other" : one.field));
    out.line("before    " + made_visible(one.base));
    out.line("mine      " + made_visible(one.mine));
    out.line("theirs    " + made_visible(one.theirs));
    out.line(fmt::format("since     {} UTC", one.detected_at));
    out.line(one.choice.empty() ? "open      `mdock conflict resolve " + std::to_string(id) + " --mine` or `--theirs` ends it"
                                : fmt::format("resolved  {} on {} UTC", one.choice, one.resolved_at));
    return exit_code::done;
}

int resolve(session& here, std::int64_t id, bool mine, bool theirs) {
    if (mine == theirs) fail(errc::usage, "say which: --mine sends your value, --theirs keeps MinuteDock's");
    auto db = open_mirror(here);
    if (read_conflicts(db, true, id).empty()) return say_missing(here, id);
    const auto got = change(here, action_request{mine ? change_action::mine : change_action::theirs, id});
    if (!got.was_done) return say_missing(here, id);
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::object body;
        body["done"] = true;
        body["conflict_id"] = id;
        out.document(std::move(body));
    } else if (!out.is_quiet()) {
        out.line(mine ? "Your value is written again." : "MinuteDock's value stays.");
    }
    if (mine) say_next(here, got.by_daemon);
    return exit_code::done;
}

}  // namespace

void add_conflict(command_tree& tree) {
    auto* conflict = tree.add(nullptr, "conflict", "what was changed here and on MinuteDock, differently",
                              "  mdock conflict list\n  mdock conflict resolve 3 --mine");
    conflict->require_subcommand(1);
    auto all = std::make_shared<bool>(false);
    auto* listing = tree.add(conflict, "list", "those that are open", "  mdock conflict list\n  mdock conflict list --all --json");
    listing->add_flag("--all", *all, "those that are resolved too");
    tree.on(listing, [all](session& here) { return list(here, *all); });
    auto id = std::make_shared<std::int64_t>(0);
    auto* showing = tree.add(conflict, "show", "one conflict: what it was, yours, theirs", "  mdock conflict show 3");
    showing->add_option("ID", *id, "the number that `mdock conflict list` shows")->required();
    tree.on(showing, [id](session& here) { return show(here, *id); });
    auto mine = std::make_shared<bool>(false);
    auto theirs = std::make_shared<bool>(false);
    auto* resolving = tree.add(conflict, "resolve", "ends a conflict", "  mdock conflict resolve 3 --mine\n  mdock conflict resolve 3 --theirs");
    resolving->add_option("ID", *id, "the number that `mdock conflict list` shows")->required();
    resolving->add_flag("--mine", *mine, "your value is sent");
    resolving->add_flag("--theirs", *theirs, "MinuteDock's value stays");
    tree.on(resolving, [id, mine, theirs](session& here) { return resolve(here, *id, *mine, *theirs); });
}

}  // namespace mdock::cli
