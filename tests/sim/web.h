// SPDX-License-Identifier: MIT
// The people in the web application: each act changes the service's state as MinuteDock is assumed to, with or without
// a stamp, and leaves in the history when lists begin to show it.
#pragma once

#include "tests/minutedock/server.h"
#include "tests/sim/history.h"
#include "tests/sim/script.h"

namespace mdock::sim {

class web {
public:
    web(minutedock::server& service, history& past, std::uint64_t seed) : service_(service), past_(past), chance_(seed) {}

    // `at` is the service's time now.
    void act_on(const event& what, stamp at);

private:
    minutedock::state& account() { return service_.account(); }
    stamp shown_at(stamp at);
    std::optional<minutedock::entry> pick_entry(std::uint64_t pick);
    void write(minutedock::entry what, stamp at, bool is_silent, bool shows_in_hours = false);
    void silently(resource which, stamp at, const std::function<bool(const minutedock::entry&)>& are);

    void on_entries(const event& what, stamp at);
    void create(const event& what, stamp at);
    void erase_many(const event& what, stamp at);
    void bulk_edit(const event& what, stamp at);
    void on_contacts(const event& what, stamp at);
    void on_projects(const event& what, stamp at);
    void on_tasks(const event& what, stamp at);
    void on_items(const event& what, stamp at);
    void on_expenses(const event& what, stamp at);
    void on_invoices(const event& what, stamp at);
    void on_people(const event& what, stamp at);
    void merge(row_id from, row_id into, stamp at);
    void strip(row_id task, bool is_stamped, stamp at);
    bool redock(minutedock::dock& d, row_id user, const event& what, stamp at);
    void run_dock(minutedock::dock& d, row_id user, const event& what, stamp at);

    minutedock::server& service_;
    history& past_;
    minutedock::dice chance_;
};

}  // namespace mdock::sim
