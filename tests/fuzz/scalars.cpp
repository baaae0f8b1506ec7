// SPDX-License-Identifier: MIT
// F8: Retry-After, Date, ISO days and instants, money, ids. The first byte chooses the parser. What is accepted has one
// value that survives being written and read again, and lies where the database and the pace can hold it.
#include <array>

#include "core/base/decimal.h"
#include "core/base/time.h"
#include "core/sync/retry_after.h"
#include "tests/fuzz/claim.h"

namespace mdock::fuzz {
namespace {

void pause(std::string_view text) {
    const std::array now{std::optional<utc_seconds>{}, std::optional<utc_seconds>{utc_seconds{std::chrono::seconds{784111777}}}};
    std::vector<std::string> headers;
    for (const auto one : sections_of(text, 4)) headers.emplace_back(one);
    for (const auto& at : now) {
        const auto wait = sync::retry_after(headers, at);
        if (!wait) continue;
        claim(*wait >= std::chrono::seconds{0} && *wait <= sync::longest_retry_after, "a pause is between nothing and an hour");
    }
}

void instant(std::string_view text) {
    const auto at = parse_timestamp(text);
    if (!at) return;
    claim(parse_timestamp(format_rfc3339(*at)) == at, "an instant survives --json", text);
    claim(parse_database_timestamp(format_timestamp(*at)) == at, "an instant survives the database", text);
    claim(format_timestamp(*at).size() == 19, "an instant is written in 19 characters", format_timestamp(*at));
}

void day(std::string_view text) {
    const auto at = parse_date(text);
    if (!at) return;
    claim(format_date(*at) == text, "a day is written as it came", text);
}

void http_date(std::string_view text) {
    const auto at = parse_http_date(text);
    if (!at) return;
    claim(format_timestamp(*at).size() == 19 || *at >= std::chrono::sys_days{std::chrono::year{10000} / 1 / 1} ||
              *at < std::chrono::sys_days{std::chrono::year{0} / 1 / 1},
          "a Date is written in 19 characters", format_timestamp(*at));
}

void stored_instant(std::string_view text) {
    const auto at = parse_database_timestamp(text);
    if (at && !text.ends_with(":60")) claim(format_timestamp(*at) == text, "a stored instant is written as it was", text);
}

void cents(std::string_view text) {
    const auto value = parse_cents(text);
    if (value) claim(parse_cents(format_cents(*value)) == value, "money survives being written", text);
}

void id(std::string_view text) {
    const auto value = parse_id(text);
    if (!value) return;
    claim(*value > 0 && *value < local_id_base, "an id is one of MinuteDock's", text);
    claim(std::to_string(*value) == text, "an id has one form", text);
}

}  // namespace
}  // namespace mdock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mdock::fuzz;
    if (size == 0) return 0;
    const auto text = text_of(data + 1, size - 1);
    switch (data[0]) {
        case 'r': pause(text); break;
        case 't': instant(text); break;
        case 'd': day(text); break;
        case 'h': http_date(text); break;
        case 's': stored_instant(text); break;
        case 'c': cents(text); break;
        case 'i': id(text); break;
        default: break;
    }
    return 0;
}
