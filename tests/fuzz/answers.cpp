// SPDX-License-Identifier: MIT
// F1: answers, decoded and applied to a mirror in memory, one after the other. Afterwards no reference points nowhere, the
// schema's CHECKs hold of every row (the writer itself skips them), and the same answer a second time changes nothing.
// Between answers all rows of a list may be taken away ("ke"), and come back with a later one.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <set>

#include "core/api/decode.h"
#include "core/api/report_counts.h"
#include "core/store/apply.h"
#include "core/store/apply_dock.h"
#include "core/store/apply_lines.h"
#include "core/store/file_checks.h"
#include "core/store/gone.h"
#include "core/store/migrate.h"
#include "core/store/present_rows.h"
#include "tests/fuzz/batch_claims.h"

namespace mdock::fuzz {
namespace {

constexpr std::int64_t owner = 456;
constexpr std::size_t most_answers = 6;

store::apply_how how_at(int answer) {
    store::apply_how how;
    how.at = utc_seconds{std::chrono::seconds{1'715'774'400 + 60 * answer}};
    how.older_cursor = how.at - std::chrono::seconds{600};
    return how;
}

store::database& memory() {
    static store::database* const db = [] {
        SQLite::Database connection(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        // As open_writer has it.
        sqlite3_db_config(connection.getHandle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
        connection.exec("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
        store::migrate(connection);
        return new store::database("memory", std::move(connection), nullptr);
    }();
    return *db;
}

bool has_repeated_key(const model::row_batch& rows) {
    std::set<std::int64_t> seen;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (!seen.insert(rows.key(i)).second) return true;
    return false;
}

std::int64_t rows_in(store::database& db, resource which) {
    const auto& table = model::describe(which);
    return db.connection().execAndGet("SELECT count(*) FROM " + std::string(table.name)).getInt64();
}

void apply_twice(store::database& db, const model::row_batch& rows, store::apply_how how, bool expects_new) {
    how.expects_new = expects_new;
    const auto before = rows_in(db, rows.which());
    const auto done = store::apply_rows(db, rows, how);
    claim(done.inserted + done.updated + done.unchanged == static_cast<std::int64_t>(rows.size()), "each row counts once");
    claim(rows_in(db, rows.which()) >= before, "applying takes no row away");
    if (has_repeated_key(rows)) return;
    const auto again = store::apply_rows(db, rows, how);
    claim(again.unchanged == static_cast<std::int64_t>(rows.size()), "the same answer again changes nothing");
}

void list(store::database& db, resource which, std::string_view body, const store::apply_how& how) {
    const auto rows = api::decode_list(which, body);
    if (!rows) return;
    claim_batch(*rows, true);
    apply_twice(db, *rows, how, body.size() % 2 == 0);
}

void invoice(store::database& db, std::string_view body, const store::apply_how& how) {
    const auto detail = api::decode_invoice(body);
    if (!detail) return;
    apply_twice(db, detail->invoice, how, false);
    if (!detail->has_lines) return;
    store::apply_lines(db, detail->invoice.key(0), detail->lines, how);
    const auto again = store::apply_lines(db, detail->invoice.key(0), detail->lines, how);
    if (!has_repeated_key(detail->lines)) claim(again.inserted + again.updated == 0, "the same lines again change nothing");
}

void dock(store::database& db, std::string_view body, const store::apply_how& how) {
    auto rows = api::decode_dock(body, owner);
    if (!rows) return;
    store::apply_dock(db, std::move(*rows), owner, how);
    auto the_same = api::decode_dock(body, owner);
    const auto again = store::apply_dock(db, std::move(*the_same), owner, how);
    claim(again.inserted + again.updated == 0, "the same timer again changes nothing");
    claim(rows_in(db, resource::dock) == 1, "one timer");
}

std::optional<resource> list_called(char letter) {
    switch (letter) {
        case 'a': return resource::accounts;
        case 'u': return resource::users;
        case 'c': return resource::contacts;
        case 'p': return resource::projects;
        case 't': return resource::tasks;
        case 'i': return resource::items;
        case 'e': return resource::entries;
        case 'x': return resource::expenses;
        case 'v': return resource::invoices;
        default: return std::nullopt;
    }
}

// The second letter chooses the list, the third the evidence.
void gone(store::database& db, std::string_view what, const store::apply_how& how) {
    const auto which = what.empty() ? std::nullopt : list_called(what.front());
    if (!which || *which == resource::accounts) return;
    const char evidence = what.size() > 1 ? what[1] : '4';
    const auto why = evidence == '2' ? store::evidence::absent_twice : evidence == '3' ? store::evidence::hidden : store::evidence::not_found;
    for (const auto id : store::present_rows(db, *which)) claim(store::take_away(db, *which, id, why, how.at), "a row that is there can leave");
    claim(store::count_present(db, *which) == 0, "all have left");
}

void take(store::database& db, std::string_view answer, int number) {
    if (answer.empty()) return;
    const auto how = how_at(number);
    const auto body = answer.substr(1);
    if (const auto which = list_called(answer.front())) return list(db, *which, body, how);
    switch (answer.front()) {
        case 'k': return gone(db, body, how);
        case 'l': return invoice(db, body, how);
        case 'd': return dock(db, body, how);
        case 'm': static_cast<void>(api::decode_report_counts(body, false)); return;
        case 'g': static_cast<void>(api::decode_report_counts(body, true)); return;
        default: return;
    }
}

void claim_database(store::database& db) {
    auto& connection = db.connection();
    SQLite::Statement dangling(connection, "PRAGMA foreign_key_check");
    if (dangling.executeStep())
        claim(false, "every reference has its row", dangling.getColumn(0).getString() + " to " + dangling.getColumn(2).getString());
    connection.exec("PRAGMA ignore_check_constraints = OFF");
    for (const auto which : all_resources) {
        const auto table = std::string(model::describe(which).name);
        const auto said = connection.execAndGet("PRAGMA integrity_check(" + table + ")").getString();
        claim(said == "ok", "the schema's rules hold of " + table, said);
    }
    connection.exec("PRAGMA ignore_check_constraints = ON");
    claim(connection.execAndGet("SELECT count(*) FROM changes WHERE old_values IS NOT NULL AND NOT json_valid(old_values) OR "
                                "new_values IS NOT NULL AND NOT json_valid(new_values)").getInt() == 0,
          "changes hold JSON");
}

}  // namespace
}  // namespace mdock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mdock;
    auto& db = fuzz::memory();
    // Never committed: each input begins with an empty mirror.
    store::transaction undone(db);
    int number = 0;
    for (const auto answer : fuzz::sections_of(fuzz::text_of(data, size), fuzz::most_answers)) fuzz::take(db, answer, number++);
    fuzz::claim_database(db);
    return 0;
}
