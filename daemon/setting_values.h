// SPDX-License-Identifier: MIT
// How the text of one setting becomes a value: one parser a kind, the same for file, environment, flag and default, so
// that a setting means the same wherever it comes from. Errors are one clause that follows the key's name. Nothing here
// depends on the locale (L13).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace mdock {

enum class setting_kind {
    text,
    path,       // "~/" is the home folder; relative to the file that says it, or to the working folder
    https_url,  // https only, loopback included (X04); no user, query or fragment
    proxy_url,  // http://host:port
    words,      // a list: the program and its arguments
    choice,
    boolean,
    whole,
    real,
    duration,   // number and s, m, h or d
    file_mode,  // 0600 or 0640
    loopback,   // address:port on this machine
    time_zone,  // "system" or a name of the time zone database
};

// What a row of the table of settings allows.
struct setting_rule {
    setting_kind kind = setting_kind::text;
    std::int64_t least = 0;  // whole: itself; duration: seconds
    std::int64_t most = 0;
    std::string_view choices;  // "one|two|three"
};

struct setting_value {
    std::string text;  // text, path, url, choice, time zone
    std::vector<std::string> words;
    std::int64_t whole = 0;  // whole, file mode
    double real = 0;
    bool boolean = false;
    std::chrono::milliseconds duration{0};
};

// "90s", "1.5h", "2d". Nothing for other text, a negative one, or more than 100 years.
result<std::chrono::milliseconds> parse_duration(std::string_view text);

result<setting_value> parse_setting(const setting_rule& rule, std::string_view text);
result<setting_value> parse_setting(const setting_rule& rule, std::vector<std::string> words);

// True for text with CR, LF or another control character: it is refused everywhere, so that no setting can add a header
// line to a request (X25).
bool has_control_characters(std::string_view text);

// The nearest of `known` to a mistyped word, or nothing when none is near.
std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace mdock
