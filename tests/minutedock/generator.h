// SPDX-License-Identifier: MIT
// Makes lifelike accounts: people, clients, projects, years of entries with a weekday rhythm, and every oddity that a
// real account has (unicode, ties, dangling ids, archived, locked and invoiced rows). Same arguments, same account.
#pragma once

#include <cstdint>
#include <string_view>

#include "tests/minutedock/state.h"

namespace minutedock {

struct account_size {
    int entries = 2000;
    int years = 3;      // the entries' dates reach back so far, but for a few odd ones
    int users = 0;      // 0: drawn, 4 to 12
    int contacts = 0;   // 0: drawn, 10 to 200 but not more than the entries make likely
    int tasks = 0;      // 0: drawn, 4 to 30
    int invoices = -1;  // -1: as many as the entries make likely
    int expenses = -1;
    bool oddities = true;  // dangling ids, odd dates, odd text; false: a tidy account
};

// The credentials of every generated account.
inline constexpr std::string_view admin_token = "mdt-admin-0001";
inline constexpr std::string_view plain_token = "mdt-plain-0002";          // own entries only, no rates
inline constexpr std::string_view invoices_token = "mdt-invoices-0003";    // Manage Invoices, not admin
inline constexpr std::string_view limited_token = "mdt-limited-0004";      // sees others, but few contacts
inline constexpr std::string_view neighbour_token = "mdt-neighbour-0005";  // the admin's token for another account
inline constexpr std::string_view revoked_token = "mdt-revoked-0006";
inline constexpr std::string_view admin_key = "key-admin-0007";  // legacy key, any of the admin's accounts
inline constexpr std::string_view plain_key = "key-plain-0008";

state generate_account(std::uint64_t seed, account_size size, mdock::utc_seconds now);

}  // namespace minutedock
