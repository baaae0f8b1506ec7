// SPDX-License-Identifier: MIT
// The line that people type for an entry or the timer, as MinuteDock's own input has it: @contact, #project or #task
// codes, and durations such as "20 mins", "1.5 hrs", "1:30". Nothing is looked up here; no input is an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mdock::sync {

struct typed_code {
    char mark = '@';     // '@' or '#'
    std::string code;    // without the mark and without punctuation behind it
    bool operator==(const typed_code&) const = default;
};

class typed_line {
public:
    // With `takes_duration` false, words that look like a duration are words.
    explicit typed_line(std::string_view text, bool takes_duration = true);

    // In the order of the text, each once.
    const std::vector<typed_code>& codes() const { return codes_; }
    // How many durations the text names. Only a single one is taken, and then its words are no part of the description.
    std::size_t durations() const { return durations_; }
    std::optional<std::int64_t> duration_seconds() const { return durations_ == 1 ? duration_ : std::nullopt; }

    // The text as typed, without the duration and without those of `known` that stand before its first or behind its last
    // other word: there they only say where the time belongs, while within a sentence they are words of it.
    std::string description(const std::vector<typed_code>& known) const;

private:
    enum class kind { word, code, duration };
    struct piece {
        kind what = kind::word;
        std::string before;    // the white space in front of it
        std::string text;
        typed_code code;
    };

    void cut(std::string_view text);
    void find_durations();
    void find_codes();

    std::vector<piece> pieces_;
    std::string after_;
    std::vector<typed_code> codes_;
    std::size_t durations_ = 0;
    std::optional<std::int64_t> duration_;
};

// A duration alone: "20 mins", "1.5 hrs", "1:30", "90m", "1h 15m", "45 minutes", "1:02:03". Nothing for other text, and
// for more than 9,999 hours.
std::optional<std::int64_t> read_duration(std::string_view text);

}  // namespace mdock::sync
