// SPDX-License-Identifier: MIT
#include "core/api/identity_answers.h"

#include <boost/json/parse.hpp>

#include "core/base/decimal.h"

namespace mdock::api {
namespace {

result<boost::json::object> object_of(std::string_view body, const char* what) {
    boost::json::error_code ec;
    boost::json::value document = boost::json::parse({body.data(), body.size()}, ec);
    if (ec) return failure{errc::not_json, std::string(what) + ": no valid JSON (" + ec.message() + ")"};
    if (!document.is_object()) return failure{errc::bad_shape, std::string(what) + ": not an object"};
    return std::move(document.get_object());
}

std::optional<std::int64_t> id_in(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains({key.data(), key.size()});
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return parse_id({value->get_string().data(), value->get_string().size()});
    if (value->is_int64()) return parse_id(std::to_string(value->get_int64()));
    return std::nullopt;
}

std::string text_in(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains({key.data(), key.size()});
    if (value == nullptr || !value->is_string()) return {};
    return {value->get_string().data(), value->get_string().size()};
}

}  // namespace

result<me_answer> decode_me(std::string_view body) {
    const auto object = object_of(body, "users/me");
    if (!object) return object.error();
    me_answer me;
    me.user_account_id = id_in(*object, "user_account_id");
    me.legacy_user_id = id_in(*object, "id");
    me.email = text_in(*object, "email");
    me.first_name = text_in(*object, "first_name");
    me.last_name = text_in(*object, "last_name");
    const auto* rate = object->if_contains("billing_rate");
    me.shows_rates = rate != nullptr && !rate->is_null();
    if (!me.user_account_id && !me.legacy_user_id && me.email.empty())
        return failure{errc::bad_shape, "users/me: names no user (no user_account_id, id or email)"};
    return me;
}

result<account_answer> decode_account(std::string_view body) {
    const auto object = object_of(body, "accounts/current");
    if (!object) return object.error();
    const auto id = id_in(*object, "id");
    if (!id) return failure{errc::bad_shape, "accounts/current.id: not a usable id"};
    return account_answer{*id, text_in(*object, "name")};
}

std::optional<std::int64_t> decode_dock_owner(std::string_view body) {
    const auto object = object_of(body, "dock");
    if (!object) return std::nullopt;
    return id_in(*object, "user_account_id");
}

}  // namespace mdock::api
