// SPDX-License-Identifier: MIT
#include "tests/sim/account.h"

#include <array>

#include "core/base/decimal.h"
#include "tests/minutedock/generator.h"
#include "tests/minutedock/random.h"
#include "tests/sim/timeline.h"

namespace mdock::sim {
namespace {

using minutedock::dice;
using minutedock::row_id;
using std::chrono::days;
using std::chrono::milliseconds;

template <class Map>
row_id any_of(dice& chance, const Map& from) {
    if (from.empty()) return 0;
    auto at = from.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(chance.below(from.size())));
    return at->first;
}

void add_users(minutedock::state& a, dice& chance) {
    for (int i = 0; i < 4; ++i) {
        minutedock::user who;
        who.id = a.new_id();
        who.legacy_id = who.id + 100'003;
        who.first_name = "Person";
        who.last_name = std::string(1, static_cast<char>('A' + i));
        who.email = "person" + std::to_string(i) + "@example.com";
        if (chance.percent(50)) who.rate_cents = chance.between(1, 200) * 100;
        who.may.admin = i == 0;
        who.may.manage_invoices = i == 2;
        who.may.report_on_others = i == 3;
        a.users.emplace(who.id, who);
        if (!chance.percent(50)) {
            a.docks.emplace(who.id, minutedock::dock{});
            continue;
        }
        minutedock::dock d;
        d.entry_id = a.new_id();
        d.description = "in the dock";
        d.seconds = chance.between(0, 4000);
        if (chance.percent(50)) d.running_since = yard_begin - std::chrono::seconds{chance.between(0, 4000)};
        d.begun_on = std::chrono::floor<days>(yard_begin);
        d.version_number = chance.between(1, 9);
        d.version_client_id = "web-app";
        d.version_id = "version-" + std::to_string(who.id);
        a.docks.emplace(who.id, std::move(d));
    }
}

void add_lists(minutedock::state& a, dice& chance) {
    const auto contacts = chance.between(1, 4);
    for (std::int64_t i = 0; i < contacts; ++i) {
        minutedock::contact what;
        what.id = a.new_id();
        what.name = "Client " + std::to_string(i);
        what.short_code = "c" + std::to_string(i);
        what.active = !chance.percent(20);
        if (chance.percent(40)) what.rate_cents = chance.between(0, 9) * 1000;
        what.billable = !(what.rate_cents && *what.rate_cents == 0);
        a.contacts.emplace(what.id, what);
        if (!chance.percent(60)) continue;
        minutedock::project under;
        static_cast<minutedock::contact&>(under) = what;
        under.id = a.new_id();
        under.contact_id = what.id;
        under.name = "Project " + std::to_string(i);
        a.projects.emplace(under.id, std::move(under));
    }
    const auto tasks = chance.between(1, 3);
    for (std::int64_t i = 0; i < tasks; ++i) {
        minutedock::task what;
        what.id = a.new_id();
        what.name = "Task " + std::to_string(i);
        what.short_code = "t" + std::to_string(i);
        a.tasks.emplace(what.id, std::move(what));
    }
    const auto items = chance.between(0, 3);
    for (std::int64_t i = 0; i < items; ++i) {
        minutedock::item what;
        what.id = a.new_id();
        what.name = "Item " + std::to_string(i);
        what.rate_cents = chance.between(0, 500);
        a.items.emplace(what.id, std::move(what));
    }
}

minutedock::stamp some_stamp(dice& chance, minutedock::stamp bulk) {
    if (chance.percent(30)) return bulk;
    return minutedock::stamp{yard_begin} - milliseconds{chance.between(1000, 3'000'000)};
}

void add_entries(minutedock::state& a, dice& chance, int entries) {
    // Long accounts have most of their rows on days that a proof counts and does not read.
    const auto spread = chance.between(0, entries > 100 ? 30 : 5);
    // More on one day, for one person and client, than a page may hold (P07).
    const bool is_crowded = entries > 100 && chance.percent(60);
    const auto bulk = minutedock::stamp{yard_begin} - milliseconds{chance.between(0, 900'000)};
    for (int i = 0; i < entries; ++i) {
        minutedock::entry what;
        what.id = a.new_id();
        what.user = any_of(chance, a.users);
        if (chance.percent(80)) what.contact = any_of(chance, a.contacts);
        if (chance.percent(30)) what.project = any_of(chance, a.projects);
        if (chance.percent(50)) what.tasks.push_back(any_of(chance, a.tasks));
        what.description = "work " + std::to_string(i);
        what.duration = 900 * chance.between(0, 8);
        what.date = std::chrono::floor<days>(yard_begin) - days{chance.between(0, spread) * (chance.percent(20) ? 20 : 1)};
        what.updated_at = some_stamp(chance, bulk);
        if (is_crowded) {
            what.user = a.users.begin()->first;
            what.contact = 0;
            what.date = std::chrono::floor<days>(yard_begin);
        }
        a.entries.put(std::move(what));
    }
}

void add_billing(minutedock::state& a, dice& chance) {
    const auto today = std::chrono::floor<days>(yard_begin);
    const auto expenses = chance.between(0, 4);
    for (std::int64_t i = 0; i < expenses; ++i) {
        minutedock::expense what;
        what.id = a.new_id();
        what.user = any_of(chance, a.users);
        what.contact = any_of(chance, a.contacts);
        what.item = any_of(chance, a.items);
        what.description = "cost " + std::to_string(i);
        what.amount_cents = chance.between(1, 9000);
        what.unit_amount = format_cents(what.amount_cents);
        what.currency = "USD";
        what.date = today - days{chance.between(0, 9)};
        what.created_at = what.updated_at = some_stamp(chance, minutedock::stamp{yard_begin} - milliseconds{5000});
        a.expenses.emplace(what.id, std::move(what));
    }
    const auto invoices = chance.between(0, 2);
    for (std::int64_t i = 0; i < invoices; ++i) {
        minutedock::invoice what;
        what.id = a.new_id();
        what.contact = any_of(chance, a.contacts);
        what.number = "INV-" + std::to_string(i);
        what.date = today - days{chance.between(0, 9)};
        what.archived = chance.percent(25);
        what.currency = "USD";
        what.created_at = what.updated_at = some_stamp(chance, minutedock::stamp{yard_begin} - milliseconds{5000});
        if (chance.percent(60)) {
            minutedock::invoice_line line;
            line.id = a.new_id();
            line.position = 1;
            line.description = "hours";
            line.quantity = "1.00";
            line.unit_amount = "90.00";
            line.subtotal_cents = line.total_cents = 9000;
            what.lines.push_back(line);
            what.subtotal_cents = what.total_cents = 9000;
        }
        a.invoices.emplace(what.id, std::move(what));
    }
}

void add_credentials(minutedock::state& a) {
    constexpr std::array tokens{minutedock::admin_token, minutedock::plain_token, minutedock::invoices_token,
                                minutedock::limited_token};
    std::size_t i = 0;
    for (auto& [id, who] : a.users) {
        a.credentials.push_back({std::string(tokens[i]), who.email, a.account_id, false});
        if (tokens[i] == minutedock::limited_token && !a.contacts.empty())
            who.allowed_contacts = std::vector<row_id>{a.contacts.begin()->first};
        ++i;
    }
}

}  // namespace

minutedock::state dense_account(std::uint64_t seed, int entries) {
    dice chance{seed};
    minutedock::state a;
    a.last_id = chance.between(1000, 9000);
    a.account_id = a.new_id();
    a.account_name = "Yard";
    a.zone_minutes = static_cast<int>(chance.between(-44, 52)) * 15;
    if (chance.percent(50)) a.rate_cents = 5000;
    add_users(a, chance);
    add_lists(a, chance);
    add_entries(a, chance, entries);
    add_billing(a, chance);
    add_credentials(a);
    return a;
}

}  // namespace mdock::sim
