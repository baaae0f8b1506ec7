// SPDX-License-Identifier: MIT
// The parts that the description's tables share: the columns the mirror itself adds, and the words for permissions.
// Private to core/model; everybody else asks describe().
#pragma once

#include "core/model/description.h"

namespace mdock::model {

inline constexpr std::string_view billing_rights = "billing rights";
inline constexpr std::string_view manage_invoices = "Manage Invoices";
inline constexpr std::string_view expenses_feature = "expenses feature";

inline constexpr column presence{
    .name = "presence",
    .how = kind::local,
    .declared = "VARCHAR(12)",
    .meaning = "Whether MinuteDock still shows the row: present, gone (MinuteDock said so), hidden (no longer visible to "
               "this token) or placeholder (never seen, only referred to).",
};
inline constexpr column gone_at{
    .name = "gone_at",
    .how = kind::local,
    .declared = "TIMESTAMP",
    .meaning = "When the mirror found the row gone or hidden, UTC; NULL while it is present.",
};
inline constexpr column sync_state{
    .name = "sync_state",
    .how = kind::local,
    .declared = "VARCHAR(12)",
    .meaning = "synced: as on MinuteDock; queued: a local change waits to be sent; conflict: a person has to choose.",
};
inline constexpr column extra{
    .name = "extra",
    .how = kind::local,
    .declared = "TEXT",
    .meaning = "Fields that MinuteDock sends and its documentation does not know, as a JSON object; normally NULL.",
};

// A documented field that is read and not kept.
constexpr column dropped(std::string_view api_field) { return {.api_field = api_field, .how = kind::dropped}; }

extern const table accounts_table;
extern const table users_table;
extern const table contacts_table;
extern const table projects_table;
extern const table tasks_table;
extern const table items_table;
extern const table entries_table;
extern const table expenses_table;
extern const table invoices_table;
extern const table invoice_line_items_table;
extern const table dock_table;

}  // namespace mdock::model
