// SPDX-License-Identifier: MIT
// The billing side of a generated account: items, expenses, invoices with their lines, and the entries they hold.
#pragma once

#include "tests/minutedock/generator.h"
#include "tests/minutedock/random.h"

namespace minutedock {

// The account has its people, contacts, projects and entries already.
void add_billing(state& account, dice& chance, const account_size& size, mdock::utc_seconds now);

}  // namespace minutedock
