// SPDX-License-Identifier: MIT
// mdock expense edit ID: MinuteDock takes changes of expenses, but neither new ones nor deletions.
#include <fmt/format.h>

#include "core/base/decimal.h"
#include "daemon/cli/change_text.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/entry_words.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/row_values.h"

namespace mdock::cli {
namespace {

struct expense_options {
    std::string which;
    std::vector<std::string> words;
    text_option date, contact, project, item, quantity, unit_amount, is_invoiced;
};

struct present_expense {
    std::int64_t id = 0;
    std::optional<std::int64_t> contact_id, project_id, contact_of_project;
};

std::optional<std::int64_t> id_or_nothing(const SQLite::Column& cell) {
    return cell.isNull() ? std::nullopt : std::optional<std::int64_t>(cell.getInt64());
}

present_expense expense_named(SQLite::Database& db, const std::string& text) {
    present_expense out;
    out.id = fact_id(db, "expense", "expenses", text);
    SQLite::Statement row(db,
                          "SELECT x.contact_id, x.project_id, p.contact_id FROM expenses x LEFT JOIN projects p ON "
                          "p.project_id = x.project_id WHERE x.expense_id = ?1");
    row.bind(1, out.id);
    if (!row.executeStep()) fail(errc::not_found_locally, fmt::format("there is no expense {} in the mirror", out.id));
    out.contact_id = id_or_nothing(row.getColumn(0));
    out.project_id = id_or_nothing(row.getColumn(1));
    out.contact_of_project = id_or_nothing(row.getColumn(2));
    return out;
}

// Contact and project are one unit, as for entries.
void set_place(session& here, SQLite::Database& db, const expense_options& said, const present_expense& now, row_values& row) {
    // 0: none; ids of MinuteDock begin at 1.
    const std::int64_t old_contact = now.contact_id.value_or(0), old_project = now.project_id.value_or(0);
    std::int64_t contact = old_contact, project = old_project, owner = now.contact_of_project.value_or(0);
    if (said.contact.is_given()) contact = said.contact.value.empty() ? 0 : find_row(here, db, "contact", said.contact.value).id;
    if (said.project.is_given()) {
        project = owner = 0;
        if (!said.project.value.empty()) {
            const auto within = contact == 0 ? std::nullopt : std::optional(contact);
            const auto found = find_row(here, db, "project", said.project.value, within);
            project = found.id;
            owner = found.contact_id.value_or(0);
            if (!said.contact.is_given()) contact = owner;
            if (owner != contact) fail(errc::usage, fmt::format("{} is a project of another contact; nothing was changed", describe(found)));
        }
    } else if (said.contact.is_given() && project != 0 && owner != contact) {
        project = 0;
        here.out().note("Its project belongs to another contact, so it is taken away.");
    }
    if (contact != old_contact) row.set_id("contact_id", contact);
    if (project != old_project) row.set_id("project_id", project);
}

void set_amounts(const expense_options& said, row_values& row) {
    if (said.quantity.is_given()) {
        const auto hundredths = parse_cents(said.quantity.value);
        if (!hundredths) fail(errc::usage, fmt::format("--quantity \"{}\" is not a number with at most two decimals", said.quantity.value));
        row.set("quantity", static_cast<double>(*hundredths) / 100);
    }
    if (said.unit_amount.is_given()) {
        const auto& text = said.unit_amount.value;
        const bool is_number = !text.empty() && text.size() <= 20 && text.find_first_not_of("0123456789.") == std::string::npos &&
                               text.front() != '.' && text.back() != '.' && text.find('.') == text.rfind('.');
        if (!is_number) fail(errc::usage, fmt::format("--unit-amount \"{}\" is not an amount; write it as 12.50", text));
        row.set("unit_amount", text);
    }
}

row_values values_of(session& here, SQLite::Database& db, const expense_options& said, const present_expense& now) {
    row_values row;
    std::string text;
    for (const auto& one : said.words) text += (text.empty() ? "" : " ") + one;
    if (!said.words.empty()) row.set("description", text);
    if (said.date.is_given()) row.set("expense_date", day_named(here, "--date", said.date.value));
    set_place(here, db, said, now, row);
    if (said.item.is_given())
        row.set_id("item_id", said.item.value.empty() ? 0 : find_row(here, db, "item", said.item.value).id);
    set_amounts(said, row);
    if (said.is_invoiced.is_given()) row.set("is_manually_invoiced", std::int64_t{said.is_invoiced.value == "yes" ? 1 : 0});
    return row;
}

bool says_nothing(const expense_options& said) {
    return said.words.empty() && !said.date.is_given() && !said.contact.is_given() && !said.project.is_given() && !said.item.is_given() &&
           !said.quantity.is_given() && !said.unit_amount.is_given() && !said.is_invoiced.is_given();
}

int edit(session& here, const expense_options& said) {
    if (says_nothing(said)) fail(errc::usage, "say what to change; `mdock expense edit --help` shows the options");
    auto db = open_for_change(here);
    const auto now = expense_named(db, said.which);
    const auto row = values_of(here, db, said, now);
    boost::json::object body;
    body["expense_id"] = now.id;
    write_answer got;
    if (!row.empty()) got = change(here, write_request{{row.update("expenses", "expense_id", now.id)}, true});
    if (got.done.queued.empty()) return say_changed(here, fmt::format("Expense {} is so already.", now.id), got, std::move(body));
    return say_changed(here, fmt::format("Changed expense {}: {}", now.id, values_in_words(got.done.queued.back().new_values)), got,
                       std::move(body));
}

}  // namespace

void add_expense_commands(command_tree& tree) {
    auto said = std::make_shared<expense_options>();
    auto* command = tree.add(tree.find("expense"), "edit", "changes what is named and nothing else",
                             "  mdock expense edit 815 \"train to the client\" --unit-amount 42.50");
    command->add_option("ID", said->which, "the expense")->required();
    command->add_option("TEXT", said->words, "the new text");
    said->date.add_to(command, "--date", "the day: 2024-01-31, today or yesterday", "DATE");
    said->contact.add_to(command, "--contact", "id, short code or name; \"\" for none", "X");
    said->project.add_to(command, "--project", "id, short code or name; \"\" for none", "X");
    said->item.add_to(command, "--item", "id or name; \"\" for none", "X");
    said->quantity.add_to(command, "--quantity", "how many", "NUMBER");
    said->unit_amount.add_to(command, "--unit-amount", "price of one, exactly", "AMOUNT");
    said->is_invoiced.add_to(command, "--invoiced", "marked as invoiced without an invoice", "yes|no");
    said->is_invoiced.option->check(CLI::IsMember({"yes", "no"}));
    tree.on(command, [said](session& here) { return edit(here, *said); });
}

}  // namespace mdock::cli
