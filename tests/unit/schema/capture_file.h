// SPDX-License-Identifier: MIT
// A small mirror with the gate open, as writes.direct_sql leaves it: what a person's SQL does to the outbox.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/schema/mirror_file.h"

namespace mdock::schema_test {

// User 11 with a timer; contacts 21 and 23, placeholder 22; projects 31 and 32; tasks 41 to 43; entries 102 (of contact 21
// and project 31, task 41), 103 (tasks 41, 42) and 104 (of user 12); expense 61.
extern const std::string_view captured_rows;

using lines = std::vector<std::string>;

class Capture : public testing::Test {
protected:
    Capture();

    void run(const std::string& sql) { file.db().exec(sql); }
    // The sentence without "mdock: " and "; nothing was changed"; "" when it was accepted.
    std::string refused(const std::string& sql);
    // "operation resource row_id new_values old_values" of each waiting change, oldest first; the time is cut out.
    lines outbox();
    lines changes();
    std::string state_of(const std::string& table, const std::string& id);

    mirror_file file;
};

}  // namespace mdock::schema_test
