// SPDX-License-Identifier: MIT
#include "core/model/field_values.h"
#include "core/store/local_write.h"

#include <sqlite3.h>

#include <array>
#include <optional>
#include <set>
#include <utility>

#include "core/model/description.h"
#include "core/store/change_log.h"

namespace mdock::store {
namespace {

constexpr std::string_view timer_commands = "_dock_command";

bool is_writable(std::string_view name) {
    if (name == timer_commands) return true;
    for (const resource which : all_resources) {
        const auto& table = model::describe(which);
        if (table.takes_local_writes && (name == table.name || name == table.link_table)) return true;
    }
    return false;
}

// What a statement may do by itself; what its triggers do is ours.
int judge(void* refused, int action, const char* first, const char* second, const char*, const char* trigger) {
    const auto name = [](const char* text) { return std::string_view{text == nullptr ? "" : text}; };
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_RECURSIVE: return SQLITE_OK;
        case SQLITE_FUNCTION: return name(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
        case SQLITE_INSERT:
        case SQLITE_UPDATE:
        case SQLITE_DELETE:
            if (trigger != nullptr || is_writable(name(first))) return SQLITE_OK;
            *static_cast<std::string*>(refused) = "no local write can change " + std::string(name(first));
            return SQLITE_DENY;
        default: return SQLITE_DENY;
    }
}

// The connection as a person's, inside a transaction: triggers and CHECKs on, the gate open, and a note of what is queued.
// However it ends, the connection is MinuteDock's again.
class persons_hands {
public:
    explicit persons_hands(database& db) : connection_(db.connection()), handle_(connection_.getHandle()) {
        was_open_ = connection_.execAndGet("SELECT coalesce((SELECT is_open FROM _gate), 0)").getInt() != 0;
        connection_.exec("INSERT INTO _gate (only_row, is_open) VALUES (1, 1) ON CONFLICT DO UPDATE SET is_open = 1, is_capturing = 0");
        // Its first use declares its table, which the authorizer would take for a write of the schema.
        connection_.execAndGet("SELECT count(*) FROM json_each('[]')");
        connection_.exec("PRAGMA ignore_check_constraints = OFF");
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, nullptr);
        // SQLite 3.38 to 3.40 take their own JSON functions for unsafe in a trigger of a schema that is not trusted. The
        // authorizer keeps out the one function that is (S13).
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, nullptr);
        sqlite3_update_hook(handle_, &persons_hands::note, this);
        sqlite3_set_authorizer(handle_, &judge, &refused_);
    }
    ~persons_hands() {
        sqlite3_set_authorizer(handle_, nullptr, nullptr);
        sqlite3_update_hook(handle_, nullptr, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
        connection_.tryExec("PRAGMA ignore_check_constraints = ON");
    }
    persons_hands(const persons_hands&) = delete;
    persons_hands& operator=(const persons_hands&) = delete;

    sqlite3* handle() const { return handle_; }
    bool was_open() const { return was_open_; }
    const std::set<std::int64_t>& touched() const { return touched_; }
    // What the statement that is being prepared wanted and must not; empty when it was something else.
    std::string take_refused() { return std::exchange(refused_, {}); }

private:
    static void note(void* self, int, const char*, const char* table, sqlite3_int64 row) {
        if (std::string_view{table} == "outbox") static_cast<persons_hands*>(self)->touched_.insert(row);
    }

    SQLite::Database& connection_;
    sqlite3* handle_;
    bool was_open_ = false;
    std::set<std::int64_t> touched_;
    std::string refused_;
};

struct finalizer {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
};
using prepared = std::unique_ptr<sqlite3_stmt, finalizer>;

// A rule said no, or the SQL is none; anything else is the disk's or the file's.
bool is_refusal(int code) {
    constexpr std::array codes{SQLITE_ERROR, SQLITE_CONSTRAINT, SQLITE_AUTH, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_TOOBIG};
    for (const int c : codes)
        if ((code & 0xff) == c) return true;
    return false;
}

failure refused(std::string why) { return {errc::write_refused, std::move(why)}; }

failure failed(persons_hands& hands, int code) {
    const std::string sentence = sqlite3_errmsg(hands.handle());
    const std::string wanted = hands.take_refused();
    if (!is_refusal(code)) throw SQLite::Exception(hands.handle(), code);
    if ((code & 0xff) != SQLITE_AUTH) return refused(sentence);
    return refused("only INSERT, UPDATE and DELETE of contacts, projects, tasks, entries, entry_tasks, expenses, dock and "
                   "dock_tasks are local writes" + (wanted.empty() ? "" : "; " + wanted) + "; nothing was changed");
}

bool is_blank(std::string_view sql) { return sql.find_first_not_of(" \t\r\n;") == std::string_view::npos; }

result<prepared> prepare(persons_hands& hands, const std::string& sql) {
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v2(hands.handle(), sql.c_str(), static_cast<int>(sql.size()), &made, &rest);
    prepared statement(made);
    if (code != SQLITE_OK) return failed(hands, code);
    if (made == nullptr) return refused("there is no statement in \"" + sql + "\"; nothing was changed");
    if (!is_blank(rest)) return refused("one statement at a time: put \"" + std::string(rest) + "\" into another; nothing was changed");
    if (sqlite3_stmt_readonly(made) != 0) return refused("this changes nothing: use mdock sql without --write to read; nothing was changed");
    return result<prepared>(std::move(statement));
}

int bind(sqlite3_stmt* to, int at, const write_value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(to, at, *number);
    if (const auto* real = std::get_if<double>(&value)) return sqlite3_bind_double(to, at, *real);
    if (const auto* text = std::get_if<std::string>(&value))
        return sqlite3_bind_text64(to, at, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    return sqlite3_bind_null(to, at);
}

// None when it went through.
std::optional<failure> run(persons_hands& hands, const write_statement& wanted, write_outcome& outcome) {
    auto made = prepare(hands, wanted.sql);
    if (!made) return made.error();
    sqlite3_stmt* const statement = made->get();
    for (std::size_t i = 0; i < wanted.values.size(); ++i) {
        const int code = bind(statement, static_cast<int>(i) + 1, wanted.values[i]);
        if (code != SQLITE_OK) return failed(hands, code);
    }
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) code = sqlite3_step(statement);
    if (code != SQLITE_DONE) return failed(hands, code);
    outcome.row_ids.push_back(sqlite3_last_insert_rowid(hands.handle()));
    outcome.rows_changed += sqlite3_changes(hands.handle());
    return std::nullopt;
}

// The triggers look after parents; this looks after the triggers. Only rows that were written, because a check of whole
// tables takes as long as they are large.
std::optional<failure> missing_parent(database& db, std::int64_t after_change) {
    for (const resource which : all_resources) {
        const auto& table = model::describe(which);
        if (!table.takes_local_writes) continue;
        for (const auto& c : table.columns) {
            if (c.how != model::kind::parent_id) continue;
            const auto& parent = model::describe(c.parent);
            const std::string column{c.name};
            auto& look = db.prepared("SELECT r." + column + " FROM changes AS c JOIN " + std::string(table.name) + " AS r ON r." +
                                     std::string(table.key) + " = c.row_id WHERE c.seq > ?1 AND c.resource = ?2 AND r." + column +
                                     " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " + std::string(parent.name) + " AS p WHERE p." +
                                     std::string(parent.key) + " = r." + column + ") LIMIT 1");
            look.bind(1, after_change).bind(2, table.name);
            const bool is_missing = look.step();
            const std::string id = is_missing ? std::to_string(look.integer(0)) : "";
            look.reset();
            if (is_missing)
                return refused(std::string(table.name) + "." + column + ": there is no row " + id + " in " + std::string(parent.name) +
                               "; nothing was changed");
        }
    }
    return std::nullopt;
}

std::vector<queued_change> queued(database& db, const std::set<std::int64_t>& touched) {
    std::vector<queued_change> out;
    auto& look = db.prepared("SELECT resource, row_id, operation, new_values, old_values FROM outbox WHERE outbox_id = ?1");
    for (const std::int64_t id : touched) {
        look.bind(1, id);
        if (look.step())
            out.push_back({id, look.text(0), look.integer(1), look.text(2), look.text(3), look.text(4)});
        look.reset();
    }
    return out;
}

}  // namespace

std::string shown_as(const write_outcome& what) {
    std::string out = std::to_string(what.rows_changed);
    for (const auto& one : what.queued) {
        auto fresh = model::parse_fields(one.new_values);
        // The timer's changes say when they were made.
        if (fresh) fresh->erase("at");
        out += "|" + one.resource + " " + std::to_string(one.row_id) + " " + one.operation + " " +
               (fresh ? model::text_of(*fresh) : one.new_values) + " " + one.old_values;
    }
    return out;
}

namespace {

result<write_outcome> write_with(database& db, const std::vector<write_statement>& statements, bool keeps, const std::string* agreed) {
    transaction write(db);
    const std::int64_t before = last_change(db);
    write_outcome outcome;
    std::set<std::int64_t> touched;
    bool was_open = false;
    {
        persons_hands hands(db);
        for (const auto& wanted : statements)
            if (auto why = run(hands, wanted, outcome)) return *why;
        touched = hands.touched();
        was_open = hands.was_open();
    }
    db.prepared("UPDATE _gate SET is_open = ?1").bind(1, was_open).run();
    if (auto why = missing_parent(db, before)) return *why;
    outcome.queued = queued(db, touched);
    if (agreed != nullptr && shown_as(outcome) != *agreed)
        return refused("meanwhile something else has changed, and this would not do any more what you agreed to; nothing was changed; "
                       "run it again to see what it does now");
    if (keeps) {
        write.commit();
        db.forget();
    }
    return outcome;
}

}  // namespace

result<write_outcome> write_locally(database& db, const std::vector<write_statement>& statements, bool keeps) {
    return write_with(db, statements, keeps, nullptr);
}

result<write_outcome> write_as_agreed(database& db, const std::vector<write_statement>& statements, const std::string& agreed) {
    return write_with(db, statements, true, &agreed);
}

void open_gate_for_direct_sql(database& db, bool is_open) {
    transaction write(db);
    db.prepared("INSERT INTO _gate (only_row, is_open) VALUES (1, ?1) ON CONFLICT DO UPDATE SET is_open = ?1, is_capturing = 0 "
                "WHERE is_open <> ?1 OR is_capturing <> 0")
        .bind(1, is_open)
        .run();
    write.commit();
}

}  // namespace mdock::store
