// SPDX-License-Identifier: MIT
#include "core/model/resource.h"

#include <cstddef>

namespace mdock {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, all_resources.size()> names{
    "accounts", "users",    "contacts", "projects",           "tasks", "items",
    "entries",  "expenses", "invoices", "invoice_line_items", "dock",
};

}  // namespace

std::string_view name_of(resource which) { return names[static_cast<std::size_t>(which)]; }

std::optional<resource> resource_named(std::string_view name) {
    for (resource which : all_resources) {
        if (name_of(which) == name) return which;
    }
    return std::nullopt;
}

}  // namespace mdock
