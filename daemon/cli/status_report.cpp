// SPDX-License-Identifier: MIT
// Reads the state of the mirror, and judges whether it is fresh enough.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "core/model/resource.h"
#include "core/store/file_checks.h"
#include "daemon/cli/status.h"
#include "daemon/credentials.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

std::optional<utc_seconds> instant(const SQLite::Column& cell) {
    if (cell.isNull()) return std::nullopt;
    return parse_database_timestamp(cell.getString());
}

boost::json::value or_null(const std::optional<utc_seconds>& at) {
    return at ? boost::json::value(format_rfc3339(*at)) : boost::json::value(nullptr);
}

boost::json::value or_null(const std::optional<std::int64_t>& id) {
    return id ? boost::json::value(*id) : boost::json::value(nullptr);
}

boost::json::value or_null(const std::string& text) {
    return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

void read_identity(SQLite::Database& db, mirror_report& into) {
    SQLite::Statement row(db,
                          "SELECT i.account_id, a.name, i.user_account_id, coalesce(nullif(u.user_name, ''), u.email, "
                          "i.email) FROM _identity i "
                          "LEFT JOIN accounts a ON a.account_id = i.account_id LEFT JOIN users u ON u.user_account_id "
                          "= i.user_account_id");
    if (!row.executeStep()) return;
    into.account_id = row.getColumn(0).getInt64();
    into.account_name = row.getColumn(1).getString();
    if (!row.getColumn(2).isNull()) into.user_account_id = row.getColumn(2).getInt64();
    into.user_name = row.getColumn(3).getString();
}

void read_resources(SQLite::Database& db, mirror_report& into) {
    SQLite::Statement row(
        db, "SELECT resource, state, row_count, complete_as_of, verified_as_of, last_error FROM mirror_status");
    while (row.executeStep()) {
        resource_status one{row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getInt64(),
                            instant(row.getColumn(3)),    instant(row.getColumn(4)),    std::nullopt};
        if (!row.getColumn(5).isNull()) one.last_error = row.getColumn(5).getString();
        into.resources.push_back(std::move(one));
    }
    const auto place = [](const resource_status& one) {
        const auto known = resource_named(one.name);
        return known ? static_cast<int>(*known) : 99;
    };
    std::stable_sort(into.resources.begin(), into.resources.end(),
                     [&](const auto& a, const auto& b) { return place(a) < place(b); });
}

void read_requests(SQLite::Database& db, const settings& all, utc_seconds now, mirror_report& into) {
    SQLite::Statement sum(db, "SELECT coalesce(sum(requests), 0) FROM _requests WHERE minute > ?");
    sum.bind(1, format_timestamp(now - std::chrono::hours(1)));
    if (sum.executeStep()) into.requests_last_hour = sum.getColumn(0).getInt64();
    into.allowed_per_minute = all.api.max_requests_per_minute;
    SQLite::Statement pace(db, "SELECT allowed_per_minute, not_before FROM _pace");
    if (!pace.executeStep()) return;
    if (!pace.getColumn(0).isNull())
        into.allowed_per_minute = std::min(into.allowed_per_minute, pace.getColumn(0).getInt64());
    const auto until = instant(pace.getColumn(1));
    if (until && *until > now) into.paused_until = until;
}

std::chrono::milliseconds interval_of(const std::string& resource, const settings& all) {
    if (resource == "expenses" || resource == "invoices" || resource == "invoice_line_items")
        return all.sync.billing_interval;
    if (resource == "entries" || resource == "dock") return std::chrono::milliseconds(0);
    return all.sync.reference_interval;
}

// A file's mode is looked at here too, so that nobody finds out after the next restart (X08).
void read_token_place(const settings& all, const environment& variables, mirror_report& into) {
    const auto found = place_of_token(all, variables);
    if (!found) return;
    into.token = fmt::format("{} {}", name_of(found->source), found->place);
    if (found->source != token_source::file) return;
    if (auto read = read_token_file(found->place); !read) into.token_problem = read.error().context();
}

}  // namespace

std::string describe(const host::reading_process& reader) {
    auto out = fmt::format("{} (process {})", made_visible(reader.name), reader.pid);
    if (!reader.age) return out;
    const auto seconds = reader.age->count();
    return out + (seconds < 120    ? fmt::format(", for up to {} s", seconds)
                  : seconds < 7200 ? fmt::format(", for up to {} min", seconds / 60)
                                   : fmt::format(", for up to {} h", seconds / 3600));
}

mirror_report read_status(SQLite::Database& db, const settings& all, const environment& variables, utc_seconds now) {
    mirror_report report;
    std::error_code ignored;
    const auto file = std::filesystem::weakly_canonical(all.database.path, ignored);
    report.writer = store::writer_of(file);
    const auto wal = std::filesystem::file_size(file.string() + "-wal", ignored);
    if (!ignored) report.wal_bytes = wal;
    report.readers = host::readers_of(file);
    read_token_place(all, variables, report);
    SQLite::Transaction one_moment(db);
    read_identity(db, report);
    read_resources(db, report);
    report.waiting = read_waiting_state(db);
    report.timer = read_timer(db, now);
    read_requests(db, all, now, report);
    report.proof = read_proof_state(db);
    return report;
}

boost::json::object as_json(const mirror_report& report) {
    boost::json::object body;
    body["account"] = {{"id", or_null(report.account_id)}, {"name", or_null(report.account_name)}};
    body["user"] = {{"user_account_id", or_null(report.user_account_id)}, {"name", or_null(report.user_name)}};
    const bool has_pid = report.writer && *report.writer > 0;
    body["daemon"] = {{"running", report.writer.has_value()},
                      {"pid", has_pid ? boost::json::value(*report.writer) : nullptr}};
    boost::json::array list;
    for (const auto& one : report.resources)
        list.push_back({{"resource", one.name},
                        {"state", one.state},
                        {"row_count", one.row_count},
                        {"complete_as_of", or_null(one.complete_as_of)},
                        {"verified_as_of", or_null(one.verified_as_of)},
                        {"last_error", one.last_error ? boost::json::value(*one.last_error) : nullptr}});
    body["resources"] = std::move(list);
    const auto& waiting = report.waiting;
    body["outbox"] = {{"queued", waiting.queued.count},
                      {"held", waiting.held.count},
                      {"sending", waiting.sending.count},
                      {"unknown", waiting.unknown.count},
                      {"parked", waiting.parked.count}};
    body["conflicts"] = waiting.conflicts;
    body["timer"] = timer_as_json(report.timer);
    body["requests"] = {{"last_hour", report.requests_last_hour},
                        {"allowed_per_minute", report.allowed_per_minute},
                        {"paused_until", or_null(report.paused_until)}};
    body["wal_bytes"] = report.wal_bytes;
    boost::json::array readers;
    for (const auto& one : report.readers)
        readers.push_back({{"pid", one.pid}, {"name", one.name}, {"seconds", one.age ? boost::json::value(one.age->count()) : nullptr}});
    body["readers"] = std::move(readers);
    body["token"] = {{"place", or_null(report.token)}, {"problem", or_null(report.token_problem)}};
    add_to(body, report.proof);
    return body;
}

std::vector<std::string> complaints(const mirror_report& report, const settings& all, std::chrono::milliseconds max_age,
                                    utc_seconds now) {
    std::vector<std::string> found;
    for (const auto& one : report.resources) {
        if (one.state == "denied" || one.state == "unavailable") continue;
        if (one.state != "current") {
            found.push_back(fmt::format("{} is {}{}", one.name, one.state == "never" ? "not fetched yet" : one.state,
                                        one.last_error ? ": " + *one.last_error : ""));
            continue;
        }
        const auto allowed = std::max(max_age, 2 * interval_of(one.name, all));
        if (one.complete_as_of && now - *one.complete_as_of > allowed)
            found.push_back(fmt::format("{} is complete as of {}, {} s ago", one.name,
                                        format_rfc3339(*one.complete_as_of), (now - *one.complete_as_of).count()));
    }
    return found;
}

}  // namespace mdock::cli
