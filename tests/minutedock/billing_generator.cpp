// SPDX-License-Identifier: MIT
#include "tests/minutedock/billing_generator.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/base/decimal.h"

namespace minutedock {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::milliseconds;
using std::chrono::sys_days;

constexpr std::array<const char*, 4> currencies{"USD", "USD", "NZD", "EUR"};

template <class Map>
row_id any_key(dice& chance, const Map& from) {
    if (from.empty()) return 0;
    auto at = from.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(chance.below(from.size())));
    return at->first;
}

stamp some_time_after(dice& chance, sys_days date, mdock::utc_seconds now) {
    const stamp at =
        std::chrono::time_point_cast<milliseconds>(date) + milliseconds{chance.between(30'000'000, 900'000'000)};
    return std::min(at, stamp{now} - milliseconds{chance.between(1'000, 7'200'000)});
}

void add_items(state& account, dice& chance) {
    const std::int64_t count = chance.between(0, 12);
    for (std::int64_t i = 0; i < count; ++i) {
        item what;
        what.id = account.new_id();
        what.name = "Item " + std::to_string(i + 1);
        if (chance.percent(60))
            what.description = chance.percent(20) ? "" : "Charged per unit \u2013 " + std::to_string(i);
        if (chance.percent(85)) what.rate_cents = chance.between(0, 50'000);
        account.items.emplace(what.id, std::move(what));
    }
}

// A price; some have more decimals than money has.
std::string some_price(dice& chance, std::int64_t& cents_each) {
    cents_each = chance.between(1, 40'000);
    if (!chance.percent(10)) return mdock::format_cents(cents_each);
    return mdock::format_cents(cents_each) + std::to_string(chance.between(11, 99));
}

void add_expenses(state& account, dice& chance, const account_size& size, mdock::utc_seconds now) {
    const int count = size.expenses >= 0 ? size.expenses : std::clamp(size.entries / 40, 5, 20'000);
    for (int i = 0; i < count; ++i) {
        expense what;
        what.id = account.new_id();
        what.user = any_key(chance, account.users);
        if (chance.percent(80)) what.contact = any_key(chance, account.contacts);
        if (chance.percent(30)) what.project = any_key(chance, account.projects);
        if (chance.percent(50)) what.item = any_key(chance, account.items);
        what.description =
            chance.percent(10) ? "" : "Expense " + std::to_string(i) + (chance.percent(10) ? " \u20ac" : "");
        what.quantity_hundredths = chance.percent(60) ? 100 * chance.between(1, 9) : chance.between(1, 2000);
        std::int64_t each = 0;
        what.unit_amount = some_price(chance, each);
        what.amount_cents = (each * what.quantity_hundredths + 50) / 100;
        what.currency = chance.one_of(currencies);
        what.date = floor<days>(now) - days{chance.between(0, 365 * size.years)};
        what.manually_invoiced = chance.percent(10);
        what.written_off = chance.percent(5);
        what.created_at = some_time_after(chance, what.date, now);
        what.updated_at = std::max(what.created_at, some_time_after(chance, what.date, now));
        account.expenses.emplace(what.id, std::move(what));
    }
}

void add_line(state& account, dice& chance, invoice& to) {
    invoice_line line;
    line.id = account.new_id();
    line.position = static_cast<int>(to.lines.size()) + (chance.percent(80) ? 1 : 0);
    line.description = chance.percent(10) ? ""
                                          : "Line " + std::to_string(to.lines.size() + 1) +
                                                (chance.percent(10) ? "\nsecond line" : "");
    const bool discount = chance.percent(8);
    const std::int64_t quarters = chance.between(1, 80);
    std::int64_t each = chance.between(500, 20'000) * (discount ? -1 : 1);
    line.quantity = mdock::format_cents(quarters * 25);
    line.unit_amount = mdock::format_cents(each);
    line.subtotal_cents = quarters * 25 * each / 100;
    line.tax_cents = chance.percent(50) ? line.subtotal_cents * 15 / 100 : 0;
    line.total_cents = line.subtotal_cents + line.tax_cents;
    to.subtotal_cents += line.subtotal_cents;
    to.tax_cents += line.tax_cents;
    to.total_cents += line.total_cents;
    to.lines.push_back(std::move(line));
}

void make_sent(dice& chance, invoice& what, mdock::utc_seconds now) {
    constexpr std::array<const char*, 5> services{"xero", "quickbooks", "freshbooks", "wave", "myob"};
    what.status = "sent";
    what.sent_at = some_time_after(chance, what.date, now);
    if (!chance.percent(60)) return;
    what.delivery_service = chance.one_of(services);
    what.delivery_ref = "remote-" + std::to_string(chance.below(1'000'000));
}

void add_invoices(state& account, dice& chance, const account_size& size, mdock::utc_seconds now) {
    const int count = size.invoices >= 0 ? size.invoices : std::clamp(size.entries / 100, 4, 20'000);
    for (int i = 0; i < count; ++i) {
        invoice what;
        what.id = account.new_id();
        what.contact = any_key(chance, account.contacts);
        what.date = floor<days>(now) - days{chance.between(0, 365 * size.years)};
        if (chance.percent(90)) what.due_date = what.date + days{chance.between(0, 60)};
        if (chance.percent(85)) what.number = "INV-" + std::to_string(1000 + i);
        if (chance.percent(40)) what.reference = chance.percent(20) ? "" : "PO " + std::to_string(chance.below(9999));
        if (chance.percent(75)) make_sent(chance, what, now);
        what.archived = chance.percent(25);
        what.currency = chance.one_of(currencies);
        what.created_at = some_time_after(chance, what.date, now);
        what.updated_at = std::max(what.created_at, some_time_after(chance, what.date, now));
        const std::int64_t lines = chance.percent(5) ? 0 : chance.between(1, 8);
        for (std::int64_t n = 0; n < lines; ++n) add_line(account, chance, what);
        account.invoices.emplace(what.id, std::move(what));
    }
}

// Most older entries of a contact went into its next invoice; a few name an invoice that nobody can see.
void invoice_entries(state& account, dice& chance, bool oddities) {
    std::map<row_id, std::vector<std::pair<sys_days, row_id>>> by_contact;
    for (const auto& [id, what] : account.invoices) by_contact[what.contact].emplace_back(what.date, id);
    for (auto& [contact, those] : by_contact) std::sort(those.begin(), those.end());
    const row_id hidden = account.new_id();
    std::vector<entry> changed;
    account.entries.for_each([&](const entry& what) {
        row_id into = oddities && chance.per_mille(3) ? hidden : 0;
        if (const auto found = by_contact.find(what.contact);
            into == 0 && found != by_contact.end() && chance.percent(60)) {
            const auto next =
                std::lower_bound(found->second.begin(), found->second.end(), std::pair{what.date, row_id{0}});
            if (next != found->second.end()) into = next->second;
        }
        if (into == 0) return;
        changed.push_back(what);
        changed.back().invoice = into;
    });
    for (entry& what : changed) account.entries.put(std::move(what));
    for (auto& [id, what] : account.expenses)
        if (!what.manually_invoiced && chance.percent(20)) what.invoice = any_key(chance, account.invoices);
}

}  // namespace

void add_billing(state& account, dice& chance, const account_size& size, mdock::utc_seconds now) {
    add_items(account, chance);
    add_expenses(account, chance, size, now);
    add_invoices(account, chance, size, now);
    invoice_entries(account, chance, size.oddities);
}

}  // namespace minutedock
