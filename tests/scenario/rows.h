// SPDX-License-Identifier: MIT
// What the tests of the failure catalogue's rows have in common: faults by their text, what the mirror says about a
// resource, changes as a person in the web application makes them, and things that happen while a world runs.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/mirror_rows.h"
#include "tests/support/world.h"

namespace mdock::test {

using lines = std::vector<std::string>;
using namespace std::chrono_literals;

inline void add_fault(world& w, std::string_view rule) { w.service.add_fault(minutedock::parse_fault(rule).value()); }

inline std::string state_of(world& w, std::string_view resource) {
    return w.ask("SELECT state FROM mirror_status WHERE resource = '" + std::string(resource) + "'").value_or("");
}

inline std::string error_of(world& w, std::string_view resource) {
    return w.ask("SELECT last_error FROM mirror_status WHERE resource = '" + std::string(resource) + "'").value_or("");
}

inline std::optional<std::string> cursor_of(world& w, std::string_view resource) {
    return w.ask("SELECT cursor_at FROM _resource WHERE resource = '" + std::string(resource) + "'");
}

inline std::int64_t rows_in(world& w, std::string_view table) { return w.number("SELECT count(*) FROM " + std::string(table)); }

// Rows of every mirrored table that are shown as being there, to see that none goes.
inline std::int64_t rows_shown(world& w) {
    std::int64_t all = 0;
    for (const char* table : {"users", "contacts", "projects", "tasks", "items"})
        all += w.number("SELECT count(*) FROM " + std::string(table) + " WHERE presence = 'present'");
    for (const char* table : {"entries", "entry_tasks", "expenses", "invoices", "invoice_line_items", "dock"}) all += rows_in(w, table);
    return all;
}

// What a round could not do, one line each; empty for a round without trouble.
inline lines troubles(const engine::round_report& report) {
    lines out;
    if (report.stopped_by) out.push_back("stopped: " + report.stopped_by->context());
    for (const auto& r : report.resources)
        if (r.error) out.push_back(std::string(name_of(r.which)) + ": " + r.error->context());
    return out;
}

inline errc stop_code(const engine::round_report& report) { return report.stopped_by ? report.stopped_by->code() : errc::none; }

// The mirror is the account, and the file keeps its promises.
inline void expect_equal(world& w, const std::string& what = {}) {
    EXPECT_EQ(differences(w), lines{}) << what;
    EXPECT_EQ(broken_promises(w), lines{}) << what;
}

// `mdock sync --full`.
inline engine::round_request all_again() {
    engine::round_request what;
    what.full = true;
    return what;
}

// `mdock sync entries`.
inline engine::round_request only_entries() {
    engine::round_request what;
    what.only = {resource::entries};
    return what;
}

inline minutedock::stamp stamp_now(world& w) { return minutedock::stamp{w.clock.true_time()}; }

// Changes an entry as a person does: stamped with the service's time.
template <class Change>
void edit_entry(world& w, minutedock::row_id id, Change change) {
    minutedock::entry copy = *w.service.account().entries.find(id);
    change(copy);
    copy.updated_at = stamp_now(w);
    w.service.account().entries.put(std::move(copy));
}

// A new entry like the account's others; `shape` sets what matters to the test.
template <class Shape>
minutedock::row_id add_entry(world& w, std::chrono::sys_days date, Shape shape) {
    minutedock::entry fresh;
    fresh.id = w.service.account().new_id();
    fresh.user = w.service.account().users.begin()->first;
    fresh.date = date;
    fresh.duration = 900;
    fresh.description = "added";
    fresh.updated_at = stamp_now(w);
    shape(fresh);
    const auto id = fresh.id;
    w.service.account().entries.put(std::move(fresh));
    return id;
}

inline minutedock::row_id add_entry(world& w, std::chrono::sys_days date) {
    return add_entry(w, date, [](minutedock::entry&) {});
}

inline std::vector<minutedock::row_id> entry_ids(world& w) {
    std::vector<minutedock::row_id> ids;
    w.service.account().entries.for_each([&](const minutedock::entry& what) { ids.push_back(what.id); });
    return ids;
}

// As differences(), but for entries that went while or after they were read: this version never takes rows away.
inline lines differences_but(world& w, const std::set<minutedock::row_id>& gone) {
    lines out;
    for (const auto& line : differences(w)) {
        bool is_known = false;
        for (const auto id : gone) is_known = is_known || line.starts_with("entries " + std::to_string(id) + ": in the mirror,");
        for (const auto id : gone) is_known = is_known || line == "entry_tasks of " + std::to_string(id) + ": no such entry";
        if (!is_known) out.push_back(line);
    }
    return out;
}

inline bool is_path(const http_request& request, std::string_view path) {
    return request.target.substr(0, request.target.find('?')) == path;
}

// A complete answer as the transport hands it over.
inline std::optional<result<http_answer>> answered(int status, std::string body) {
    http_answer out;
    out.status = status;
    out.body = std::move(body);
    out.content_type = "application/json";
    return result<http_answer>(std::move(out));
}

// Puts `wrong` in the place of each answer to a request for exactly `path`.
inline void replace_answers(world& w, std::string path, std::function<std::optional<result<http_answer>>()> wrong) {
    w.http.intercept = [path = std::move(path), wrong = std::move(wrong)](const http_request& request) {
        return is_path(request, path) ? wrong() : std::nullopt;
    };
}

// Lets the service answer and `change` edit the answer before it is seen.
inline void change_answers(world& w, std::function<void(const http_request&, http_answer&)> change) {
    w.http.intercept = [&w, change = std::move(change)](const http_request& request) -> std::optional<result<http_answer>> {
        minutedock::call call;
        call.method = request.method;
        call.target = request.target;
        call.body = request.body;
        call.bearer = w.http.token;
        auto reply = w.service.handle(call, w.clock.true_time());
        change(request, reply.answer);
        return result<http_answer>(std::move(reply.answer));
    };
}

// When each request was sent, in the order of world.http.sent from the moment this began to look.
class send_times {
public:
    explicit send_times(world& w) : w_(w) {
        w.http.before = [this](step_name) { at.push_back(w_.clock.monotonic()); };
    }
    ~send_times() { w_.http.before = nullptr; }
    send_times(const send_times&) = delete;
    send_times& operator=(const send_times&) = delete;

    std::size_t between(monotonic_time from, monotonic_time to) const {
        std::size_t count = 0;
        for (const auto t : at) count += t >= from && t < to ? 1U : 0U;
        return count;
    }
    std::vector<monotonic_time> at;

private:
    world& w_;
};

// Does things at their time while a world runs.
class timetable {
public:
    explicit timetable(world& w) : w_(w), begun(w.clock.monotonic()) {
        w.clock.on_step = [this](step_name) { look(); };
    }
    ~timetable() { w_.clock.on_step = nullptr; }
    timetable(const timetable&) = delete;
    timetable& operator=(const timetable&) = delete;

    void at(std::chrono::nanoseconds after, std::function<void()> what) { open_.emplace(after, std::move(what)); }

private:
    void look() {
        while (!open_.empty() && begun + open_.begin()->first <= w_.clock.monotonic()) {
            const auto what = std::move(open_.begin()->second);
            open_.erase(open_.begin());
            what();
        }
    }
    world& w_;
    std::multimap<std::chrono::nanoseconds, std::function<void()>> open_;

public:
    const monotonic_time begun;
};

}  // namespace mdock::test
