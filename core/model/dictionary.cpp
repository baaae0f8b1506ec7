// SPDX-License-Identifier: MIT
#include "core/model/dictionary.h"

#include "core/model/description.h"

namespace mdock::model {

std::vector<dictionary_table> dictionary_tables() {
    std::vector<dictionary_table> rows;
    for (resource which : all_resources) {
        const table& t = describe(which);
        rows.push_back({t.name, "table", t.grain, t.meaning});
    }
    return rows;
}

std::vector<dictionary_column> dictionary_columns() {
    std::vector<dictionary_column> rows;
    for (resource which : all_resources) {
        const table& t = describe(which);
        for (const column& c : t.columns) {
            if (c.name.empty()) continue;
            rows.push_back({t.name, c.name, c.declared, c.meaning, c.unit, c.api_field, c.permission});
        }
    }
    return rows;
}

}  // namespace mdock::model
