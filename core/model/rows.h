// SPDX-License-Identifier: MIT
// Rows of one table on their way from an answer to the database: cells in the order of the description, texts in one
// arena. A batch is filled by core/api and applied by core/store, which know nothing of each other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/model/description.h"

namespace mdock::model {

enum class cell_type : std::uint8_t { null, integer, real, text };

struct cell {
    cell_type type = cell_type::null;
    std::uint32_t size = 0;    // of text
    union {
        std::int64_t integer = 0;
        double real;
        const char* text;
    };

    std::string_view view() const { return type == cell_type::text ? std::string_view{text, size} : std::string_view{}; }
    static cell of(std::int64_t value) {
        cell c;
        c.type = cell_type::integer;
        c.integer = value;
        return c;
    }
    static cell of(double value) {
        cell c;
        c.type = cell_type::real;
        c.real = value;
        return c;
    }
    // Borrows `value`; the caller keeps it alive.
    static cell of(std::string_view value) {
        cell c;
        c.type = cell_type::text;
        c.size = static_cast<std::uint32_t>(value.size());
        c.text = value.data();
        return c;
    }
};

bool operator==(const cell& a, const cell& b);

// Bytes that stay where they are until the arena goes.
class text_arena {
public:
    std::string_view keep(std::string_view text);
    std::size_t bytes() const { return bytes_; }

private:
    // Most answers are short; a page of a thousand rows soon reaches the largest.
    static constexpr std::size_t first_block = 4 * 1024;
    static constexpr std::size_t largest_block = 64 * 1024;
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t room_ = 0;    // of the last block
    std::size_t used_ = 0;    // of it
    std::size_t bytes_ = 0;
};

// The columns of a table that come from the API, in DDL order, then `extra`. Derived once from the description.
struct layout {
    const table* of = nullptr;
    std::vector<const column*> stored;        // one per cell but the last, which is `extra`
    std::size_t key = 0;                      // cell of the key
    std::ptrdiff_t date = -1;                 // cell of the table's calendar day, or -1
    std::ptrdiff_t updated = -1;              // cell of updated_at, or -1
    std::size_t width = 0;                    // cells a row, `extra` included
    std::size_t extra() const { return width - 1; }
    // The cell of a column; the column must be stored.
    std::size_t cell_of(std::string_view column_name) const;
};

const layout& layout_of(resource which);

class row_batch {
public:
    explicit row_batch(resource which) : layout_(&layout_of(which)) {}

    resource which() const { return layout_->of->which; }
    const layout& columns() const { return *layout_; }
    std::size_t size() const { return keys_; }
    bool empty() const { return keys_ == 0; }

    std::span<const cell> row(std::size_t i) const { return {cells_.data() + i * layout_->width, layout_->width}; }
    std::span<cell> row(std::size_t i) { return {cells_.data() + i * layout_->width, layout_->width}; }
    std::int64_t key(std::size_t i) const { return row(i)[layout_->key].integer; }
    // Linked ids (task_ids), ascending and without repeats.
    std::span<const std::int64_t> links(std::size_t i) const {
        const std::size_t from = i == 0 ? 0 : link_ends_[i - 1];
        return {links_.data() + from, link_ends_[i] - from};
    }

    // Appends a row of NULLs and returns its cells, valid until the next append.
    std::span<cell> append();
    // Sets the links of the last row; sorts and drops repeats.
    void set_links(std::span<const std::int64_t> ids);
    // Takes the last row off again.
    void drop_last();
    std::string_view keep(std::string_view text) { return arena_.keep(text); }

    // Row numbers by ascending key: inserting in this order costs a third of random order (docs/decisions.md).
    std::vector<std::uint32_t> by_key() const;

    // Rows of the answer that are out of the table's scope (the dock among entries); counted, not kept.
    std::size_t out_of_scope = 0;

private:
    const layout* layout_;
    std::size_t keys_ = 0;
    std::vector<cell> cells_;
    std::vector<std::int64_t> links_;
    std::vector<std::size_t> link_ends_;
    text_arena arena_;
};

}  // namespace mdock::model
