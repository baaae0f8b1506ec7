// SPDX-License-Identifier: MIT
// What is known about each resource as a whole: the public mirror_status and the private cursor. complete_as_of and
// the cursor never go back (MONO).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"
#include "core/store/database.h"
#include "core/model/window.h"

namespace mdock::store {

struct resource_state {
    std::string state;                              // of mirror_status
    bool is_loaded = false;                         // the first whole read is done
    model::cursor cursor;
    std::optional<utc_seconds> retry_denied_at;     // not asked again before
    std::optional<utc_seconds> last_read_at;        // by the machine's clock
    std::string list_form;                          // "", "split" or "all" (P18)
};

resource_state read_state(database& db, resource which);

// The first load of the account is not done: a list that can be read has not been read whole yet.
bool is_first_load_open(database& db);

// The resource was read: state current (held while the guard holds rows of it), row count, complete_as_of, no error.
void mark_current(database& db, resource which, std::optional<utc_seconds> complete_as_of, utc_seconds attempted_at);
// At `as_of` the mirror was proven equal to the account; verified_as_of never goes back.
void mark_verified(database& db, resource which, utc_seconds as_of);
std::optional<utc_seconds> verified_as_of(database& db, resource which);
// Lines come with their invoices: with none of them to be read again they are proven as of the invoices' proof.
void verify_lines(database& db);
// Sets row_count to what is there.
void refresh_count(database& db, resource which);
void mark_loading(database& db, resource which, utc_seconds attempted_at);
// It could not be read this time. The rows stay; a resource that was current becomes stale, one that never was stays.
void mark_failed(database& db, resource which, std::string_view error, utc_seconds attempted_at);
// `state` is denied or unavailable; tried again at `retry_at`.
void mark_refused(database& db, resource which, std::string_view state, std::string_view error, utc_seconds attempted_at,
                  utc_seconds retry_at);

// Days that had more rows than any page and no fixed order; mark_current says them in last_error from now on, until a
// whole read sets them anew. Empty: none.
void set_unproven(database& db, resource which, std::string_view days);
void add_unproven(database& db, resource which, std::string_view days);

void set_loaded(database& db, resource which);
void set_cursor(database& db, resource which, const model::cursor& value);
void set_list_form(database& db, resource which, std::string_view form);

// Builds the secondary indexes that are not there yet. Not inside a transaction of rows: it may take seconds.
void build_indexes(database& db);
// Makes dim_date reach to `last_day`.
void extend_dates(database& db, std::chrono::sys_days last_day);

}  // namespace mdock::store
