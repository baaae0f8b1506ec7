// SPDX-License-Identifier: MIT
#include "daemon/cli/proof_status.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "daemon/output.h"

namespace mdock::cli {
namespace {

constexpr int incidents_shown = 3;
constexpr std::chrono::days incident_is_news{30};

std::optional<utc_seconds> instant(const SQLite::Column& cell) {
    if (cell.isNull()) return std::nullopt;
    return parse_database_timestamp(cell.getString());
}

boost::json::value or_null(const std::optional<utc_seconds>& at) {
    return at ? boost::json::value(format_rfc3339(*at)) : boost::json::value(nullptr);
}

void read_held(SQLite::Database& db, proof_state& into) {
    SQLite::Statement row(db, "SELECT resource, reason, detail, rows, since FROM _held ORDER BY since, resource");
    while (row.executeStep())
        into.held.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getString(),
                             row.getColumn(3).getInt64(), instant(row.getColumn(4))});
}

void read_incidents(SQLite::Database& db, proof_state& into) {
    // Only the newest are kept; their numbers go on.
    into.incidents = db.execAndGet("SELECT coalesce(max(incident_id), 0) FROM _incident").getInt64();
    SQLite::Statement row(db, "SELECT at, resource, kind, detail FROM _incident ORDER BY incident_id DESC LIMIT ?");
    row.bind(1, incidents_shown);
    while (row.executeStep())
        into.latest.push_back({instant(row.getColumn(0)), row.getColumn(1).getString(), row.getColumn(2).getString(),
                               row.getColumn(3).getString()});
}

void read_counts(SQLite::Database& db, proof_state& into) {
    SQLite::Statement row(db, "SELECT scope, grouping, docks, hours, learned_at FROM _count_rule");
    if (!row.executeStep()) return;
    into.counts = {row.getColumn(0).getString(), row.getColumn(1).getString(), row.getColumn(2).getString(),
                   row.getColumn(3).getString(), instant(row.getColumn(4))};
}

std::string_view in_words(std::string_view reason) {
    if (reason == "empty") return "the whole list came empty";
    if (reason == "visibility") return "this token seems to see less than before";
    if (reason == "rewound") return "the account seems to be an older copy of itself";
    return "so many rows were gone at once";
}

}  // namespace

proof_state read_proof_state(SQLite::Database& db) {
    proof_state proof;
    // A mirror that an older version wrote is read as it is; its next writer makes the tables.
    if (!db.tableExists("_held") || !db.tableExists("_incident") || !db.tableExists("_count_rule")) return proof;
    read_held(db, proof);
    read_incidents(db, proof);
    read_counts(db, proof);
    return proof;
}

void add_to(boost::json::object& body, const proof_state& proof) {
    boost::json::array held, latest;
    for (const auto& one : proof.held)
        held.push_back({{"resource", one.resource},
                        {"reason", one.reason},
                        {"rows", one.rows},
                        {"since", or_null(one.since)},
                        {"detail", one.detail}});
    for (const auto& one : proof.latest)
        latest.push_back({{"at", or_null(one.at)}, {"resource", one.resource}, {"kind", one.kind}, {"detail", one.detail}});
    body["held"] = std::move(held);
    body["incidents"] = {{"count", proof.incidents}, {"latest", std::move(latest)}};
    body["report_counts"] = {{"scope", proof.counts.scope},
                             {"grouping", proof.counts.grouping},
                             {"docks", proof.counts.docks},
                             {"hours", proof.counts.hours},
                             {"learned_at", or_null(proof.counts.learned_at)}};
}

std::string describe(const held_back& one) {
    return fmt::format("{}: {} row{} kept{}: {}", one.resource, with_commas(one.rows), one.rows == 1 ? "" : "s",
                       one.since ? " since " + format_rfc3339(*one.since) : "",
                       one.detail.empty() ? in_words(one.reason) : std::string_view(one.detail));
}

std::string describe(const incident& one) {
    return fmt::format("{} {}: {}", one.at ? format_rfc3339(*one.at) : "-", one.resource,
                       one.detail.empty() ? one.kind : one.detail);
}

std::string describe(const count_calibration& counts) {
    if (counts.scope == "unknown") return "not compared yet";
    if (counts.scope == "none") return "not comparable here; the mirror is proven by reading it again, a piece at a time";
    std::string out = counts.scope == "own" ? "this user's entries" : "all entries";
    if (counts.grouping == "month") out += ", by month";
    if (counts.grouping == "total") out += ", as one total";
    if (counts.docks == "counted") out += ", running timers counted too";
    if (counts.docks == "left out") out += ", running timers left out";
    if (counts.hours == "equal") out += ", hours as a second sum";
    if (counts.hours == "other") out += ", hours are summed otherwise and not used";
    if (counts.learned_at) out += fmt::format(" (learned {})", format_rfc3339(*counts.learned_at));
    return out;
}

finding judge_held(const proof_state& proof) {
    if (proof.held.empty()) return {"held", finding::good, "nothing is held back", {}};
    std::string all;
    for (const auto& one : proof.held) all += (all.empty() ? "" : "; ") + describe(one);
    return {"held", finding::bad, all,
            "Nothing was taken away. Look at MinuteDock: if it is right, `mdock verify --accept` takes it over; if not, the "
            "rows are still here."};
}

finding judge_incidents(const proof_state& proof, utc_seconds now) {
    if (proof.incidents == 0) return {"incidents", finding::good, "the mirror never lacked a row that it should have had", {}};
    const auto& last = proof.latest.front();
    const auto text = fmt::format("{} so far, the last: {}", with_commas(proof.incidents), describe(last));
    if (!last.at || now - *last.at > incident_is_news) return {"incidents", finding::good, text, {}};
    return {"incidents", finding::doubtful, text,
            "It is mended. `mdock verify` looks at everything again; if this goes on, please report it with `mdock doctor --json`."};
}

}  // namespace mdock::cli
