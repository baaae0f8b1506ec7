// SPDX-License-Identifier: MIT
// The list of what MinuteDock has, by its table's name. `resource` everywhere (status, changes, --json) is this name.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace mdock {

enum class resource {
    accounts,
    users,
    contacts,
    projects,
    tasks,
    items,
    entries,
    expenses,
    invoices,
    invoice_line_items,
    dock,
};

inline constexpr std::array all_resources{
    resource::accounts, resource::users,    resource::contacts, resource::projects,           resource::tasks, resource::items,
    resource::entries,  resource::expenses, resource::invoices, resource::invoice_line_items, resource::dock,
};

std::string_view name_of(resource which);
std::optional<resource> resource_named(std::string_view name);

}  // namespace mdock
