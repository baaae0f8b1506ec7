// SPDX-License-Identifier: MIT
// Stands before the service and looks at what machines ask it to change. ORIGIN: a person wanted it, the outbox says that
// it is being sent, and nobody's later work is overwritten. NDUP: no wish becomes two rows. What was carried out goes into
// the history, as the web application's acts do.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/ports.h"
#include "tests/sim/machine.h"

namespace mdock::sim {

class service_watch {
public:
    // Before the service is asked; changes nothing.
    service_watch(grounds& world, machine& from, const http_request& request);
    // After it, whatever it answered.
    void is_over();

private:
    struct name_now {
        std::string text;
        bool deleted = false;
    };
    using names = std::map<row_id, name_now>;

    bool is_change() const { return request_.method != "GET" && !target_.starts_with("/reports"); }
    void judge_origin();
    void judge_update(const wish& what, row_id id);
    void judge_delete(const wish& what, row_id id);
    bool has_moved_since_look(resource which, row_id id) const;
    void remember();
    void compare_entries(stamp at);
    void compare_entry(row_id id, const std::optional<minutedock::entry>& before, stamp at);
    void compare_names(resource which, const names& before, const names& now, stamp at);
    void compare_expenses(stamp at);
    void note_made(row_id id, const std::string& text);
    void judge_doubles();
    stamp shown(row_id id, stamp at) const;

    grounds& world_;
    machine& from_;
    const http_request& request_;
    std::string target_;
    row_id id_ = 0;                          // named by the path
    row_id last_id_ = 0;
    std::map<row_id, std::optional<minutedock::entry>> entries_;    // those that this request can change
    names contacts_, projects_, tasks_;
    std::optional<stamp> expense_touched_;
    std::vector<wishes::key> sending_;
};

}  // namespace mdock::sim
