// SPDX-License-Identifier: MIT
// What an entry and a dock have in common when written: contact, project, tasks, description, duration, with the rules
// that fill one from another.
#pragma once

#include "tests/minutedock/asked.h"
#include "tests/minutedock/write_fields.h"

namespace minutedock {

struct entry_content {
    row_id contact = 0;
    row_id project = 0;
    std::vector<row_id> tasks;
    std::optional<std::string> description;
    std::int64_t duration = 0;
};

// Reads the fields into `content`: a project brings its contact, #hashtags bring tasks, text and seconds are trimmed
// and rounded as the switches say. False when the request was refused.
bool read_content(const asked& r, write_fields& fields, entry_content& content);

// Logged time moves the progress of the contact's and the project's budgets, which are stamped by nobody.
void move_budgets(state& account, row_id contact, row_id project, std::int64_t seconds);

std::chrono::sys_days local_today(const asked& r);

}  // namespace minutedock
