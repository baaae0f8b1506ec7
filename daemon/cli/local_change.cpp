// SPDX-License-Identifier: MIT
#include "daemon/cli/local_change.h"

#include <SQLiteCpp/Exception.h>

#include <boost/json/parse.hpp>

#include "core/store/file_checks.h"
#include "core/store/outbox_rows.h"
#include "core/store/sqlite_failure.h"
#include "daemon/cli/change_json.h"
#include "daemon/cli/control.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/sync.h"

namespace mdock::cli {
namespace {

namespace json = boost::json;

result<bool> act(store::database& db, const action_request& what, utc_seconds at) {
    const auto id = what.id.value_or(0);
    switch (what.what) {
        case change_action::retry: return store::retry_change(db, id);
        case change_action::discard: return store::discard_change(db, id, at);
        case change_action::hold: return store::hold_changes(db, what.id);
        case change_action::release: return store::release_changes(db, what.id);
        case change_action::mine: return store::resolve_conflict(db, id, true, at);
        case change_action::theirs: return store::resolve_conflict(db, id, false, at);
    }
    return false;
}

template <class T, class F>
result<T> guarded(store::database& db, F work) {
    try {
        return work();
    } catch (const SQLite::Exception& error) {
        db.forget();
        return store::failure_of(error, db.file().string());
    }
}

// The daemon's answer as an object; nothing when no daemon answers for this file.
std::optional<json::object> asked_of_daemon(session& here, std::string_view target, json::object message) {
    if (!store::writer_of(here.config().database.path)) return std::nullopt;
    const auto got = ask_daemon(here, target, std::move(message));
    if (!got) return std::nullopt;
    if (!*got) throw failure_exception(got->error());
    if ((*got)->status != 200) throw failure_exception(failure_in((*got)->body));
    json::error_code ec;
    auto body = json::parse((*got)->body, ec);
    if (ec || !body.is_object()) fail(errc::usage, "the daemon's answer was not understood: is it of another version?");
    return std::move(body.get_object());
}

}  // namespace

result<store::write_outcome> run_on(store::database& db, const write_request& what) {
    return guarded<store::write_outcome>(db, [&] {
        return what.agreed ? store::write_as_agreed(db, what.statements, *what.agreed) : store::write_locally(db, what.statements, what.keeps);
    });
}

result<bool> run_on(store::database& db, const action_request& what, utc_seconds at) {
    return guarded<bool>(db, [&] { return act(db, what, at); });
}

write_answer change(session& here, const write_request& what) {
    if (const auto answer = asked_of_daemon(here, write_target, as_message(what))) {
        auto done = outcome_in(*answer);
        if (!done) throw failure_exception(done.error());
        return {std::move(*done), true};
    }
    const auto db = open_database(here);
    auto done = run_on(*db, what);
    if (!done) throw failure_exception(done.error());
    return {std::move(*done), false};
}

action_answer change(session& here, const action_request& what) {
    if (const auto answer = asked_of_daemon(here, outbox_target, as_message(what))) {
        const auto* done = answer->if_contains("done");
        return {done != nullptr && done->is_bool() && done->get_bool(), true};
    }
    const auto db = open_database(here);
    const auto done = run_on(*db, what, now_utc());
    if (!done) throw failure_exception(done.error());
    return {*done, false};
}

}  // namespace mdock::cli
