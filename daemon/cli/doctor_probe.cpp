// SPDX-License-Identifier: MIT
// mdock doctor --probe: asks the service what its text leaves open, shows it, and keeps it in the mirror.
#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "core/store/database.h"
#include "core/store/statement.h"
#include "daemon/cli/doctor.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/probe.h"
#include "daemon/cli/rights.h"
#include "daemon/cli/sync.h"
#include "daemon/exit_codes.h"
#include "daemon/service.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

probe_ground ground_in(SQLite::Database& db) {
    probe_ground on;
    SQLite::Statement newest(db, "SELECT entry_id, updated_at, entry_date FROM entries WHERE updated_at IS NOT NULL AND entry_date IS NOT NULL "
                                 "AND sync_state = 'synced' ORDER BY updated_at DESC LIMIT 1");
    if (newest.executeStep()) {
        const auto at = parse_database_timestamp(newest.getColumn(1).getString());
        const auto day = parse_date(newest.getColumn(2).getString());
        if (at && day) on.newest = probe_ground::row{newest.getColumn(0).getInt64(), *at, *day};
    }
    SQLite::Statement gone(db, "SELECT row_id FROM gone_rows WHERE resource = 'entries' AND evidence <> 'hidden' ORDER BY gone_at DESC LIMIT 1");
    if (gone.executeStep()) on.gone = gone.getColumn(0).getInt64();
    return on;
}

// Nothing when it is kept, else why not.
std::string keep(session& here, const std::vector<learned>& found) {
    try {
        const auto db = open_database(here);
        store::transaction write(*db);
        const std::string at = format_timestamp(now_utc());
        for (const auto& one : found)
            db->prepared("INSERT OR REPLACE INTO _probe (name, answer, probed_at) VALUES (?1, ?2, ?3)")
                .bind(1, one.name).bind(2, one.answer).bind(3, at).run();
        write.commit();
        return {};
    } catch (const failure_exception& error) {
        return error.why().context();
    }
}

}  // namespace

int probe_service(session& here) {
    auto found_token = require_token(here);
    event_log log(log_level_named(here.config().log.level), log_format_named(here.config().log.format, here.variables()));
    machine world(here.config(), std::move(found_token.token), log);
    const auto on = [&here] {
        auto db = open_mirror(here);
        return ground_in(db);
    }();
    auto done = world.finish(probe(world.world(), on), here.timeout());
    if (done.signal_number != 0) fail(errc::interrupted, "interrupted");
    if (!done.value || done.value->empty()) fail(errc::timed_out, "MinuteDock did not answer");
    const auto not_kept = keep(here, *done.value);
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::array list;
        for (const auto& one : *done.value) list.push_back({{"name", one.name}, {"answer", one.answer}});
        boost::json::object body;
        body["probes"] = std::move(list);
        body["kept"] = not_kept.empty();
        out.document(std::move(body));
    } else {
        for (const auto& one : *done.value) out.line(fmt::format("{:<36} {}", one.name, made_visible(one.answer)));
    }
    if (not_kept.empty()) out.note("Kept in the mirror, in the table _probe.");
    else out.warn(made_visible("not kept: " + not_kept));
    return exit_code::done;
}

}  // namespace mdock::cli
