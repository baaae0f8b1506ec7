// SPDX-License-Identifier: MIT
// A canary for the compiler: g++ 12.2 destroys temporaries twice or skips code in many shapes of co_await, so mdock
// writes only the shapes below (script/lint keeps it so). Each must run its code once and leave no object alive.
#include <gtest/gtest.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace asio = boost::asio;

namespace {

// Counts itself: a temporary destroyed twice or never shows as a balance other than zero.
class counted {
public:
    explicit counted(std::string text = "none") : text_(std::move(text)) { ++balance; }
    counted(const counted& other) : text_(other.text_) { ++balance; }
    counted(counted&& other) noexcept : text_(std::move(other.text_)) { ++balance; }
    counted& operator=(const counted&) = default;
    counted& operator=(counted&&) noexcept = default;
    ~counted() { --balance; }
    const std::string& text() const { return text_; }

    static inline int balance = 0;

private:
    std::string text_;
};

asio::awaitable<void> hop() {
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
}

asio::awaitable<counted> echo(counted value, std::string more = "") {
    co_await hop();
    co_return counted(value.text() + more);
}

asio::awaitable<std::size_t> length(std::unique_ptr<counted> value, std::optional<counted> other) {
    co_await hop();
    co_return value->text().size() + (other ? other->text().size() : 0);
}

asio::awaitable<bool> yes() {
    co_await hop();
    co_return true;
}

asio::awaitable<void> fail(counted value) {
    co_await hop();
    throw std::runtime_error(value.text());
}

// As the store port does it: a handler kept by a callback that another thread could call.
asio::awaitable<int> call_back(counted kept) {
    auto executor = co_await asio::this_coro::executor;
    auto initiate = [executor](auto handler, counted held) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        asio::post(executor, [shared, held] { (*shared)(static_cast<int>(held.text().size())); });
    };
    auto token = asio::use_awaitable;
    const int size = co_await asio::async_initiate<decltype(token), void(int)>(std::move(initiate), token, std::move(kept));
    co_return size;
}

// Runs a coroutine to its end, rethrows what it throws, and checks that nothing stayed alive.
template <class F>
void run(F shape) {
    counted::balance = 0;
    asio::io_context context;
    std::exception_ptr error;
    bool ended = false;
    asio::co_spawn(context, shape(), [&](std::exception_ptr e) {
        error = e;
        ended = true;
    });
    context.run();
    EXPECT_TRUE(ended);
    EXPECT_EQ(counted::balance, 0);
    if (error) std::rethrow_exception(error);
}

asio::awaitable<void> temporaries() {
    const counted a = co_await echo(counted("ab"));
    EXPECT_EQ(a.text(), "ab");
    const counted b = co_await echo(counted("a" + std::string("b")), std::string(40, 'c') + "d");
    EXPECT_EQ(b.text().size(), 43u);
    co_await echo(counted("thrown away"));
}

asio::awaitable<void> moved_owners() {
    auto owner = std::make_unique<counted>("abc");
    const auto n = co_await length(std::move(owner), std::nullopt);
    EXPECT_EQ(n, 3u);
    const auto m = co_await length(std::make_unique<counted>("abc"), std::optional<counted>(counted("de")));
    EXPECT_EQ(m, 5u);
}

asio::awaitable<void> named_conditions(std::vector<int>& seen) {
    const bool go = co_await yes();
    if (go) seen.push_back(1);
    for (int i = 0; i < 3; ++i) {
        const bool again = co_await yes();
        if (!again) break;
        seen.push_back(2);
    }
    if (go) co_await hop();
    seen.push_back(3);
}

asio::awaitable<void> tuples() {
    const auto executor = co_await asio::this_coro::executor;
    auto initiate = [executor](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        asio::post(executor, [shared] { (*shared)(boost::system::error_code(), std::size_t{7}); });
    };
    auto token = asio::as_tuple(asio::use_awaitable);
    const auto [error, size] =
        co_await asio::async_initiate<decltype(token), void(boost::system::error_code, std::size_t)>(std::move(initiate), token);
    EXPECT_FALSE(error);
    EXPECT_EQ(size, 7u);
}

asio::awaitable<void> throwing() {
    const counted kept("here");
    co_await fail(counted("told"));
    ADD_FAILURE() << "code after a throwing await ran";
}

asio::awaitable<void> callbacks() {
    const int size = co_await call_back(counted("four"));
    EXPECT_EQ(size, 4);
}

}  // namespace

TEST(AwaitShapes, TemporariesDieOnce) { run(temporaries); }

TEST(AwaitShapes, OwnersMoveIntoTheCoroutine) { run(moved_owners); }

TEST(AwaitShapes, ConditionsOnNamedResultsRunAllOfTheBody) {
    std::vector<int> seen;
    run([&seen] { return named_conditions(seen); });
    EXPECT_EQ(seen, (std::vector<int>{1, 2, 2, 2, 3}));
}

TEST(AwaitShapes, ErrorsComeAsTuples) { run(tuples); }

TEST(AwaitShapes, ExceptionsUnwindOnce) { EXPECT_THROW(run(throwing), std::runtime_error); }

TEST(AwaitShapes, CallbacksResumeOnce) { run(callbacks); }
