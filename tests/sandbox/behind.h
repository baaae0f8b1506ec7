// SPDX-License-Identifier: MIT
// What happens behind the API's back, without a stamp: contacts merged and tasks taken off in the web application, an
// entry whose update was never stamped, rows that go out of a person's sight. A mirror finds these only by a proof.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "tests/minutedock/state.h"

namespace sandbox {

// {"merge_contacts":[FROM,INTO]}, {"strip_task":ID}, {"delete_expense":ID}, {"delete_invoice":ID},
// {"edit_entry":ID,"duration":N,"description":TEXT,"date":DAY,"task_ids":[…]} or {"rights_of":USER_ACCOUNT_ID,
// "report_on_others":false,"contacts":[…] or null}. Empty when it is done, else why not.
std::string happen(minutedock::state& account, const boost::json::object& what);

}  // namespace sandbox
