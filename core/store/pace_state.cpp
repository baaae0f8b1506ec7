// SPDX-License-Identifier: MIT
#include "core/store/pace_state.h"

namespace mdock::store {

stored_pace read_pace(database& db, utc_seconds now) {
    stored_pace out;
    auto& select = db.prepared("SELECT allowed_per_minute, not_before, pause_seconds FROM _pace");
    if (select.step()) {
        if (const auto allowed = select.optional_integer(0)) out.allowed_per_minute = static_cast<int>(*allowed);
        if (!select.is_null(1)) out.not_before = parse_database_timestamp(select.text(1));
        out.pause_seconds = select.optional_integer(2).value_or(0);
    }
    select.reset();
    // Whole minutes are kept: the one that the last sixty seconds reach into counts in full, or a restart would forget its
    // requests and exceed the limit.
    const std::string from = format_timestamp(std::chrono::floor<std::chrono::minutes>(now - std::chrono::minutes{1}));
    const std::string to = format_timestamp(now);
    auto& count = db.prepared("SELECT coalesce(sum(requests), 0) FROM _requests WHERE minute >= ?1 AND minute <= ?2");
    count.bind(1, from).bind(2, to).step();
    out.requests_last_minute = static_cast<int>(count.integer(0));
    count.reset();
    return out;
}

void write_pace(database& db, int allowed_per_minute, std::optional<utc_seconds> not_before, std::int64_t pause_seconds,
                std::optional<utc_seconds> last_429_at) {
    std::optional<std::string> until, last;
    if (not_before) until = format_timestamp(*not_before);
    if (last_429_at) last = format_timestamp(*last_429_at);
    auto& update = db.prepared(
        "UPDATE _pace SET allowed_per_minute = ?1, not_before = ?2, pause_seconds = ?3, last_429_at = coalesce(?4, last_429_at)");
    update.bind(1, allowed_per_minute).bind(2, until).bind(3, pause_seconds).bind(4, last).run();
}

void add_requests(database& db, utc_seconds at, std::int64_t count) {
    const std::string minute = format_timestamp(std::chrono::floor<std::chrono::minutes>(at));
    db.prepared("INSERT INTO _requests (minute, requests) VALUES (?1, ?2) "
                "ON CONFLICT (minute) DO UPDATE SET requests = requests + ?2")
        .bind(1, minute).bind(2, count).run();
    const std::string old = format_timestamp(at - std::chrono::days{1});
    db.prepared("DELETE FROM _requests WHERE minute < ?1").bind(1, old).run();
}

}  // namespace mdock::store
