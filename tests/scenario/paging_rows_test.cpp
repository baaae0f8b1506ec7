// SPDX-License-Identifier: MIT
// Catalogue A3 while a first read is under way: rows come, go and move between two requests, pages are shorter than
// they seem, a day is longer than a page. What was not touched must be there (invariant W).
#include "tests/scenario/rows.h"

namespace mdock::test {
namespace {

using minutedock::row_id;

constexpr auto a_day = std::chrono::sys_days{std::chrono::year{2024} / 5 / 6};
constexpr minutedock::account_size tidy{.entries = 40, .years = 1, .users = 4, .contacts = 6, .invoices = 0, .expenses = 0, .oddities = false};
constexpr minutedock::account_size paged{.entries = 3000, .years = 3, .users = 4, .contacts = 10, .invoices = 40, .expenses = 60};

// `rows` entries on one day, of one user and one contact: only anchored pages read them whole.
void crowd(world& w, int rows, std::chrono::sys_days day = a_day) {
    for (int i = 0; i < rows; ++i) add_entry(w, day, [&](minutedock::entry& e) { e.updated_at -= 24h; });
}

std::vector<row_id> ids_of_day(world& w, std::chrono::sys_days day) {
    std::vector<row_id> ids;
    const auto& book = w.service.account().entries;
    for (const auto slot : book.days().at(day).slots) ids.push_back(book.at(slot).id);
    return ids;
}

int offset_of(const http_request& request) {
    const auto at = request.target.find("&offset=");
    return at == std::string::npos ? 0 : std::stoi(request.target.substr(at + 8));
}

// Calls `meddle(n)` before the n-th request for entries that `concerns` says yes to, n from 1.
void before_requests(world& w, std::function<bool(const http_request&)> concerns, std::function<void(int)> meddle) {
    w.http.intercept = [concerns = std::move(concerns), meddle = std::move(meddle), n = 0](
                           const http_request& request) mutable -> std::optional<result<http_answer>> {
        if (is_path(request, "/entries") && concerns(request)) meddle(++n);
        return std::nullopt;
    };
}

bool is_any(const http_request&) { return true; }
bool is_later_page(const http_request& request) { return offset_of(request) > 0; }

TEST(Paging, P01_DeletedBetweenAnchoredPagesHidesNoNeighbour) {
    world w(tidy);
    crowd(w, 2600);
    std::set<row_id> gone;
    before_requests(w, is_later_page, [&](int n) {
        if (n > 4) return;
        const auto head = ids_of_day(w, a_day).front();    // everything behind it moves up
        gone.insert(head);
        w.service.account().entries.erase(head);
    });
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(gone.size(), 4U);
    EXPECT_EQ(error_of(w, "entries"), "");
    EXPECT_EQ(differences_but(w, gone), lines{});
    EXPECT_EQ(broken_promises(w), lines{});
}

TEST(Paging, P01_AnchorThatIsDeletedBeginsThePassAgain) {
    world w(tidy);
    crowd(w, 2600);
    std::set<row_id> gone;
    before_requests(w, is_later_page, [&](int n) {
        if (n > 1) return;
        const auto last = ids_of_day(w, a_day)[999];    // the last row of the first page
        gone.insert(last);
        w.service.account().entries.erase(last);
    });
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_EQ(gone.size(), 1U);
    EXPECT_EQ(error_of(w, "entries"), "");
    EXPECT_EQ(differences_but(w, gone), lines{});
}

TEST(Paging, P01_DeletedBetweenWindowsHidesNoNeighbour) {
    world w(paged);
    std::set<row_id> gone;
    before_requests(w, is_any, [&](int n) {
        if (n < 2 || n > 5) return;
        const auto ids = entry_ids(w);
        gone.insert(ids[ids.size() * static_cast<std::size_t>(n) / 8]);
        w.service.account().entries.erase(ids[ids.size() * static_cast<std::size_t>(n) / 8]);
    });
    EXPECT_EQ(troubles(w.sync()), lines{});
    w.sync();
    EXPECT_EQ(differences_but(w, gone), lines{});
}

TEST(Paging, P02_InsertedBetweenAnchoredPagesIsSeenTwiceAndAppliedOnce) {
    world w(tidy);
    crowd(w, 2600);
    before_requests(w, is_later_page, [&](int) { add_entry(w, a_day); });
    EXPECT_EQ(troubles(w.sync()), lines{});
    w.http.intercept = nullptr;
    w.sync();
    expect_equal(w);
}

TEST(Paging, P02_InsertedBetweenWindowsIsThereAfterwards) {
    world w(paged);
    before_requests(w, is_any, [&](int n) {
        if (n < 30) add_entry(w, a_day - std::chrono::days{n * 20});
    });
    w.sync();
    w.http.intercept = nullptr;
    w.sync();
    expect_equal(w);
}

TEST(Paging, P03_DatesThatHopOverTheWindowsEitherWay) {
    world w(paged);
    before_requests(w, is_any, [&](int n) {
        if (n < 3 || n > 20) return;
        const auto ids = entry_ids(w);
        edit_entry(w, ids[static_cast<std::size_t>(n)], [](minutedock::entry& e) { e.date -= std::chrono::days{700}; });
        edit_entry(w, ids[ids.size() - 1 - static_cast<std::size_t>(n)], [](minutedock::entry& e) { e.date += std::chrono::days{700}; });
    });
    EXPECT_EQ(troubles(w.sync()), lines{});
    w.http.intercept = nullptr;
    w.sync();
    expect_equal(w);
}

TEST(Paging, P03_DatesThatLeaveACrowdedDayHideNoNeighbour) {
    world w(tidy);
    crowd(w, 2600);
    before_requests(w, is_later_page, [&](int n) {
        if (n > 4) return;
        edit_entry(w, ids_of_day(w, a_day).front(), [](minutedock::entry& e) { e.date += std::chrono::days{1}; });
        edit_entry(w, ids_of_day(w, a_day)[2000], [](minutedock::entry& e) { e.date -= std::chrono::days{1}; });
    });
    EXPECT_EQ(troubles(w.sync()), lines{});
    w.http.intercept = nullptr;
    w.sync();
    expect_equal(w);
}

TEST(Paging, P04_TiesInAnotherOrderEachTimeLoseNothingOverWindows) {
    for (const char* clamp : {"none", "100"}) {
        minutedock::switches how;
        how.tie_order = minutedock::tie_order::random;
        if (std::string_view(clamp) == "100") how.page_clamp = minutedock::page_clamp::at_100;
        world w(paged, 5, how);
        EXPECT_EQ(troubles(w.sync()), lines{}) << clamp;
        expect_equal(w, clamp);
        EXPECT_EQ(error_of(w, "entries"), "") << clamp;
    }
}

TEST(Paging, P04_ADayWithoutAnOrderIsSaidToBeUnproven) {
    minutedock::switches how;
    how.tie_order = minutedock::tie_order::random;
    world w(tidy, 5, how);
    crowd(w, 1500);
    EXPECT_EQ(troubles(w.sync()), lines{});
    EXPECT_NE(error_of(w, "entries").find("2024-05-06"), std::string::npos) << error_of(w, "entries");
    EXPECT_LT(w.http.sent.size(), 150U);
    expect_equal(w);    // not proven, but with this seed found
}

TEST(Paging, P05_SilentClampIsNotTheEnd) {
    for (const auto clamp : {minutedock::page_clamp::at_100, minutedock::page_clamp::at_500})
        for (const auto order : {minutedock::tie_order::newest_id, minutedock::tie_order::oldest_id, minutedock::tie_order::random}) {
            minutedock::switches how;
            how.page_clamp = clamp;
            how.tie_order = order;
            world w({.entries = 2500, .years = 2}, 6, how);
            EXPECT_EQ(troubles(w.sync()), lines{}) << minutedock::describe(how);
            expect_equal(w, minutedock::describe(how));
        }
}

TEST(Paging, P05_ClampLoweredBeforeAFullReadIsNoticed) {
    world w({.entries = 2500, .years = 2}, 6);
    w.sync();
    w.service.how().page_clamp = minutedock::page_clamp::at_500;
    for (const auto id : entry_ids(w)) {
        minutedock::entry copy = *w.service.account().entries.find(id);
        copy.description = "edited without a stamp";
        w.service.account().entries.put(std::move(copy));
    }
    EXPECT_EQ(troubles(w.sync(all_again())), lines{});
    expect_equal(w);
}

TEST(Paging, P05_ExactlyAPageIsNotTheEnd) {
    minutedock::switches how;
    how.page_clamp = minutedock::page_clamp::at_100;
    world w(tidy, 7, how);
    while (w.service.account().entries.size() < 100) add_entry(w, a_day);
    w.sync();
    expect_equal(w);
    while (w.service.account().entries.size() < 200) add_entry(w, a_day);
    w.sync();
    expect_equal(w);
}

TEST(Paging, P06_StridesByRowsReceived) {
    minutedock::switches how;
    how.page_clamp = minutedock::page_clamp::at_100;
    world w(tidy, 8, how);
    crowd(w, 450);
    EXPECT_EQ(troubles(w.sync()), lines{});
    std::set<int> offsets;
    for (const auto& request : w.http.sent)
        if (is_path(request, "/entries") && request.target.find("contacts=") != std::string::npos) offsets.insert(offset_of(request));
    for (const int wanted : {0, 99, 198, 297, 396}) EXPECT_TRUE(offsets.contains(wanted)) << wanted;
    expect_equal(w);
}

TEST(Paging, P07_DayOfThousandsOfManyUsers) {
    world w(tidy);
    std::vector<row_id> users;
    for (const auto& [id, who] : w.service.account().users) users.push_back(id);
    for (std::size_t i = 0; i < 3600; ++i) add_entry(w, a_day, [&](minutedock::entry& e) { e.user = users[i % users.size()]; });
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
    EXPECT_EQ(error_of(w, "entries"), "");
}

TEST(Paging, P07_DayOfThousandsOfOneUserAndManyContacts) {
    world w(tidy);
    std::vector<row_id> contacts{0};
    for (const auto& [id, what] : w.service.account().contacts) contacts.push_back(id);
    for (std::size_t i = 0; i < 3000; ++i) add_entry(w, a_day, [&](minutedock::entry& e) { e.contact = contacts[i % contacts.size()]; });
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
    EXPECT_EQ(error_of(w, "entries"), "");
}

TEST(Paging, P07_DayOfThousandsOfOneUserAndOneContact) {
    world w(tidy);
    crowd(w, 2600);
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
    EXPECT_EQ(error_of(w, "entries"), "");
}

TEST(Paging, P07_CrowdedDayWithAUserThatNoListShows) {
    world w(tidy);
    // Oldest ids come last: the unknown user's rows are far behind the first page.
    const auto stranger = w.service.account().new_id();
    for (int i = 0; i < 20; ++i) add_entry(w, a_day, [&](minutedock::entry& e) { e.user = stranger; });
    crowd(w, 1500);
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Paging, P07_CrowdedDayWithAContactThatNoListShows) {
    world w(tidy);
    const auto stranger = w.service.account().new_id();
    for (int i = 0; i < 20; ++i) add_entry(w, a_day, [&](minutedock::entry& e) { e.contact = stranger; });
    crowd(w, 1500);
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Paging, P07_CrowdedDayOfExpensesAndInvoices) {
    world w({.entries = 600, .years = 1, .invoices = 30, .expenses = 40});
    auto& account = w.service.account();
    const auto expense = account.expenses.begin()->second;
    const auto invoice = account.invoices.begin()->second;
    for (int i = 0; i < 1300; ++i) {
        auto one = expense;
        one.id = account.new_id();
        account.expenses.emplace(one.id, one);
    }
    minutedock::switches& how = w.service.how();
    how.page_clamp = minutedock::page_clamp::at_100;
    for (int i = 0; i < 230; ++i) {
        auto one = invoice;
        one.id = account.new_id();
        one.lines.clear();
        account.invoices.emplace(one.id, one);
    }
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Paging, P07_CrowdedDayGrownSinceTheLoadComesWithTheDelta) {
    world w(tidy);
    w.sync();
    w.clock.pass(10min);
    for (int i = 0; i < 2200; ++i) add_entry(w, a_day);
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
}

TEST(Paging, P11_LoadThatFailsInTheMiddleGoesOnWhereItWas) {
    world w(paged);
    add_fault(w, "500:path=/entries:after=4");
    EXPECT_FALSE(w.sync().stopped_by);
    EXPECT_EQ(cursor_of(w, "entries"), std::nullopt);
    const auto in = rows_in(w, "entries");
    EXPECT_GT(in, 0);
    EXPECT_LT(in, 3000);
    w.service.clear_faults();
    const auto before = w.http.sent.size();
    EXPECT_EQ(troubles(w.sync()), lines{});
    expect_equal(w);
    std::set<std::string> first, second;
    for (std::size_t i = 0; i < w.http.sent.size(); ++i)
        if (is_path(w.http.sent[i], "/entries")) (i < before ? first : second).insert(w.http.sent[i].target);
    std::size_t again = 0;
    for (const auto& target : second) again += first.contains(target) ? 1U : 0U;
    EXPECT_LE(again, 4U);    // those that had been on the way
}

TEST(Paging, P12_ResumedLoadTakesNothingAway) {
    world w(paged);
    add_fault(w, "500:path=/entries:after=5");
    w.sync();
    const auto in = rows_in(w, "entries");
    w.service.clear_faults();
    w.revive();
    w.sync();
    EXPECT_GE(rows_in(w, "entries"), in);
    EXPECT_EQ(rows_in(w, "gone_rows"), 0);
    EXPECT_EQ(w.number("SELECT count(*) FROM changes WHERE operation = 'gone'"), 0);
    expect_equal(w);
}

}  // namespace
}  // namespace mdock::test
