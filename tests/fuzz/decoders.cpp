// SPDX-License-Identifier: MIT
// F2: each decoder of core/api. The first byte chooses it, the rest is the body: it decodes to a consistent batch or is
// refused with a code and a sentence, and does the same the second time.
#include "core/api/decode.h"
#include "core/api/error_body.h"
#include "core/api/identity_answers.h"
#include "core/api/report_counts.h"
#include "tests/fuzz/batch_claims.h"

namespace mdock::fuzz {
namespace {

void claim_refusal(const failure& why) {
    claim(why.code() == errc::not_json || why.code() == errc::bad_shape, "a refusal is about the body", why.context());
    claim(!why.context().empty(), "a refusal says why");
}

template <class T>
bool came_through(const result<T>& given) {
    if (!given) claim_refusal(given.error());
    return static_cast<bool>(given);
}

void list(resource which, std::string_view body) {
    const auto rows = api::decode_list(which, body);
    if (came_through(rows)) claim_batch(*rows, true);
    const auto again = api::decode_list(which, body);
    claim(rows.has_value() == again.has_value(), "decoding is the same each time");
    if (!rows) return;
    claim(rows->size() == again->size(), "as many rows each time");
    for (std::size_t i = 0; i < rows->size(); ++i)
        claim(std::equal(rows->row(i).begin(), rows->row(i).end(), again->row(i).begin()), "the same cells each time");
}

void invoice(std::string_view body) {
    const auto detail = api::decode_invoice(body);
    if (!came_through(detail)) return;
    claim(detail->invoice.size() == 1, "an invoice is one row");
    claim(detail->has_lines || detail->lines.empty(), "lines only where the answer had them");
    claim_batch(detail->invoice, true);
    claim_batch(detail->lines, true);
}

void dock(std::string_view body) {
    constexpr std::int64_t owner = 456;
    const auto rows = api::decode_dock(body, owner);
    if (!came_through(rows)) return;
    claim(rows->size() <= 1, "one timer a person");
    claim_batch(*rows, true);
    if (!rows->empty()) claim(rows->key(0) == owner, "the timer is this person's");
}

void counts(std::string_view body, bool by_day) {
    const auto counted = api::decode_report_counts(body, by_day);
    if (!came_through(counted)) return;
    if (counted->total) claim(*counted->total >= 0, "a total is no debt");
    std::chrono::sys_days before{std::chrono::days{-1'000'000}};
    for (const auto& period : counted->periods) {
        claim(period.entries >= 0, "a count is no debt");
        claim(period.from >= before, "periods ascend");
        before = period.from;
    }
}

void error_text(std::string_view body) {
    http_answer answer;
    answer.status = 422;
    answer.body = body;
    const auto text = api::message_in(answer);
    claim(text.size() <= 800, "an error's sentence is short", text);
    for (const char c : text) claim(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "no control characters shown");
}

void decode(char chosen, std::string_view body) {
    switch (chosen) {
        case 'a': return list(resource::accounts, body);
        case 'u': return list(resource::users, body);
        case 'c': return list(resource::contacts, body);
        case 'p': return list(resource::projects, body);
        case 't': return list(resource::tasks, body);
        case 'i': return list(resource::items, body);
        case 'e': return list(resource::entries, body);
        case 'x': return list(resource::expenses, body);
        case 'v': return list(resource::invoices, body);
        case 'l': return invoice(body);
        case 'd': return dock(body);
        case 'm': return counts(body, false);
        case 'g': return counts(body, true);
        case 'w': static_cast<void>(came_through(api::decode_me(body))); return;
        case 'n': static_cast<void>(came_through(api::decode_account(body))); return;
        case 'o': static_cast<void>(api::decode_dock_owner(body)); return;
        case 'r': return error_text(body);
        default: return;
    }
}

}  // namespace
}  // namespace mdock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mdock::fuzz;
    if (size == 0) return 0;
    const auto input = text_of(data, size);
    decode(input.front(), input.substr(1));
    return 0;
}
