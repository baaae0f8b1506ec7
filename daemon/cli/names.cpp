// SPDX-License-Identifier: MIT
#include "daemon/cli/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/base/decimal.h"
#include "daemon/cli/terminal.h"

namespace mdock::cli {
namespace {

// More than anybody chooses from by number.
constexpr std::size_t most_shown = 12;

// The SELECT list of a noun: key, name, code, contact_id, contact's name, whether it is live.
std::string select_of(std::string_view noun) {
    if (noun == "contact")
        return "SELECT x.contact_id, x.name, x.short_code, NULL, NULL, x.presence = 'present' AND x.is_active IS NOT 0 "
               "FROM contacts x";
    if (noun == "project")
        return "SELECT x.project_id, x.name, x.short_code, x.contact_id, c.name, x.presence = 'present' AND x.is_active "
               "IS NOT 0 FROM projects x LEFT JOIN contacts c ON c.contact_id = x.contact_id";
    if (noun == "user")
        return "SELECT x.user_account_id, x.user_name, x.email, NULL, NULL, x.presence = 'present' AND x.is_archived IS "
               "NOT 1 FROM users x";
    return fmt::format("SELECT x.{0}_id, x.name, x.name, NULL, NULL, x.presence = 'present' FROM {0}s x", noun);
}

std::string key_of(std::string_view noun) { return noun == "user" ? "x.user_account_id" : fmt::format("x.{}_id", noun); }

// A name as one word, as a person types it behind # or @: without case, spaces and punctuation.
const std::string squeezed = "replace(replace(replace(replace(lower(trim(x.name)), ' ', ''), '-', ''), '_', ''), '.', '')";

std::string as_one_word(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '-' && c != '_' && c != '.') out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return out;
}

std::vector<named_row> read(SQLite::Statement& query, std::string_view noun) {
    std::vector<named_row> rows;
    while (query.executeStep()) {
        auto& one = rows.emplace_back();
        one.noun = noun;
        one.id = query.getColumn(0).getInt64();
        one.name = query.getColumn(1).getString();
        one.code = query.getColumn(2).getString();
        if (!query.getColumn(3).isNull()) one.contact_id = query.getColumn(3).getInt64();
        one.contact = query.getColumn(4).getString();
        one.is_live = query.getColumn(5).getInt() != 0;
    }
    return rows;
}

std::vector<named_row> rows_where(SQLite::Database& db, std::string_view noun, const std::string& condition,
                                  const std::string& text) {
    SQLite::Statement query(db, fmt::format("{} WHERE {} ORDER BY 1", select_of(noun), condition));
    query.bind(1, text);
    return read(query, noun);
}

std::string second_name_of(std::string_view noun) {
    if (noun == "user") return "x.email";
    return noun == "contact" || noun == "project" ? "x.short_code" : "x.name";
}

}  // namespace

std::string describe(const named_row& row) {
    return fmt::format("{} ({} {}{}{})", row.name.empty() ? "#" + std::to_string(row.id) : row.name, row.noun, row.id,
                       row.contact.empty() ? "" : " of " + row.contact, row.is_live ? "" : ", archived or gone");
}

std::optional<std::int64_t> id_in(SQLite::Database& db, std::string_view resource, const std::string& text) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size() || id < 0) return std::nullopt;
    if (id <= local_id_base) return id;
    SQLite::Statement known(db, "SELECT row_id FROM local_ids WHERE local_id = ?1 AND resource = ?2");
    known.bind(1, id);
    known.bind(2, std::string(resource));
    return known.executeStep() ? known.getColumn(0).getInt64() : id;
}

std::int64_t fact_id(SQLite::Database& db, std::string_view noun, std::string_view resource, const std::string& text) {
    if (const auto id = id_in(db, resource, text)) return *id;
    fail(errc::usage, fmt::format("\"{}\" is not an id: give the number that `mdock {} list` shows", text, noun));
}

std::vector<named_row> rows_named(SQLite::Database& db, std::string_view noun, const std::string& text, bool by_code) {
    if (const auto id = by_code ? std::nullopt : id_in(db, std::string(noun) + "s", text)) {
        SQLite::Statement query(db, fmt::format("{} WHERE {} = ?1", select_of(noun), key_of(noun)));
        query.bind(1, *id);
        if (auto rows = read(query, noun); !rows.empty()) return rows;
    }
    const auto code = fmt::format("{} = ?1 COLLATE NOCASE", second_name_of(noun));
    if (!by_code) {
        const auto name = noun == "user" ? std::string("x.user_name") : std::string("trim(x.name)");
        return rows_where(db, noun, fmt::format("({} OR {} = trim(?1) COLLATE NOCASE)", code, name), text);
    }
    auto rows = rows_where(db, noun, code, text);
    return rows.empty() ? rows_where(db, noun, squeezed + " = ?1", as_one_word(text)) : rows;
}

std::vector<named_row> narrowed(std::vector<named_row> rows, std::optional<std::int64_t> contact_id) {
    const auto keep = [&rows](auto is_wanted) {
        if (std::none_of(rows.begin(), rows.end(), is_wanted)) return;
        std::erase_if(rows, [&is_wanted](const named_row& one) { return !is_wanted(one); });
    };
    keep([](const named_row& one) { return one.is_live; });
    if (contact_id)
        keep([contact_id](const named_row& one) { return one.noun != "project" || one.contact_id == contact_id; });
    return rows;
}

named_row one_of(session& here, const std::string& text, std::vector<named_row> rows) {
    if (rows.size() == 1) return std::move(rows.front());
    std::vector<std::string> list;
    for (std::size_t i = 0; i < std::min(rows.size(), most_shown); ++i) list.push_back(describe(rows[i]));
    if (here.may_ask() && rows.size() <= most_shown)
        return std::move(rows[choose(here, fmt::format("\"{}\" is the name of more than one. Which?", text), list)]);
    std::string all;
    for (const auto& one : list) all += (all.empty() ? "" : ", ") + one;
    if (rows.size() > most_shown) all += fmt::format(" and {} more", rows.size() - most_shown);
    fail(errc::usage, fmt::format("\"{}\" is the name of more than one: {}; use the id", text, all));
}

named_row find_row(session& here, SQLite::Database& db, std::string_view noun, const std::string& text,
                   std::optional<std::int64_t> contact_id) {
    auto rows = narrowed(rows_named(db, noun, text), contact_id);
    if (rows.empty()) fail(errc::not_found_locally, fmt::format("there is no {} \"{}\" in the mirror", noun, text));
    return one_of(here, text, std::move(rows));
}

}  // namespace mdock::cli
