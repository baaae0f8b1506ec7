// SPDX-License-Identifier: MIT
// Which entries a list or a report is about: window, people, contacts, projects, tasks, billing. Lists and reports
// select alike, so that a report's counts can be the checksum of a list.
#pragma once

#include <optional>
#include <vector>

#include "tests/minutedock/asked.h"
#include "tests/minutedock/paging.h"

namespace minutedock {

struct selection {
    page window;
    list_filter users;
    list_filter contacts;
    list_filter projects;
    list_filter tasks;
    bool billable_only = false;
    bool unbillable_only = false;
    bool invoiced_only = false;
    bool uninvoiced_only = false;

    // Everything but the date, which the caller walks by.
    bool passes(const asked& r, const entry& what) const;
};

// From the query of GET /entries. Nothing when the request was refused.
std::optional<selection> selection_of_query(const asked& r);

// From the body of POST /reports/generate. Nothing when the request was refused.
std::optional<selection> selection_of_report(const asked& r);

// Docks that a list or a report may count as entries of today: of the people selected and visible.
std::vector<std::pair<row_id, const dock*>> docked_in(const asked& r, const selection& which);

// Calls visit(date, const entry_book::day&) for each day of the window, newest first, until it returns false.
template <class Visit>
void walk_days(const entry_book& book, const page& window, Visit visit) {
    const auto& days = book.days();
    for (auto day = window.to ? days.lower_bound(*window.to) : days.begin(); day != days.end(); ++day) {
        if (window.from && day->first < *window.from) return;
        if (!visit(day->first, day->second)) return;
    }
}

}  // namespace minutedock
