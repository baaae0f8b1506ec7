// SPDX-License-Identifier: MIT
// The generators of one table's capture triggers, by what a person's statement does. Private to capture_*.cpp.
#pragma once

#include <string>

#include "core/model/description.h"

namespace mdock::store::capture {

std::string insert_triggers(const model::table& table);     // INSERT, and the REPLACE that is an update
std::string update_trigger(const model::table& table);
std::string delete_trigger(const model::table& table);      // of facts, which leave, and of names, which stay
std::string link_triggers(const model::table& table);       // of entry_tasks
std::string refusals(const model::table& table);            // what no local write may set, by name

}  // namespace mdock::store::capture
