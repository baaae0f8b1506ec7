// SPDX-License-Identifier: MIT
#include "daemon/cli/entry_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/sync/shorthand.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

using sync::typed_code;
using sync::typed_line;

// The codes of a line, looked up.
class reading {
public:
    reading(session& here, SQLite::Database& db, entry_words& into, std::optional<std::int64_t> contact_id)
        : here_(here), db_(db), into_(into), contact_id_(contact_id) {}

    std::vector<typed_code> known;

    void take_options(const entry_options& said) {
        if (said.contact.is_given()) into_.contact = row_of("contact", said.contact.value);
        if (said.project.is_given()) into_.project = row_of("project", said.project.value);
        into_.replaces_tasks = said.has_tasks();
        for (const auto& one : said.tasks)
            if (const auto task = row_of("task", one)) add_task(*task);
    }

    void take_contact(const typed_code& code) {
        auto rows = narrowed(rows_named(db_, "contact", code.code, true), std::nullopt);
        if (rows.empty()) return say_unknown(code, "contact");
        settle(into_.contact, one_of(here_, "@" + code.code, std::move(rows)), code);
    }

    void take_tag(const typed_code& code) {
        auto rows = rows_named(db_, "project", code.code, true);
        for (auto& task : rows_named(db_, "task", code.code, true)) rows.push_back(std::move(task));
        rows = narrowed(std::move(rows), said_contact());
        if (rows.empty()) return say_unknown(code, "project or task");
        auto row = one_of(here_, "#" + code.code, std::move(rows));
        if (row.noun == "project") return settle(into_.project, std::move(row), code);
        known.push_back(code);
        add_task(row);
    }

    // A project is its contact's: MinuteDock is told both.
    void join_contact() {
        if (!into_.project || !*into_.project) return;
        const auto& project = **into_.project;
        const std::int64_t owner = project.contact_id.value_or(0);
        if (!into_.contact) {
            if (owner != 0) into_.contact = find_row(here_, db_, "contact", std::to_string(owner));
            return;
        }
        const auto& named = *into_.contact;
        if ((named ? named->id : 0) != owner)
            fail(errc::usage, fmt::format("{} is not a project of {}; nothing was changed", describe(project),
                                          named ? describe(*named) : "no contact"));
    }

private:
    std::optional<named_row> row_of(std::string_view noun, const std::string& text) {
        if (text.empty()) return std::nullopt;
        return find_row(here_, db_, noun, text, said_contact());
    }

    std::optional<std::int64_t> said_contact() const {
        if (into_.contact && *into_.contact) return (*into_.contact)->id;
        return into_.contact ? std::nullopt : contact_id_;
    }

    void settle(std::optional<std::optional<named_row>>& place, named_row row, const typed_code& code) {
        known.push_back(code);
        if (place && *place && (*place)->id != row.id)
            fail(errc::usage, fmt::format("an entry has one {}, and this names two: {} and {}; nothing was changed", row.noun,
                                          describe(**place), describe(row)));
        if (!place || !*place) place = std::move(row);
    }

    void add_task(const named_row& task) {
        const auto is_it = [&task](const named_row& one) { return one.id == task.id; };
        if (std::none_of(into_.tasks.begin(), into_.tasks.end(), is_it)) into_.tasks.push_back(task);
    }

    void say_unknown(const typed_code& code, std::string_view noun) {
        here_.out().note(made_visible(fmt::format("No {} here has the code {}{}; it stays a word of the text.", noun, code.mark, code.code)));
    }

    session& here_;
    SQLite::Database& db_;
    entry_words& into_;
    std::optional<std::int64_t> contact_id_;
};

}  // namespace

void text_option::add_to(CLI::App* command, const std::string& flag, const std::string& meaning, const std::string& shown) {
    option = command->add_option(flag, value, meaning)->option_text(shown);
}

std::string entry_options::text() const {
    std::string all;
    for (const auto& one : words) all += (all.empty() ? "" : " ") + one;
    return all;
}

void add_entry_options(CLI::App* command, entry_options& into, bool with_date) {
    if (with_date) into.date.add_to(command, "--date", "the day: 2024-01-31, today or yesterday", "DATE");
    into.duration.add_to(command, "--duration", "such as 20m, 1.5h or 1:30", "TIME");
    into.contact.add_to(command, "--contact", "id, short code or name; \"\" for none", "X");
    into.project.add_to(command, "--project", "id, short code or name; \"\" for none", "X");
    into.tasks_option = command->add_option("--task", into.tasks, "id or name, once for each; \"\" for none")
                            ->option_text("X")
                            ->expected(1)
                            ->take_all();
}

std::int64_t duration_of(const std::string& text) {
    if (const auto seconds = sync::read_duration(text)) return *seconds;
    fail(errc::usage, fmt::format("--duration \"{}\" is not a duration; write it as 20m, 1.5h, 1:30 or \"1h 15m\"", text));
}

entry_words understand(session& here, SQLite::Database& db, const entry_options& said, std::optional<std::int64_t> contact_id) {
    entry_words out;
    if (said.date.is_given()) out.date = day_named(here, "--date", said.date.value);
    if (said.duration.is_given()) out.duration_seconds = duration_of(said.duration.value);
    reading read(here, db, out, contact_id);
    read.take_options(said);
    if (!said.words.empty()) {
        const typed_line line(said.text(), !said.duration.is_given());
        if (line.durations() > 1) fail(errc::usage, "the text names more than one duration; say with --duration which it is");
        if (line.duration_seconds()) out.duration_seconds = line.duration_seconds();
        for (const auto& code : line.codes())
            if (code.mark == '@') read.take_contact(code);
        for (const auto& code : line.codes())
            if (code.mark == '#') read.take_tag(code);
        out.description = line.description(read.known);
    }
    read.join_contact();
    return out;
}

}  // namespace mdock::cli
