// SPDX-License-Identifier: MIT
// Two thousand drawn statements: after each one MinuteDock's values with the waiting changes put over are the table, and
// no change holds a column that does not change.
#include <boost/json.hpp>
#include <map>
#include <random>

#include "tests/unit/schema/capture_file.h"

namespace mdock::schema_test {
namespace {

namespace json = boost::json;
using fields = std::map<std::string, std::string>;    // column -> JSON text
using table_rows = std::map<std::string, fields>;     // id -> row

const std::vector<std::string> entry_columns{"user_account_id", "contact_id", "project_id", "description", "duration_seconds", "entry_date"};
const std::vector<std::string> contact_columns{"name", "short_code", "is_active", "is_pinned", "is_billable", "budget_type", "budget_frequency",
                                               "budget_target", "default_rate_cents"};

class CaptureRandom : public Capture {
protected:
    table_rows read(const std::string& table, const std::string& key, const std::vector<std::string>& columns, const std::string& where) {
        std::string pairs;
        for (const auto& c : columns) pairs += ", '" + c + "', " + c;
        if (table == "entries")
            pairs += ", 'task_ids', json((SELECT json_group_array(task_id) FROM (SELECT task_id FROM entry_tasks AS t WHERE t.entry_id = entries.entry_id ORDER BY 1)))";
        table_rows out;
        for (const auto& r : file.rows("SELECT " + key + ", json_object(" + pairs.substr(2) + ") FROM " + table + where)) put(out[r[0]], r[1]);
        return out;
    }

    static void put(fields& row, const std::string& text) {
        const auto parsed = json::parse(text);
        for (const auto& [column, value] : parsed.as_object()) row[std::string(column)] = json::serialize(value);
    }

    // MinuteDock's rows with what waits put over, in order.
    table_rows overlaid(const std::string& table, table_rows rows, const std::vector<std::string>& columns, bool stays) {
        for (const auto& link : file.rows("SELECT row_id, operation, new_values, old_values FROM outbox WHERE resource = '" + table + "' ORDER BY outbox_id")) {
            const std::string& id = link[0];
            if (link[1] == "create") {
                for (const auto& c : columns) rows[id][c] = "null";
                if (table == "entries") rows[id]["task_ids"] = "[]";
                if (stays) rows[id]["is_active"] = "1", rows[id]["is_pinned"] = "0";
                put(rows[id], link[2]);
            } else if (link[1] == "delete") {
                if (!stays) rows.erase(id);
            } else {
                only_what_changes(link, rows[id]);
                put(rows[id], link[2]);
            }
        }
        return rows;
    }

    // Each field of an update was what it says it was, and is something else now.
    static void only_what_changes(const row& link, const fields& before) {
        fields was, becomes;
        put(was, link[3]);
        put(becomes, link[2]);
        EXPECT_FALSE(becomes.empty());
        ASSERT_EQ(was.size(), becomes.size());
        for (const auto& [column, value] : becomes) {
            ASSERT_TRUE(was.contains(column)) << column;
            EXPECT_NE(was.at(column), value) << column;
            EXPECT_EQ(was.at(column), before.at(column)) << column;
        }
    }

    void states_tell_what_waits() {
        for (const std::string table : {"entries", "contacts"}) {
            const std::string key = table == "entries" ? "entry_id" : "contact_id";
            EXPECT_EQ(file.cell("SELECT count(*) FROM " + table + " AS t WHERE (t.sync_state = 'queued') <> EXISTS (SELECT 1 FROM outbox AS o "
                                "WHERE o.resource = '" + table + "' AND o.row_id = t." + key + ")"), "0") << table;
        }
        EXPECT_EQ(file.cell("SELECT (SELECT count(*) FROM _replaced) + (SELECT is_capturing FROM _gate)"), "0");
        EXPECT_TRUE(file.rows("PRAGMA foreign_key_check").empty());
    }

    std::mt19937 chance{20240120};
    std::size_t draw(std::size_t below) { return chance() % below; }
    std::string one_of(const std::vector<std::string>& from) { return from[draw(from.size())]; }

    std::string some_id(const std::string& table, const std::string& key) {
        return "(SELECT " + key + " FROM " + table + " ORDER BY " + key + " LIMIT 1 OFFSET " + std::to_string(draw(8)) + ")";
    }

    std::string assignment() {
        return one_of({"description = 'a'", "description = 'b'", "description = NULL", "description = ''", "description = 'first'", "contact_id = 21",
                       "contact_id = 23", "contact_id = NULL", "project_id = 31", "project_id = NULL", "duration_seconds = 60", "duration_seconds = 3600",
                       "duration_seconds = duration_seconds + 1", "duration_seconds = duration_seconds - 1", "entry_date = '2024-01-20'", "entry_date = '2024-03-03'"});
    }
    std::string contact_assignment() {
        return one_of({"name = 'Contact A'", "name = 'N'", "short_code = 'a'", "short_code = NULL", "short_code = ''", "budget_target = 0.125",
                       "budget_target = 0.5", "budget_target = NULL", "is_active = 0", "is_active = 1", "is_pinned = 1", "default_rate_cents = 100"});
    }

    std::string statement() {
        const std::string entry = some_id("entries", "entry_id");
        const std::string contact = some_id("contacts", "contact_id");
        switch (draw(14)) {
            case 0: return "INSERT INTO entries (description, contact_id) VALUES ('n', " + one_of({"21", "NULL", "23"}) + ")";
            case 1: return "DELETE FROM entries WHERE entry_id = " + entry;
            case 2: return "INSERT INTO entry_tasks SELECT " + entry + ", " + one_of({"41", "42", "43"});
            case 3: return "DELETE FROM entry_tasks WHERE entry_id = " + entry + " AND task_id <= " + one_of({"41", "42"});
            case 4: return "REPLACE INTO entries (entry_id, description, contact_id) SELECT " + entry + ", 'r', 21 WHERE " + entry + " IS NOT NULL";
            case 5: return "INSERT INTO contacts (name, is_pinned) VALUES ('C', " + one_of({"0", "1", "NULL"}) + ")";
            case 6: return "DELETE FROM contacts WHERE contact_id = " + contact + " AND presence = 'present' AND contact_id NOT IN (21, 23)";
            case 7:
            case 8: return "UPDATE contacts SET " + contact_assignment() + " WHERE contact_id = " + contact + " AND presence = 'present'";
            case 9: return "INSERT OR IGNORE INTO entries (entry_id, description) SELECT " + entry + ", 'i' WHERE " + entry + " IS NOT NULL";
            case 10: return "UPDATE entry_tasks SET task_id = 43 WHERE entry_id = " + entry + " AND task_id = 41";
            case 11: return "UPDATE entries SET " + assignment() + " WHERE duration_seconds < 2000";
            default: return "UPDATE entries SET " + assignment() + " WHERE entry_id = " + entry;
        }
    }
};

TEST_F(CaptureRandom, MinuteDocksRowsWithWhatWaitsPutOverAreTheTable) {
    for (int i = 200; i < 206; ++i)
        file.apply("INSERT INTO entries (entry_id, user_account_id, description, duration_seconds, entry_date) VALUES (" + std::to_string(i) +
                   ", 11, 'a', " + std::to_string(i * 10) + ", '2024-01-20')");
    const auto entries = read("entries", "entry_id", entry_columns, "");
    const auto contacts = read("contacts", "contact_id", contact_columns, "");
    int refusals = 0;
    for (int i = 0; i < 2000; ++i) {
        if (i % 250 == 0) run(std::string("PRAGMA recursive_triggers = ") + (i % 500 == 0 ? "ON" : "OFF"));
        if (draw(40) == 0) file.apply("UPDATE outbox SET state = 'held' WHERE outbox_id % 3 = 0");
        if (draw(60) == 0) file.apply("UPDATE outbox SET state = 'sending' WHERE outbox_id % 5 = 0 AND operation = 'update'");
        const std::string sql = statement();
        refusals += file.refusal(sql).empty() ? 0 : 1;
        ASSERT_EQ(read("entries", "entry_id", entry_columns, ""), overlaid("entries", entries, entry_columns, false)) << i << ": " << sql;
        ASSERT_EQ(read("contacts", "contact_id", contact_columns, ""), overlaid("contacts", contacts, contact_columns, true)) << i << ": " << sql;
        states_tell_what_waits();
        ASSERT_FALSE(HasFailure()) << i << ": " << sql;
    }
    EXPECT_LT(refusals, 600);
    EXPECT_GT(file.db().execAndGet("SELECT count(*) FROM changes").getInt(), 500);
}

}  // namespace
}  // namespace mdock::schema_test
