// SPDX-License-Identifier: MIT
// The same through the stock sqlite3 program, as a person with writes.direct_sql uses it: nothing but what it has itself.
#include <cstdio>
#include <fstream>

#include "tests/unit/schema/capture_file.h"

namespace mdock::schema_test {
namespace {

class Shell : public Capture {
protected:
    // What the program prints, errors included.
    std::string shell(const std::string& script) {
        const std::string input = (file.folder() / "script.sql").string();
        std::ofstream(input) << script;
        const std::string command = "sqlite3 -batch '" + (file.folder() / "mirror.db").string() + "' < '" + input + "' 2>&1";
        std::string out;
        FILE* pipe = popen(command.c_str(), "r");
        if (pipe == nullptr) return "no shell";
        for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) out += static_cast<char>(c);
        pclose(pipe);
        return out;
    }
};

TEST_F(Shell, EditsAreCapturedWithAndWithoutForeignKeysAndRecursion) {
    int expected = 0;
    for (const std::string keys : {"ON", "OFF"}) {
        for (const std::string recursive : {"ON", "OFF"}) {
            const std::string n = std::to_string(++expected);
            EXPECT_EQ(shell("PRAGMA foreign_keys = " + keys + "; PRAGMA recursive_triggers = " + recursive + ";\n"
                            "UPDATE entries SET description = '" + n + "' WHERE entry_id = 102;\n"
                            "REPLACE INTO entries (entry_id, description, contact_id, project_id) VALUES (102, 'r" + n + "', 21, 31);\n"
                            "INSERT INTO entry_tasks VALUES (102, 43); DELETE FROM entry_tasks WHERE entry_id = 102 AND task_id = 43;\n"
                            "INSERT INTO entries (description) VALUES ('new'); DELETE FROM entries WHERE entry_id > 1000;\n"
                            "SELECT count(*), max(new_values) FROM outbox;"),
                      "1|{\"description\":\"r" + n + "\"}\n");
        }
    }
}

TEST_F(Shell, AClosedGateSaysWhatToDo) {
    run("UPDATE _gate SET is_open = 0");
    EXPECT_NE(shell("UPDATE entries SET description = 'x';").find("mdock entry edit or mdock sql --write, or set writes.direct_sql = true"), std::string::npos);
    EXPECT_NE(shell("INSERT INTO contacts (name) VALUES ('x');").find("mdock contact edit"), std::string::npos);
    EXPECT_TRUE(outbox().empty());
}

TEST_F(Shell, ReturnsTheIdOfANewRow) {
    EXPECT_EQ(shell("INSERT INTO entries (description) VALUES ('x') RETURNING entry_id; SELECT last_insert_rowid();"),
              "9000000000000001\n9000000000000001\n");
}

}  // namespace
}  // namespace mdock::schema_test
