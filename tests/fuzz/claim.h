// SPDX-License-Identifier: MIT
// What a fuzz target says about every input: a claim that does not hold ends the run, and libFuzzer keeps the input.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace mdock::fuzz {

inline void claim(bool holds, std::string_view what, std::string_view seen = {}) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %.*s (%.*s)\n", static_cast<int>(what.size()), what.data(),
                 static_cast<int>(seen.size()), seen.data());
    std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// An input of several answers has a line "---" between them, so that the corpus is readable text.
inline std::vector<std::string_view> sections_of(std::string_view input, std::size_t most) {
    constexpr std::string_view line = "\n---\n";
    std::vector<std::string_view> out;
    while (out.size() + 1 < most) {
        const auto at = input.find(line);
        if (at == std::string_view::npos) break;
        out.push_back(input.substr(0, at));
        input.remove_prefix(at + line.size());
    }
    out.push_back(input);
    return out;
}

}  // namespace mdock::fuzz
