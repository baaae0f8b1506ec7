// SPDX-License-Identifier: MIT
// What the make-believe MinuteDock knows: one account's records, its people's docks and its credentials. Entries are
// kept in a book with an index by day, so that accounts of a million entries answer as fast as small ones.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/minutedock/entry_book.h"

namespace minutedock {

// What a person may do; names as in MinuteDock's own screen.
struct permissions {
    bool admin = false;
    bool manage_invoices = false;
    bool manage_contacts = false;
    bool manage_projects_and_tasks = false;
    bool report_on_others = false;
    bool edit_others = false;
};

struct user {
    row_id id = 0;         // user_account_id
    row_id legacy_id = 0;  // the deprecated user id, another number on purpose
    std::string email;
    std::string first_name;
    std::string last_name;
    std::optional<std::int64_t> rate_cents;
    bool archived = false;
    permissions may;
    std::optional<std::vector<row_id>> allowed_contacts;
};

// Contacts and projects have the same fields but for the project's contact.
struct contact {
    row_id id = 0;
    std::string name;
    std::optional<std::string> short_code;
    bool active = true;
    bool pinned = false;
    bool billable = true;
    std::optional<std::string> budget_type;
    std::optional<std::string> budget_frequency;
    std::optional<double> budget_target;
    std::optional<double> budget_progress;
    std::optional<std::int64_t> rate_cents;
    bool deleted = false;  // gone from every list; entries go on pointing at it
};

struct project : contact {
    row_id contact_id = 0;
};

struct task {
    row_id id = 0;
    std::string name;
    std::string short_code;
    bool pinned = false;
    std::optional<std::int64_t> rate_cents;
    bool deleted = false;
};

struct item {
    row_id id = 0;
    std::string name;
    std::optional<std::string> description;
    std::optional<std::int64_t> rate_cents;
};

struct expense {
    row_id id = 0;
    row_id user = 0;
    row_id contact = 0;
    row_id project = 0;
    row_id item = 0;
    row_id invoice = 0;
    std::string description;
    std::int64_t quantity_hundredths = 100;
    std::string unit_amount;  // decimal text, sometimes with more than two decimals
    std::int64_t amount_cents = 0;
    std::string currency;
    std::chrono::sys_days date{};
    bool manually_invoiced = false;
    bool written_off = false;
    stamp created_at{};
    stamp updated_at{};
};

struct invoice_line {
    row_id id = 0;
    int position = 0;
    std::string description;
    std::string quantity;
    std::string unit_amount;
    std::int64_t subtotal_cents = 0;
    std::int64_t tax_cents = 0;
    std::int64_t total_cents = 0;
};

struct invoice {
    row_id id = 0;
    row_id contact = 0;
    std::optional<std::string> number;
    std::optional<std::string> reference;
    std::string status = "draft";
    std::optional<stamp> sent_at;
    bool archived = false;
    std::chrono::sys_days date{};
    std::optional<std::chrono::sys_days> due_date;
    std::string currency;
    std::int64_t subtotal_cents = 0;
    std::int64_t tax_cents = 0;
    std::int64_t total_cents = 0;
    std::string delivery_service;  // empty: not delivered
    std::string delivery_ref;
    stamp created_at{};
    stamp updated_at{};
    std::vector<invoice_line> lines;
};

// One person's timer. An idle dock has no content and does not run.
struct dock {
    row_id entry_id = 0;  // the row that this will become; 0 while idle
    row_id contact = 0;
    row_id project = 0;
    std::vector<row_id> tasks;
    std::optional<std::string> description;
    std::int64_t seconds = 0;  // up to `running_since`
    std::optional<mdock::utc_seconds> running_since;
    std::optional<std::chrono::sys_days> begun_on;
    std::string version_id;
    std::string version_client_id;
    std::int64_t version_number = 0;

    bool idle() const { return entry_id == 0; }
    std::int64_t duration(mdock::utc_seconds now) const {
        return running_since ? seconds + std::max<std::int64_t>(0, (now - *running_since).count()) : seconds;
    }
};

// A personal access token, or a legacy key (which is not bound to an account).
struct credential {
    std::string text;
    std::string user_email;  // whose it is, in every account
    row_id account_id = 0;   // 0 for a legacy key
    bool revoked = false;
};

// A change that lists and reports do not show yet (commit lag).
struct late_change {
    stamp visible_at{};
    row_id id = 0;
    std::optional<entry> becomes;  // nothing: it is deleted
};

struct state {
    row_id account_id = 0;
    std::string account_name;
    std::string currency = "USD";
    std::optional<std::int64_t> rate_cents;             // the account's default rate
    std::optional<std::chrono::sys_days> lockout_date;  // entries up to it are locked, but not for admins
    int zone_minutes = 0;
    bool expenses_enabled = true;
    row_id last_id = 0;

    std::map<row_id, user> users;
    std::map<row_id, contact> contacts;
    std::map<row_id, project> projects;
    std::map<row_id, task> tasks;
    std::map<row_id, item> items;
    std::map<row_id, expense> expenses;
    std::map<row_id, invoice> invoices;
    entry_book entries;                   // what lists show
    std::vector<late_change> late;        // in the order of becoming visible, for each id
    std::map<row_id, dock> docks;         // by user_account_id
    std::vector<credential> credentials;  // of the first account only
    std::vector<state> neighbours;        // other accounts of the same people

    row_id new_id() { return ++last_id; }

    // The newest version of an entry, shown by lists or not; null when there is none (any more).
    const entry* latest(row_id id) const;
    // Records a change that lists show from `visible_at` on, at once when that is not after `at`.
    void write_entry(row_id id, std::optional<entry> becomes, stamp at, stamp visible_at);
    // Lets the changes become visible whose time has come.
    void settle(stamp at);
    const user* user_by_email(std::string_view email) const;
};

// The rate that MinuteDock computes for an entry: task, else project, contact, user, account. Null: none is set.
std::optional<std::int64_t> billing_rate(const state& account, const entry& of);

// An entry that nobody but, with `by_admin`, an admin may change.
bool is_locked(const state& account, const entry& what, bool by_admin);

// What people do in the web application and the API does not offer. All keep the index right and stamp as MinuteDock
// is assumed to.
void merge_contacts(state& account, row_id from, row_id into);  // entries, projects, invoices move, unstamped
void attach_to_invoice(state& account, row_id invoice, const std::vector<row_id>& entries,
                       std::optional<stamp> stamped);
void delete_invoice(state& account, row_id invoice);  // its entries become free, unstamped
void strip_task(state& account, row_id task, std::optional<stamp> stamped);

}  // namespace minutedock
