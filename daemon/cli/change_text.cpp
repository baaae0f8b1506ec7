// SPDX-License-Identifier: MIT
#include "daemon/cli/change_text.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/decimal.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/terminal.h"
#include "daemon/exit_codes.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t most_listed = 20;

json::value parsed(const std::string& text) {
    json::error_code ec;
    auto value = json::parse(text, ec);
    return ec ? json::value(nullptr) : value;
}

std::string without_end(std::string_view name, std::string_view end) { return std::string(name.substr(0, name.size() - end.size())); }

std::string in_words(std::string_view name, const json::value& value) {
    if (value.is_null()) return fmt::format("no {}", name);
    if (name.ends_with("_seconds") && value.is_int64()) return without_end(name, "_seconds") + " " + as_hours(value.get_int64());
    if (name.ends_with("_cents") && value.is_int64()) return without_end(name, "_cents") + " " + format_cents(value.get_int64());
    if (value.is_string()) return fmt::format("{} \"{}\"", name, std::string_view(value.get_string()));
    return fmt::format("{} {}", name, json::serialize(value));
}

void list(output& out, const std::vector<store::queued_change>& queued) {
    std::size_t shown = 0;
    for (const auto& one : queued) {
        if (++shown > most_listed) break;
        out.line("  " + made_visible(describe(one)));
    }
    if (queued.size() > most_listed) out.line(fmt::format("  and {} more", with_commas(static_cast<std::int64_t>(queued.size() - most_listed))));
}

}  // namespace

SQLite::Database open_for_change(session& here) {
    auto db = open_mirror(here);
    if (db.execAndGet("SELECT count(*) FROM _identity WHERE user_account_id IS NOT NULL").getInt() == 0)
        fail(errc::not_found_locally, "nothing has been mirrored into this file yet");
    return db;
}

json::value shown_values(const std::string& text) {
    const auto values = parsed(text);
    const auto* all = values.if_object();
    if (all == nullptr) return nullptr;
    json::object out;
    for (const auto& [name, value] : *all) {
        const std::string_view key = name;
        if (key.ends_with("_cents") && value.is_int64())
            out[without_end(key, "_cents")] = format_cents(value.get_int64());
        else
            out[key] = value;
    }
    return out;
}

std::string values_in_words(const std::string& text) {
    const auto values = parsed(text);
    const auto* all = values.if_object();
    std::string out;
    if (all == nullptr) return out;
    for (const auto& [name, value] : *all)
        if (name != "at") out += (out.empty() ? "" : ", ") + in_words(name, value);    // since when it holds: queued_at says it
    return out;
}

json::array as_json(const std::vector<store::queued_change>& queued) {
    json::array out;
    for (const auto& one : queued) {
        json::object change;
        change["outbox_id"] = one.outbox_id;
        change["resource"] = one.resource;
        change["row_id"] = one.row_id;
        change["operation"] = one.operation;
        change["new_values"] = shown_values(one.new_values);
        change["old_values"] = shown_values(one.old_values);
        out.push_back(std::move(change));
    }
    return out;
}

std::string describe(const store::queued_change& one) {
    const auto values = one.operation == "delete" ? std::string() : values_in_words(one.new_values);
    return fmt::format("{} {} {}{}{}", one.operation, one.resource, one.row_id, values.empty() ? "" : ": ", values);
}

void say_next(session& here, bool by_daemon) {
    here.out().note(by_daemon ? "The daemon sends it now, or as soon as MinuteDock can be reached; `mdock outbox list` shows what waits."
                              : "It waits for the next sync; `mdock sync` sends it now, `mdock undo` takes it back.");
}

int say_changed(session& here, const std::string& line, const write_answer& got, json::object body) {
    auto& out = here.out();
    if (out.is_json()) {
        body["queued"] = as_json(got.done.queued);
        out.document(std::move(body));
    } else if (!out.is_quiet()) {
        out.line(made_visible(line));
    }
    if (got.done.queued.empty())
        out.note("Nothing waits for MinuteDock because of it.");
    else
        say_next(here, got.by_daemon);
    return exit_code::done;
}

void add_losing_options(CLI::App* command, losing_options& into) {
    command->add_flag("--yes", into.yes, "without asking");
    command->add_flag("--dry-run", into.dry_run, "only say what it would do");
}

int change_if_agreed(session& here, const losing_options& how, const std::string& question, const std::string& line,
                     std::vector<store::write_statement> statements, json::object body) {
    auto& out = here.out();
    if (how.dry_run) {
        const auto got = change(here, write_request{std::move(statements), false});
        body["dry_run"] = true;
        body["queued"] = as_json(got.done.queued);
        if (out.is_json()) {
            out.document(std::move(body));
        } else {
            out.line(got.done.queued.empty() ? "Nothing would wait for MinuteDock." : "This would wait for MinuteDock:");
            list(out, got.done.queued);
        }
        out.note("Nothing was changed.");
        return exit_code::done;
    }
    if (!agrees_to_lose(here, how.yes, made_visible(question))) {
        out.note("Nothing was changed.");
        return exit_code::failed;
    }
    const auto got = change(here, write_request{std::move(statements), true});
    return say_changed(here, line, got, std::move(body));
}

}  // namespace mdock::cli
