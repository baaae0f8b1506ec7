// SPDX-License-Identifier: MIT
#include "tests/minutedock/generator.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/minutedock/billing_generator.h"
#include "tests/minutedock/generator_text.h"
#include "tests/minutedock/random.h"

namespace minutedock {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_days;

struct made {
    state account;
    dice chance;
    account_size size;
    mdock::utc_seconds now;
    std::vector<row_id> user_ids, contact_ids, task_ids;
    std::vector<std::pair<row_id, row_id>> projects_of;  // contact, project
    row_id gone_contact = 0, gone_project = 0, gone_task = 0, gone_user = 0;
};

// Ids grow but not by one, and none is ever given twice.
row_id fresh_id(made& m) {
    m.account.last_id += m.chance.between(1, 7);
    return m.account.last_id;
}

std::optional<std::int64_t> some_rate(dice& chance, unsigned percent) {
    if (!chance.percent(percent)) return std::nullopt;
    constexpr std::array<std::int64_t, 8> rates{0, 4250, 7500, 9000, 12000, 15000, 17550, 25000};
    return chance.one_of(rates);
}

permissions permissions_of(int number) {
    permissions may;
    switch (number) {
        case 0: may.admin = true; break;
        case 2: may.manage_invoices = true; break;
        case 3: may.report_on_others = true; break;
        case 5: may.manage_contacts = may.manage_projects_and_tasks = true; break;
        case 6: may.edit_others = true; break;
        default: break;
    }
    return may;
}

void add_users(made& m) {
    const int count = m.size.users > 0 ? std::max(4, m.size.users) : static_cast<int>(m.chance.between(4, 12));
    for (int i = 0; i < count; ++i) {
        user who;
        who.id = fresh_id(m);
        who.legacy_id = who.id + 100'003;
        who.first_name = text::first_name(m.chance);
        who.last_name = text::last_name(m.chance);
        who.email = "person" + std::to_string(i) + "@example.com";
        who.rate_cents = some_rate(m.chance, 60);
        who.archived = i > 4 && m.chance.percent(30);
        who.may = permissions_of(i);
        m.user_ids.push_back(who.id);
        m.account.users.emplace(who.id, std::move(who));
    }
}

void fill_budget(dice& chance, contact& what) {
    if (!chance.percent(30)) return;
    constexpr std::array<const char*, 5> frequencies{"total", "weekly", "monthly", "quarterly", "yearly"};
    what.budget_type = chance.percent(60) ? "hours" : "billable";
    what.budget_frequency = chance.one_of(frequencies);
    what.budget_target = static_cast<double>(chance.between(1, 2000)) / 4;
    what.budget_progress = static_cast<double>(chance.between(0, 200000)) / 100;
}

void fill_common(made& m, contact& what) {
    what.short_code = text::short_code(what.name);
    if (what.short_code->empty() && m.chance.percent(50)) what.short_code.reset();
    what.active = !m.chance.percent(15);
    what.pinned = m.chance.percent(20);
    what.rate_cents = some_rate(m.chance, 40);
    what.billable = !(what.rate_cents && *what.rate_cents == 0);
    fill_budget(m.chance, what);
}

void add_contacts(made& m) {
    const int likely = std::clamp(m.size.entries / 40, 10, 200);
    const int count = m.size.contacts > 0 ? m.size.contacts : static_cast<int>(m.chance.between(10, likely));
    for (int i = 0; i < count; ++i) {
        contact what;
        what.id = fresh_id(m);
        what.name = text::client_name(m.chance, m.size.oddities);
        fill_common(m, what);
        m.contact_ids.push_back(what.id);
        m.account.contacts.emplace(what.id, std::move(what));
    }
}

void add_projects(made& m) {
    for (const row_id owner : m.contact_ids) {
        const std::int64_t count = m.chance.between(0, 5);
        for (std::int64_t i = 0; i < count; ++i) {
            project what;
            what.id = fresh_id(m);
            what.contact_id = owner;
            what.name = text::project_name(m.chance, m.size.oddities);
            fill_common(m, what);
            m.projects_of.emplace_back(owner, what.id);
            m.account.projects.emplace(what.id, std::move(what));
        }
    }
}

void add_tasks(made& m) {
    const int count = m.size.tasks > 0 ? m.size.tasks : static_cast<int>(m.chance.between(4, 30));
    for (int i = 0; i < count; ++i) {
        task what;
        what.id = fresh_id(m);
        what.name = text::task_name(static_cast<std::size_t>(i));
        what.short_code = text::short_code(what.name);
        what.pinned = m.chance.percent(30);
        what.rate_cents =
            what.short_code.starts_with("unbillable") ? std::optional<std::int64_t>{0} : some_rate(m.chance, 25);
        m.task_ids.push_back(what.id);
        m.account.tasks.emplace(what.id, std::move(what));
    }
}

// Records that are no more, though entries go on naming them.
void delete_some(made& m) {
    if (!m.size.oddities) return;
    m.gone_contact = m.contact_ids[static_cast<std::size_t>(m.chance.below(m.contact_ids.size()))];
    m.account.contacts.at(m.gone_contact).deleted = true;
    for (auto& [id, what] : m.account.projects)
        if (what.contact_id == m.gone_contact) {
            what.deleted = true;
            m.gone_project = id;
        }
    m.gone_task = fresh_id(m);
    m.gone_user = fresh_id(m);
}

// The days that entries fall on, as often as people work on them: many on weekdays, few on weekends, none on some.
std::vector<sys_days> draw_dates(made& m) {
    const sys_days today = floor<days>(m.now);
    const sys_days first = today - days{365 * std::max(1, m.size.years)};
    std::vector<std::pair<sys_days, std::int64_t>> weights;
    std::int64_t total = 0;
    for (sys_days day = first; day <= today + days{10}; day += days{1}) {
        const unsigned weekday = std::chrono::weekday{day}.iso_encoding();
        std::int64_t weight = weekday <= 5 ? m.chance.between(6, 14) : m.chance.between(0, 1);
        if (m.chance.percent(4)) weight = 0;
        if (day > today) weight = m.chance.percent(15) ? 1 : 0;
        if (weight > 0) weights.emplace_back(day, total += weight);
    }
    std::vector<sys_days> dates;
    dates.reserve(static_cast<std::size_t>(m.size.entries));
    for (int i = 0; i < m.size.entries; ++i) {
        const std::int64_t pick = m.chance.between(1, total);
        dates.push_back(
            std::lower_bound(weights.begin(), weights.end(), pick, [](const auto& day, std::int64_t wanted) {
                return day.second < wanted;
            })->first);
    }
    std::sort(dates.begin(), dates.end());
    return dates;
}

void make_dates_odd(made& m, std::vector<sys_days>& dates) {
    if (!m.size.oddities || dates.size() < 50) return;
    constexpr std::array odd{std::chrono::year{1971} / 3 / 4, std::chrono::year{1999} / 12 / 31,
                             std::chrono::year{2000} / 2 / 29, std::chrono::year{2038} / 1 / 20,
                             std::chrono::year{2150} / 7 / 1};
    for (const auto& date : odd)
        if (m.chance.percent(50)) dates[static_cast<std::size_t>(m.chance.below(dates.size()))] = sys_days{date};
}

void place_entry(made& m, entry& what) {
    dice& chance = m.chance;
    if (chance.percent(88)) {
        what.contact = chance.one_of(m.contact_ids);
        if (!m.projects_of.empty() && chance.percent(60)) {
            const auto& [owner, project] = chance.one_of(m.projects_of);
            what.contact = owner;
            what.project = project;
        }
    }
    const unsigned tasks = chance.percent(50) ? 1 : chance.percent(30) ? 2 : chance.percent(20) ? 4 : 0;
    for (unsigned i = 0; i < tasks; ++i) {
        const row_id task = chance.one_of(m.task_ids);
        if (std::find(what.tasks.begin(), what.tasks.end(), task) == what.tasks.end()) what.tasks.push_back(task);
    }
    if (!m.size.oddities) return;
    if (chance.per_mille(8)) what.contact = m.gone_contact;
    if (chance.per_mille(4)) what.project = m.gone_project;
    if (chance.per_mille(4)) what.tasks.push_back(m.gone_task);
    if (chance.per_mille(4)) what.user = m.gone_user;
}

std::int64_t draw_duration(dice& chance) {
    if (chance.percent(2)) return 0;
    if (chance.per_mille(2)) return chance.between(86'400, 900'000);
    return chance.percent(50) ? 900 * chance.between(1, 20) : chance.between(1, 20'000);
}

stamp draw_stamp(made& m, sys_days date) {
    const stamp now{m.now};
    stamp at =
        std::chrono::time_point_cast<milliseconds>(date + hours{9}) + milliseconds{m.chance.between(0, 36'000'000)};
    if (m.chance.percent(15)) at += days{m.chance.between(1, 200)};
    at = std::max(at, now - days{366 * (m.size.years + 1)});
    return std::min(at, now - milliseconds{m.chance.between(0, 7'200'000)});
}

void add_entries(made& m) {
    std::vector<sys_days> dates = draw_dates(m);
    make_dates_odd(m, dates);
    std::vector<row_id> ids;
    for (std::size_t i = 0; i < dates.size(); ++i) ids.push_back(fresh_id(m));
    for (std::size_t i = 0; i + 1 < ids.size(); i += 10)
        std::swap(ids[i], ids[static_cast<std::size_t>(m.chance.below(ids.size()))]);
    stamp bulk{};
    for (std::size_t i = 0; i < dates.size(); ++i) {
        // Now and then a stretch of entries was edited in one go and has one stamp.
        if (i % 100 == 0) bulk = m.chance.percent(8) ? draw_stamp(m, dates[i]) : stamp{};
        entry what;
        what.id = ids[i];
        what.user = m.chance.one_of(m.user_ids);
        what.date = dates[i];
        what.duration = draw_duration(m.chance);
        what.description = text::entry_description(m.chance, m.size.oddities);
        place_entry(m, what);
        what.locked = m.chance.percent(3);
        what.updated_at = bulk != stamp{} ? bulk : draw_stamp(m, what.date);
        m.account.entries.put(std::move(what));
    }
}

void add_docks(made& m) {
    for (const row_id who : m.user_ids) {
        dock d;
        if (m.chance.percent(55)) {
            d.entry_id = fresh_id(m);
            const auto& chosen = m.chance.one_of(m.contact_ids);
            if (m.chance.percent(70)) d.contact = chosen;
            if (m.chance.percent(60)) d.tasks.push_back(m.chance.one_of(m.task_ids));
            d.description = m.chance.percent(80) ? text::entry_description(m.chance, m.size.oddities) : "";
            d.seconds = m.chance.between(0, 9000);
            if (m.chance.percent(60)) d.running_since = m.now - seconds{m.chance.between(0, 4000)};
            d.begun_on = floor<days>(m.now);
            d.version_number = m.chance.between(1, 60);
            d.version_client_id = "web-app";
            d.version_id = "550e8400-e29b-41d4-a716-" + std::to_string(446655440000 + who);
        }
        m.account.docks.emplace(who, std::move(d));
    }
}

std::string email_of(const made& m, std::size_t number) { return m.account.users.at(m.user_ids[number]).email; }

void add_credentials(made& m) {
    // The limited person sees the first few contacts only.
    const auto few = static_cast<std::ptrdiff_t>(std::min<std::size_t>(4, m.contact_ids.size()));
    m.account.users.at(m.user_ids[3]).allowed_contacts =
        std::vector<row_id>(m.contact_ids.begin(), m.contact_ids.begin() + few);
    const row_id here = m.account.account_id;
    const auto give = [&](std::string_view text, std::size_t number, row_id account, bool revoked = false) {
        m.account.credentials.push_back({std::string{text}, email_of(m, number), account, revoked});
    };
    give(admin_token, 0, here);
    give(plain_token, 1, here);
    give(invoices_token, 2, here);
    give(limited_token, 3, here);
    give(revoked_token, 0, here, true);
    give(admin_key, 0, 0);
    give(plain_key, 1, 0);
}

made begin(std::uint64_t seed, account_size size, mdock::utc_seconds now) {
    made m{{}, dice{seed}, size, now, {}, {}, {}, {}, 0, 0, 0, 0};
    m.account.last_id = m.chance.between(1000, 8'000'000);
    m.account.account_id = fresh_id(m);
    m.account.account_name = text::client_name(m.chance, false);
    m.account.zone_minutes = static_cast<int>(m.chance.between(-44, 52)) * 15;
    m.account.rate_cents = some_rate(m.chance, 50);
    return m;
}

void fill(made& m) {
    add_users(m);
    add_contacts(m);
    add_projects(m);
    add_tasks(m);
    delete_some(m);
    add_entries(m);
    add_billing(m.account, m.chance, m.size, m.now);
    add_docks(m);
    add_credentials(m);
    if (m.chance.percent(30)) m.account.lockout_date = floor<days>(m.now) - days{m.chance.between(30, 400)};
}

}  // namespace

state generate_account(std::uint64_t seed, account_size size, mdock::utc_seconds now) {
    made m = begin(seed, size, now);
    fill(m);
    account_size small;
    small.entries = 30;
    small.years = 1;
    small.users = 4;
    made next_door = begin(seed ^ 0x6e657874U, small, now);
    next_door.account.account_id += 50'000'000;  // never the first account's number
    fill(next_door);
    const row_id there = next_door.account.account_id;
    next_door.account.credentials.clear();
    m.account.credentials.push_back({std::string{neighbour_token}, email_of(m, 0), there, false});
    m.account.neighbours.push_back(std::move(next_door.account));
    return std::move(m.account);
}

}  // namespace minutedock
