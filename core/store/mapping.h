// SPDX-License-Identifier: MIT
// MinuteDock has answered for a row that was made here: from this transaction on, the row and everything that points to
// it carry MinuteDock's id, and `local_ids` remembers the old one for ever (I01, I02, I04).
#pragma once

#include <cstdint>

#include "core/base/time.h"
#include "core/model/resource.h"
#include "core/store/database.h"

namespace mdock::store {

// Inside the caller's transaction. A pull may have brought the row already: the two become one. `real` must not belong to
// another local row: local_ids holds each of MinuteDock's ids once (O17); that throws std::logic_error.
void give_real_id(database& db, resource which, std::int64_t local, std::int64_t real, utc_seconds at);

// Whether one of our creates has been answered with this id already.
bool is_mapped(database& db, resource which, std::int64_t real);

}  // namespace mdock::store
