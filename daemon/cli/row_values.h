// SPDX-License-Identifier: MIT
// Columns with their values, as the INSERT or UPDATE that a command makes of them. Only the columns that a person named
// are in it, so that nothing else can become a change.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/store/local_write.h"

namespace mdock::cli {

class row_values {
public:
    void set(std::string_view column, store::write_value value) { columns_.emplace_back(std::string(column), std::move(value)); }
    // `id`: 0 for none.
    void set_id(std::string_view column, std::int64_t id) { set(column, id != 0 ? store::write_value(id) : store::write_value(nullptr)); }
    bool empty() const { return columns_.empty(); }

    store::write_statement insert_into(std::string_view table) const {
        store::write_statement out;
        std::string names, places;
        for (const auto& [name, value] : columns_) {
            out.values.push_back(value);
            names += (names.empty() ? "" : ", ") + name;
            places += fmt::format("{}?{}", places.empty() ? "" : ", ", out.values.size());
        }
        out.sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names, places);
        return out;
    }

    store::write_statement update(std::string_view table, std::string_view key, std::int64_t id) const {
        store::write_statement out;
        std::string list;
        for (const auto& [name, value] : columns_) {
            out.values.push_back(value);
            list += fmt::format("{}{} = ?{}", list.empty() ? "" : ", ", name, out.values.size());
        }
        out.values.emplace_back(id);
        out.sql = fmt::format("UPDATE {} SET {} WHERE {} = ?{}", table, list, key, out.values.size());
        return out;
    }

private:
    std::vector<std::pair<std::string, store::write_value>> columns_;
};

inline store::write_statement delete_from(std::string_view table, std::string_view key, std::int64_t id) {
    return {fmt::format("DELETE FROM {} WHERE {} = ?1", table, key), {id}};
}

}  // namespace mdock::cli
