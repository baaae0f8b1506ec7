// SPDX-License-Identifier: MIT
// The sandbox seen by the transport: the model's answers arrive whole, each wire fault is what it is called, and the
// control path works beside them.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/process/net/client.h"
#include "tests/sandbox/listener.h"
#include "tests/sandbox/wire.h"

namespace net_test {
namespace {

using mdock::errc;

minutedock::server small_model() {
    minutedock::account_size size;
    size.entries = 300;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return minutedock::server(minutedock::generate_account(7, size, now), minutedock::switches(), 7);
}

class Sandbox : public testing::Test {
protected:
    Sandbox() : all_(small_model(), "control-token"), open_(io_, all_, good_leaf(), 0), thread_([this] { io_.run(); }) {}
    ~Sandbox() override {
        io_.stop();
        thread_.join();
    }

    mdock::net::transport_options options(const std::string& base) const {
        mdock::net::transport_options made;
        made.base_url = "https://127.0.0.1:" + std::to_string(open_.port()) + base;
        made.ca_file = root_file();
        made.request_timeout = 8s;
        return made;
    }
    client api() const { return client(options("/api/v1"), std::string(minutedock::admin_token)); }
    client control() const { return client(options("/sandbox/v1"), "control-token"); }

    // What a GET of the admin becomes under one fault rule.
    mdock::result<mdock::http_answer> under(const std::string& rule, std::chrono::milliseconds patience = 8s) {
        EXPECT_EQ(control().send("PUT", "/faults", R"({"faults":[")" + rule + R"("]})")->status, 200) << rule;
        auto impatient = options("/api/v1");
        impatient.request_timeout = patience;
        impatient.max_inflated_bytes = 10'000'000;
        client c(impatient, std::string(minutedock::admin_token));
        return c.get("/users/me");
    }

    boost::asio::io_context io_{1};
    sandbox::world all_;
    sandbox::listener open_;
    std::thread thread_;    // last: it runs the others
};

TEST_F(Sandbox, AnswersTheApiOverTls) {
    client c = api();
    const auto me = c.get("/users/me");
    ASSERT_TRUE(me) << shown(me);
    EXPECT_EQ(me->status, 200);
    EXPECT_NE(me->body.find("person0@example.com"), std::string::npos);
    EXPECT_FALSE(me->date.empty());
    EXPECT_FALSE(me->etag.empty());
    const auto list = c.get("/entries?user_accounts=all&from=1900-01-01&to=2199-12-31");
    const auto plain = c.send("GET", "/entries?user_accounts=all&from=1900-01-01&to=2199-12-31", "", false);
    ASSERT_TRUE(list) << shown(list);
    EXPECT_GT(list->body.size(), 10'000U);
    EXPECT_EQ(list->body, plain->body) << "compressed or not, the same";
    client stranger(options("/api/v1"), "not-a-token-of-it");
    EXPECT_EQ(stranger.get("/users/me")->status, 401);
}

TEST_F(Sandbox, WireFaultsAreWhatTheyAreCalled) {
    EXPECT_EQ(code_of(under("reset")), errc::connection_lost);
    EXPECT_EQ(code_of(under("lost")), errc::connection_lost);
    EXPECT_EQ(code_of(under("cut=20")), errc::connection_lost);
    EXPECT_EQ(code_of(under("cut")), errc::connection_lost);
    EXPECT_EQ(code_of(under("hang", 300ms)), errc::timed_out);
    EXPECT_EQ(code_of(under("drip=1", 300ms)), errc::timed_out);
    EXPECT_EQ(code_of(under("delay=30", 300ms)), errc::timed_out);
    EXPECT_EQ(code_of(under("no_notify")), errc::none);
    EXPECT_EQ(code_of(under("bad_gzip")), errc::bad_encoding);
    EXPECT_EQ(code_of(under("gzip_bomb=20000000")), errc::bad_encoding);
    EXPECT_EQ(code_of(under("redirect")), errc::redirect_refused);
    EXPECT_EQ(under("503:retry-after=7")->retry_after, std::vector<std::string>{"7"});
    EXPECT_EQ(code_of(under("500:path=/entries")), errc::none) << "another path is not hit";
}

TEST_F(Sandbox, ALostAnswerWasCarriedOutAndAResetRequestWasNot) {
    client c = api();
    const auto create = [&](const std::string& text) {
        return c.post(R"({"entry":{"description":")" + text + R"(","duration":60,"date":"2026-01-05"}})");
    };
    const auto found = [&](const std::string& text) {
        const auto list = control().get("/as/admin/entries?user_accounts=all&from=2026-01-05&to=2026-01-05");
        return list->body.find(text) != std::string::npos;
    };
    control().send("PUT", "/faults", R"({"faults":["lost:method=POST:times=1","reset:method=POST:after=1:times=1"]})");
    EXPECT_EQ(code_of(create("carried out")), errc::connection_lost);
    EXPECT_TRUE(found("carried out"));
    EXPECT_EQ(code_of(create("never begun")), errc::connection_lost);
    EXPECT_FALSE(found("never begun"));
}

TEST_F(Sandbox, OneHangingConnectionHoldsUpNoOther) {
    control().send("PUT", "/faults", R"({"faults":["hang:path=/contacts"]})");
    auto waiting = options("/api/v1");
    waiting.request_timeout = 2s;
    auto hanging = std::async(std::launch::async, [&] {
        client c(waiting, std::string(minutedock::admin_token));
        return code_of(c.get("/contacts"));
    });
    client c = api();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(c.get("/users/me")->status, 200);
    EXPECT_EQ(hanging.get(), errc::timed_out);
}

TEST_F(Sandbox, ControlNeedsItsTokenAndIsNotCounted) {
    client outsider(options("/sandbox/v1"), std::string(minutedock::admin_token));
    EXPECT_EQ(outsider.get("/requests")->status, 401);
    client c = api();
    c.get("/users/me");
    c.get("/users/me");
    control().get("/as/admin/entries");
    const auto counted = control().get("/requests");
    EXPECT_TRUE(counted->body.starts_with(R"({"count":2,"log":[{"at":)")) << counted->body;
    EXPECT_EQ(control().send("DELETE", "/requests", "")->body, R"({"count":2,"log":[]})");
    EXPECT_EQ(control().get("/as/nobody/entries")->status, 404);
    EXPECT_EQ(control().get("/nothing")->status, 404);
}

TEST_F(Sandbox, ControlChangesSettingsWhileItRuns) {
    EXPECT_EQ(control().send("PUT", "/settings", R"({"rate_limit":1})")->status, 200);
    client c = api();
    EXPECT_EQ(c.get("/users/me")->status, 200);
    EXPECT_EQ(c.get("/users/me")->status, 429);
    EXPECT_EQ(control().send("PUT", "/settings", R"({"rate_limit":0,"paused":true})")->status, 200);
    auto impatient = options("/api/v1");
    impatient.request_timeout = 200ms;
    client paused(impatient, std::string(minutedock::admin_token));
    EXPECT_EQ(code_of(paused.get("/users/me")), errc::timed_out);
    EXPECT_EQ(control().send("PUT", "/settings", R"({"paused":false})")->status, 200);
    EXPECT_EQ(c.get("/users/me")->status, 200);
    EXPECT_EQ(control().send("PUT", "/settings", R"({"unknown":1})")->status, 422);
    EXPECT_EQ(control().send("PUT", "/switches", R"({"ids":"int"})")->status, 200);
    EXPECT_TRUE(c.get("/users/me")->body.starts_with(R"({"id":4)")) << "a number now";
    EXPECT_EQ(control().send("PUT", "/switches", R"({"ids":"roman"})")->status, 422);
    EXPECT_EQ(control().send("PUT", "/faults", R"({"faults":["earthquake"]})")->status, 422);
}

TEST_F(Sandbox, ControlTellsWhatARightMirrorHolds) {
    const auto rows = control().get("/expected/admin");
    ASSERT_EQ(rows->status, 200);
    EXPECT_NE(rows->body.find(R"("entries":{")"), std::string::npos);
    EXPECT_EQ(control().get("/expected/revoked")->status, 422);
}

}  // namespace
}  // namespace net_test
