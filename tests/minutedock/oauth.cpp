// SPDX-License-Identifier: MIT
// The OAuth code flow as far as a client can see it: a consent that is always given by the account's admin, and a token
// for the code. Everything here but the two paths is an assumption (RFC 6749).
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "tests/minutedock/routes.h"

namespace minutedock {
namespace {

constexpr std::string_view code_prefix = "code-";

void oauth_error(answer& out, int status, std::string_view error) {
    out.status = status;
    out.body = boost::json::serialize(boost::json::object{{"error", error}, {"error_description", "See RFC 6749"}});
}

void authorize(const target& where, dice& chance, answer& out) {
    const std::string* type = where.find("response_type");
    const std::string* client = where.find("client_id");
    const std::string* back = where.find("redirect_uri");
    if (type == nullptr || *type != "code" || client == nullptr || back == nullptr)
        return oauth_error(out, 400, "invalid_request");
    std::string location = *back + (back->find('?') == std::string::npos ? "?code=" : "&code=");
    location.append(code_prefix).append(std::to_string(chance.below(1'000'000'000)));
    if (const std::string* state_text = where.find("state"); state_text != nullptr)
        location += "&state=" + boost::urls::encode(*state_text, boost::urls::unreserved_chars);
    out.status = 302;
    out.content_type = "text/html; charset=utf-8";
    out.headers.emplace_back("Location", location);
}

void give_token(state& account, std::string_view form_text, dice& chance, answer& out) {
    auto form = parse_form(form_text);
    const bool is_code = form["grant_type"] == "authorization_code" && form["code"].starts_with(code_prefix);
    const bool is_refresh = form["grant_type"] == "refresh_token" && form["refresh_token"].starts_with("refresh-");
    if (form["grant_type"].empty()) return oauth_error(out, 400, "invalid_request");
    if (!is_code && !is_refresh) return oauth_error(out, 400, "invalid_grant");
    const std::string number = std::to_string(chance.below(1'000'000'000));
    account.credentials.push_back(
        {"oauth-" + number, account.credentials.front().user_email, account.account_id, false});
    out.body = boost::json::serialize(boost::json::object{{"access_token", "oauth-" + number},
                                                          {"token_type", "Bearer"},
                                                          {"expires_in", 7200},
                                                          {"refresh_token", "refresh-" + number},
                                                          {"scope", "read write"}});
}

}  // namespace

bool dispatch_oauth(state& account, std::string_view method, const target& where, std::string_view body, dice& chance,
                    answer& out) {
    if (where.path.size() != 2 || where.path[0] != "oauth") return false;
    if (where.path[1] == "authorize" && method == "GET") {
        authorize(where, chance, out);
    } else if (where.path[1] == "token" && method == "POST") {
        give_token(account, body, chance, out);
    } else {
        oauth_error(out, 404, "not_found");
    }
    return true;
}

}  // namespace minutedock
