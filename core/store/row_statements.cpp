// SPDX-License-Identifier: MIT
#include "core/store/row_statements.h"

namespace mdock::store {
namespace {

std::string column_list(const model::layout& columns) {
    std::string out;
    for (const auto* c : columns.stored) out += std::string(c->name) + ", ";
    return out + "extra";
}

std::string select_sql(const model::layout& columns) {
    const std::string presence = columns.of->keeps_unseen ? ", presence" : "";
    return "SELECT " + column_list(columns) + presence + " FROM " + std::string(columns.of->name) + " WHERE " +
           std::string(columns.of->key) + " = ?1";
}

std::string insert_sql(const model::layout& columns) {
    std::string values;
    for (std::size_t i = 0; i < columns.width; ++i) values += (i == 0 ? "?" : ", ?") + std::to_string(i + 1);
    return "INSERT INTO " + std::string(columns.of->name) + " (" + column_list(columns) + ") VALUES (" + values +
           ") ON CONFLICT (" + std::string(columns.of->key) + ") DO NOTHING";
}

std::string update_sql(const model::layout& columns) {
    std::string sets;
    for (std::size_t i = 0; i < columns.stored.size(); ++i)
        if (i != columns.key) sets += std::string(columns.stored[i]->name) + " = ?" + std::to_string(i + 1) + ", ";
    sets += "extra = ?" + std::to_string(columns.width);
    if (columns.of->keeps_unseen) sets += ", presence = 'present', gone_at = NULL";
    return "UPDATE " + std::string(columns.of->name) + " SET " + sets + " WHERE " + std::string(columns.of->key) +
           " = ?" + std::to_string(columns.key + 1);
}

std::string links_sql(const model::layout& columns, std::string_view verb) {
    const std::string link{columns.of->link_table};
    const std::string key{columns.of->key};
    if (link.empty()) return "SELECT 1 WHERE 0 AND ?1 AND ?2";
    if (verb == "select") return "SELECT task_id FROM " + link + " WHERE " + key + " = ?1 ORDER BY task_id";
    if (verb == "insert") return "INSERT OR IGNORE INTO " + link + " (" + key + ", task_id) VALUES (?1, ?2)";
    return "DELETE FROM " + link + " WHERE " + key + " = ?1 AND task_id = ?2";
}

}  // namespace

row_statements::row_statements(SQLite::Database& db, resource which)
    : select(db, select_sql(model::layout_of(which))),
      insert(db, insert_sql(model::layout_of(which))),
      update(db, update_sql(model::layout_of(which))),
      select_links(db, links_sql(model::layout_of(which), "select")),
      insert_link(db, links_sql(model::layout_of(which), "insert")),
      delete_link(db, links_sql(model::layout_of(which), "delete")) {}

}  // namespace mdock::store
