// SPDX-License-Identifier: MIT
// Tables, description and types say the same; only types that every reader knows are declared.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <regex>
#include <set>

#include "core/model/description.h"
#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {
namespace {

const std::regex allowed_type(R"((INTEGER|DOUBLE|BOOLEAN|DATE|TIMESTAMP|TEXT|VARCHAR\([0-9]+\)))");
// The columns that hold JSON, the only use of TEXT.
const std::set<std::string> json_columns{"extra", "row_json", "new_values", "old_values", "base", "mine", "theirs"};

// Name and declared type of each result column as drivers ask for them; an empty type means that there is none.
std::vector<std::pair<std::string, std::string>> declared_types(mirror_file& file, const std::string& sql) {
    sqlite3_stmt* query = nullptr;
    std::vector<std::pair<std::string, std::string>> out;
    if (sqlite3_prepare_v2(file.db().getHandle(), sql.c_str(), -1, &query, nullptr) == SQLITE_OK) {
        for (int i = 0; i < sqlite3_column_count(query); ++i) {
            const char* type = sqlite3_column_decltype(query, i);
            out.emplace_back(sqlite3_column_name(query, i), type == nullptr ? "" : type);
        }
    }
    sqlite3_finalize(query);
    return out;
}

TEST(Tables, HaveTheColumnsOfTheDescriptionInItsOrder) {
    mirror_file file;
    for (const resource which : all_resources) {
        const model::table& t = model::describe(which);
        std::vector<row> described;
        for (const model::column& c : t.columns)
            if (!c.name.empty()) described.push_back({std::string(c.name), std::string(c.declared)});
        EXPECT_EQ(file.rows("SELECT name, type FROM pragma_table_info('" + std::string(t.name) + "')"), described)
            << t.name;
        EXPECT_EQ(file.cell("SELECT name FROM pragma_table_info('" + std::string(t.name) + "') WHERE pk = 1"), t.key);
    }
}

TEST(Tables, DeclareOnlyTypesThatEveryReaderKnows) {
    mirror_file file;
    for (const auto& table : file.public_tables()) {
        for (const auto& c : file.rows("SELECT name, type FROM pragma_table_xinfo('" + table + "')")) {
            // SQLite's own word for a generated column follows the type.
            const std::string type = std::regex_replace(c[1], std::regex(" GENERATED ALWAYS$"), "");
            EXPECT_TRUE(std::regex_match(type, allowed_type)) << table << '.' << c[0] << ' ' << type;
            EXPECT_TRUE(type != "TEXT" || json_columns.contains(c[0])) << table << '.' << c[0];
        }
    }
}

TEST(Tables, AreOrdinaryAndNotStrict) {
    mirror_file file;
    EXPECT_TRUE(file.rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 1").empty());
}

TEST(Views, DeclareATypeForEveryColumnButAllocation) {
    mirror_file file;
    std::set<std::string> untyped;
    for (const auto& view : file.views()) {
        for (const auto& [name, type] : declared_types(file, "SELECT * FROM " + view)) {
            if (type.empty())
                untyped.insert(view + '.' + name);
            else
                EXPECT_TRUE(std::regex_match(type, allowed_type)) << view << '.' << name << ' ' << type;
        }
    }
    EXPECT_EQ(untyped, std::set<std::string>{"fact_entry_task.allocation"});
}

TEST(Views, AreTheStarOfTheContract) {
    mirror_file file;
    EXPECT_EQ(file.views(), (std::vector<std::string>{"dim_contact", "dim_date", "dim_item", "dim_project", "dim_task",
                                                      "dim_user", "fact_entry_task", "fact_expense", "fact_invoice",
                                                      "fact_invoice_line", "fact_time_entry"}));
}

TEST(ForeignKeys, NameTheirColumnAndNeverConcernInvoiceIdsOfEntries) {
    mirror_file file;
    const auto keys_of = [&](const std::string& table) {
        std::set<std::string> keys;
        for (const auto& k :
             file.rows("SELECT \"from\", \"table\", \"to\" FROM pragma_foreign_key_list('" + table + "')"))
            keys.insert(k[0] + ">" + k[1] + "." + k[2]);
        return keys;
    };
    using set = std::set<std::string>;
    const std::string user = "user_account_id>users.user_account_id";
    const std::string contact = "contact_id>contacts.contact_id";
    const std::string project = "project_id>projects.project_id";
    const std::string task = "task_id>tasks.task_id";
    EXPECT_EQ(keys_of("entries"), (set{user, contact, project}));
    EXPECT_EQ(keys_of("expenses"), (set{user, contact, project, "item_id>items.item_id"}));
    EXPECT_EQ(keys_of("entry_tasks"), (set{"entry_id>entries.entry_id", task}));
    EXPECT_EQ(keys_of("projects"), (set{contact}));
    EXPECT_EQ(keys_of("invoices"), (set{contact}));
    EXPECT_EQ(keys_of("invoice_line_items"), (set{"invoice_id>invoices.invoice_id"}));
    EXPECT_EQ(keys_of("dock"), (set{user, contact, project}));
    EXPECT_EQ(keys_of("dock_tasks"), (set{"user_account_id>dock.user_account_id", task}));
}

TEST(ForeignKeys, FollowTheDescription) {
    mirror_file file;
    for (const resource which : all_resources) {
        const model::table& t = model::describe(which);
        std::set<std::string> wanted;
        for (const model::column& c : t.columns)
            if (c.how == model::kind::parent_id || (c.parent != resource::accounts && !c.name.empty()))
                wanted.insert(std::string(c.name) + ">" + std::string(name_of(c.parent)));
        std::set<std::string> made;
        for (const auto& k :
             file.rows("SELECT \"from\", \"table\" FROM pragma_foreign_key_list('" + std::string(t.name) + "')"))
            made.insert(k[0] + ">" + k[1]);
        EXPECT_EQ(made, wanted) << t.name;
    }
}

}  // namespace
}  // namespace mdock::schema_test
