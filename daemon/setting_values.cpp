// SPDX-License-Identifier: MIT
#include "daemon/setting_values.h"

#include <date/tz.h>

#include <fmt/format.h>
#include <algorithm>
#include <boost/url/parse.hpp>
#include <charconv>
#include <cmath>
#include <numeric>

namespace mdock {
namespace {

failure unusable(std::string why) { return failure(errc::bad_config, std::move(why)); }

template <class Number>
bool parse_number(std::string_view text, Number& into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc() && end == text.data() + text.size();
}

std::vector<std::string_view> split(std::string_view text, char by) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto at = text.find(by);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string with_unit(std::int64_t seconds) {
    if (seconds >= 86400 && seconds % 86400 == 0) return fmt::format("{}d", seconds / 86400);
    if (seconds >= 3600 && seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
    if (seconds >= 60 && seconds % 60 == 0) return fmt::format("{}m", seconds / 60);
    return fmt::format("{}s", seconds);
}

result<setting_value> as_duration(const setting_rule& rule, std::string_view text) {
    const auto length = parse_duration(text);
    if (!length) return length.error();
    if (*length < std::chrono::seconds(rule.least) || *length > std::chrono::seconds(rule.most))
        return unusable(fmt::format("must be from {} to {}", with_unit(rule.least), with_unit(rule.most)));
    setting_value value;
    value.duration = *length;
    return value;
}

result<setting_value> as_whole(const setting_rule& rule, std::string_view text) {
    setting_value value;
    if (!parse_number(text, value.whole)) return unusable("must be a whole number");
    if (value.whole < rule.least || value.whole > rule.most)
        return unusable(fmt::format("must be from {} to {}", rule.least, rule.most));
    return value;
}

result<setting_value> as_real(const setting_rule& rule, std::string_view text) {
    setting_value value;
    if (!parse_number(text, value.real) || !std::isfinite(value.real)) return unusable("must be a number");
    if (value.real < static_cast<double>(rule.least) || value.real > static_cast<double>(rule.most))
        return unusable(fmt::format("must be from {} to {}", rule.least, rule.most));
    return value;
}

result<setting_value> as_choice(const setting_rule& rule, std::string_view text) {
    const auto known = split(rule.choices, '|');
    if (std::find(known.begin(), known.end(), text) == known.end()) {
        const auto list =
            std::accumulate(std::next(known.begin()), known.end(), std::string(known.front()),
                            [](std::string all, std::string_view one) { return all + ", " + std::string(one); });
        return unusable(fmt::format("must be one of {}", list));
    }
    setting_value value;
    value.text = text;
    return value;
}

result<setting_value> as_boolean(std::string_view text) {
    setting_value value;
    value.boolean = text == "true" || text == "1" || text == "yes" || text == "on";
    if (!value.boolean && text != "false" && text != "0" && text != "no" && text != "off")
        return unusable("must be true or false");
    return value;
}

result<setting_value> as_https_url(std::string_view text) {
    const auto url = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
    if (!url) return unusable("must be an address such as https://minutedock.com/api/v1");
    const std::string_view scheme(url->scheme().data(), url->scheme().size());
    if (scheme == "http")
        return unusable(
            "must begin with https: over http anybody on the way can read the token, on this machine too; "
            "use https, and api.ca_file for a certificate of your own");
    if (scheme != "https" || url->host().empty()) return unusable("must begin with https:// and name a host");
    if (url->has_userinfo()) return unusable("must not hold a user name or password");
    if (url->has_query() || url->has_fragment()) return unusable("must end with the path, without ? or #");
    setting_value value;
    value.text = text;
    while (value.text.ends_with('/')) value.text.pop_back();
    return value;
}

result<setting_value> as_proxy_url(std::string_view text) {
    const auto url = boost::urls::parse_uri(boost::urls::string_view(text.data(), text.size()));
    if (!url || url->scheme() != "http" || url->host().empty() || !url->has_port())
        return unusable("must be http://host:port or http://user:password@host:port");
    setting_value value;
    value.text = text;
    return value;
}

result<setting_value> as_file_mode(std::string_view text) {
    setting_value value;
    const auto digits = text.starts_with("0o") ? text.substr(2) : text;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value.whole, 8);
    const bool is_octal = error == std::errc() && end == digits.data() + digits.size();
    if (!is_octal || (value.whole != 0600 && value.whole != 0640))
        return unusable("must be \"0600\" (only you) or \"0640\" (your group may read)");
    return value;
}

result<setting_value> as_loopback(std::string_view text) {
    const auto colon = text.rfind(':');
    const auto host = text.substr(0, colon);
    int port = 0;
    const bool is_local = host == "127.0.0.1" || host == "[::1]" || host == "localhost";
    if (colon == std::string_view::npos || !is_local || !parse_number(text.substr(colon + 1), port) || port < 1 ||
        port > 65535)
        return unusable("must be 127.0.0.1:PORT or [::1]:PORT");
    setting_value value;
    value.text = text;
    return value;
}

result<setting_value> as_time_zone(std::string_view text) {
    setting_value value;
    value.text = text;
    if (text == "system") return value;
    try {
        date::locate_zone(value.text);
    } catch (const std::runtime_error&) {
        return unusable(
            fmt::format("\"{}\" is not in the time zone database; write it as Pacific/Auckland, or system", text));
    }
    return value;
}

// A list in the environment: words between spaces, or a JSON-like list of quoted words for words with spaces in them.
result<setting_value> as_words(std::string_view text) {
    setting_value value;
    if (!text.starts_with('[')) {
        for (const auto word : split(text, ' '))
            if (!word.empty()) value.words.emplace_back(word);
        return value;
    }
    while (true) {
        const auto open = text.find('"');
        if (open == std::string_view::npos) break;
        std::string word;
        auto at = open + 1;
        for (; at < text.size() && text[at] != '"'; ++at) {
            if (text[at] == '\\' && at + 1 < text.size()) ++at;
            word += text[at];
        }
        if (at >= text.size()) return unusable("must be a list such as [\"pass\", \"show\", \"minutedock\"]");
        value.words.push_back(std::move(word));
        text.remove_prefix(at + 1);
    }
    return value;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), two_before, now(b.size() + 1);
    std::iota(before.begin(), before.end(), 0U);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t swap = a[i - 1] == b[j - 1] ? 0 : 1;
            now[j] = std::min({before[j] + 1, now[j - 1] + 1, before[j - 1] + swap});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], two_before[j - 2] + 1);
        }
        two_before = before;
        std::swap(before, now);
    }
    return before[b.size()];
}

}  // namespace

result<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const failure wrong = unusable("must be a number with s, m, h or d, such as \"90s\" or \"15m\"");
    if (text.size() < 2) return wrong;
    double seconds = 0;
    switch (text.back()) {
        case 's': seconds = 1; break;
        case 'm': seconds = 60; break;
        case 'h': seconds = 3600; break;
        case 'd': seconds = 86400; break;
        default: return wrong;
    }
    double number = 0;
    const auto digits = text.substr(0, text.size() - 1);
    if (digits.find_first_not_of("0123456789.") != std::string_view::npos || !parse_number(digits, number))
        return wrong;
    constexpr double century = 36525.0 * 86400;
    if (!std::isfinite(number) || number * seconds > century) return unusable("is longer than 100 years");
    return std::chrono::milliseconds(std::llround(number * seconds * 1000));
}

bool has_control_characters(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

result<setting_value> parse_setting(const setting_rule& rule, std::string_view text) {
    if (has_control_characters(text)) return unusable("holds a line break or another control character");
    switch (rule.kind) {
        case setting_kind::text:
        case setting_kind::path: {
            if (text.empty()) return unusable("must not be empty");
            setting_value value;
            value.text = text;
            return value;
        }
        case setting_kind::https_url: return as_https_url(text);
        case setting_kind::proxy_url: return as_proxy_url(text);
        case setting_kind::choice: return as_choice(rule, text);
        case setting_kind::boolean: return as_boolean(text);
        case setting_kind::whole: return as_whole(rule, text);
        case setting_kind::real: return as_real(rule, text);
        case setting_kind::duration: return as_duration(rule, text);
        case setting_kind::file_mode: return as_file_mode(text);
        case setting_kind::loopback: return as_loopback(text);
        case setting_kind::time_zone: return as_time_zone(text);
        case setting_kind::words: break;
    }
    auto list = as_words(text);
    if (!list) return list.error();
    return parse_setting(rule, std::move(list->words));
}

result<setting_value> parse_setting(const setting_rule&, std::vector<std::string> words) {
    if (words.empty() || words.front().empty())
        return unusable("must be a list that begins with a program, such as [\"pass\", \"show\", \"minutedock\"]");
    for (const auto& word : words)
        if (has_control_characters(word)) return unusable("holds a line break or another control character");
    setting_value value;
    value.words = std::move(words);
    return value;
}

std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& known) {
    std::string_view best;
    std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto candidate : known) {
        const auto distance = edit_distance(word, candidate);
        // A short word is near everything: at least half of it must be right.
        if (distance < least && distance * 2 <= std::max(word.size(), candidate.size())) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace mdock
