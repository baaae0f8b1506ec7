// SPDX-License-Identifier: MIT
// A mirror's database as a real file in a scratch folder, made from the embedded SQL the way the daemon makes it; then
// looked at as any other program would: triggers on, foreign keys on.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mdock::schema_test {

using row = std::vector<std::string>;  // a NULL cell is "NULL"

class scratch_folder {
public:
    scratch_folder();
    ~scratch_folder();
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

class mirror_file {
public:
    mirror_file();

    SQLite::Database& db() { return db_; }
    // Runs a script as the daemon does: triggers off.
    void apply(std::string_view script);
    // Views, gate, dictionary: what every newer program makes anew.
    void refresh_surface();

    std::vector<row> rows(std::string_view sql);
    std::string cell(std::string_view sql);  // the first cell of the first row
    // The message a statement fails with, or "" when it succeeds. What it did is kept.
    std::string refusal(const std::string& sql);
    // The same for what the tables themselves refuse: their CHECKs and keys.
    std::string refusal_without_triggers(const std::string& sql);
    const std::filesystem::path& folder() const { return folder_.path(); }

    std::vector<std::string> public_tables();
    std::vector<std::string> views();
    // The content of every table of the file, for "nothing changed".
    std::vector<row> everything();

private:
    struct made_here {};
    explicit mirror_file(made_here);
    std::string fresh_copy() const;
    void settle();
    void triggers(bool on);

    scratch_folder folder_;
    SQLite::Database db_;
};

// Every row of every kind: one row at least in each public table, parents included.
extern const std::string_view sample_rows;

}  // namespace mdock::schema_test
