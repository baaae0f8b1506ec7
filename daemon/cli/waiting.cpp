// SPDX-License-Identifier: MIT
#include "daemon/cli/waiting.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "core/base/time.h"
#include "daemon/cli/change_text.h"

namespace mdock::cli {
namespace {

namespace json = boost::json;

json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::value instant_or_null(const std::string& stored) {
    const auto at = parse_database_timestamp(stored);
    return at ? json::value(format_rfc3339(*at)) : json::value(nullptr);
}

json::value parsed(const std::string& text) {
    if (text.empty()) return nullptr;
    json::error_code ec;
    auto value = json::parse(text, ec);
    return ec ? json::value(text) : value;
}

void count_state(SQLite::Statement& row, waiting_state& into) {
    const auto state = row.getColumn(0).getString();
    auto& part = state == "held"      ? into.held
                 : state == "sending" ? into.sending
                 : state == "unknown" ? into.unknown
                 : state == "parked"  ? into.parked
                                      : into.queued;
    part.count = row.getColumn(1).getInt64();
    part.since = row.getColumn(2).getString();
    part.last_error = row.getColumn(3).getString();
}

}  // namespace

std::vector<waiting_row> read_waiting_rows(SQLite::Database& db, std::optional<std::int64_t> id) {
    SQLite::Statement row(db,
                          "SELECT outbox_id, queued_at, resource, row_id, operation, new_values, old_values, state, attempts, "
                          "not_before, last_error, waits_for FROM outbox WHERE ?1 IS NULL OR outbox_id = ?1 ORDER BY outbox_id");
    if (id) row.bind(1, *id);
    std::vector<waiting_row> out;
    while (row.executeStep()) {
        auto& one = out.emplace_back();
        one.outbox_id = row.getColumn(0).getInt64();
        one.queued_at = row.getColumn(1).getString();
        one.resource = row.getColumn(2).getString();
        one.row_id = row.getColumn(3).getInt64();
        one.operation = row.getColumn(4).getString();
        one.new_values = row.getColumn(5).getString();
        one.old_values = row.getColumn(6).getString();
        one.state = row.getColumn(7).getString();
        one.attempts = row.getColumn(8).getInt64();
        one.not_before = row.getColumn(9).getString();
        one.last_error = row.getColumn(10).getString();
        if (!row.getColumn(11).isNull()) one.waits_for = row.getColumn(11).getInt64();
    }
    return out;
}

json::object as_json(const waiting_row& row) {
    json::object out;
    out["outbox_id"] = row.outbox_id;
    out["queued_at"] = instant_or_null(row.queued_at);
    out["resource"] = row.resource;
    out["row_id"] = row.row_id;
    out["operation"] = row.operation;
    out["new_values"] = shown_values(row.new_values);
    out["old_values"] = shown_values(row.old_values);
    out["state"] = row.state;
    out["attempts"] = row.attempts;
    out["not_before"] = instant_or_null(row.not_before);
    out["last_error"] = or_null(row.last_error);
    out["waits_for"] = row.waits_for ? json::value(*row.waits_for) : json::value(nullptr);
    return out;
}

std::string describe(const waiting_row& row) {
    return describe(store::queued_change{row.outbox_id, row.resource, row.row_id, row.operation, row.new_values, row.old_values});
}

std::string reason(const waiting_row& row) {
    const auto said = row.last_error.empty() ? std::string() : fmt::format(" ({})", row.last_error);
    if (row.state == "parked")
        return fmt::format("MinuteDock does not take it{}: change the row and `mdock outbox retry {}`, or `mdock outbox discard {}`", said,
                           row.outbox_id, row.outbox_id);
    if (row.state == "held")
        return fmt::format("held back{}; `mdock outbox release` lets it go, `mdock outbox discard` takes it back", said);
    if (row.state == "unknown") return fmt::format("was sent and not answered{}: it is looked for before it is sent again", said);
    if (row.state == "sending") return "is being sent";
    if (row.waits_for) return fmt::format("waits for change {}", *row.waits_for);
    if (!row.not_before.empty()) return fmt::format("not before {} UTC{}", row.not_before, said);
    return "goes out with the next sync" + said;
}

std::vector<conflict_row> read_conflicts(SQLite::Database& db, bool only_open, std::optional<std::int64_t> id) {
    SQLite::Statement row(db,
                          "SELECT conflict_id, resource, row_id, field, base, mine, theirs, detected_at, choice, resolved_at FROM "
                          "conflicts WHERE (?1 IS NULL OR conflict_id = ?1) AND (NOT ?2 OR choice IS NULL) ORDER BY conflict_id");
    if (id) row.bind(1, *id);
    row.bind(2, only_open ? 1 : 0);
    std::vector<conflict_row> out;
    while (row.executeStep())
        out.push_back({row.getColumn(0).getInt64(), row.getColumn(1).getString(), row.getColumn(2).getInt64(), row.getColumn(3).getString(),
                       row.getColumn(4).getString(), row.getColumn(5).getString(), row.getColumn(6).getString(),
                       row.getColumn(7).getString(), row.getColumn(8).getString(), row.getColumn(9).getString()});
    return out;
}

json::object as_json(const conflict_row& row) {
    json::object out;
    out["conflict_id"] = row.conflict_id;
    out["resource"] = row.resource;
    out["row_id"] = row.row_id;
    out["field"] = row.field;
    out["base"] = parsed(row.base);
    out["mine"] = parsed(row.mine);
    out["theirs"] = parsed(row.theirs);
    out["detected_at"] = instant_or_null(row.detected_at);
    out["choice"] = or_null(row.choice);
    out["resolved_at"] = instant_or_null(row.resolved_at);
    return out;
}

waiting_state read_waiting_state(SQLite::Database& db) {
    waiting_state out;
    SQLite::Statement row(db,
                          "SELECT state, count(*), min(queued_at), (SELECT last_error FROM outbox o WHERE o.state = outbox.state AND "
                          "last_error IS NOT NULL ORDER BY outbox_id DESC LIMIT 1) FROM outbox GROUP BY state");
    while (row.executeStep()) count_state(row, out);
    SQLite::Statement open(db, "SELECT count(*), min(detected_at) FROM conflicts WHERE choice IS NULL");
    if (open.executeStep()) {
        out.conflicts = open.getColumn(0).getInt64();
        out.conflict_since = open.getColumn(1).getString();
    }
    return out;
}

std::vector<std::string> describe(const waiting_state& state) {
    std::vector<std::string> out;
    const auto add = [&out](const waiting_state::part& part, std::string_view word, std::string_view remedy) {
        if (part.count == 0) return;
        const auto why = part.last_error.empty() ? std::string() : fmt::format(" ({})", part.last_error);
        out.push_back(fmt::format("{} {} since {} UTC{}; {}", part.count, word, part.since, why, remedy));
    };
    add(state.queued, "queued", "`mdock sync` sends them now");
    add(state.sending, "being sent", "a sync looks at what came of it");
    add(state.unknown, "sent without an answer", "a sync looks for them before it sends them again");
    add(state.held, "held back", "`mdock outbox list` shows them, `mdock outbox release` lets them go");
    add(state.parked, "not taken by MinuteDock", "`mdock outbox list` says why; then `mdock outbox retry` or `discard`");
    if (state.conflicts > 0)
        out.push_back(fmt::format("{} changed here and on MinuteDock since {} UTC; `mdock conflict list` shows what to decide", state.conflicts,
                                  state.conflict_since));
    return out;
}

}  // namespace mdock::cli
