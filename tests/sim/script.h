// SPDX-License-Identifier: MIT
// One run of the yard, complete: the account, the service's undocumented behaviour, the machines, and the events with
// the time between them. Drawn from a seed, or read from a file; what is removed from it leaves the rest as it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "tests/minutedock/switches.h"

namespace mdock::sim {

enum class act : std::uint8_t {
    // What a machine does.
    sync, sync_some, full, verify, rehearse, start, stop, kill, hold,
    // What a person does on a machine.
    local_create, local_edit, local_delete, local_name, local_expense, local_timer, local_outbox, local_decide,
    // What people do in the web application.
    create, edit, edit_silent, redate, erase, erase_many, exchange, strip_task, bulk_edit, merge_contacts, edit_contact, create_contact,
    delete_contact, edit_project, create_project, delete_project, edit_task, create_task, delete_task, edit_item,
    create_item, delete_item, edit_expense, create_expense, delete_expense, edit_invoice, create_invoice,
    delete_invoice, attach_invoice, edit_user, hide_contact, show_contact, change_rights, run_dock,
    // What goes wrong.
    http_fault, write_fault, store_fault, kill_at, cancel_at, network_away, wall_jump, throttle, revoke, accept,
};
inline constexpr std::size_t act_count = static_cast<std::size_t>(act::accept) + 1;

std::string_view name_of(act what);
bool is_web(act what);
bool is_local(act what);

struct event {
    std::chrono::milliseconds wait{0};    // after the event before
    act what = act::sync;
    std::size_t machine = 0;
    std::uint64_t a = 0;                  // picks; each act takes them modulo what there is
    std::uint64_t b = 0;
};

// How one machine is set up.
struct machine_plan {
    std::string token;
    bool is_daemon = false;               // engine::run from the first `start` on, else one round at a time
    int requests_per_minute = 60;
    int interval = 60;                    // seconds; the others follow from it
    int wall_error = 0;                   // seconds that its clock is off
    int overlap = 300;                    // seconds
    int windows_read = 3;                 // engine::options::most_windows_read; 0: its proofs count
    bool operator==(const machine_plan&) const = default;
};

struct script {
    std::uint64_t seed = 0;               // of everything that is drawn while the run goes on
    std::uint64_t account = 0;
    int entries = 20;
    minutedock::switches how;
    std::vector<machine_plan> machines;
    std::vector<event> events;
    bool is_warm = false;                 // every machine begins with a mirror of the account, loaded without a fault
    bool is_narrow = false;               // entries only, from the first event to the last comparison: many cheap runs
    bool is_canary = false;               // ends with a row that no mirror can know
};

script draw_script(std::uint64_t seed);
std::string text_of(const script& what);
result<script> parse_script(std::string_view text);

}  // namespace mdock::sim
