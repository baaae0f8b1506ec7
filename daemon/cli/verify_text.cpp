// SPDX-License-Identifier: MIT
#include "daemon/cli/verify_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/output.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

using engine::difference;

constexpr std::string_view way_on = "mdock verify --accept";

std::string counted(std::int64_t number, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", with_commas(number), number == 1 ? one : many);
}

std::string what_was_compared(const engine::round_report& round) {
    std::string read, unread;
    for (const auto& one : round.resources) {
        const bool is_unread = one.error || one.state == "denied" || one.state == "unavailable" || one.state == "never";
        auto& list = is_unread ? unread : read;
        list += list.empty() ? "" : ", ";
        list += is_unread ? fmt::format("{} ({})", name_of(one.which), one.error ? "failed" : one.state)
                          : fmt::format("{} {}", name_of(one.which), with_commas(one.row_count));
    }
    std::string out;
    if (!read.empty()) out += "Compared: " + read + ".\n";
    if (!unread.empty()) out += "Not compared: " + unread + ".\n";
    return out;
}

std::string describe(const difference& one) {
    switch (one.what) {
        case difference::kind::missing: return "missing here";
        case difference::kind::ghost: return "gone on MinuteDock";
        case difference::kind::changed: break;
    }
    std::string fields;
    for (const auto& field : one.fields) fields += (fields.empty() ? "" : ", ") + made_visible(field);
    return fields.empty() ? "changed" : "changed: " + fields;
}

// Days by month, ids by day; what has no day comes first, without a month.
using by_day = std::map<std::string, std::vector<const difference*>>;

std::string days_of(const by_day& days, std::size_t most_rows) {
    std::string out, month;
    for (const auto& [day, rows] : days) {
        if (most_rows == 0) break;
        if (const auto its_month = day.substr(0, 7); its_month != month) {
            month = its_month;
            out += "  " + month + "\n";
        }
        std::string shown_day = day.empty() ? "" : day + "  ";
        for (const auto* one : rows) {
            if (most_rows == 0) break;
            --most_rows;
            out += fmt::format("    {}{}  {}\n", shown_day, one->row_id, describe(*one));
            shown_day = std::string(shown_day.size(), ' ');
        }
    }
    return out;
}

// Where the others are: what was mended is in the file, what a rehearsal found is only told.
std::string others(std::int64_t count, std::size_t most_rows, bool is_rehearsal) {
    const auto left = count - static_cast<std::int64_t>(std::min(most_rows, static_cast<std::size_t>(count)));
    if (left == 0) return {};
    return fmt::format("    and {} more: {}\n", with_commas(left),
                       is_rehearsal ? "--json tells all" : "all are in the table `changes`, where origin is 'verify'");
}

std::string what_differed(const std::vector<difference>& all, std::size_t most_rows, bool is_rehearsal) {
    std::map<resource, by_day> grouped;
    for (const auto& one : all) grouped[one.which][one.day ? format_date(*one.day) : ""].push_back(&one);
    std::string out;
    for (auto& [which, days] : grouped) {
        std::int64_t count = 0;
        for (auto& [day, rows] : days) {
            std::sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) { return a->row_id < b->row_id; });
            count += static_cast<std::int64_t>(rows.size());
        }
        out += fmt::format("{}: {}\n{}", name_of(which), counted(count, "difference", "differences"), days_of(days, most_rows));
        out += others(count, most_rows, is_rehearsal);
    }
    return out;
}

template <class Rows>
std::string list_of(const std::vector<Rows>& all) {
    std::string out;
    for (const auto& one : all)
        out += fmt::format("  {}, {}: {}\n", name_of(one.which), counted(one.rows, "row", "rows"), made_visible(one.reason));
    return out;
}

std::string what_is_held(const engine::verify_report& report) {
    if (report.held.empty()) return {};
    const bool has_way_on = std::all_of(report.held.begin(), report.held.end(), [](const auto& one) {
        return one.reason.find(way_on) != std::string::npos;
    });
    return "Held back, the rows are kept as they are:\n" + list_of(report.held) +
           (has_way_on ? "" : fmt::format("  If it is right, it is taken over with: {}\n", way_on));
}

std::string what_is_open(const engine::verify_report& report) {
    if (report.open.empty()) return {};
    return "Not settled:\n" + list_of(report.open) + "  `mdock verify` looks again; `mdock run` does it by itself.\n";
}

std::string outcome(const engine::verify_report& report, const engine::verify_request& asked) {
    const auto cost = counted(report.requests, "request", "requests");
    if (report.sync.stopped_by) return fmt::format("Not proven: it was cut short, after {}. What was read is in the file.\n", cost);
    if (report.is_equal && report.verified_as_of)
        return fmt::format("The mirror is equal to the account as of {}, shown by {}.\n", format_rfc3339(*report.verified_as_of), cost);
    if (report.is_equal) return fmt::format("The mirror is equal to the account, shown by {}.\n", cost);
    const auto found = static_cast<std::int64_t>(report.differences.size());
    if (asked.is_rehearsal && found > 0)
        return fmt::format("{} found after {}, and no row was changed. `mdock verify` mends this.\n",
                           counted(found, "difference", "differences"), cost);
    const auto before = report.verified_as_of ? fmt::format(" It last was, as of {}.", format_rfc3339(*report.verified_as_of)) : "";
    return fmt::format("The mirror is not shown to be equal to the account, after {}.{}\n", cost, before);
}

}  // namespace

std::string verify_as_text(const engine::verify_report& report, const engine::verify_request& asked, std::size_t most_rows) {
    std::string out = what_was_compared(report.sync);
    if (report.differences.empty()) {
        if (!report.sync.stopped_by) out += "No differences were found.\n";
    } else {
        out += what_differed(report.differences, most_rows, asked.is_rehearsal);
        // What is told here was read from `changes`: it is in the file, whatever else is still open.
        if (!asked.is_rehearsal) out += "The mirror has all of these now.\n";
    }
    return out + what_is_held(report) + what_is_open(report) + outcome(report, asked);
}

}  // namespace mdock::cli
