// SPDX-License-Identifier: MIT
// Reading entries, expenses and invoices: newest date first, cut by limit and offset. Entries are written straight from
// the book, day by day, so that a page costs its own rows and not the account's.
#include <algorithm>

#include "tests/minutedock/asked.h"
#include "tests/minutedock/paging.h"
#include "tests/minutedock/selection.h"

namespace minutedock {
namespace {

// Puts rows of equal date into the order that the switches ask for; they come newest id first.
template <class Row>
void order_ties(const asked& r, std::vector<const Row*>& rows) {
    if (r.how.tie_order == tie_order::oldest_id) std::reverse(rows.begin(), rows.end());
    if (r.how.tie_order == tie_order::random) r.chance.shuffle(rows);
}

// Counts off an offset and a limit over rows that come in runs.
class window_of_rows {
public:
    explicit window_of_rows(const page& which) : skip_(which.offset), left_(which.limit) {}
    bool is_full() const { return left_ == 0; }
    bool wants_next() {
        if (skip_ > 0) {
            --skip_;
            return false;
        }
        if (left_ == 0) return false;
        --left_;
        return true;
    }

private:
    std::size_t skip_;
    std::size_t left_;
};

void write_docked(asked& r, const selection& which, row_writer& rows, window_of_rows& window) {
    if (!r.how.docked_in_list) return;
    for (const auto& [user, what] : docked_in(r, which))
        if (window.wants_next()) rows.docked_entry_row(*what, user, r.now);
}

// A list of `from` in order of date, newest first, of what passes.
template <class Map, class Passes, class Write>
void write_dated(asked& r, const Map& from, const page& which, Passes passes, Write write) {
    using row_type = typename Map::mapped_type;
    std::map<std::chrono::sys_days, std::vector<const row_type*>, std::greater<>> by_date;
    for (auto one = from.rbegin(); one != from.rend(); ++one)
        if (which.holds(one->second.date) && is_since(which, r.how, one->second.updated_at) && passes(one->second))
            by_date[one->second.date].push_back(&one->second);
    row_writer rows = r.rows();
    window_of_rows window{which};
    rows.json.begin_array();
    for (auto& [date, those] : by_date) {
        order_ties(r, those);
        for (const row_type* one : those)
            if (window.wants_next()) write(rows, *one);
    }
    rows.json.end_array();
}

bool refuse_expenses(const asked& r) {
    switch (r.how.expenses) {
        case endpoint::open: break;
        case endpoint::status_403: refuse(r, 403, "You do not have access to this resource"); return true;
        case endpoint::status_404: refuse(r, 404, "Not found"); return true;
        case endpoint::status_422: refuse(r, 422, "Expenses are not enabled for this account"); return true;
    }
    if (r.account.expenses_enabled) return false;
    refuse(r, 422, "Expenses are not enabled for this account");
    return true;
}

list_filter one_of(const asked& r, const std::string& name) {
    const std::string* text = r.parameter(name);
    return text == nullptr || text->empty() ? list_filter{} : filter_of_text(*text);
}

bool passes_invoice_filters(const asked& r, const list_filter& contacts, const invoice& what) {
    if (!contacts.matches(what.contact) || !r.who.is_allowed_contact(what.contact)) return false;
    if (what.archived != is_on(r, "archived")) return false;
    if (is_on(r, "sent_only") && what.status != "sent") return false;
    return !(is_on(r, "draft_only") && what.status != "draft");
}

}  // namespace

void list_entries(asked& r) {
    const auto which = selection_of_query(r);
    if (!which) return;
    row_writer rows = r.rows();
    window_of_rows window{which->window};
    rows.json.begin_array();
    write_docked(r, *which, rows, window);
    std::vector<const entry*> tied;
    walk_days(r.account.entries, which->window, [&](std::chrono::sys_days, const entry_book::day& those) {
        if (!is_since(which->window, r.how, those.newest_change)) return true;
        tied.clear();
        for (const std::uint32_t slot : those.slots) {
            const entry& what = r.account.entries.at(slot);
            if (is_since(which->window, r.how, what.updated_at) && which->passes(r, what)) tied.push_back(&what);
        }
        order_ties(r, tied);
        for (const entry* what : tied)
            if (window.wants_next()) rows.entry_row(*what);
        return !window.is_full();
    });
    rows.json.end_array();
}

void show_entry(asked& r, row_id id) {
    if (const entry* what = r.account.latest(id); what != nullptr) {
        if (!r.who.sees(*what)) return refuse_unseen(r, true, false);
        r.rows().entry_row(*what);
        return;
    }
    for (const auto& [user, what] : r.account.docks)
        if (what.entry_id == id && id != 0 && (user == r.who.id() || r.who.sees_others_time())) {
            r.rows().docked_entry_row(what, user, r.now);
            return;
        }
    refuse_unseen(r, false, r.account.entries.once_had(id) || r.account.entries.find(id) != nullptr);
}

void list_expenses(asked& r) {
    if (refuse_expenses(r)) return;
    const auto which = page_of(r);
    if (!which) return;
    const list_filter contacts = one_of(r, "contact_id");
    const list_filter projects = one_of(r, "project_id");
    const list_filter users = r.who.is_admin() ? one_of(r, "user_account_id") : list_filter{};
    const auto passes = [&](const expense& what) {
        const bool is_invoiced = what.invoice != 0 || what.manually_invoiced;
        if ((is_on(r, "invoiced_only") && !is_invoiced) || (is_on(r, "uninvoiced_only") && is_invoiced)) return false;
        return r.who.sees(what) && contacts.matches(what.contact) && projects.matches(what.project) &&
               users.matches(what.user);
    };
    write_dated(r, r.account.expenses, *which, passes,
                [](row_writer& rows, const expense& what) { rows.expense_row(what); });
}

void list_invoices(asked& r) {
    if (!r.who.sees_invoices()) return refuse(r, 403, "You need the permission to manage invoices");
    const auto which = page_of(r);
    if (!which) return;
    const list_filter contacts = one_of(r, "contact_id");
    write_dated(
        r, r.account.invoices, *which, [&](const invoice& what) { return passes_invoice_filters(r, contacts, what); },
        [](row_writer& rows, const invoice& what) { rows.invoice_row(what, false); });
}

void show_invoice(asked& r, row_id id) {
    if (!r.who.sees_invoices()) return refuse(r, 403, "You need the permission to manage invoices");
    const auto found = r.account.invoices.find(id);
    if (found == r.account.invoices.end()) return refuse_unseen(r, false, false);
    if (!r.who.is_allowed_contact(found->second.contact)) return refuse_unseen(r, true, false);
    r.rows().invoice_row(found->second, true);
}

}  // namespace minutedock
