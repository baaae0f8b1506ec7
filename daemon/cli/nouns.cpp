// SPDX-License-Identifier: MIT
#include "daemon/cli/nouns.h"

namespace mdock::cli {
namespace {

// A parent that this token never saw has no name: its id stands for it.
const std::string parent_names =
    "coalesce(u.user_name, '#' || x.user_account_id) AS user_name, coalesce(c.name, '#' || x.contact_id) AS "
    "contact_name, "
    "c.presence AS contact_presence, coalesce(p.name, '#' || x.project_id) AS project_name, p.presence AS "
    "project_presence";
const std::string parents =
    " LEFT JOIN users u ON u.user_account_id = x.user_account_id LEFT JOIN contacts c ON c.contact_id = x.contact_id"
    " LEFT JOIN projects p ON p.project_id = x.project_id";

const std::vector<noun> nouns{
    {"entry",
     "entries",
     "entry_id",
     "time entries",
     "SELECT x.entry_id, x.entry_date, x.user_account_id, x.contact_id, x.project_id, " + parent_names +
         ", (SELECT json_group_array(task_id) FROM entry_tasks t WHERE t.entry_id = x.entry_id) AS task_ids, "
         "x.description, "
         "x.duration_seconds, x.hours, x.billing_rate_cents, x.amount_cents, x.is_billable, x.is_invoiced, "
         "x.invoice_id, "
         "x.updated_at, x.sync_state, x.extra FROM entries x" +
         parents,
     "x.entry_date DESC, x.entry_id DESC",
     "x.entry_date",
     {{"ID", "entry_id", align::right},
      {"DATE", "entry_date"},
      {"HOURS", "duration_seconds", align::right},
      {"USER", "user_name", align::left, true},
      {"CONTACT", "contact_name", align::left, true},
      {"PROJECT", "project_name", align::left, true},
      {"DESCRIPTION", "description", align::left, true}},
     true,
     true,
     true,
     true,
     false,
     true},

    {"contact",
     "contacts",
     "contact_id",
     "clients",
     "SELECT x.contact_id, x.name, x.short_code, x.is_active, x.is_pinned, x.is_billable, x.budget_type, "
     "x.budget_frequency, "
     "x.budget_target, x.budget_progress, x.default_rate_cents, x.presence, x.gone_at, x.sync_state, x.extra FROM "
     "contacts x",
     "x.name COLLATE NOCASE, x.contact_id",
     "",
     {{"ID", "contact_id", align::right},
      {"CODE", "short_code"},
      {"NAME", "name", align::left, true},
      {"ACTIVE", "is_active"},
      {"RATE", "default_rate_cents", align::right},
      {"PRESENCE", "presence"}},
     false,
     false,
     false,
     false,
     true,
     true},

    {"project",
     "projects",
     "project_id",
     "projects",
     "SELECT x.project_id, x.contact_id, coalesce(c.name, '#' || x.contact_id) AS contact_name, c.presence AS "
     "contact_presence, "
     "x.name, x.short_code, x.is_active, x.is_pinned, x.is_billable, x.budget_type, x.budget_frequency, "
     "x.budget_target, "
     "x.budget_progress, x.default_rate_cents, x.presence, x.gone_at, x.sync_state, x.extra "
     "FROM projects x LEFT JOIN contacts c ON c.contact_id = x.contact_id",
     "x.name COLLATE NOCASE, x.project_id",
     "",
     {{"ID", "project_id", align::right},
      {"CODE", "short_code"},
      {"NAME", "name", align::left, true},
      {"CONTACT", "contact_name", align::left, true},
      {"ACTIVE", "is_active"},
      {"RATE", "default_rate_cents", align::right},
      {"PRESENCE", "presence"}},
     true,
     false,
     false,
     false,
     true,
     true},

    {"task",
     "tasks",
     "task_id",
     "tasks",
     "SELECT x.task_id, x.name, x.is_pinned, x.default_rate_cents, x.entries_count, x.presence, x.gone_at, "
     "x.sync_state, x.extra FROM tasks x",
     "x.name COLLATE NOCASE, x.task_id",
     "",
     {{"ID", "task_id", align::right},
      {"NAME", "name", align::left, true},
      {"RATE", "default_rate_cents", align::right},
      {"ENTRIES", "entries_count", align::right},
      {"PRESENCE", "presence"}},
     false,
     false,
     false,
     false,
     true,
     true},

    {"expense",
     "expenses",
     "expense_id",
     "expenses",
     "SELECT x.expense_id, x.expense_date, x.user_account_id, x.contact_id, x.project_id, x.item_id, " + parent_names +
         ", i.name AS item_name, x.description, x.quantity, x.unit_amount, x.amount_cents, x.currency, x.invoice_id, "
         "x.is_manually_invoiced, "
         "x.is_written_off, x.created_at, x.updated_at, x.sync_state, x.extra FROM expenses x" +
         parents + " LEFT JOIN items i ON i.item_id = x.item_id",
     "x.expense_date DESC, x.expense_id DESC",
     "x.expense_date",
     {{"ID", "expense_id", align::right},
      {"DATE", "expense_date"},
      {"AMOUNT", "amount_cents", align::right},
      {"", "currency"},
      {"USER", "user_name", align::left, true},
      {"CONTACT", "contact_name", align::left, true},
      {"DESCRIPTION", "description", align::left, true}},
     true,
     true,
     false,
     true,
     false,
     true},

    {"invoice",
     "invoices",
     "invoice_id",
     "invoices",
     "SELECT x.invoice_id, x.number, x.reference, x.status, x.invoice_date, x.due_date, x.sent_at, x.contact_id, "
     "coalesce(c.name, '#' || x.contact_id) AS contact_name, c.presence AS contact_presence, x.currency, "
     "x.subtotal_cents, x.tax_cents, "
     "x.total_cents, x.is_archived, x.delivery_service, x.delivery_ref, x.created_at, x.updated_at, x.extra "
     "FROM invoices x LEFT JOIN contacts c ON c.contact_id = x.contact_id",
     "x.invoice_date DESC, x.invoice_id DESC",
     "x.invoice_date",
     {{"ID", "invoice_id", align::right},
      {"NUMBER", "number"},
      {"DATE", "invoice_date"},
      {"DUE", "due_date"},
      {"STATUS", "status"},
      {"TOTAL", "total_cents", align::right},
      {"", "currency"},
      {"CONTACT", "contact_name", align::left, true}},
     true,
     false,
     false,
     false,
     false,
     true},

    {"user",
     "users",
     "user_account_id",
     "people of the account",
     "SELECT x.user_account_id, x.user_name, x.email, x.first_name, x.last_name, x.billing_rate_cents, x.is_archived, "
     "x.is_me, x.presence, "
     "x.gone_at, x.extra FROM users x",
     "x.user_name COLLATE NOCASE, x.user_account_id",
     "",
     {{"ID", "user_account_id", align::right},
      {"NAME", "user_name", align::left, true},
      {"E-MAIL", "email", align::left, true},
      {"RATE", "billing_rate_cents", align::right},
      {"ARCHIVED", "is_archived"},
      {"ME", "is_me"},
      {"PRESENCE", "presence"}},
     false,
     false,
     false,
     false,
     true,
     false},

    {"item",
     "items",
     "item_id",
     "kinds of expense",
     "SELECT x.item_id, x.name, x.description, x.default_rate_cents, x.presence, x.gone_at, x.extra FROM items x",
     "x.name COLLATE NOCASE, x.item_id",
     "",
     {{"ID", "item_id", align::right},
      {"NAME", "name", align::left, true},
      {"RATE", "default_rate_cents", align::right},
      {"DESCRIPTION", "description", align::left, true},
      {"PRESENCE", "presence"}},
     false,
     false,
     false,
     false,
     true,
     false},

    {"account",
     "accounts",
     "account_id",
     "the account that is mirrored",
     "SELECT x.account_id, x.name, x.extra FROM accounts x",
     "x.account_id",
     "",
     {{"ID", "account_id", align::right}, {"NAME", "name", align::left, true}},
     false,
     false,
     false,
     false,
     false,
     false},
};

}  // namespace

std::span<const noun> all_nouns() { return nouns; }

}  // namespace mdock::cli
