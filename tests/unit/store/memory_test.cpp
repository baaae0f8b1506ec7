// SPDX-License-Identifier: MIT
// What outlives the process beside the rows: whose file it is, and how fast MinuteDock may be asked.
#include <gtest/gtest.h>

#include "core/store/identity_state.h"
#include "core/store/pace_state.h"
#include "tests/unit/store/mirror.h"

namespace mdock::store {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const utc_seconds now = parse_database_timestamp("2024-02-01 12:00:30").value();

TEST(PinnedIdentity, D11_IsPinnedOnceAndOnlyFilledInLater) {
    mirror m;
    EXPECT_FALSE(read_identity(m.db()));
    pin_identity(m.db(), {15865, std::nullopt, 12, "a@example.com"}, now);
    auto who = read_identity(m.db());
    ASSERT_TRUE(who);
    EXPECT_EQ(who->account_id, 15865);
    EXPECT_FALSE(who->user_account_id);
    pin_identity(m.db(), {99999, 456, 13, ""}, now + minutes{1});
    who = read_identity(m.db());
    EXPECT_EQ(who->account_id, 15865) << "the account never changes";
    EXPECT_EQ(who->user_account_id, 456) << "what was not known is filled in";
    EXPECT_EQ(who->legacy_user_id, 12);
    EXPECT_EQ(who->email, "a@example.com");
    EXPECT_EQ(m.cell("SELECT count(*), min(pinned_at) FROM _identity"), "1|2024-02-01 12:00:30");
    m.close();
    m.open();
    EXPECT_EQ(read_identity(m.db())->user_account_id, 456);
}

TEST(PinnedIdentity, OneUserIsMe) {
    mirror m;
    m.apply(resource::users, R"([{"user_account_id":456},{"user_account_id":457}])");
    mark_me(m.db(), 456);
    EXPECT_EQ(m.rows("SELECT user_account_id, is_me FROM users ORDER BY 1"), (std::vector<std::string>{"456|1", "457|0"}));
    const auto before = m.total_changes();
    mark_me(m.db(), 456);
    EXPECT_EQ(m.total_changes(), before);
    m.apply(resource::users, R"([{"user_account_id":456,"first_name":"A"},{"user_account_id":457}])");
    EXPECT_EQ(m.cell("SELECT is_me FROM users WHERE user_account_id = 456"), "1") << "a read of the list does not forget it";
}

TEST(StoredPace, N13_IsThereAfterARestart) {
    mirror m;
    auto pace = read_pace(m.db(), now);
    EXPECT_FALSE(pace.allowed_per_minute);
    EXPECT_FALSE(pace.not_before);
    EXPECT_EQ(pace.pause_seconds, 0);
    EXPECT_EQ(pace.requests_last_minute, 0);
    write_pace(m.db(), 15, now + minutes{2}, 120, now);
    m.close();
    m.open();
    pace = read_pace(m.db(), now);
    EXPECT_EQ(pace.allowed_per_minute, 15);
    EXPECT_EQ(pace.not_before, now + minutes{2});
    EXPECT_EQ(pace.pause_seconds, 120);
    write_pace(m.db(), 30, std::nullopt, 0, std::nullopt);
    EXPECT_FALSE(read_pace(m.db(), now).not_before);
    EXPECT_EQ(m.cell("SELECT count(*), max(last_429_at) FROM _pace"), "1|2024-02-01 12:00:30") << "when it last happened is not forgotten";
}

TEST(StoredPace, N13_NoRequestOfTheLastMinuteIsForgotten) {
    mirror m;
    for (int age = 0; age <= 59; ++age) {
        m.run("DELETE FROM _requests");
        add_requests(m.db(), now - seconds{age}, 3);
        EXPECT_EQ(read_pace(m.db(), now).requests_last_minute, 3) << age << " s ago";
    }
}

TEST(StoredPace, OlderRequestsAreNotCountedAndNotKept) {
    mirror m;
    add_requests(m.db(), now - minutes{2}, 5);
    EXPECT_EQ(read_pace(m.db(), now).requests_last_minute, 0);
    add_requests(m.db(), now, 1);
    add_requests(m.db(), now, 2);
    EXPECT_EQ(read_pace(m.db(), now).requests_last_minute, 3);
    EXPECT_EQ(read_pace(m.db(), now - minutes{5}).requests_last_minute, 0) << "a clock that went back finds nothing of the future";
    EXPECT_EQ(m.cell("SELECT count(*) FROM _requests"), "2");
    add_requests(m.db(), now + std::chrono::days{1} - minutes{1}, 1);
    EXPECT_EQ(m.cell("SELECT count(*) FROM _requests"), "2") << "the minute before now is older than a day";
    add_requests(m.db(), now + std::chrono::days{2}, 1);
    EXPECT_EQ(m.cell("SELECT count(*) FROM _requests"), "1");
}

}  // namespace
}  // namespace mdock::store
