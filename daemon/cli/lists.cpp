// SPDX-License-Identifier: MIT
// mdock entry|contact|project|task|expense|invoice|user|item|account list, and show ID where the API has such a thing.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/names.h"
#include "daemon/cli/nouns.h"
#include "daemon/exit_codes.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

constexpr std::int64_t shown_at_once = 50;

struct list_options {
    std::string from, to, contact, project, task, user;
    std::int64_t limit = -1;
    bool all = false;
};

// The WHERE clause and what it binds.
struct condition {
    std::string sql;
    std::vector<std::string> texts;  // bound first, as :t0 …
    std::vector<std::int64_t> ids;   // :i0 …

    void add(std::string part) { sql += (sql.empty() ? " WHERE " : " AND ") + std::move(part); }
    std::string text(std::string value) {
        texts.push_back(std::move(value));
        return fmt::format(":t{}", texts.size() - 1);
    }
    std::string id(std::int64_t value) {
        ids.push_back(value);
        return fmt::format(":i{}", ids.size() - 1);
    }
    void bind(SQLite::Statement& to) const {
        for (std::size_t i = 0; i < texts.size(); ++i) to.bind(fmt::format(":t{}", i), texts[i]);
        for (std::size_t i = 0; i < ids.size(); ++i) to.bind(fmt::format(":i{}", i), ids[i]);
    }
};

condition condition_of(session& here, SQLite::Database& db, const noun& what, const list_options& options) {
    condition where;
    if (!options.from.empty())
        where.add(fmt::format("{} >= {}", what.date, where.text(day_named(here, "--from", options.from))));
    if (!options.to.empty())
        where.add(fmt::format("{} <= {}", what.date, where.text(day_named(here, "--to", options.to))));
    if (!options.contact.empty()) where.add("x.contact_id = " + where.id(find_row(here, db, "contact", options.contact).id));
    if (!options.project.empty()) where.add("x.project_id = " + where.id(find_row(here, db, "project", options.project).id));
    if (!options.user.empty()) where.add("x.user_account_id = " + where.id(find_row(here, db, "user", options.user).id));
    if (!options.task.empty())
        where.add(fmt::format("x.entry_id IN (SELECT entry_id FROM entry_tasks WHERE task_id = {})",
                              where.id(find_row(here, db, "task", options.task).id)));
    if (what.keeps_unseen && !options.all) where.add("x.presence = 'present'");
    return where;
}

void print_json(output& out, const noun& what, SQLite::Statement& rows) {
    const row_shape shape(rows);
    out.print(fmt::format("{{\"schema\":1,\"{}\":[", what.plural));
    for (bool is_first = true; rows.executeStep(); is_first = false) {
        if (!is_first) out.print(",");
        out.print("\n" + boost::json::serialize(shape.as_json(rows)));
    }
    out.line("]}");
}

std::int64_t print_table(output& out, const noun& what, SQLite::Statement& rows) {
    const row_shape shape(rows);
    std::vector<table_column> columns;
    for (const auto& one : what.columns) columns.push_back({std::string(one.title), one.side, one.may_shrink});
    std::vector<std::vector<std::string>> cells;
    while (rows.executeStep()) {
        auto& line = cells.emplace_back();
        for (const auto& one : what.columns) line.push_back(shape.as_text(rows, one.column));
    }
    if (!cells.empty()) out.print(format_table(columns, cells, out.data_columns()));
    return static_cast<std::int64_t>(cells.size());
}

void say_what_is_missing(session& here, SQLite::Database& db, const noun& what, std::int64_t shown,
                         std::int64_t total) {
    if (shown < total)
        here.out().note(fmt::format("{} of {}; `--limit 0` shows all, --from and --to cut a part out.",
                                    with_commas(shown), with_commas(total)));
    if (total > 0) return;
    SQLite::Statement state(db, "SELECT state FROM mirror_status WHERE resource = ?");
    state.bind(1, std::string(what.plural));
    const auto is = state.executeStep() ? state.getColumn(0).getString() : std::string();
    if (is == "denied" || is == "unavailable")
        here.out().note(fmt::format("None: MinuteDock does not show {} to this token ({}).", what.plural, is));
    else if (is == "never")
        here.out().note(fmt::format("None yet: {} have not been fetched. `mdock sync` does it.", what.plural));
    else
        here.out().note("None.");
}

int list(session& here, const noun& what, const list_options& options) {
    auto db = open_mirror(here);
    SQLite::Transaction one_moment(db);
    const auto where = condition_of(here, db, what, options);
    auto limit = options.limit;
    const bool is_cut =
        limit < 0 && !here.out().is_json() && !what.date.empty() && options.from.empty() && options.to.empty();
    if (limit < 0) limit = is_cut ? shown_at_once : 0;
    const auto sql = fmt::format("{}{} ORDER BY {}{}", what.query, where.sql, what.order,
                                 limit > 0 ? fmt::format(" LIMIT {}", limit) : "");
    SQLite::Statement rows(db, sql);
    where.bind(rows);
    if (here.out().is_json()) {
        print_json(here.out(), what, rows);
        return 0;
    }
    const auto shown = print_table(here.out(), what, rows);
    SQLite::Statement count(db, fmt::format("SELECT count(*) FROM {} x{}", what.plural, where.sql));
    where.bind(count);
    count.executeStep();
    say_what_is_missing(here, db, what, shown, is_cut || shown == 0 ? count.getColumn(0).getInt64() : shown);
    return 0;
}

std::int64_t id_of(session& here, SQLite::Database& db, const noun& what, const std::string& text) {
    if (what.keeps_unseen) return find_row(here, db, what.name, text).id;
    return fact_id(db, what.name, what.plural, text);
}

[[noreturn]] void fail_not_found(SQLite::Database& db, const noun& what, std::int64_t id) {
    SQLite::Statement gone(db, "SELECT gone_at, evidence FROM gone_rows WHERE resource = ? AND row_id = ?");
    gone.bind(1, std::string(what.plural));
    gone.bind(2, id);
    if (gone.executeStep())
        fail(
            errc::not_found_locally,
            fmt::format("{} {} is no longer on MinuteDock (noticed {} UTC, evidence: {}); what it held is in gone_rows",
                        what.name, id, gone.getColumn(0).getString(), gone.getColumn(1).getString()));
    fail(errc::not_found_locally, fmt::format("there is no {} {} in the mirror", what.name, id));
}

boost::json::array lines_of_invoice(SQLite::Database& db, std::int64_t id) {
    SQLite::Statement rows(db,
                           "SELECT line_item_id, position, description, quantity, unit_amount, subtotal_cents, "
                           "tax_cents, total_cents, extra "
                           "FROM invoice_line_items WHERE invoice_id = ? ORDER BY position, line_item_id");
    rows.bind(1, id);
    const row_shape shape(rows);
    boost::json::array list;
    while (rows.executeStep()) list.push_back(shape.as_json(rows));
    return list;
}

std::string plain(const boost::json::value& value) {
    if (value.is_string()) return made_visible(std::string_view(value.get_string()));
    return boost::json::serialize(value);
}

void print_fields(output& out, const boost::json::object& row) {
    for (const auto& [name, value] : row)
        if (!value.is_null())
            out.line(fmt::format("{} {}", out.in_tone(tone::faint, fmt::format("{:<20}", std::string_view(name))),
                                 plain(value)));
}

void say_of_parents(output& out, const boost::json::object& row) {
    for (const std::string noun : {"contact", "project"}) {
        const auto* presence = row.if_contains(noun + "_presence");
        if (presence == nullptr || !presence->is_string() || presence->get_string() == "present") continue;
        const bool is_placeholder = presence->get_string() == "placeholder";
        out.note(is_placeholder ? fmt::format("Its {} is not visible to this token: only the id is known.", noun)
                                : fmt::format("Its {} is {} on MinuteDock; the name is the last one seen.", noun,
                                              std::string_view(presence->get_string())));
    }
}

int show(session& here, const noun& what, const std::string& text) {
    auto db = open_mirror(here);
    SQLite::Transaction one_moment(db);
    const auto id = id_of(here, db, what, text);
    SQLite::Statement row(db, fmt::format("{} WHERE x.{} = ?", what.query, what.key));
    row.bind(1, id);
    if (!row.executeStep()) fail_not_found(db, what, id);
    auto fields = row_shape(row).as_json(row);
    boost::json::array lines;
    if (what.name == "invoice") lines = lines_of_invoice(db, id);
    if (here.out().is_json()) {
        if (what.name == "invoice") fields["line_items"] = std::move(lines);
        boost::json::object body;
        body[what.name] = std::move(fields);
        here.out().document(std::move(body));
        return 0;
    }
    print_fields(here.out(), fields);
    for (const auto& line : lines) {
        here.out().line();
        print_fields(here.out(), line.as_object());
    }
    say_of_parents(here.out(), fields);
    return 0;
}

void add_list(command_tree& tree, CLI::App* parent, const noun& what) {
    auto options = std::make_shared<list_options>();
    const auto dated = what.date.empty() ? "" : " --from 2024-01-01 --to 2024-01-31";
    auto* command = tree.add(parent, "list", fmt::format("lists {}", what.meaning),
                             fmt::format("  mdock {0} list{1}\n  mdock {0} list --json", what.name, dated));
    if (!what.date.empty()) {
        command->add_option("--from", options->from, "first day")->option_text("DATE");
        command->add_option("--to", options->to, "last day")->option_text("DATE");
    }
    if (what.has_contact)
        command->add_option("--contact", options->contact, "id, short code or name")->option_text("X");
    if (what.has_project)
        command->add_option("--project", options->project, "id, short code or name")->option_text("X");
    if (what.has_task) command->add_option("--task", options->task, "id or name")->option_text("X");
    if (what.has_user) command->add_option("--user", options->user, "id, name or e-mail")->option_text("X");
    if (what.keeps_unseen) command->add_flag("--all", options->all, "those that are gone, hidden or never seen too");
    command->add_option("--limit", options->limit, "at most so many; 0 for all")
        ->option_text("N")
        ->check(CLI::Range(0, 1'000'000'000));
    tree.on(command, [&what, options](session& here) { return list(here, what, *options); });
}

}  // namespace

void add_lists(command_tree& tree) {
    for (const auto& what : all_nouns()) {
        const auto name = std::string(what.name);
        auto* parent = tree.add(
            nullptr, name, std::string(what.meaning),
            fmt::format("  mdock {0} list{1}", name, what.has_show ? fmt::format("\n  mdock {} show ID", name) : ""));
        parent->require_subcommand(1);
        add_list(tree, parent, what);
        if (!what.has_show) continue;
        auto id = std::make_shared<std::string>();
        auto* command = tree.add(parent, "show", fmt::format("one {} with everything that is known of it", name),
                                 fmt::format("  mdock {0} show ID\n  mdock {0} show ID --json", name));
        command->add_option("ID", *id, what.keeps_unseen ? "id, short code or name" : "the id")->required();
        tree.on(command, [&what, id](session& here) { return show(here, what, *id); });
    }
}

}  // namespace mdock::cli
