// SPDX-License-Identifier: MIT
#include "tests/unit/store/mirror.h"

#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/api/decode.h"

namespace mdock::store {

utc_seconds stamp(std::string_view text) { return parse_database_timestamp(text).value(); }

model::row_batch page(resource which, std::string_view json) { return std::move(api::decode_list(which, json).value()); }

apply_how live(std::string_view at) {
    apply_how how{};
    how.at = stamp(at);
    return how;
}

apply_how expecting_new(bool expects_new) {
    apply_how how = live();
    how.expects_new = expects_new;
    return how;
}

apply_how first_load() {
    apply_how how = expecting_new(true);
    how.records_changes = false;
    return how;
}

apply_how after_cursor(std::string_view older_cursor) {
    apply_how how = live();
    how.older_cursor = stamp(older_cursor);
    return how;
}

namespace {

// A new mirror's bytes, made once: making one takes longer than most tests.
const std::string& fresh_mirror() {
    static const std::string bytes = [] {
        const test::scratch_folder folder;
        const auto file = folder.path() / "mdock.db";
        open_writer(file, owner_only).reset();
        return bytes_of(file);
    }();
    return bytes;
}

}  // namespace

mirror::mirror() : file_(folder_.path() / "mdock.db") {
    std::ofstream(file_, std::ios::binary) << fresh_mirror();
    open();
}

mirror::mirror(made_here) : file_(folder_.path() / "mdock.db") { open(); }

void mirror::kill() {
    db_->die();
    db_.reset();
}

applied mirror::apply(resource which, std::string_view json, const apply_how& how) {
    const auto rows = page(which, json);
    transaction write(*db_);
    auto done = apply_rows(*db_, rows, how);
    write.commit();
    return done;
}

std::vector<std::string> mirror::rows(const std::string& sql) {
    std::vector<std::string> out;
    SQLite::Statement select(db_->connection(), sql);
    while (select.executeStep()) {
        std::string row;
        for (int i = 0; i < select.getColumnCount(); ++i)
            row += (i == 0 ? "" : "|") + (select.getColumn(i).isNull() ? std::string("NULL") : select.getColumn(i).getString());
        out.push_back(row);
    }
    return out;
}

std::string mirror::cell(const std::string& sql) {
    const auto all = rows(sql);
    return all.empty() ? "" : all.front();
}

void mirror::run(const std::string& sql) { db_->connection().exec(sql); }

std::vector<std::string> mirror::changes() {
    return rows("SELECT operation || ' ' || resource || ' ' || row_id || ' ' || coalesce(old_values, 'NULL') || ' ' || "
                "coalesce(new_values, 'NULL') FROM changes ORDER BY seq");
}

std::int64_t mirror::total_changes() { return sqlite3_total_changes(db_->connection().getHandle()); }

std::string refusal(const std::filesystem::path& file) {
    try {
        open_writer(file, owner_only);
        return "opened";
    } catch (const failure_exception& error) {
        return std::string(name_of(error.why().code())) + " " + error.why().context();
    }
}

std::string reader_refusal(const std::filesystem::path& file) {
    try {
        open_reader(file);
        return "opened";
    } catch (const failure_exception& error) {
        return std::string(name_of(error.why().code())) + " " + error.why().context();
    }
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream(file, std::ios::binary).rdbuf();
    return out.str();
}

std::vector<std::pair<std::string, std::string>> everything_in(const std::filesystem::path& folder) {
    std::vector<std::pair<std::string, std::string>> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        out.emplace_back(entry.path().filename().string(), entry.is_regular_file() ? bytes_of(entry.path()) : "");
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace mdock::store
