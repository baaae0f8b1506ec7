// SPDX-License-Identifier: MIT
#include "daemon/net/origin.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cctype>

namespace mdock::net {
namespace {

namespace urls = boost::urls;

bool is_ipv6(std::string_view host) { return host.find(':') != std::string_view::npos; }

std::string lower(std::string_view text) {
    std::string low(text);
    for (char& c : low) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return low;
}

// The host without the brackets of an IPv6 literal and without the dot of an absolute name, which no certificate has.
std::string bare_host(urls::url_view url) {
    std::string host = lower(url.host_address());
    if (!host.empty() && host.back() == '.') host.pop_back();
    return host;
}

bool has_unsafe_character(std::string_view host) {
    return std::any_of(host.begin(), host.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return !(std::isalnum(byte) || byte == '.' || byte == '-' || byte == '_' || byte == ':');
    });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

bool is_address(std::string_view host) {
    boost::system::error_code error;
    boost::asio::ip::make_address(std::string(host), error);
    return !error;
}

bool exempts(std::string_view rule, std::string_view host) {
    rule = trimmed(rule);
    if (rule == "*") return true;
    if (rule.size() > 2 && rule.front() == '[' && rule.back() == ']') rule = rule.substr(1, rule.size() - 2);
    if (!rule.empty() && rule.front() == '.') rule.remove_prefix(1);
    if (rule.empty()) return false;
    const std::string low = lower(rule);
    if (host == low) return true;
    if (is_address(host)) return false;
    return host.size() > low.size() && host.substr(host.size() - low.size()) == low &&
           host[host.size() - low.size() - 1] == '.';
}

}  // namespace

std::string origin::authority_with_port() const {
    return (is_ipv6(host) ? "[" + host + "]" : host) + ":" + port;
}

std::string origin::authority() const {
    const std::string name = is_ipv6(host) ? "[" + host + "]" : host;
    return port == "443" ? name : name + ":" + port;
}

result<origin> parse_base_url(std::string_view text) {
    const auto refuse = [](std::string why) { return failure(errc::bad_config, "api.base_url " + std::move(why)); };
    const auto parsed = urls::parse_uri(text);
    if (!parsed) return refuse("is not a URL; it should look like https://minutedock.com/api/v1");
    const urls::url_view url = *parsed;
    if (lower(url.scheme()) != "https")
        return refuse("must begin with https://, because the token would travel in clear; nothing was sent");
    if (url.has_userinfo()) return refuse("must not hold a user name or password; tokens belong in auth.token_file");
    if (url.has_query() || url.has_fragment()) return refuse("must end with its path, without ? or #");

    origin found;
    found.host = bare_host(url);
    if (found.host.empty() || has_unsafe_character(found.host)) return refuse("names no usable host");
    found.port = url.has_port() ? std::string(url.port()) : "443";
    if (found.port.empty() || url.has_port() == (url.port_number() == 0)) return refuse("has a port that does not exist");
    found.base_path = std::string(url.encoded_path());
    while (!found.base_path.empty() && found.base_path.back() == '/') found.base_path.pop_back();
    return found;
}

result<proxy_address> parse_proxy_url(std::string_view text) {
    const auto refuse = [](std::string why) { return failure(errc::bad_config, "api.proxy " + std::move(why)); };
    const auto parsed = urls::parse_uri(text);
    if (!parsed) return refuse("is not a URL; it should look like http://proxy.example.com:3128");
    const urls::url_view url = *parsed;
    if (lower(url.scheme()) != "http") return refuse("must begin with http://; other kinds of proxy are not supported");

    proxy_address found;
    found.host = bare_host(url);
    if (found.host.empty() || has_unsafe_character(found.host)) return refuse("names no usable host");
    found.port = url.has_port() ? std::string(url.port()) : "80";
    if (found.port.empty() || url.has_port() == (url.port_number() == 0)) return refuse("has a port that does not exist");
    if (url.has_userinfo()) found.credentials = std::string(url.user()) + ":" + std::string(url.password());
    return found;
}

bool is_exempt_from_proxy(std::string_view no_proxy, std::string_view host) {
    while (!no_proxy.empty()) {
        const std::size_t comma = std::min(no_proxy.find(','), no_proxy.size());
        if (exempts(no_proxy.substr(0, comma), host)) return true;
        no_proxy.remove_prefix(std::min(comma + 1, no_proxy.size()));
    }
    return false;
}

std::string host_of_location(std::string_view location) {
    if (location.empty()) return "an unnamed place";
    const auto parsed = urls::parse_uri_reference(location);
    if (!parsed) return "a place that is not a URL";
    const urls::url_view url = *parsed;
    if (!url.has_authority()) return "another path of the same host";
    const std::string scheme = url.has_scheme() ? lower(url.scheme()) + "://" : "";
    return scheme + std::string(url.encoded_host_and_port());
}

}  // namespace mdock::net
