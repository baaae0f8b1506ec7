// SPDX-License-Identifier: MIT
#include "tests/minutedock/paging.h"

#include <algorithm>
#include <charconv>

namespace minutedock {
namespace {

// False when the parameter is there and is not a day.
bool read_day(const asked& r, const std::string& name, std::optional<std::chrono::sys_days>& into) {
    const std::string* text = r.parameter(name);
    if (text == nullptr || text->empty()) return true;
    into = mdock::parse_date(*text);
    return into.has_value();
}

bool read_count(const asked& r, const std::string& name, std::int64_t& into) {
    const std::string* text = r.parameter(name);
    if (text == nullptr) return true;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), into);
    return error == std::errc{} && end == text->data() + text->size();
}

std::size_t longest_page(page_clamp clamp) {
    switch (clamp) {
        case page_clamp::at_500: return 500;
        case page_clamp::at_100: return 100;
        case page_clamp::none: break;
    }
    return 1000;
}

}  // namespace

std::optional<page> page_of(const asked& r) {
    page which;
    if (!read_day(r, "from", which.from) || !read_day(r, "to", which.to)) {
        refuse(r, 422, "from and to must be dates (YYYY-MM-DD)");
        return std::nullopt;
    }
    if (const std::string* text = r.parameter("since"); text != nullptr && !text->empty()) {
        const auto since = mdock::parse_timestamp(*text);
        if (!since) {
            refuse(r, 422, "since must be a time stamp with a zone");
            return std::nullopt;
        }
        which.since = stamp{*since};
    }
    std::int64_t limit = 500;
    std::int64_t offset = 0;
    const bool is_readable = read_count(r, "limit", limit) && read_count(r, "offset", offset);
    const bool is_over = limit < 1 || limit > 1000 || offset < 0;
    if (!is_readable || (is_over && r.how.limit_over_max == over_limit::refuse)) {
        refuse(r, 422, "limit must be 1 to 1000 and offset 0 or more");
        return std::nullopt;
    }
    which.limit =
        std::min(static_cast<std::size_t>(std::clamp<std::int64_t>(limit, 1, 1000)), longest_page(r.how.page_clamp));
    which.offset = static_cast<std::size_t>(std::max<std::int64_t>(0, offset));
    return which;
}

bool is_since(const page& which, const switches& how, stamp updated_at) {
    if (!which.since) return true;
    if (how.ts_precision_store == stored_precision::second)
        updated_at = std::chrono::floor<std::chrono::seconds>(updated_at);
    return how.since_op == since_op::gt ? updated_at > *which.since : updated_at >= *which.since;
}

bool is_on(const asked& r, const std::string& name) {
    const std::string* text = r.parameter(name);
    return text != nullptr && (*text == "true" || *text == "1");
}

}  // namespace minutedock
