// SPDX-License-Identifier: MIT
// What happened in a run, as one number and, when asked, as text: the same script gives the same number (DET).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mdock::sim {

class trace {
public:
    explicit trace(bool keeps_text) : keeps_text_(keeps_text) {}

    // `parts` are joined by spaces in the text.
    template <class... Parts>
    void note(std::size_t machine, const Parts&... parts) {
        add(machine);
        (add(parts), ...);
        if (keeps_text_) end_line();
    }
    bool keeps_text() const { return keeps_text_; }
    void at(std::int64_t milliseconds) { now_ = milliseconds; }
    std::uint64_t hash() const { return hash_; }
    const std::vector<std::string>& lines() const { return lines_; }

private:
    void mix(std::uint64_t value) { hash_ = (hash_ ^ value) * 1099511628211ULL; }
    void add(std::string_view text) {
        for (const char c : text) mix(static_cast<unsigned char>(c));
        if (keeps_text_) line_.append(" ").append(text);
    }
    void add(std::uint64_t number) {
        mix(number);
        if (keeps_text_) line_.append(" ").append(std::to_string(number));
    }
    void end_line();

    bool keeps_text_;
    std::int64_t now_ = 0;
    std::uint64_t hash_ = 14695981039346656037ULL;
    std::string line_;
    std::vector<std::string> lines_;
};

}  // namespace mdock::sim
