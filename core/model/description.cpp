// SPDX-License-Identifier: MIT
#include "core/model/description.h"

#include <stdexcept>

#include "core/model/tables.h"

namespace mdock::model {

const table& describe(resource which) {
    switch (which) {
        case resource::accounts: return accounts_table;
        case resource::users: return users_table;
        case resource::contacts: return contacts_table;
        case resource::projects: return projects_table;
        case resource::tasks: return tasks_table;
        case resource::items: return items_table;
        case resource::entries: return entries_table;
        case resource::expenses: return expenses_table;
        case resource::invoices: return invoices_table;
        case resource::invoice_line_items: return invoice_line_items_table;
        case resource::dock: return dock_table;
    }
    throw std::logic_error("describe: not a resource");
}

}  // namespace mdock::model
