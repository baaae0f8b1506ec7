// SPDX-License-Identifier: MIT
// A mirror in a scratch folder, opened as the daemon opens it and filled from JSON as MinuteDock sends it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/apply.h"
#include "core/store/open.h"
#include "tests/support/scratch.h"

namespace mdock::store {

inline constexpr auto owner_only = static_cast<std::filesystem::perms>(0600);

// "2024-01-20 15:45:00"
utc_seconds stamp(std::string_view text);

// Rows of a list answer; throws when it does not decode.
model::row_batch page(resource which, std::string_view json);

// Ways to apply: noon of the first of February, changes recorded, unless said otherwise.
apply_how live(std::string_view at = "2024-02-01 12:00:00");
apply_how expecting_new(bool expects_new);
apply_how first_load();
apply_how after_cursor(std::string_view older_cursor);

class mirror {
public:
    // An empty mirror: a copy of one, or made by this opening.
    struct made_here {};
    mirror();
    explicit mirror(made_here);

    const std::filesystem::path& file() const { return file_; }
    std::filesystem::path folder() const { return folder_.path(); }
    database& db() { return *db_; }

    void open() { db_ = open_writer(file_, owner_only); }
    void close() { db_.reset(); }
    void kill();    // as a process that is killed: the lock is let go without a word

    // One transaction.
    applied apply(resource which, std::string_view json, const apply_how& how = live());
    // The first column of the first row; "NULL" for NULL, "" for no row.
    std::string cell(const std::string& sql);
    // Rows as "a|b|c".
    std::vector<std::string> rows(const std::string& sql);
    void run(const std::string& sql);
    // "operation resource row_id old_values new_values" of each change, oldest first.
    std::vector<std::string> changes();
    // Rows changed by this connection so far.
    std::int64_t total_changes();

private:
    test::scratch_folder folder_;
    std::filesystem::path file_;
    std::unique_ptr<database> db_;
};

// The code that `open` is refused with, and its sentence: "database_busy another mdock …"; "opened" when it is not.
std::string refusal(const std::filesystem::path& file);
std::string reader_refusal(const std::filesystem::path& file);

std::string bytes_of(const std::filesystem::path& file);
// Every file of a folder with its content, for "nothing was touched".
std::vector<std::pair<std::string, std::string>> everything_in(const std::filesystem::path& folder);

}  // namespace mdock::store
