// SPDX-License-Identifier: MIT
// The SAX handler that turns parser events into rows of one table (and, for an invoice, its lines), guided by the
// table's description. Unknown fields are copied as JSON into `extra`; anything of a wrong shape ends the parse.
#pragma once

#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/cell_text.h"
#include "core/base/error.h"
#include "core/model/rows.h"

namespace mdock::api {

// How the body begins.
enum class root { list, object };

// One field of the description as the decoder uses it. A nested one ("delivery.id") has the outer name in `outer`.
struct field {
    std::string_view outer;
    std::string_view name;
    model::kind how = model::kind::text;
    std::ptrdiff_t cell = -1;    // -1: not stored
};

// The fields of a table, derived once from its description.
const std::vector<field>& fields_of(resource which);

class row_handler {
public:
    // Limits that basic_parser asks of its handler: far above anything lifelike, far below what hurts (H09). Unknown
    // fields of a row are looked through for each new one, so their number is the tightest.
    static constexpr std::size_t max_object_size = 2'000;
    static constexpr std::size_t max_array_size = 2'000'000;
    static constexpr std::size_t max_key_size = 1'000;
    static constexpr std::size_t max_string_size = 4'000'000;

    // `children` receives the objects of a child_rows field, or is null. `key_is_needed`: a row without its key ends
    // the parse.
    row_handler(root shape, model::row_batch& rows, model::row_batch* children, bool key_is_needed);

    // Why the parse ended, when it was this handler that ended it; empty otherwise.
    const std::string& refusal() const { return refusal_; }
    bool saw_null_document() const { return saw_null_document_; }
    bool saw_children() const { return saw_children_; }

    using error_code = boost::json::error_code;
    using text_view = boost::json::string_view;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code& ec);
    bool on_array_end(std::size_t n, error_code& ec);
    bool on_object_begin(error_code& ec);
    bool on_object_end(std::size_t n, error_code& ec);
    bool on_string_part(text_view s, std::size_t n, error_code& ec);
    bool on_string(text_view s, std::size_t n, error_code& ec);
    bool on_key_part(text_view s, std::size_t n, error_code& ec);
    bool on_key(text_view s, std::size_t n, error_code& ec);
    bool on_number_part(text_view s, error_code& ec);
    bool on_int64(std::int64_t i, text_view s, error_code& ec);
    bool on_uint64(std::uint64_t u, text_view s, error_code& ec);
    bool on_double(double d, text_view s, error_code& ec);
    bool on_bool(bool b, error_code& ec);
    bool on_null(error_code& ec);
    bool on_comment_part(text_view, error_code&) { return true; }
    bool on_comment(text_view, error_code&) { return true; }

private:
    // Where the parser is. `captured`: inside an unknown value that is copied to `extra` (or skipped).
    enum class place : std::uint8_t { before, list, row, nested, links, child_list, child_row, captured, after };

    // The row being read, of the table or of its child.
    struct reading {
        model::row_batch* rows = nullptr;
        const std::vector<field>* fields = nullptr;
        std::size_t expected = 0;            // the field after the last one met: answers keep their order
        const field* current = nullptr;      // null: unknown
        std::string_view outer;              // inside a nested object: its field's name
        bool out_of_scope = false;
        bool is_in_scope = false;            // the row says so itself
        bool has_key = false;
        bool has_date = false;               // its field was there, with or without a value
        std::vector<std::pair<std::string, std::string>> extra;
    };

    bool refuse(std::string_view why, error_code& ec);
    bool on_value(const scalar& value, error_code& ec);
    bool take_cell(reading& row, const scalar& value, error_code& ec);
    bool take_link(const scalar& value, error_code& ec);
    void forget_current(reading& row);
    bool place_in_time(reading& row, error_code& ec);
    void begin_row(reading& row);
    bool end_row(reading& row, error_code& ec);
    void find_field(reading& row, std::string_view key);
    bool begin_captured(std::string_view opening);
    std::string path() const;
    std::string_view whole(std::string& parts, text_view last);
    void capture_scalar(const scalar& value);
    void capture_key(std::string_view key);
    void capture_comma();
    void finish_capture();
    static void write_extra(reading& row);
    reading& row() { return place_ == place::child_row ? child_ : parent_; }

    root shape_;
    bool key_is_needed_;
    place place_ = place::before;
    place outer_place_ = place::before;    // where `captured`, `nested` and `links` go back to
    reading parent_;
    reading child_;
    std::size_t row_number_ = 0;
    std::vector<std::int64_t> links_;
    std::string key_;                      // the current field's name, for messages and `extra`
    std::string parts_;                    // text that came in parts
    std::string key_parts_;
    std::string captured_;
    int captured_depth_ = 0;
    bool captured_comma_ = false;
    std::string refusal_;
    bool saw_null_document_ = false;
    bool saw_children_ = false;
};

}  // namespace mdock::api
