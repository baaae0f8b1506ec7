// SPDX-License-Identifier: MIT
#include "core/store/carry_over.h"

#include <array>

#include "core/base/decimal.h"
#include "core/model/description.h"
#include "core/store/statement.h"

namespace mdock::store {
namespace {

constexpr std::array own_tables{"_identity", "outbox", "outbox_done", "_intent", "_twin_watch", "_outbox_state", "conflicts",
                                "local_ids", "gone_rows", "changes", "_pace", "_requests"};

std::vector<std::string> columns_of(SQLite::Database& db, const std::string& table) {
    std::vector<std::string> out;
    SQLite::Statement columns(db, "SELECT name FROM pragma_table_info(?1) ORDER BY cid");
    columns.bind(1, table);
    while (columns.executeStep()) out.push_back(columns.getColumn(0).getString());
    return out;
}

class carrying {
public:
    carrying(SQLite::Database& old, database& fresh, carried& out) : old_(old), fresh_(fresh), out_(out) {}

    // Rows for which `where` holds, over what is there. How many came.
    std::int64_t table(const std::string& name, const std::string& where = {}) {
        std::int64_t count = 0;
        try {
            count = rows(name, where);
        } catch (const SQLite::Exception& error) {
            out_.lost.push_back(name + ": " + error.what());
        }
        return count;
    }

private:
    std::int64_t rows(const std::string& name, const std::string& where) {
        const auto columns = columns_of(old_, name);
        if (columns.empty()) return 0;
        std::string list, marks;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            list += (i == 0 ? "" : ", ") + columns[i];
            marks += (i == 0 ? "?" : ", ?") + std::to_string(i + 1);
        }
        statement select(old_, "SELECT " + list + " FROM " + name + (where.empty() ? "" : " WHERE " + where));
        statement insert(fresh_.connection(), "INSERT OR REPLACE INTO " + name + " (" + list + ") VALUES (" + marks + ")");
        std::int64_t count = 0;
        while (select.step()) {
            for (std::size_t i = 0; i < columns.size(); ++i) insert.bind(static_cast<int>(i) + 1, select.column(static_cast<int>(i)));
            insert.run();
            ++count;
        }
        return count;
    }

    SQLite::Database& old_;
    database& fresh_;
    carried& out_;
};

}  // namespace

carried carry_over(SQLite::Database& old, database& fresh) {
    carried out;
    transaction write(fresh);
    carrying from(old, fresh, out);
    for (const std::string name : own_tables) {
        const auto count = from.table(name);
        if (name == "outbox") out.waiting = count;
        if (name == "conflicts") out.conflicts = count;
    }
    const std::string made_here = " > " + std::to_string(local_id_base);
    for (const auto which : all_resources) {
        const auto& table = model::describe(which);
        if (!table.takes_local_writes || which == resource::dock) continue;
        const std::string key{table.key};
        from.table(std::string(table.name), key + made_here);
        if (!table.link_table.empty()) from.table(std::string(table.link_table), key + made_here);
    }
    // The timer as it is shown here, for changes of it that wait.
    from.table("dock");
    from.table("dock_tasks");
    from.table("sqlite_sequence");
    write.commit();
    fresh.forget();
    return out;
}

}  // namespace mdock::store
