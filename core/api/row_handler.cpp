// SPDX-License-Identifier: MIT
#include "core/api/row_handler.h"

#include <array>

namespace mdock::api {
namespace {

std::vector<field> derive_fields(resource which) {
    std::vector<field> out;
    const auto& columns = model::layout_of(which).stored;
    for (const model::column& c : model::describe(which).columns) {
        if (c.api_field.empty()) continue;
        field f{{}, c.api_field, c.how, -1};
        if (const auto dot = c.api_field.find('.'); dot != std::string_view::npos) {
            f.outer = c.api_field.substr(0, dot);
            f.name = c.api_field.substr(dot + 1);
        }
        for (std::size_t i = 0; i < columns.size(); ++i)
            if (columns[i] == &c) f.cell = static_cast<std::ptrdiff_t>(i);
        out.push_back(f);
    }
    return out;
}

}  // namespace

const std::vector<field>& fields_of(resource which) {
    static const auto all = [] {
        std::array<std::vector<field>, all_resources.size()> out;
        for (const resource r : all_resources) out[static_cast<std::size_t>(r)] = derive_fields(r);
        return out;
    }();
    return all[static_cast<std::size_t>(which)];
}

row_handler::row_handler(root shape, model::row_batch& rows, model::row_batch* children, bool key_is_needed)
    : shape_(shape), key_is_needed_(key_is_needed) {
    parent_.rows = &rows;
    parent_.fields = &fields_of(rows.which());
    if (children != nullptr) {
        child_.rows = children;
        child_.fields = &fields_of(children->which());
    }
}

std::string row_handler::path() const {
    std::string out{name_of(parent_.rows->which())};
    if (shape_ == root::list && place_ != place::before) out += "[" + std::to_string(row_number_) + "]";
    const place where = place_ == place::captured || place_ == place::links ? outer_place_ : place_;
    if (where == place::child_row && child_.rows != nullptr)
        out += ".line_items[" + std::to_string(child_.rows->size() - 1) + "]";
    if (where == place::nested) out += "." + std::string(parent_.outer);
    if (where != place::before && where != place::list && where != place::after) out += "." + key_;
    return out;
}

bool row_handler::refuse(std::string_view why, error_code& ec) {
    refusal_ = path() + ": " + std::string(why);
    ec = boost::json::make_error_code(boost::json::error::exception);
    return false;
}

void row_handler::begin_row(reading& row) {
    row.rows->append();
    row.expected = 0;
    row.current = nullptr;
    row.out_of_scope = false;
    row.is_in_scope = false;
    row.has_key = false;
    row.has_date = false;
    row.extra.clear();
}

// An entry without a day is the dock's, whatever else it says (C1 rule 1). One that calls itself logged and has lost the
// field is neither: taking it for the dock's would silently leave out every entry of a changed API (H14).
bool row_handler::place_in_time(reading& row, error_code& ec) {
    if (row.rows->which() != resource::entries || row.out_of_scope) return true;
    const auto& columns = row.rows->columns();
    const auto day = static_cast<std::size_t>(columns.date);
    if (row.rows->row(row.rows->size() - 1)[day].type != model::cell_type::null) return true;
    if (row.is_in_scope && !row.has_date) {
        key_ = std::string(columns.stored[day]->api_field);
        return refuse("missing from a logged entry (MinuteDock's API may have changed)", ec);
    }
    row.out_of_scope = true;
    return true;
}

bool row_handler::end_row(reading& row, error_code& ec) {
    if (!row.has_key && key_is_needed_ && !row.out_of_scope) {
        key_ = std::string(row.rows->columns().stored[row.rows->columns().key]->api_field);
        return refuse("missing, so the page cannot be believed (MinuteDock's API may have changed)", ec);
    }
    if (!place_in_time(row, ec)) return false;
    if (row.out_of_scope) {
        row.rows->drop_last();
        ++row.rows->out_of_scope;
        return true;
    }
    write_extra(row);
    return true;
}

void row_handler::find_field(reading& row, std::string_view key) {
    const auto& fields = *row.fields;
    const bool nested = place_ == place::nested;
    const auto matches = [&](const field& f) {
        if (nested) return f.outer == row.outer && f.name == key;
        return f.outer.empty() ? f.name == key : f.outer == key;
    };
    row.current = nullptr;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::size_t at = (row.expected + i) % fields.size();
        if (!matches(fields[at])) continue;
        row.current = &fields[at];
        row.expected = at + 1;
        return;
    }
}

bool row_handler::take_cell(reading& row, const scalar& value, error_code& ec) {
    if (row.current == nullptr) {
        captured_.clear();
        capture_scalar(value);
        finish_capture();
        return true;
    }
    const field& f = *row.current;
    const bool is_outer = !f.outer.empty() && place_ != place::nested;
    if (is_outer || f.how == model::kind::link_set || f.how == model::kind::child_rows) {
        if (value.type != scalar_type::null) return refuse(is_outer ? "not an object" : "not an array", ec);
        forget_current(row);
        return true;
    }
    if (f.how == model::kind::dropped) return true;
    // A blank dock may leave its owner null; the caller knows whose it is.
    if (f.how == model::kind::key && value.type == scalar_type::null && !key_is_needed_) return true;
    model::cell out;
    if (const char* why = cell_from(value, f.how, *row.rows, out)) return refuse(why, ec);
    if (f.how == model::kind::scope) {
        row.is_in_scope = out.type == model::cell_type::integer && out.integer != 0;
        row.out_of_scope = out.type == model::cell_type::integer && out.integer == 0;
    }
    if (f.how == model::kind::key) row.has_key = true;
    if (f.how == model::kind::date) row.has_date = true;
    if (f.cell >= 0) row.rows->row(row.rows->size() - 1)[static_cast<std::size_t>(f.cell)] = out;
    return true;
}

// Of a repeated field the last one counts (H08), so what an earlier one brought that is more than a cell goes.
void row_handler::forget_current(reading& row) {
    const field& f = *row.current;
    if (f.how == model::kind::link_set) row.rows->set_links({});
    if (f.how == model::kind::child_rows && child_.rows != nullptr) {
        *child_.rows = model::row_batch{child_.rows->which()};
        saw_children_ = false;
    }
    if (f.outer.empty()) return;
    auto cells = row.rows->row(row.rows->size() - 1);
    for (const field& inner : *row.fields)
        if (inner.outer == f.outer && inner.cell >= 0) cells[static_cast<std::size_t>(inner.cell)] = {};
    const std::string prefix = std::string(f.outer) + ".";
    std::erase_if(row.extra, [&prefix](const auto& kept) { return kept.first.starts_with(prefix); });
}

bool row_handler::take_link(const scalar& value, error_code& ec) {
    if (value.type == scalar_type::null) return true;
    model::cell out;
    if (const char* why = cell_from(value, model::kind::key, *row().rows, out)) return refuse(why, ec);
    links_.push_back(out.integer);
    return true;
}

bool row_handler::on_value(const scalar& value, error_code& ec) {
    switch (place_) {
        case place::captured: capture_comma(); capture_scalar(value); captured_comma_ = true; return true;
        case place::row:
        case place::nested:
        case place::child_row: return take_cell(row(), value, ec);
        case place::links: return take_link(value, ec);
        case place::before:
            if (value.type == scalar_type::null && shape_ == root::object) {
                saw_null_document_ = true;
                place_ = place::after;
                return true;
            }
            return refuse(shape_ == root::list ? "not an array" : "not an object", ec);
        case place::list:
        case place::child_list: return refuse("not an object", ec);
        case place::after: break;
    }
    return refuse("not understood", ec);
}

bool row_handler::on_array_begin(error_code& ec) {
    if (place_ == place::before && shape_ == root::list) {
        place_ = place::list;
        return true;
    }
    if (place_ == place::captured) return begin_captured("[");
    if (place_ == place::row || place_ == place::child_row || place_ == place::nested) {
        const field* f = row().current;
        const bool is_outer = f != nullptr && !f->outer.empty() && place_ != place::nested;
        if (f == nullptr || f->how == model::kind::dropped) return begin_captured("[");
        if (f->how == model::kind::link_set && !is_outer) {
            links_.clear();
            outer_place_ = place_;
            place_ = place::links;
            return true;
        }
        if (f->how == model::kind::child_rows && child_.rows != nullptr && place_ == place::row) {
            forget_current(parent_);
            saw_children_ = true;
            place_ = place::child_list;
            return true;
        }
        if (f->how == model::kind::child_rows) return begin_captured("[");
        return refuse(is_outer ? "not an object" : "an array where one value belongs", ec);
    }
    return refuse(place_ == place::before ? "not an object" : "not understood", ec);
}

bool row_handler::on_array_end(std::size_t, error_code&) {
    switch (place_) {
        case place::captured:
            captured_ += ']';
            captured_comma_ = true;
            if (--captured_depth_ == 0) finish_capture();
            return true;
        case place::links:
            place_ = outer_place_;
            row().rows->set_links(links_);
            return true;
        case place::child_list: place_ = place::row; return true;
        default: place_ = place::after; return true;
    }
}

bool row_handler::on_object_begin(error_code& ec) {
    switch (place_) {
        case place::before:
            if (shape_ == root::list) return refuse("not an array", ec);
            place_ = place::row;
            begin_row(parent_);
            return true;
        case place::list:
            place_ = place::row;
            begin_row(parent_);
            return true;
        case place::child_list:
            place_ = place::child_row;
            begin_row(child_);
            return true;
        case place::captured: return begin_captured("{");
        case place::row:
        case place::child_row:
        case place::nested: {
            const field* f = row().current;
            if (f == nullptr || f->how == model::kind::dropped) return begin_captured("{");
            if (place_ == place::row && !f->outer.empty()) {
                forget_current(parent_);
                parent_.outer = f->outer;
                place_ = place::nested;
                return true;
            }
            return refuse("an object where one value belongs", ec);
        }
        default: return refuse("not understood", ec);
    }
}

bool row_handler::on_object_end(std::size_t, error_code& ec) {
    switch (place_) {
        case place::captured:
            captured_ += '}';
            captured_comma_ = true;
            if (--captured_depth_ == 0) finish_capture();
            return true;
        case place::nested: place_ = place::row; return true;
        case place::child_row:
            if (!end_row(child_, ec)) return false;
            place_ = place::child_list;
            return true;
        default:
            if (!end_row(parent_, ec)) return false;
            ++row_number_;
            place_ = shape_ == root::list ? place::list : place::after;
            return true;
    }
}

std::string_view row_handler::whole(std::string& parts, text_view last) {
    if (parts.empty()) return {last.data(), last.size()};
    parts.append(last.data(), last.size());
    return parts;
}

bool row_handler::on_string_part(text_view s, std::size_t, error_code&) {
    parts_.append(s.data(), s.size());
    return true;
}

bool row_handler::on_string(text_view s, std::size_t, error_code& ec) {
    scalar value;
    value.type = scalar_type::text;
    value.text = whole(parts_, s);
    const bool ok = on_value(value, ec);
    parts_.clear();
    return ok;
}

bool row_handler::on_key_part(text_view s, std::size_t, error_code&) {
    key_parts_.append(s.data(), s.size());
    return true;
}

bool row_handler::on_key(text_view s, std::size_t, error_code&) {
    const std::string_view key = whole(key_parts_, s);
    if (place_ == place::captured) {
        capture_key(key);
    } else {
        key_.assign(key);
        find_field(row(), key_);
    }
    key_parts_.clear();
    return true;
}

bool row_handler::on_number_part(text_view s, error_code&) {
    parts_.append(s.data(), s.size());
    return true;
}

bool row_handler::on_int64(std::int64_t, text_view s, error_code& ec) {
    scalar value;
    value.type = scalar_type::integer;
    value.text = whole(parts_, s);
    const bool ok = on_value(value, ec);
    parts_.clear();
    return ok;
}

bool row_handler::on_uint64(std::uint64_t, text_view s, error_code& ec) { return on_int64(0, s, ec); }

bool row_handler::on_double(double d, text_view s, error_code& ec) {
    scalar value;
    value.type = scalar_type::real;
    value.real = d;
    value.text = whole(parts_, s);
    const bool ok = on_value(value, ec);
    parts_.clear();
    return ok;
}

bool row_handler::on_bool(bool b, error_code& ec) {
    scalar value;
    value.type = scalar_type::boolean;
    value.boolean = b;
    return on_value(value, ec);
}

bool row_handler::on_null(error_code& ec) { return on_value(scalar{}, ec); }

}  // namespace mdock::api
