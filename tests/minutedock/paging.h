// SPDX-License-Identifier: MIT
// What entries, expenses and invoices have in common when listed: date bounds, `since`, limit and offset.
#pragma once

#include <cstddef>
#include <optional>

#include "tests/minutedock/asked.h"

namespace minutedock {

struct page {
    std::optional<std::chrono::sys_days> from;
    std::optional<std::chrono::sys_days> to;
    std::optional<stamp> since;
    std::size_t limit = 500;
    std::size_t offset = 0;

    bool holds(std::chrono::sys_days date) const { return (!from || date >= *from) && (!to || date <= *to); }
};

// Reads the parameters. On nonsense it refuses the request and returns nothing.
std::optional<page> page_of(const asked& r);

// Whether a row with this stamp is newer than the page's `since`, by the stored precision.
bool is_since(const page& which, const switches& how, stamp updated_at);

// "true" or "1".
bool is_on(const asked& r, const std::string& name);

}  // namespace minutedock
