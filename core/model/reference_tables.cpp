// SPDX-License-Identifier: MIT
// The lists that entries point to: accounts, users, contacts, projects, tasks, items. A row once seen stays (schema
// rule 6), so that old entries keep their names.
#include "core/model/tables.h"

namespace mdock::model {
namespace {

constexpr writer person = writer::person;

// clang-format off: a column is one paragraph, not one line a member.

constexpr column account_columns[] = {
    {.name = "account_id", .api_field = "id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the account."},
    {.name = "name", .api_field = "name", .declared = "VARCHAR(200)", .meaning = "Name of the account."},
    extra,
};

constexpr column user_columns[] = {
    {.name = "user_account_id", .api_field = "user_account_id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the user within this account; what entries and expenses point to."},
    {.name = "email", .api_field = "email", .declared = "VARCHAR(254)", .meaning = "The user's e-mail address."},
    {.name = "first_name", .api_field = "first_name", .declared = "VARCHAR(200)", .meaning = "First name."},
    {.name = "last_name", .api_field = "last_name", .declared = "VARCHAR(200)", .meaning = "Last name."},
    {.name = "billing_rate_cents", .api_field = "billing_rate", .how = kind::cents, .declared = "INTEGER",
     .meaning = "Default hourly rate for the user's time; NULL when unset or not visible to this token.",
     .unit = "cents per hour", .permission = billing_rights},
    {.name = "is_archived", .api_field = "archived", .how = kind::boolean, .declared = "BOOLEAN",
     .meaning = "1 when the user is archived; archived users keep their entries."},
    {.name = "is_me", .how = kind::local, .declared = "BOOLEAN",
     .meaning = "1 for the user whose token fills this mirror."},
    {.name = "legacy_user_id", .api_field = "id", .how = kind::loose_id, .declared = "INTEGER",
     .meaning = "MinuteDock's deprecated user id, for reading only; never join on it, use user_account_id."},
    presence,
    gone_at,
    extra,
    dropped("account_id"),
    dropped("time_zone_id"),
    dropped("time_zone_offset"),
    dropped("push_channel_token"),
};

// Contacts and projects have these in common, written once for each because the sentences name the row.
constexpr column short_code{
    .name = "short_code", .api_field = "short_code", .declared = "VARCHAR(100)", .written_by = person,
    .meaning = "Code used in MinuteDock's input line (@contact, #project); not unique."};
constexpr column is_active{
    .name = "is_active", .api_field = "active", .how = kind::boolean, .declared = "BOOLEAN", .written_by = person,
    .meaning = "0 when archived on MinuteDock."};
constexpr column is_pinned{
    .name = "is_pinned", .api_field = "pinned", .how = kind::boolean, .declared = "BOOLEAN", .written_by = person,
    .meaning = "1 when pinned for quick access."};
constexpr column is_billable{
    .name = "is_billable", .api_field = "billable", .how = kind::boolean, .declared = "BOOLEAN", .written_by = person,
    .meaning = "0 when time tracked here is not billed (its rate is 0)."};
constexpr column budget_type{
    .name = "budget_type", .api_field = "budget_type", .declared = "VARCHAR(20)", .written_by = person,
    .meaning = "What the budget counts: hours or billable (money); NULL without a budget."};
constexpr column budget_frequency{
    .name = "budget_frequency", .api_field = "budget_frequency", .declared = "VARCHAR(20)", .written_by = person,
    .meaning = "Period of the budget: total, weekly, monthly, quarterly or yearly; NULL without a budget."};
constexpr column budget_target{
    .name = "budget_target", .api_field = "budget_target", .how = kind::real, .declared = "DOUBLE",
    .written_by = person,
    .meaning = "Size of the budget per period, in hours or in money as budget_type says.", .unit = "h or currency"};
constexpr column budget_progress{
    .name = "budget_progress", .api_field = "budget_progress", .how = kind::real, .declared = "DOUBLE",
    .is_volatile = true,
    .meaning = "Used of the budget in its current period, as MinuteDock computed it at the last sweep.",
    .unit = "h or currency"};
constexpr column default_rate_cents{
    .name = "default_rate_cents", .api_field = "default_rate_dollars", .how = kind::cents, .declared = "INTEGER",
    .written_by = person,
    .meaning = "Default hourly rate for time tracked here; NULL when unset or not visible to this token.",
    .unit = "cents per hour", .permission = billing_rights};

constexpr column contact_columns[] = {
    {.name = "contact_id", .api_field = "id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the contact (client)."},
    {.name = "name", .api_field = "name", .declared = "VARCHAR(200)", .written_by = person,
     .meaning = "Name of the contact; NULL for a placeholder."},
    short_code,
    is_active,
    is_pinned,
    is_billable,
    budget_type,
    budget_frequency,
    budget_target,
    budget_progress,
    default_rate_cents,
    presence,
    gone_at,
    sync_state,
    extra,
};

constexpr column project_columns[] = {
    {.name = "project_id", .api_field = "id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the project."},
    {.name = "contact_id", .api_field = "contact_id", .how = kind::parent_id, .declared = "INTEGER",
     .written_by = person, .parent = resource::contacts, .meaning = "The contact that the project belongs to."},
    {.name = "name", .api_field = "name", .declared = "VARCHAR(200)", .written_by = person,
     .meaning = "Name of the project; NULL for a placeholder."},
    short_code,
    is_active,
    is_pinned,
    is_billable,
    budget_type,
    budget_frequency,
    budget_target,
    budget_progress,
    default_rate_cents,
    presence,
    gone_at,
    sync_state,
    extra,
};

constexpr column task_columns[] = {
    {.name = "task_id", .api_field = "id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the task."},
    {.name = "name", .api_field = "name", .declared = "VARCHAR(200)", .written_by = person,
     .meaning = "Name of the task; NULL for a placeholder."},
    is_pinned,
    default_rate_cents,
    {.name = "entries_count", .api_field = "entries_count", .how = kind::integer, .declared = "INTEGER",
     .is_volatile = true,
     .meaning = "Number of entries with this task in the account, as MinuteDock counted at the last sweep."},
    presence,
    gone_at,
    sync_state,
    extra,
};

constexpr column item_columns[] = {
    {.name = "item_id", .api_field = "id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the billable item.", .permission = expenses_feature},
    {.name = "name", .api_field = "name", .declared = "VARCHAR(200)",
     .meaning = "Name of the item; NULL for a placeholder.", .permission = expenses_feature},
    {.name = "description", .api_field = "description", .declared = "VARCHAR(4000)",
     .meaning = "What the item is.", .permission = expenses_feature},
    {.name = "default_rate_cents", .api_field = "default_rate_cents", .how = kind::cents_number, .declared = "INTEGER",
     .meaning = "Default price of one unit when the item is attached to an expense.", .unit = "cents",
     .permission = expenses_feature},
    presence,
    gone_at,
    extra,
};

}  // namespace

constinit const table accounts_table{
    .which = resource::accounts, .name = "accounts", .key = "account_id",
    .grain = "one row: the account this file mirrors",
    .meaning = "The account that the mirror is pinned to.",
    .columns = account_columns};

constinit const table users_table{
    .which = resource::users, .name = "users", .key = "user_account_id",
    .grain = "one row per user ever seen in the account",
    .meaning = "People who track time in the account, archived ones included.",
    .columns = user_columns, .keeps_unseen = true};

constinit const table contacts_table{
    .which = resource::contacts, .name = "contacts", .key = "contact_id",
    .grain = "one row per contact ever seen",
    .meaning = "Clients, archived and vanished ones included.",
    .columns = contact_columns, .keeps_unseen = true, .takes_local_writes = true};

constinit const table projects_table{
    .which = resource::projects, .name = "projects", .key = "project_id",
    .grain = "one row per project ever seen",
    .meaning = "Projects of contacts, archived and vanished ones included.",
    .columns = project_columns, .keeps_unseen = true, .takes_local_writes = true};

constinit const table tasks_table{
    .which = resource::tasks, .name = "tasks", .key = "task_id",
    .grain = "one row per task ever seen",
    .meaning = "Kinds of work; an entry may have several.",
    .columns = task_columns, .keeps_unseen = true, .takes_local_writes = true};

constinit const table items_table{
    .which = resource::items, .name = "items", .key = "item_id",
    .grain = "one row per billable item ever seen",
    .meaning = "Billable items that expenses can refer to.",
    .columns = item_columns, .keeps_unseen = true};

// clang-format on

}  // namespace mdock::model
