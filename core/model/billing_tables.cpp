// SPDX-License-Identifier: MIT
// What is billed: expenses, invoices and their lines. MinuteDock lets nobody create or change invoices through its API.
#include "core/model/tables.h"

namespace mdock::model {
namespace {

constexpr writer person = writer::person;

// clang-format off: a column is one paragraph, not one line a member.

constexpr column expense_columns[] = {
    {.name = "expense_id", .api_field = "id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the expense."},
    {.name = "user_account_id", .api_field = "user_account_id", .how = kind::parent_id, .declared = "INTEGER",
     .parent = resource::users, .meaning = "The user who created the expense."},
    {.name = "contact_id", .api_field = "contact_id", .how = kind::parent_id, .declared = "INTEGER",
     .written_by = person, .parent = resource::contacts, .meaning = "The contact the expense is for, if any."},
    {.name = "project_id", .api_field = "project_id", .how = kind::parent_id, .declared = "INTEGER",
     .written_by = person, .parent = resource::projects, .meaning = "The project the expense is for, if any."},
    {.name = "item_id", .api_field = "item.id", .how = kind::parent_id, .declared = "INTEGER", .written_by = person,
     .parent = resource::items, .meaning = "The billable item whose price the expense uses, if any."},
    {.name = "invoice_id", .api_field = "invoice_id", .how = kind::loose_id, .declared = "INTEGER",
     .meaning = "The invoice that bills the expense, NULL while not invoiced; this token may not be able to see it."},
    {.name = "description", .api_field = "description", .declared = "VARCHAR(4000)", .written_by = person,
     .meaning = "What was bought."},
    {.name = "quantity", .api_field = "quantity", .how = kind::real, .declared = "DOUBLE", .written_by = person,
     .meaning = "Number of units."},
    {.name = "unit_amount", .api_field = "unit_amount", .how = kind::decimal_text, .declared = "VARCHAR(40)",
     .written_by = person, .meaning = "Price of one unit as exact decimal text, in the row's currency.",
     .unit = "currency"},
    {.name = "amount_cents", .api_field = "amount", .how = kind::cents, .declared = "INTEGER",
     .meaning = "Quantity times unit price, in the row's currency.", .unit = "cents"},
    {.name = "currency", .api_field = "currency", .declared = "VARCHAR(3)", .meaning = "Currency code of the amounts."},
    {.name = "expense_date", .api_field = "date", .how = kind::date, .declared = "DATE", .written_by = person,
     .meaning = "Calendar day of the expense."},
    {.name = "is_manually_invoiced", .api_field = "manually_invoiced", .how = kind::boolean, .declared = "BOOLEAN",
     .written_by = person, .meaning = "1 when marked as invoiced without a link to an invoice."},
    {.name = "is_written_off", .api_field = "written_off", .how = kind::boolean, .declared = "BOOLEAN",
     .meaning = "1 when the expense will not be billed."},
    {.name = "created_at", .api_field = "created_at", .how = kind::timestamp, .declared = "TIMESTAMP",
     .meaning = "When the expense was created, UTC."},
    {.name = "updated_at", .api_field = "updated_at", .how = kind::timestamp, .declared = "TIMESTAMP",
     .meaning = "When the expense last changed on MinuteDock, UTC."},
    sync_state,
    extra,
};

constexpr column invoice_columns[] = {
    {.name = "invoice_id", .api_field = "id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the invoice.", .permission = manage_invoices},
    {.name = "contact_id", .api_field = "contact_id", .how = kind::parent_id, .declared = "INTEGER",
     .parent = resource::contacts, .meaning = "The contact that is billed.", .permission = manage_invoices},
    {.name = "number", .api_field = "number", .declared = "VARCHAR(100)",
     .meaning = "Invoice number as shown to the client.", .permission = manage_invoices},
    {.name = "reference", .api_field = "reference", .declared = "VARCHAR(200)",
     .meaning = "Reference text of the invoice.", .permission = manage_invoices},
    {.name = "status", .api_field = "status", .declared = "VARCHAR(20)", .meaning = "draft or sent.",
     .permission = manage_invoices},
    {.name = "sent_at", .api_field = "sent_at", .how = kind::timestamp, .declared = "TIMESTAMP",
     .meaning = "When the invoice was sent, UTC; NULL for a draft.", .permission = manage_invoices},
    {.name = "is_archived", .api_field = "archived", .how = kind::boolean, .declared = "BOOLEAN",
     .meaning = "1 when the invoice is archived.", .permission = manage_invoices},
    {.name = "invoice_date", .api_field = "date", .how = kind::date, .declared = "DATE",
     .meaning = "Calendar day on the invoice.", .permission = manage_invoices},
    {.name = "due_date", .api_field = "due_date", .how = kind::date, .declared = "DATE",
     .meaning = "Calendar day by which the invoice is to be paid.", .permission = manage_invoices},
    {.name = "currency", .api_field = "currency", .declared = "VARCHAR(3)",
     .meaning = "Currency code of the amounts.", .permission = manage_invoices},
    {.name = "subtotal_cents", .api_field = "subtotal", .how = kind::cents, .declared = "INTEGER",
     .meaning = "Total before tax, in the row's currency.", .unit = "cents", .permission = manage_invoices},
    {.name = "tax_cents", .api_field = "tax", .how = kind::cents, .declared = "INTEGER",
     .meaning = "Tax, in the row's currency.", .unit = "cents", .permission = manage_invoices},
    {.name = "total_cents", .api_field = "total", .how = kind::cents, .declared = "INTEGER",
     .meaning = "Total with tax, in the row's currency.", .unit = "cents", .permission = manage_invoices},
    {.name = "delivery_service", .api_field = "delivery.service", .declared = "VARCHAR(40)",
     .meaning = "Accounting service that got the invoice: xero, quickbooks, freshbooks, wave or myob; NULL when none.",
     .permission = manage_invoices},
    {.name = "delivery_ref", .api_field = "delivery.id", .declared = "VARCHAR(100)",
     .meaning = "The invoice's id in that accounting service.", .permission = manage_invoices},
    {.name = "created_at", .api_field = "created_at", .how = kind::timestamp, .declared = "TIMESTAMP",
     .meaning = "When the invoice was created, UTC.", .permission = manage_invoices},
    {.name = "updated_at", .api_field = "updated_at", .how = kind::timestamp, .declared = "TIMESTAMP",
     .meaning = "When the invoice last changed on MinuteDock, UTC.", .permission = manage_invoices},
    extra,
    {.api_field = "line_items", .how = kind::child_rows, .parent = resource::invoice_line_items},
};

constexpr column line_columns[] = {
    {.name = "line_item_id", .api_field = "id", .how = kind::key, .declared = "INTEGER",
     .meaning = "MinuteDock's id of the line.", .permission = manage_invoices},
    {.name = "invoice_id", .how = kind::local, .declared = "INTEGER", .parent = resource::invoices,
     .meaning = "The invoice that the line is on.", .permission = manage_invoices},
    {.name = "position", .api_field = "position", .how = kind::integer, .declared = "INTEGER",
     .meaning = "Place of the line on its invoice.", .permission = manage_invoices},
    {.name = "description", .api_field = "description", .declared = "VARCHAR(4000)", .meaning = "Text of the line.",
     .permission = manage_invoices},
    {.name = "quantity", .api_field = "quantity", .how = kind::decimal_text, .declared = "VARCHAR(40)",
     .meaning = "Quantity as MinuteDock displays it.", .permission = manage_invoices},
    {.name = "unit_amount", .api_field = "unit_amount", .how = kind::decimal_text, .declared = "VARCHAR(40)",
     .meaning = "Price of one unit as exact decimal text, in the invoice's currency.", .unit = "currency",
     .permission = manage_invoices},
    {.name = "subtotal_cents", .api_field = "subtotal", .how = kind::cents, .declared = "INTEGER",
     .meaning = "Line total before tax, in the invoice's currency.", .unit = "cents", .permission = manage_invoices},
    {.name = "tax_cents", .api_field = "tax", .how = kind::cents, .declared = "INTEGER",
     .meaning = "Tax of the line, in the invoice's currency.", .unit = "cents", .permission = manage_invoices},
    {.name = "total_cents", .api_field = "total", .how = kind::cents, .declared = "INTEGER",
     .meaning = "Line total with tax, in the invoice's currency.", .unit = "cents", .permission = manage_invoices},
    extra,
};

}  // namespace

constinit const table expenses_table{
    .which = resource::expenses, .name = "expenses", .key = "expense_id",
    .grain = "one row per expense visible to this token",
    .meaning = "Expenses; a plain user sees their own, an admin all.",
    .columns = expense_columns, .takes_local_writes = true};

constinit const table invoices_table{
    .which = resource::invoices, .name = "invoices", .key = "invoice_id",
    .grain = "one row per invoice, archived ones included",
    .meaning = "Invoices to contacts; visible with the right to manage invoices.",
    .columns = invoice_columns};

constinit const table invoice_line_items_table{
    .which = resource::invoice_line_items, .name = "invoice_line_items", .key = "line_item_id",
    .grain = "one row per line of an invoice",
    .meaning = "Lines of invoices, read again when their invoice changes.",
    .columns = line_columns};

// clang-format on

}  // namespace mdock::model
