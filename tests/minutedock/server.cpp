// SPDX-License-Identifier: MIT
#include "tests/minutedock/server.h"

#include <openssl/evp.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstdio>

#include "tests/minutedock/asked.h"
#include "tests/minutedock/routes.h"

namespace minutedock {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

std::string http_date(mdock::utc_seconds at) {
    constexpr std::array<const char*, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{at - day};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02ld:%02ld:%02ld GMT",
                  weekdays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()), clock.hours().count(),
                  clock.minutes().count(), clock.seconds().count());
    return text.data();
}

std::string md5_tag(std::string_view body) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(body.data(), body.size(), digest.data(), &length, EVP_md5(), nullptr) != 1) return {};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string tag = "W/\"";
    for (unsigned i = 0; i < length; ++i) {
        tag += digits[digest[i] >> 4U];
        tag += digits[digest[i] & 0xfU];
    }
    return tag + "\"";
}

std::vector<const state*> accounts_of(const state& first, const std::string& email, const state& current, bool all) {
    if (!all) return {&current};
    std::vector<const state*> found;
    if (first.user_by_email(email) != nullptr) found.push_back(&first);
    for (const state& next : first.neighbours)
        if (next.user_by_email(email) != nullptr) found.push_back(&next);
    return found;
}

// What a person may not know about a request that the machine refused: the form of errors is not documented.
std::string error_text(error_form how, std::string_view message) {
    switch (how) {
        case error_form::message:
            return boost::json::serialize(boost::json::object{{"status", "error"}, {"message", message}});
        case error_form::errors:
            return boost::json::serialize(boost::json::object{{"errors", boost::json::array{message}}});
        case error_form::html: return "<html><body><h1>" + std::string{message} + "</h1></body></html>";
        case error_form::empty: break;
    }
    return {};
}

}  // namespace

void refuse(answer& out, const switches& how, int status, std::string_view message) {
    out.status = status;
    out.body = error_text(how.error_body, message);
    if (how.error_body == error_form::html) out.content_type = "text/html; charset=utf-8";
}

void refuse(const asked& request, int status, std::string_view message) {
    refuse(request.out, request.how, status, message);
}

void refuse_unseen(const asked& r, bool exists, bool was_deleted) {
    if (was_deleted && r.how.deleted_id == deleted_answer::status_410) return refuse(r, 410, "It was deleted");
    if (exists && r.how.invisible_id == invisible_answer::status_403)
        return refuse(r, 403, "You do not have access to this resource");
    refuse(r, 404, "Not found");
}

row_id id_of_segment(std::string_view text) {
    row_id id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    return error == std::errc{} && end == text.data() + text.size() && id > 0 ? id : 0;
}

server::server(state account, switches how, std::uint64_t seed)
    : account_(std::move(account)), how_(how), chance_(seed) {
    if (how_.date_header == date_header::skewed) skew_ = seconds{chance_.between(-240, 240)};
}

server::identity server::identify(const call& request) {
    const std::string& text = request.bearer.empty() ? request.api_key : request.bearer;
    for (const credential& known : account_.credentials) {
        const bool is_key = known.account_id == 0;
        if (text.empty() || known.text != text || known.revoked || is_key != request.bearer.empty()) continue;
        state* wanted = &account_;
        const row_id id = !is_key                             ? known.account_id
                          : request.account_id_header.empty() ? account_.account_id
                                                              : id_of_segment(request.account_id_header);
        if (id != account_.account_id) {
            wanted = nullptr;
            for (state& next : account_.neighbours)
                if (next.account_id == id) wanted = &next;
        }
        return {wanted, wanted == nullptr ? nullptr : wanted->user_by_email(known.user_email)};
    }
    return {nullptr, nullptr};
}

server::rule_hit server::match_faults(std::string_view method, std::string_view path) {
    rule_hit hit;
    for (fault_rule& rule : faults_) {
        if (!strikes(rule, method, path, chance_)) continue;
        const bool replaces = replaces_answer(rule) || rule.kind == "reset";
        (replaces ? hit.replaces : hit.spoils) = &rule;
    }
    return hit;
}

bool server::is_over_limit(mdock::utc_seconds now) {
    if (rate_limit_ == 0) return false;
    while (!recent_.empty() && now - recent_.front() >= minutes{1}) recent_.pop_front();
    if (recent_.size() >= rate_limit_) return true;
    recent_.push_back(now);
    return false;
}

void server::throttle(answer& out, mdock::utc_seconds now) const {
    out.status = 429;
    out.content_type = "text/plain";
    out.body = "Retry later\n";
    const auto free_at = recent_.front() + minutes{1};
    if (how_.rate_limit == throttle_answer::seconds)
        out.headers.emplace_back("Retry-After", std::to_string((free_at - now).count()));
    if (how_.rate_limit == throttle_answer::http_date)
        out.headers.emplace_back("Retry-After", http_date(free_at + skew_));
}

void server::refuse_credentials(answer& out) const {
    constexpr std::string_view json = R"({"status":"error","message":"Your API Key or token is not valid"})";
    out.status = how_.bad_auth == auth_answer::json_403 ? 403 : 401;
    out.body = how_.bad_auth == auth_answer::empty_401 ? std::string_view{} : json;
    if (out.status == 401)
        out.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"Doorkeeper\", error=\"invalid_token\"");
}

stamp server::visible_at(stamp at) {
    switch (how_.commit_lag) {
        case commit_lag::none: break;
        case commit_lag::upto_5: return at + milliseconds{chance_.between(0, 5'000)};
        case commit_lag::upto_30: return at + milliseconds{chance_.between(0, 30'000)};
    }
    return at;
}

void server::carry_out(const call& request, mdock::utc_seconds now, answer& out) {
    const auto where = parse_target(request.target);
    if (!where) return refuse(out, how_, 400, "The target is not understood");
    if (dispatch_oauth(account_, request.method, *where, request.body, chance_, out)) return;
    const identity found = identify(request);
    if (found.who == nullptr) {
        call without_account = request;
        without_account.account_id_header.clear();
        const bool is_wrong_account = identify(without_account).who != nullptr;
        return is_wrong_account ? refuse(out, how_, 404, "There is no such account") : refuse_credentials(out);
    }
    boost::json::object body;
    if (!request.body.empty()) {
        boost::system::error_code error;
        boost::json::value parsed = boost::json::parse(request.body, error);
        if (error || !parsed.is_object()) return refuse(out, how_, 400, "The body is not a JSON object");
        body = std::move(parsed.get_object());
    }
    const stamp at = stamp{now} + milliseconds{chance_.between(0, 999)};
    asked r{*found.account, how_, viewer{*found.who}, *where, body, request.method == "PUT", now, at, visible_at(at),
            chance_,        out};
    dispatch(r, request.method, accounts_of(account_, found.who->email, *found.account, how_.accounts_lists_all));
}

reply server::handle(const call& request, mdock::utc_seconds now) {
    ++requests_;
    account_.settle(stamp{now});
    for (state& next : account_.neighbours) next.settle(stamp{now});
    answer out;
    if (is_over_limit(now)) {
        throttle(out, now);
        return finish(request, now, std::move(out), nullptr);
    }
    std::string_view path{request.target};
    if (path.starts_with("/api/v1")) path.remove_prefix(7);
    const rule_hit hit = match_faults(request.method, path.substr(0, path.find('?')));
    if (hit.replaces == nullptr || hit.replaces->is_done) carry_out(request, now, out);
    if (hit.replaces != nullptr && replaces_answer(*hit.replaces)) write_replacement(*hit.replaces, out);
    return finish(request, now, std::move(out), hit.replaces != nullptr ? hit.replaces : hit.spoils);
}

reply server::finish(const call& request, mdock::utc_seconds now, answer out, const fault_rule* spoils) {
    reply given;
    if (spoils != nullptr) {
        std::string_view path{request.target};
        if (path.starts_with("/api/v1")) path.remove_prefix(7);
        spoil(*spoils, path, out);
        given.wire = wire_of(*spoils, out);
    }
    if (how_.etag == etag_form::md5 && out.status == 200 && !out.body.empty()) {
        given.answer.etag = md5_tag(out.body);
        if (!request.if_none_match.empty() && request.if_none_match == given.answer.etag && request.method == "GET") {
            out.status = 304;
            out.body.clear();
        }
    }
    if (how_.date_header != date_header::missing) given.answer.date = http_date(now + skew_);
    for (auto& [name, value] : out.headers) {
        if (name == "Retry-After") {
            given.answer.retry_after.push_back(std::move(value));
        } else {
            given.headers.emplace_back(std::move(name), std::move(value));
        }
    }
    given.answer.status = out.status;
    given.answer.body = std::move(out.body);
    if (!given.answer.body.empty() || out.status == 200) given.answer.content_type = std::move(out.content_type);
    if (keeps_log_) log_.push_back({now, request.method, request.target, given.answer.status});
    return given;
}

}  // namespace minutedock
