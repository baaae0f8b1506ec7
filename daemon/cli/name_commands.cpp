// SPDX-License-Identifier: MIT
// mdock contact|project|task add NAME | edit ID | delete ID.
#include <fmt/format.h>

#include "core/base/decimal.h"
#include "daemon/cli/change_text.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/entry_words.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/row_values.h"

namespace mdock::cli {
namespace {

struct name_options {
    std::string noun, which;
    std::vector<std::string> words;    // the name of a new one
    text_option name, code, rate, contact, budget, budget_type, budget_frequency;
    text_option is_active, is_pinned, is_billable;

    std::string table() const { return noun + "s"; }
    std::string key() const { return noun + "_id"; }
    bool is_task() const { return noun == "task"; }
};

void set_text(row_values& row, std::string_view column, const text_option& said) {
    if (!said.is_given()) return;
    row.set(column, said.value.empty() ? store::write_value(nullptr) : store::write_value(said.value));
}

void set_yes(row_values& row, std::string_view column, const text_option& said) {
    if (said.is_given()) row.set(column, std::int64_t{said.value == "yes" ? 1 : 0});
}

void set_rate(row_values& row, const text_option& said) {
    if (!said.is_given()) return;
    if (said.value.empty()) return row.set("default_rate_cents", store::write_value(nullptr));
    const auto cents = parse_cents(said.value);
    if (!cents || *cents < 0) fail(errc::usage, fmt::format("--rate \"{}\" is not an amount; write it as 150 or 150.00", said.value));
    row.set("default_rate_cents", *cents);
}

void set_budget(row_values& row, const text_option& said) {
    if (!said.is_given()) return;
    if (said.value.empty()) return row.set("budget_target", store::write_value(nullptr));
    const auto hundredths = parse_cents(said.value);
    if (!hundredths || *hundredths < 0)
        fail(errc::usage, fmt::format("--budget \"{}\" is not a number; write it as 40 or 2500.00", said.value));
    row.set("budget_target", static_cast<double>(*hundredths) / 100);
}

// What the options say. Throws usage.
row_values values_of(session& here, SQLite::Database& db, const name_options& said) {
    row_values row;
    set_text(row, "name", said.name);
    set_text(row, "short_code", said.code);
    set_rate(row, said.rate);
    if (said.contact.is_given()) row.set("contact_id", find_row(here, db, "contact", said.contact.value).id);
    set_text(row, "budget_type", said.budget_type);
    set_text(row, "budget_frequency", said.budget_frequency);
    set_budget(row, said.budget);
    set_yes(row, "is_active", said.is_active);
    set_yes(row, "is_pinned", said.is_pinned);
    set_yes(row, "is_billable", said.is_billable);
    return row;
}

int add(session& here, const name_options& said) {
    auto db = open_for_change(here);
    std::string name;
    for (const auto& one : said.words) name += (name.empty() ? "" : " ") + one;
    if (name.find_first_not_of(" \t\n") == std::string::npos) fail(errc::usage, fmt::format("a {} needs a name", said.noun));
    auto row = values_of(here, db, said);
    row.set("name", name);
    const auto got = change(here, write_request{{row.insert_into(said.table())}, true});
    const auto id = got.done.row_ids.empty() ? 0 : got.done.row_ids.front();
    boost::json::object body;
    body[said.key()] = id;
    return say_changed(here, fmt::format("Added {} {}: {}", said.noun, id, name), got, std::move(body));
}

named_row one_to_change(session& here, SQLite::Database& db, const name_options& said) {
    auto row = find_row(here, db, said.noun, said.which);
    SQLite::Statement presence(db, fmt::format("SELECT presence FROM {} WHERE {} = ?1", said.table(), said.key()));
    presence.bind(1, row.id);
    if (presence.executeStep() && presence.getColumn(0).getString() != "present")
        fail(errc::write_refused, fmt::format("{} {} is {} on MinuteDock and cannot be changed", said.noun, row.id,
                                              presence.getColumn(0).getString() == "gone" ? "gone" : "not visible to this token"));
    return row;
}

int edit(session& here, const name_options& said) {
    auto db = open_for_change(here);
    const auto now = one_to_change(here, db, said);
    if (said.name.is_given() && said.name.value.find_first_not_of(" \t\n") == std::string::npos)
        fail(errc::usage, fmt::format("a {} needs a name", said.noun));
    const auto row = values_of(here, db, said);
    if (row.empty()) fail(errc::usage, fmt::format("say what to change; `mdock {} edit --help` shows the options", said.noun));
    const auto got = change(here, write_request{{row.update(said.table(), said.key(), now.id)}, true});
    boost::json::object body;
    body[said.key()] = now.id;
    if (got.done.queued.empty()) return say_changed(here, fmt::format("{} is so already.", describe(now)), got, std::move(body));
    return say_changed(here, fmt::format("Changed {}: {}", describe(now), values_in_words(got.done.queued.back().new_values)), got,
                       std::move(body));
}

std::int64_t entries_of(SQLite::Database& db, const name_options& said, std::int64_t id) {
    SQLite::Statement count(db, fmt::format("SELECT count(*) FROM {} WHERE {} = ?1", said.is_task() ? "entry_tasks" : "entries", said.key()));
    count.bind(1, id);
    return count.executeStep() ? count.getColumn(0).getInt64() : 0;
}

int remove(session& here, const name_options& said, const losing_options& how) {
    auto db = open_for_change(here);
    const auto now = one_to_change(here, db, said);
    const auto entries = entries_of(db, said, now.id);
    boost::json::object body;
    body[said.key()] = now.id;
    return change_if_agreed(here, how,
                            fmt::format("Delete {}, here and on MinuteDock? {} entries have it.", describe(now), with_commas(entries)),
                            "Deleted " + describe(now), {delete_from(said.table(), said.key(), now.id)}, std::move(body));
}

void add_yes_no(CLI::App* command, text_option& into, const std::string& flag, const std::string& meaning) {
    into.add_to(command, flag, meaning, "yes|no");
    into.option->check(CLI::IsMember({"yes", "no"}));
}

void add_options(CLI::App* command, name_options& into) {
    into.rate.add_to(command, "--rate", "default hourly rate; \"\" for none", "AMOUNT");
    add_yes_no(command, into.is_pinned, "--pinned", "pinned for quick access");
    if (into.is_task()) return;
    into.code.add_to(command, "--short-code", "the code behind @ or #", "CODE");
    add_yes_no(command, into.is_active, "--active", "no: archived");
    add_yes_no(command, into.is_billable, "--billable", "whether time here is billed");
    into.budget.add_to(command, "--budget", "its size, in hours or money; \"\" for none", "NUMBER");
    into.budget_type.add_to(command, "--budget-type", "what the budget counts", "hours|billable");
    into.budget_type.option->check(CLI::IsMember({"hours", "billable", ""}));
    into.budget_frequency.add_to(command, "--budget-frequency", "its period", "total|weekly|monthly|quarterly|yearly");
    into.budget_frequency.option->check(CLI::IsMember({"total", "weekly", "monthly", "quarterly", "yearly", ""}));
}

std::shared_ptr<name_options> options_for(const std::string& noun) {
    auto said = std::make_shared<name_options>();
    said->noun = noun;
    return said;
}

void add_adding(command_tree& tree, CLI::App* parent, const std::string& noun) {
    auto said = options_for(noun);
    const bool is_project = noun == "project";
    auto* command = tree.add(parent, "add", fmt::format("a new {}, also without a network", noun),
                             fmt::format("  mdock {} add \"A Name\"{} --rate 120.00", noun, is_project ? " --contact Acme" : ""));
    command->add_option("NAME", said->words, "its name")->required();
    if (is_project) {
        said->contact.add_to(command, "--contact", "the contact that it is for: id, short code or name", "X");
        said->contact.option->required();
    }
    add_options(command, *said);
    tree.on(command, [said](session& here) { return add(here, *said); });
}

void add_editing(command_tree& tree, CLI::App* parent, const std::string& noun) {
    auto said = options_for(noun);
    auto* command = tree.add(parent, "edit", "changes what is named and nothing else",
                             fmt::format("  mdock {0} edit ID --name \"A New Name\"\n  mdock {0} edit ID --rate \"\"", noun));
    command->add_option("ID", said->which, "id, short code or name")->required();
    said->name.add_to(command, "--name", "the new name", "NAME");
    if (noun == "project") said->contact.add_to(command, "--contact", "the contact that it is for: id, short code or name", "X");
    add_options(command, *said);
    tree.on(command, [said](session& here) { return edit(here, *said); });
}

void add_deleting(command_tree& tree, CLI::App* parent, const std::string& noun) {
    auto said = options_for(noun);
    auto how = std::make_shared<losing_options>();
    auto* command = tree.add(parent, "delete", fmt::format("deletes a {}, here and on MinuteDock", noun),
                             fmt::format("  mdock {0} delete ID\n  mdock {0} delete ID --dry-run", noun));
    command->add_option("ID", said->which, "id, short code or name")->required();
    add_losing_options(command, *how);
    tree.on(command, [said, how](session& here) { return remove(here, *said, *how); });
}

}  // namespace

void add_name_commands(command_tree& tree) {
    for (const std::string noun : {"contact", "project", "task"}) {
        auto* parent = tree.find(noun);
        add_adding(tree, parent, noun);
        add_editing(tree, parent, noun);
        add_deleting(tree, parent, noun);
    }
}

}  // namespace mdock::cli
