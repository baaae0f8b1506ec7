// SPDX-License-Identifier: MIT
#include "core/sync/shorthand.h"

#include <algorithm>
#include <array>
#include <span>

namespace mdock::sync {
namespace {

constexpr std::int64_t most_seconds = 9'999 * 3'600;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string_view without_punctuation(std::string_view word) {
    constexpr std::string_view marks = ".,;:!?)";
    while (!word.empty() && marks.find(word.back()) != std::string_view::npos) word.remove_suffix(1);
    return word;
}

// Seconds of a unit, 0 for another word.
std::int64_t unit_named(std::string_view word) {
    struct unit {
        std::string_view name;
        std::int64_t seconds;
    };
    constexpr std::array<unit, 15> units{{{"h", 3600},
                                          {"hr", 3600},
                                          {"hrs", 3600},
                                          {"hour", 3600},
                                          {"hours", 3600},
                                          {"m", 60},
                                          {"min", 60},
                                          {"mins", 60},
                                          {"minute", 60},
                                          {"minutes", 60},
                                          {"s", 1},
                                          {"sec", 1},
                                          {"secs", 1},
                                          {"second", 1},
                                          {"seconds", 1}}};
    const auto name = lower(word);
    const auto found = std::find_if(units.begin(), units.end(), [&name](const unit& one) { return one.name == name; });
    return found == units.end() ? 0 : found->seconds;
}

// What was read so far of one duration; each unit must be smaller than the one before.
struct sum {
    std::int64_t seconds = 0;
    std::int64_t last_unit = 0;

    bool add(std::int64_t part, std::int64_t unit) {
        if (last_unit != 0 && unit >= last_unit) return false;
        last_unit = unit;
        seconds += part;
        return seconds <= most_seconds;
    }
};

// A number in ten-thousandths, cut off the front of `text`; nothing without one, or with one that is too long.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t value = 0;
    std::size_t at = 0;
    for (; at < text.size() && is_digit(text[at]); ++at) {
        if (at == 8) return std::nullopt;
        value = value * 10 + (text[at] - '0');
    }
    if (at == 0) return std::nullopt;
    std::int64_t fraction = 0, scale = 10'000;
    if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && is_digit(text[at + 1])) {
        for (++at; at < text.size() && is_digit(text[at]); ++at) {
            if (scale == 1) return std::nullopt;
            scale /= 10;
            fraction += (text[at] - '0') * scale;
        }
    }
    text.remove_prefix(at);
    return value * 10'000 + fraction;
}

std::int64_t times(std::int64_t ten_thousandths, std::int64_t unit) { return (ten_thousandths * unit + 5'000) / 10'000; }

std::string_view take_letters(std::string_view& text) {
    std::size_t at = 0;
    while (at < text.size() && !is_digit(text[at])) ++at;
    const auto letters = text.substr(0, at);
    text.remove_prefix(at);
    return letters;
}

// "1:30" and "1:02:03".
std::optional<std::int64_t> read_clock(std::string_view word) {
    std::array<std::int64_t, 3> parts{};
    std::size_t count = 0;
    for (std::size_t from = 0; from <= word.size(); ++count) {
        const auto to = std::min(word.find(':', from), word.size());
        const auto part = word.substr(from, to - from);
        const bool has_right_length = count == 0 ? !part.empty() && part.size() <= 4 : part.size() == 2;
        if (count == 3 || !has_right_length || !std::all_of(part.begin(), part.end(), is_digit)) return std::nullopt;
        for (const char c : part) parts[count] = parts[count] * 10 + (c - '0');
        if (count > 0 && parts[count] > 59) return std::nullopt;
        from = to + 1;
    }
    if (count < 2) return std::nullopt;
    return parts[0] * 3600 + parts[1] * 60 + parts[2];
}

// "1h15m" and "90m": a word that is all numbers with units. False leaves `into` as it was.
bool add_word(std::string_view word, sum& into) {
    sum all = into;
    while (!word.empty()) {
        const auto number = take_number(word);
        if (!number) return false;
        const auto unit = unit_named(take_letters(word));
        if (unit == 0 || !all.add(times(*number, unit), unit)) return false;
    }
    into = all;
    return true;
}

// How many of `words` are one duration, from the first on; 0 when they begin with none.
std::size_t take_duration(std::span<const std::string_view> words, std::int64_t& seconds) {
    const auto is_half_of_day = [&words](std::size_t at) {
        if (at >= words.size()) return false;
        const auto word = lower(without_punctuation(words[at]));
        return word == "am" || word == "pm" || word == "a.m" || word == "p.m";
    };
    if (const auto clock = read_clock(without_punctuation(words[0])); clock && !is_half_of_day(1)) {
        seconds = *clock;
        return *clock <= most_seconds ? 1 : 0;
    }
    sum all;
    std::size_t used = 0;
    while (used < words.size()) {
        const auto first = without_punctuation(words[used]);
        if (!first.empty() && add_word(first, all)) {
            ++used;
            continue;
        }
        if (used + 1 == words.size()) break;
        auto rest = words[used];
        const auto number = take_number(rest);
        const auto unit = unit_named(without_punctuation(words[used + 1]));
        if (!number || !rest.empty() || unit == 0 || !all.add(times(*number, unit), unit)) break;
        used += 2;
    }
    seconds = all.seconds;
    return used;
}

}  // namespace

typed_line::typed_line(std::string_view text, bool takes_duration) {
    cut(text);
    if (takes_duration) find_durations();
    find_codes();
}

void typed_line::cut(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const auto begin = at;
        while (at < text.size() && is_space(text[at])) ++at;
        const auto word = at;
        while (at < text.size() && !is_space(text[at])) ++at;
        if (word == at) {
            after_ = text.substr(begin, word - begin);
            return;
        }
        auto& one = pieces_.emplace_back();
        one.before = text.substr(begin, word - begin);
        one.text = text.substr(word, at - word);
    }
}

void typed_line::find_durations() {
    std::vector<std::string_view> words;
    for (const auto& one : pieces_) words.push_back(one.text);
    const std::span<const std::string_view> all(words);
    std::vector<std::pair<std::size_t, std::size_t>> found;
    for (std::size_t at = 0; at < words.size();) {
        std::int64_t seconds = 0;
        // No duration has more than three units of two words.
        const auto used = take_duration(all.subspan(at, std::min<std::size_t>(7, words.size() - at)), seconds);
        if (used > 0) {
            found.emplace_back(at, used);
            duration_ = seconds;
        }
        at += std::max<std::size_t>(1, used);
    }
    durations_ = found.size();
    if (durations_ != 1) return;
    for (std::size_t i = 0; i < found[0].second; ++i) pieces_[found[0].first + i].what = kind::duration;
}

void typed_line::find_codes() {
    for (auto& one : pieces_) {
        if (one.what != kind::word || (one.text[0] != '@' && one.text[0] != '#')) continue;
        const auto code = without_punctuation(std::string_view(one.text).substr(1));
        if (code.empty() || code[0] == '@' || code[0] == '#') continue;
        one.what = kind::code;
        one.code = {one.text[0], std::string(code)};
        if (std::find(codes_.begin(), codes_.end(), one.code) == codes_.end()) codes_.push_back(one.code);
    }
}

std::string typed_line::description(const std::vector<typed_code>& known) const {
    const auto says_where = [&known](const piece& one) {
        return one.what == kind::duration ||
               (one.what == kind::code && std::find(known.begin(), known.end(), one.code) != known.end());
    };
    const auto first = std::find_if_not(pieces_.begin(), pieces_.end(), says_where);
    const auto last = std::find_if_not(pieces_.rbegin(), pieces_.rend(), says_where).base();
    if (first == pieces_.end()) return {};
    std::string out;
    for (auto one = first; one != last; ++one) {
        if (one->what == kind::duration) continue;
        if (one == pieces_.begin() || one != first) out += one->before;
        out += one->text;
    }
    if (last == pieces_.end()) out += after_;
    return out;
}

std::optional<std::int64_t> read_duration(std::string_view text) {
    const typed_line line(text);
    if (!line.duration_seconds() || !line.description({}).empty()) return std::nullopt;
    return line.duration_seconds();
}

}  // namespace mdock::sync
