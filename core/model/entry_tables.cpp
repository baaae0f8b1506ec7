// SPDX-License-Identifier: MIT
// Time: logged entries, and the dock (the timer). A docked entry has no date and is never counted as time.
#include "core/model/tables.h"

namespace mdock::model {
namespace {

constexpr writer person = writer::person;

// clang-format off: a column is one paragraph, not one line a member.

constexpr column entry_columns[] = {
    {.name = "entry_id", .api_field = "id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the entry; 9000000000000001 and up: made here and not yet sent."},
    {.name = "user_account_id", .api_field = "user_account_id", .how = kind::parent_id, .declared = "INTEGER",
     .written_by = writer::create_only, .parent = resource::users, .meaning = "The user who logged the entry."},
    {.name = "contact_id", .api_field = "contact_id", .how = kind::parent_id, .declared = "INTEGER",
     .written_by = person, .parent = resource::contacts, .meaning = "The contact the time is for, if any."},
    {.name = "project_id", .api_field = "project_id", .how = kind::parent_id, .declared = "INTEGER",
     .written_by = person, .parent = resource::projects, .meaning = "The project the time is for, if any."},
    {.name = "description", .api_field = "description", .declared = "VARCHAR(4000)", .written_by = person,
     .meaning = "What was done, as typed."},
    {.name = "duration_seconds", .api_field = "duration", .how = kind::integer, .declared = "INTEGER",
     .written_by = person, .meaning = "Length of the entry.", .unit = "s"},
    {.name = "entry_date", .api_field = "date", .how = kind::date, .declared = "DATE", .written_by = person,
     .meaning = "Calendar day the time was logged on, as MinuteDock shows it; never shifted by a time zone."},
    {.name = "invoice_id", .api_field = "invoice_id", .how = kind::loose_id, .declared = "INTEGER",
     .meaning = "The invoice that bills the entry, NULL while not invoiced; this token may not be able to see it."},
    {.name = "billing_rate_cents", .api_field = "billing_rate", .how = kind::cents, .declared = "INTEGER",
     .is_volatile = true,
     .meaning = "Hourly rate as MinuteDock computed it at the last sweep; NULL when not visible to this token, 0 when "
                "unbillable.",
     .unit = "cents per hour", .permission = billing_rights},
    {.name = "updated_at", .api_field = "updated_at", .how = kind::timestamp, .declared = "TIMESTAMP",
     .meaning = "When the entry last changed on MinuteDock, UTC."},
    sync_state,
    extra,
    {.api_field = "task_ids", .how = kind::link_set, .written_by = person, .parent = resource::tasks},
    {.api_field = "logged", .how = kind::scope},
    dropped("duration_hours"),
    dropped("account_id"),
    dropped("user_id"),
    dropped("logged_at"),
    dropped("rate"),
};

constexpr column dock_columns[] = {
    {.name = "user_account_id", .api_field = "user_account_id", .how = kind::key, .declared = "INTEGER",
     .parent = resource::users, .meaning = "The user whose dock this is."},
    {.name = "contact_id", .api_field = "contact_id", .how = kind::parent_id, .declared = "INTEGER",
     .written_by = person, .parent = resource::contacts, .meaning = "The contact chosen in the dock, if any."},
    {.name = "project_id", .api_field = "project_id", .how = kind::parent_id, .declared = "INTEGER",
     .written_by = person, .parent = resource::projects, .meaning = "The project chosen in the dock, if any."},
    {.name = "description", .api_field = "description", .declared = "VARCHAR(4000)", .written_by = person,
     .meaning = "What is being done; NULL for an idle dock."},
    {.name = "duration_seconds", .api_field = "duration", .how = kind::integer, .declared = "INTEGER",
     .written_by = person,
     .meaning = "Seconds on the timer at observed_at; while it runs, the time since then is to be added.", .unit = "s"},
    {.name = "observed_at", .how = kind::local, .declared = "TIMESTAMP",
     .meaning = "When MinuteDock gave duration_seconds, UTC."},
    {.name = "is_running", .api_field = "timer_active", .how = kind::boolean, .declared = "BOOLEAN",
     .written_by = person, .meaning = "1 while the timer runs; 0 when paused or idle."},
    {.name = "version_id", .api_field = "version_id", .declared = "VARCHAR(100)",
     .meaning = "MinuteDock's id of this version of the dock, for conflict detection; opaque."},
    {.name = "version_client_id", .api_field = "version_client_id", .declared = "VARCHAR(100)",
     .meaning = "The client that made this version of the dock."},
    {.name = "version_number", .api_field = "version_number", .how = kind::integer, .declared = "INTEGER",
     .meaning = "Number of this version; grows with each change."},
    sync_state,
    extra,
    {.api_field = "task_ids", .how = kind::link_set, .written_by = person, .parent = resource::tasks},
    dropped("id"),
    dropped("logged"),
    dropped("date"),
    dropped("updated_at"),
    dropped("invoice_id"),
    dropped("rate"),
    dropped("log_at"),
    dropped("logged_at"),
    dropped("billing_rate"),
    dropped("duration_hours"),
    dropped("account_id"),
    dropped("user_id"),
};

}  // namespace

constinit const table entries_table{
    .which = resource::entries, .name = "entries", .key = "entry_id",
    .grain = "one row per logged entry visible to this token",
    .meaning = "Logged time. The running timer is in dock, entries that are gone are in gone_rows.",
    .columns = entry_columns, .takes_local_writes = true, .link_table = "entry_tasks"};

constinit const table dock_table{
    .which = resource::dock, .name = "dock", .key = "user_account_id",
    .grain = "one row per user whose dock is visible, in practice the token's own",
    .meaning = "The timer; an idle dock is a row with is_running 0 and duration 0.",
    .columns = dock_columns, .takes_local_writes = true, .link_table = "dock_tasks"};

// clang-format on

}  // namespace mdock::model
