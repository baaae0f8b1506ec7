// SPDX-License-Identifier: MIT
#include "core/store/just_written.h"

#include <algorithm>
#include <set>

#include "core/model/description.h"

namespace mdock::store {
namespace {

constexpr std::string_view of_late = " FROM outbox_done WHERE done_at > ?1 AND outcome IN ('applied', 'adopted') ";

}  // namespace

std::map<std::int64_t, std::string> just_written(database& db, resource which, utc_seconds now, std::optional<std::int64_t> row_id) {
    std::map<std::int64_t, std::string> out;
    if (which != resource::entries && which != resource::expenses) return out;
    const std::string since = format_timestamp(now - lists_may_lag), table{name_of(which)}, key{model::describe(which).key};
    auto& select = db.prepared(
        "SELECT row_id, coalesce((SELECT updated_at FROM " + table + " WHERE " + key + " = row_id), (SELECT json_extract(row_json, "
        "'$.updated_at') FROM gone_rows WHERE gone_rows.resource = ?2 AND gone_rows.row_id = outbox_done.row_id))" +
        std::string(of_late) + "AND resource = ?2 AND (?3 IS NULL OR row_id = ?3)");
    select.bind(1, since).bind(2, table).bind(3, row_id);
    while (select.step())
        if (!select.is_null(1)) out.emplace(select.integer(0), select.text(1));
    select.reset();
    return out;
}

std::vector<std::chrono::sys_days> days_just_written(database& db, utc_seconds now) {
    const std::string since = format_timestamp(now - lists_may_lag);
    std::set<std::chrono::sys_days> days;
    auto& select = db.prepared(
        "SELECT json_extract(new_values, '$.entry_date'), json_extract(old_values, '$.entry_date'), "
        "(SELECT entry_date FROM entries WHERE entry_id = row_id)" + std::string(of_late) + "AND resource IN ('entries', 'dock')");
    select.bind(1, since);
    while (select.step())
        for (int column = 0; column < 3; ++column)
            if (const auto day = parse_date(select.optional_text(column).value_or(""))) days.insert(*day);
    select.reset();
    return {days.begin(), days.end()};
}

}  // namespace mdock::store
