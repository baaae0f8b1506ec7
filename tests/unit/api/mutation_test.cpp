// SPDX-License-Identifier: MIT
// Pages with random damage: each decodes or is refused, and a batch that comes out is a consistent one. Seeds are fixed,
// and the loop is bounded by rounds and by time.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "core/api/identity_answers.h"
#include "core/api/report_counts.h"
#include "tests/unit/api/reading.h"

namespace mdock::api {
namespace {

// One to four small damages: a changed bit or byte, a piece out, doubled, or moved.
std::string damaged(std::string page, std::mt19937& random) {
    const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
    static constexpr char characters[] = "[]{}\",:\\0-.eEnu\xff\xc3";
    static constexpr std::string_view telling{characters, sizeof characters};    // with the NUL at its end
    for (std::size_t n = 1 + below(4); n > 0 && page.size() > 2; --n) {
        const std::size_t at = below(page.size()), size = 1 + below(std::min<std::size_t>(12, page.size() - at));
        switch (below(5)) {
            case 0: page[at] = static_cast<char>(page[at] ^ (1 << below(8))); break;
            case 1: page[at] = telling[below(telling.size())]; break;
            case 2: page.erase(at, size); break;
            case 3: page.insert(below(page.size()), page.substr(at, size)); break;
            default: page.insert(at, 1, telling[below(telling.size())]); break;
        }
    }
    return page;
}

void expect_consistent(const model::row_batch& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_GT(rows.key(i), 0);
        EXPECT_EQ(rows.row(i).size(), rows.columns().width);
        const auto links = rows.links(i);
        EXPECT_TRUE(std::is_sorted(links.begin(), links.end()));
        for (const auto& cell : rows.row(i))
            EXPECT_TRUE(cell.type != model::cell_type::text || cell.text != nullptr);
    }
}

void decode_somehow(resource which, const std::string& page, int& good) {
    if (const auto rows = decode_list(which, page)) {
        ++good;
        expect_consistent(*rows);
    } else {
        EXPECT_TRUE(rows.error().code() == errc::not_json || rows.error().code() == errc::bad_shape);
        EXPECT_FALSE(rows.error().context().empty());
    }
}

TEST(Mutation, DamagedPagesDecodeOrAreRefused) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{2};
    int good = 0, tried = 0;
    for (unsigned seed = 1; seed <= 200 && std::chrono::steady_clock::now() < deadline; ++seed) {
        std::mt19937 random(seed);
        for (const resource which : listed) {
            const std::string page = sample_page(which);
            for (int i = 0; i < 3; ++i, ++tried) decode_somehow(which, damaged(page, random), good);
        }
        if (::testing::Test::HasFailure()) FAIL() << "seed " << seed;
    }
    // Both ways were taken: else the damage says nothing.
    EXPECT_GT(good, 0);
    EXPECT_LT(good, tried);
}

TEST(Mutation, DamagedSingleAnswersToo) {
    const std::string invoice = R"({"id":"7","delivery":{"service":"xero"},"line_items":[{"id":"2","quantity":"1.5"},{"id":1,"new":[1]}],"odd":{"a":1}})";
    const std::string dock = R"({"user_account_id":"456","task_ids":["3"],"duration":95,"timer_active":true,"odd":[{"a":"b"}]})";
    const std::string report = R"({"entries":5,"groups":[{"month":"2024-01","entries":5},{"group":{"month":"2024-02"},"entries":"7"}]})";
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{2};
    std::mt19937 random(20240120);
    for (int i = 0; i < 1500 && std::chrono::steady_clock::now() < deadline; ++i) {
        if (const auto detail = decode_invoice(damaged(invoice, random))) {
            ASSERT_EQ(detail->invoice.size(), 1U);
            expect_consistent(detail->invoice);
            expect_consistent(detail->lines);
        }
        if (const auto rows = decode_dock(damaged(dock, random), 456)) {
            ASSERT_LE(rows->size(), 1U);
            expect_consistent(*rows);
        }
        if (const auto counts = decode_report_counts(damaged(report, random), i % 2 == 0)) {
            for (const auto& p : counts->periods) ASSERT_GE(p.entries, 0);
        }
        static_cast<void>(decode_me(damaged(dock, random)));
    }
}

}  // namespace
}  // namespace mdock::api
