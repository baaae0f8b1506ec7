// SPDX-License-Identifier: MIT
#include "tests/sim/disk.h"

#include <sqlite3.h>

#include <array>
#include <stdexcept>

#include "core/store/open.h"
#include "core/store/resource_state.h"

namespace mdock::sim {
namespace {

constexpr const char* file_name = "mirror.db";
constexpr std::size_t most_machines = 3;

// Migrated, with what the end of a first round would add and what costs more than all the rest of a short run: the
// calendar, and the indexes, which change the schema, so that each connection that goes on with another run would have
// to read it anew.
test::disk_image new_mirror() {
    test::memory_disk disk;
    {
        auto db = store::open_writer_on(disk.vfs_name(), file_name, false);
        store::build_indexes(*db);
        store::extend_dates(*db, std::chrono::year{2031} / std::chrono::December / 31);
        // Nothing reads it here but quick_check after each kill, and its end says how far it goes.
        db->connection().exec("DELETE FROM _dates WHERE date_key < '2031-12-01'");
    }
    return disk.copy();
}

const test::disk_image& image() {
    static const test::disk_image made = new_mirror();
    return made;
}

}  // namespace

struct machine::disk::kept {
    test::memory_disk disk;
    std::unique_ptr<store::database> db;
    std::unique_ptr<SQLite::Database> reader;
    std::unique_ptr<SQLite::Statement> question;
    std::unique_ptr<SQLite::Database> shell;
    std::map<std::string, SQLite::Statement> said;    // compiled with the triggers, which costs more than to run them

    SQLite::Statement& prepared(const std::string& sql) { return said.try_emplace(sql, *shell, sql).first->second; }
    // An index that is made anew may look to a connection as it did in an earlier run, and its pages are that run's.
    void forget_pages() {
        for (const auto* one : {shell.get(), reader.get()})
            if (one != nullptr) sqlite3_db_release_memory(one->getHandle());
    }
    void end_shell() {
        said.clear();
        shell.reset();
    }
};

// Another program with the write lock, for as long as it lives.
struct machine::disk::other_writer {
    explicit other_writer(const std::string& vfs) {
        if (sqlite3_open_v2(file_name, &handle, SQLITE_OPEN_READWRITE, vfs.c_str()) != SQLITE_OK ||
            sqlite3_exec(handle, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) != SQLITE_OK) {
            sqlite3_close(handle);
            handle = nullptr;
        }
    }
    ~other_writer() {
        if (handle == nullptr) return;
        sqlite3_exec(handle, "ROLLBACK", nullptr, nullptr, nullptr);
        sqlite3_close(handle);
    }
    other_writer(const other_writer&) = delete;
    other_writer& operator=(const other_writer&) = delete;

    sqlite3* handle = nullptr;
};

machine::disk::kept& machine::disk::keep(std::size_t number) {
    static std::array<std::unique_ptr<kept>, most_machines> all;
    auto& mine = all.at(number);
    if (!mine) mine = std::make_unique<kept>();
    return *mine;
}

machine::disk::disk(std::size_t number, const test::disk_image* begin) : mine_(keep(number)) {
    const auto& from = begin != nullptr ? *begin : image();
    mine_.disk.heal();
    if (mine_.db) {
        mine_.disk.rewind(from);
        mine_.db->forget();
        mine_.forget_pages();
        return;
    }
    mine_.end_shell();
    mine_.disk.restore(from);
}

test::disk_image machine::disk::copy() const { return mine_.disk.copy(); }

void machine::disk::give_back(std::unique_ptr<store::database> db) { mine_.db = std::move(db); }

std::unique_ptr<store::database> machine::disk::open(bool was_killed) {
    if (mine_.db && !was_killed) return std::move(mine_.db);
    return store::open_writer_on(mine_.disk.vfs_name(), file_name, was_killed);
}

void machine::disk::end_processes() {
    mine_.end_shell();
    mine_.question.reset();
    mine_.reader.reset();
    mine_.disk.end_processes();
}

void machine::disk::set_time(minutedock::stamp now) { mine_.disk.unix_ms = now.time_since_epoch().count(); }

std::optional<std::string> machine::disk::write(const std::vector<store::write_statement>& statements) {
    if (!mine_.shell)
        mine_.shell = std::make_unique<SQLite::Database>(std::string(file_name), SQLite::OPEN_READWRITE, 0, mine_.disk.vfs_name());
    const auto say = [&](const std::string& sql, const std::vector<store::write_value>& values = {}) {
        auto& one = mine_.prepared(sql);
        one.reset();
        for (std::size_t i = 0; i < values.size(); ++i)
            std::visit([&](const auto& value) {
                if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::nullptr_t>) one.bind(static_cast<int>(i) + 1);
                else one.bind(static_cast<int>(i) + 1, value);
            }, values[i]);
        while (one.executeStep()) continue;
        one.reset();
    };
    say("BEGIN IMMEDIATE");
    try {
        say("UPDATE _gate SET is_open = 1");
        for (const auto& one : statements) say(one.sql, one.values);
        say("UPDATE _gate SET is_open = 0");
        say("COMMIT");
    } catch (const SQLite::Exception& refused) {
        for (auto& [sql, one] : mine_.said) one.tryReset();
        if (sqlite3_get_autocommit(mine_.shell->getHandle()) == 0) say("ROLLBACK");
        return refused.what();
    }
    return std::nullopt;
}

machine::disk::glance machine::disk::look() {
    if (!mine_.reader) {
        mine_.reader = std::make_unique<SQLite::Database>(store::open_reader_on(mine_.disk.vfs_name(), file_name));
        mine_.question = std::make_unique<SQLite::Statement>(
            *mine_.reader, "SELECT (SELECT coalesce(max(seq), 0) FROM changes), (SELECT count(*) FROM entries)");
    }
    auto& ask = *mine_.question;
    glance out;
    if (ask.executeStep()) out = {ask.getColumn(0).getInt64(), ask.getColumn(1).getInt64()};
    ask.reset();
    return out;
}

void machine::disk::fail(store_trouble what, minutedock::dice& chance) {
    if (what == store_trouble::busy) {
        other_ = std::make_shared<other_writer>(mine_.disk.vfs_name());
        return;
    }
    test::disk_fault fault;
    fault.nth = chance.between(1, 8);
    fault.lasts = what != store_trouble::io_once;
    fault.is_full = what == store_trouble::full;
    if (fault.is_full) fault.kinds = test::disk_write;
    mine_.disk.fail(fault);
}

bool machine::disk::heal() {
    const bool has_failed = other_ ? other_->handle != nullptr : mine_.disk.failed() > 0;
    other_.reset();
    mine_.disk.heal();
    return has_failed;
}

}  // namespace mdock::sim
