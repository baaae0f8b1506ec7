// SPDX-License-Identifier: MIT
// Short ways to ask the model, for its own tests.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "tests/minutedock/server.h"

namespace minutedock {

// 2024-05-15 12:00:00 UTC, a Wednesday.
inline constexpr mdock::utc_seconds test_now{std::chrono::seconds{1'715'774'400}};

inline server make_server(std::uint64_t seed = 1, account_size size = {}, switches how = {}) {
    return server{generate_account(seed, size, test_now), how, seed};
}

inline reply ask(server& from, std::string_view method, std::string target, std::string body = {},
                 std::string_view token = admin_token, mdock::utc_seconds now = test_now) {
    call request;
    request.method = method;
    request.target = std::move(target);
    request.body = std::move(body);
    request.bearer = token;
    return from.handle(request, now);
}

inline boost::json::value json_of(const reply& given) { return boost::json::parse(given.answer.body); }

// A list that must be answered 200.
inline boost::json::array list_of(server& from, std::string target, std::string_view token = admin_token,
                                  mdock::utc_seconds now = test_now) {
    const reply given = ask(from, "GET", std::move(target), {}, token, now);
    return given.answer.status == 200 ? json_of(given).as_array() : boost::json::array{};
}

inline std::int64_t id_in(const boost::json::value& row) {
    const auto& id = row.at("id");
    return id.is_string() ? std::stoll(std::string{std::string_view{id.get_string()}}) : id.get_int64();
}

}  // namespace minutedock
