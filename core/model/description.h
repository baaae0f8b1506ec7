// SPDX-License-Identifier: MIT
// Each MinuteDock record described once: API field, column, type, who may write it, what it means. Decoding, inserting,
// comparing, `changes` and the dictionary are all derived from these tables; nothing else knows a field by name.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/model/resource.h"

namespace mdock::model {

// How a JSON value becomes a cell. Everywhere null and absent give NULL.
enum class kind : std::uint8_t {
    key,           // the row's id: JSON text or number, canonical; without it the page is refused (H04)
    parent_id,     // id of another row; null, absent, "" and 0 are NULL
    loose_id,      // id without a table to point to (invoice_id): as parent_id, never a placeholder
    text,          // kept verbatim, '' included; a number is kept as its own text
    integer,       // integer, or its decimal text
    real,          // number, or its decimal text
    boolean,       // true/false
    date,          // YYYY-MM-DD; '' is NULL
    timestamp,     // RFC 3339 to UTC seconds; '' is NULL
    cents,         // decimal text or number to whole cents, exactly; '' is NULL
    cents_number,  // already an integer number of cents (Item.default_rate_cents)
    decimal_text,  // exact decimal text VARCHAR(40); a number is kept as its own text; '' is NULL
    link_set,      // array of ids kept in a link table (task_ids)
    child_rows,    // array of objects with a table of their own (line_items)
    scope,         // boolean, not stored: false means that the row is the dock, not a row of this table
    dropped,       // documented, deprecated or derived: read and not kept (schema rule 7)
    local,         // not from the API: filled by the store (presence, gone_at, sync_state, observed_at, extra, …)
};

// Who may change the cell locally (used by the capture triggers and their refusals).
enum class writer : std::uint8_t { nobody, create_only, person };

struct column {
    std::string_view name = {};       // column name; empty for link_set, child_rows, scope, dropped
    std::string_view api_field = {};  // "contact_id"; "delivery.service" for a nested one; empty for local
    kind how = kind::text;
    std::string_view declared = {};  // "VARCHAR(200)", "INTEGER", … exactly as in the DDL; empty without a column
    bool is_volatile = false;        // computed live by MinuteDock: no difference to a proof
    writer written_by = writer::nobody;
    resource parent = resource::accounts;  // for parent_id, link_set and the dock's key: the table pointed to
    std::string_view meaning = {};         // for dict_columns, one sentence
    std::string_view unit = {};            // "s", "cents", "h", … or empty
    std::string_view permission = {};      // what a token needs to see it, or empty
};

struct table {
    resource which = resource::accounts;
    std::string_view name = {};   // "entries"
    std::string_view key = {};    // "entry_id"
    std::string_view grain = {};  // "one row per …", for dict_tables
    std::string_view meaning = {};
    std::span<const column> columns = {};  // in DDL order, link_set/child_rows/scope/dropped last
    bool keeps_unseen = false;             // ◉: presence, gone_at; placeholders are made here
    bool takes_local_writes = false;       // ✎: sync_state
    std::string_view link_table = {};      // "entry_tasks" or empty
};

// The description of a resource. Lives for the program's life.
const table& describe(resource which);

}  // namespace mdock::model
