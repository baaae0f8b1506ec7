// SPDX-License-Identifier: MIT
// The floor program's rows: one page of entries, decoded by SAX straight into cells that are kept from page to page, so
// that a page costs no allocation once the first has been read.
#pragma once

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

inline constexpr std::int64_t null_id = std::numeric_limits<std::int64_t>::min();

struct row {
    std::int64_t id, user, contact, project, invoice, duration, rate_cents;
    std::string description, date, updated_at;
    bool has_description;
    std::vector<std::int64_t> tasks;

    void clear() {
        id = user = contact = project = invoice = duration = rate_cents = null_id;
        description.clear();
        date.clear();
        updated_at.clear();
        has_description = false;
        tasks.clear();
    }
};

class page_rows {
public:
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);
    using error = boost::json::error_code;

    void restart() {
        count_ = 0;
        depth_ = 0;
    }
    std::size_t size() const { return count_; }
    row& at(std::size_t i) { return rows_[i]; }

    bool on_document_begin(error&) { return true; }
    bool on_document_end(error&) { return true; }
    bool on_array_begin(error&) { return ++depth_, true; }
    bool on_array_end(std::size_t, error&) { return --depth_, true; }
    bool on_object_begin(error&) {
        if (++depth_ != 2) return true;
        if (count_ == rows_.size()) rows_.emplace_back();
        now_ = &rows_[count_++];
        now_->clear();
        return true;
    }
    bool on_object_end(std::size_t, error&) { return --depth_, true; }
    bool on_key_part(std::string_view s, std::size_t, error&) { return text_.append(s), true; }
    bool on_key(std::string_view s, std::size_t n, error&) {
        if (depth_ == 2) field_ = named(whole(s, n));
        text_.clear();
        return true;
    }
    bool on_string_part(std::string_view s, std::size_t, error&) { return text_.append(s), true; }
    bool on_string(std::string_view s, std::size_t n, error&) {
        if (depth_ == 2 || field_ == field::tasks) put_text(whole(s, n));
        text_.clear();
        return true;
    }
    bool on_number_part(std::string_view, error&) { return true; }
    bool on_int64(std::int64_t i, std::string_view, error&) { return put_number(i), true; }
    bool on_uint64(std::uint64_t i, std::string_view, error&) { return put_number(static_cast<std::int64_t>(i)), true; }
    bool on_double(double, std::string_view, error&) { return true; }
    bool on_bool(bool, error&) { return true; }
    bool on_null(error&) { return true; }
    bool on_comment_part(std::string_view, error&) { return true; }
    bool on_comment(std::string_view, error&) { return true; }

private:
    enum class field { other, id, user, contact, project, invoice, duration, rate, description, date, updated, tasks };

    std::string_view whole(std::string_view last, std::size_t size) {
        if (last.size() == size) return last;
        text_.append(last);
        return text_;
    }

    static field named(std::string_view key) {
        switch (key.size()) {
            case 2: return key == "id" ? field::id : field::other;
            case 4: return key == "date" ? field::date : field::other;
            case 8: return key == "task_ids" ? field::tasks : key == "duration" ? field::duration : field::other;
            case 10:
                return key == "contact_id"   ? field::contact
                       : key == "project_id" ? field::project
                       : key == "invoice_id" ? field::invoice
                       : key == "updated_at" ? field::updated
                                             : field::other;
            case 11: return key == "description" ? field::description : field::other;
            case 12: return key == "billing_rate" ? field::rate : field::other;
            case 15: return key == "user_account_id" ? field::user : field::other;
            default: return field::other;
        }
    }

    static std::int64_t number(std::string_view text) {
        std::int64_t value = null_id;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    }

    static std::int64_t cents(std::string_view text) {
        const auto dot = text.find('.');
        if (text.empty() || dot == std::string_view::npos || dot + 3 != text.size()) return null_id;
        return number(text.substr(0, dot)) * 100 + number(text.substr(dot + 1));
    }

    void put_text(std::string_view s) {
        switch (field_) {
            case field::description:
                now_->description.assign(s);
                now_->has_description = true;
                break;
            case field::date: now_->date.assign(s); break;
            case field::updated:
                now_->updated_at.assign(s.substr(0, 19));
                if (s.size() >= 20) now_->updated_at[10] = ' ';
                break;
            case field::rate: now_->rate_cents = cents(s); break;
            default: put_number(number(s));
        }
    }

    void put_number(std::int64_t n) {
        switch (field_) {
            case field::id: now_->id = n; break;
            case field::user: now_->user = n; break;
            case field::contact: now_->contact = n; break;
            case field::project: now_->project = n; break;
            case field::invoice: now_->invoice = n; break;
            case field::duration: now_->duration = n; break;
            case field::tasks: now_->tasks.push_back(n); break;
            default: break;
        }
    }

    std::vector<row> rows_;
    std::size_t count_ = 0;
    std::size_t depth_ = 0;
    row* now_ = nullptr;
    field field_ = field::other;
    std::string text_;
};

}  // namespace bench
