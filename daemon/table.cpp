// SPDX-License-Identifier: MIT
// Tables and numbers for people.
#include <fmt/format.h>

#include <algorithm>

#include "daemon/output.h"
#include "daemon/text.h"

namespace mdock {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 8;

using cells = std::vector<std::vector<std::string>>;

std::vector<std::size_t> natural_widths(const std::vector<table_column>& columns, const cells& rows) {
    std::vector<std::size_t> widths;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        std::size_t width = display_width(columns[c].title);
        for (const auto& row : rows) width = std::max(width, display_width(row[c]));
        widths.push_back(width);
    }
    return widths;
}

// The widest column that may shrink gives way, one step after another, until all fit or all are narrow.
void fit(std::vector<std::size_t>& widths, const std::vector<table_column>& columns, std::size_t available) {
    std::size_t total = gap * (columns.size() - 1);
    for (const auto width : widths) total += width;
    while (total > available) {
        std::size_t widest = columns.size();
        for (std::size_t c = 0; c < columns.size(); ++c)
            if (columns[c].may_shrink && (widest == columns.size() || widths[c] > widths[widest])) widest = c;
        if (widest == columns.size() || widths[widest] <= narrowest) return;
        const auto step = std::min(total - available, std::max<std::size_t>(1, (widths[widest] - narrowest) / 2));
        widths[widest] -= step;
        total -= step;
    }
}

std::string format_row(const std::vector<table_column>& columns, const std::vector<std::size_t>& widths,
                       const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        const auto text = cut_to_width(row[c], widths[c]);
        const std::string blank(widths[c] - std::min(widths[c], display_width(text)), ' ');
        if (c > 0) line.append(gap, ' ');
        line += columns[c].side == align::right ? blank + text : text + blank;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

}  // namespace

std::string format_table(const std::vector<table_column>& columns, const std::vector<std::vector<std::string>>& rows,
                         std::size_t columns_available) {
    cells shown;
    for (const auto& row : rows) {
        auto& to = shown.emplace_back();
        for (std::size_t c = 0; c < columns.size(); ++c)
            to.push_back(c < row.size() ? made_visible(row[c]) : std::string());
    }
    auto widths = natural_widths(columns, shown);
    if (columns_available > 0) fit(widths, columns, columns_available);
    std::vector<std::string> titles;
    for (const auto& column : columns) titles.push_back(column.title);
    std::string text = format_row(columns, widths, titles);
    for (const auto& row : shown) text += format_row(columns, widths, row);
    return text;
}

std::string with_commas(std::int64_t number) {
    auto digits = fmt::format("{}", number);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');  // not ",": g++ 12 warns falsely of an overlap
    return digits;
}

std::string as_hours(std::int64_t seconds) {
    const auto sign = seconds < 0 ? "-" : "";
    const auto minutes = (std::abs(seconds) + 30) / 60;
    return fmt::format("{}{}:{:02}", sign, minutes / 60, minutes % 60);
}

}  // namespace mdock
