// SPDX-License-Identifier: MIT
#include "tests/sim/visible.h"

namespace mdock::sim {
namespace {

template <class Map, class May>
bool is_in(const Map& rows, minutedock::row_id id, May may) {
    const auto found = rows.find(id);
    return found != rows.end() && may(found->second);
}

}  // namespace

bool is_visible(const minutedock::server& service, const minutedock::user& me, resource which, minutedock::row_id id) {
    const auto& account = service.account();
    const minutedock::viewer who{me};
    const auto shown = [&](const auto& what) { return who.sees(what); };
    switch (which) {
        case resource::users: return account.users.contains(id);
        case resource::contacts: return is_in(account.contacts, id, shown);
        case resource::projects: return is_in(account.projects, id, shown);
        case resource::tasks: return is_in(account.tasks, id, shown);
        case resource::items: return account.items.contains(id);
        case resource::expenses: return is_in(account.expenses, id, shown);
        case resource::entries: {
            const auto* what = account.latest(id);
            return what != nullptr && who.sees(*what);
        }
        case resource::invoices:
            return who.sees_invoices() &&
                   is_in(account.invoices, id, [&](const auto& what) { return who.is_allowed_contact(what.contact); });
        default: return false;
    }
}

// The first user is the admin, who sees everything.
bool exists(const minutedock::server& service, resource which, minutedock::row_id id) {
    return is_visible(service, service.account().users.begin()->second, which, id);
}

}  // namespace mdock::sim
