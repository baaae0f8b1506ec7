// SPDX-License-Identifier: MIT
// The requests that change something on MinuteDock. Fields come by their column names and go by the API's, as the
// description says; what the description does not let a person write is never sent.
#pragma once

#include <cstdint>

#include "core/model/field_values.h"
#include "core/ports.h"

namespace mdock::api {

// POST /entries, /contacts, /projects, /tasks with {"entry":{…}}. An entry without its date would start a timer: that is
// a std::logic_error (K08).
http_request create_one(resource which, const model::field_values& fields);

// PUT of these fields only.
http_request update_one(resource which, std::int64_t id, const model::field_values& fields);

// Whether the answer to a deletion says that it was this row's ({"id":"5432","status":"deleted"}, official text); a 2xx without
// it may be a proxy's.
bool is_deletion_of(std::int64_t id, std::string_view body);

http_request delete_one(resource which, std::int64_t id);

// PUT /dock: the version that the dock gets, and fields of it; `logged` ends the timer as an entry.
struct dock_version {
    std::string id;
    std::string client_id;
    std::int64_t number = 0;
};
http_request update_dock(const model::field_values& fields, const dock_version& version, bool is_logged);
http_request discard_dock();
http_request redock(std::int64_t entry_id);

}  // namespace mdock::api
