// SPDX-License-Identifier: MIT
// What holds of every batch that a decoder hands out, whatever it was fed.
#pragma once

#include <algorithm>

#include "core/base/decimal.h"
#include "core/model/rows.h"
#include "tests/fuzz/claim.h"

namespace mdock::fuzz {

inline void claim_cells(const model::row_batch& rows, std::size_t i) {
    const auto& columns = rows.columns();
    const auto cells = rows.row(i);
    for (std::size_t c = 0; c < cells.size(); ++c) {
        const auto& cell = cells[c];
        const bool is_text = cell.type == model::cell_type::text;
        claim(!is_text || cell.text != nullptr || cell.size == 0, "a text cell has a text");
        if (c == columns.extra()) {
            claim(!is_text || cell.view().starts_with('{'), "extra is an object", cell.view());
            continue;
        }
        const auto how = columns.stored[c]->how;
        if (how == model::kind::parent_id || how == model::kind::loose_id)
            claim(cell.type == model::cell_type::null || (cell.integer > 0 && cell.integer < local_id_base),
                  "an id is one of MinuteDock's");
    }
}

inline void claim_batch(const model::row_batch& rows, bool key_is_needed) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        claim(rows.row(i).size() == rows.columns().width, "a row has all cells");
        if (key_is_needed) claim(rows.key(i) > 0 && rows.key(i) < local_id_base, "a key is one of MinuteDock's");
        const auto links = rows.links(i);
        claim(std::is_sorted(links.begin(), links.end()), "links ascend");
        claim(std::adjacent_find(links.begin(), links.end()) == links.end(), "a link is there once");
        claim_cells(rows, i);
    }
    claim(rows.by_key().size() == rows.size(), "by_key names every row");
}

}  // namespace mdock::fuzz
