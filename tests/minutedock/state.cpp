// SPDX-License-Identifier: MIT
#include "tests/minutedock/state.h"

#include <algorithm>
#include <utility>

namespace minutedock {

const entry* state::latest(row_id id) const {
    for (auto change = late.rbegin(); change != late.rend(); ++change)
        if (change->id == id) return change->becomes ? &*change->becomes : nullptr;
    return entries.find(id);
}

void state::write_entry(row_id id, std::optional<entry> becomes, stamp at, stamp visible_at) {
    // Changes of one row never overtake each other.
    for (const late_change& earlier : late)
        if (earlier.id == id) visible_at = std::max(visible_at, earlier.visible_at);
    if (visible_at > at) {
        late.push_back({visible_at, id, std::move(becomes)});
    } else if (becomes) {
        entries.put(std::move(*becomes));
    } else {
        entries.erase(id);
    }
}

void state::settle(stamp at) {
    if (late.empty()) return;
    std::vector<late_change> waiting;
    for (late_change& change : late) {
        if (change.visible_at > at) {
            waiting.push_back(std::move(change));
        } else if (change.becomes) {
            entries.put(std::move(*change.becomes));
        } else {
            entries.erase(change.id);
        }
    }
    late = std::move(waiting);
}

const user* state::user_by_email(std::string_view email) const {
    for (const auto& [id, who] : users)
        if (who.email == email) return &who;
    return nullptr;
}

std::optional<std::int64_t> billing_rate(const state& account, const entry& of) {
    // Deleted records no longer set a rate, as nobody could see why.
    for (const row_id id : of.tasks) {
        const auto found = account.tasks.find(id);
        if (found != account.tasks.end() && !found->second.deleted && found->second.rate_cents)
            return found->second.rate_cents;
    }
    if (const auto found = account.projects.find(of.project);
        found != account.projects.end() && !found->second.deleted && found->second.rate_cents)
        return found->second.rate_cents;
    if (const auto found = account.contacts.find(of.contact);
        found != account.contacts.end() && !found->second.deleted && found->second.rate_cents)
        return found->second.rate_cents;
    if (const auto found = account.users.find(of.user); found != account.users.end() && found->second.rate_cents)
        return found->second.rate_cents;
    return account.rate_cents;
}

bool is_locked(const state& account, const entry& what, bool by_admin) {
    if (what.locked || what.invoice != 0) return true;
    return !by_admin && account.lockout_date && what.date <= *account.lockout_date;
}

namespace {

// Rewrites each entry that `changes` and returns true for; `changes` edits a copy.
template <class Change>
void rewrite_entries(state& account, Change changes) {
    std::vector<entry> changed;
    account.entries.for_each([&](const entry& what) {
        entry copy = what;
        if (changes(copy)) changed.push_back(std::move(copy));
    });
    for (entry& what : changed) account.entries.put(std::move(what));
    for (late_change& change : account.late)
        if (change.becomes) changes(*change.becomes);
}

}  // namespace

void merge_contacts(state& account, row_id from, row_id into) {
    rewrite_entries(account, [&](entry& what) {
        if (what.contact != from) return false;
        what.contact = into;
        return true;
    });
    for (auto& [id, what] : account.projects)
        if (what.contact_id == from) what.contact_id = into;
    for (auto& [id, what] : account.invoices)
        if (what.contact == from) what.contact = into;
    for (auto& [id, what] : account.expenses)
        if (what.contact == from) what.contact = into;
    account.contacts.at(from).deleted = true;
}

void attach_to_invoice(state& account, row_id invoice, const std::vector<row_id>& entries,
                       std::optional<stamp> stamped) {
    for (const row_id id : entries) {
        const entry* what = account.entries.find(id);
        if (what == nullptr) continue;
        entry copy = *what;
        copy.invoice = invoice;
        if (stamped) copy.updated_at = *stamped;
        account.entries.put(std::move(copy));
    }
}

void delete_invoice(state& account, row_id invoice) {
    rewrite_entries(account, [&](entry& what) {
        if (what.invoice != invoice) return false;
        what.invoice = 0;
        return true;
    });
    account.invoices.erase(invoice);
}

void strip_task(state& account, row_id task, std::optional<stamp> stamped) {
    rewrite_entries(account, [&](entry& what) {
        if (std::erase(what.tasks, task) == 0) return false;
        if (stamped) what.updated_at = *stamped;
        return true;
    });
}

}  // namespace minutedock
