// SPDX-License-Identifier: MIT
#include "daemon/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace mdock {
namespace {

struct code_range {
    std::uint32_t first, last;
};

// The blocks that terminals draw two columns wide (Unicode East Asian Width W and F, joined to whole blocks).
constexpr std::array wide{
    code_range{0x1100, 0x115f},   code_range{0x231a, 0x231b},   code_range{0x23e9, 0x23ec},
    code_range{0x25fd, 0x25fe},   code_range{0x2614, 0x2615},   code_range{0x2648, 0x2653},
    code_range{0x26a1, 0x26a1},   code_range{0x2705, 0x2705},   code_range{0x2728, 0x2728},
    code_range{0x274c, 0x274c},   code_range{0x2753, 0x2757},   code_range{0x2e80, 0x303e},
    code_range{0x3041, 0x33ff},   code_range{0x3400, 0x4dbf},   code_range{0x4e00, 0x9fff},
    code_range{0xa000, 0xa4cf},   code_range{0xa960, 0xa97f},   code_range{0xac00, 0xd7a3},
    code_range{0xf900, 0xfaff},   code_range{0xfe30, 0xfe6f},   code_range{0xff00, 0xff60},
    code_range{0xffe0, 0xffe6},   code_range{0x1f004, 0x1f004}, code_range{0x1f0cf, 0x1f0cf},
    code_range{0x1f18e, 0x1f1ff}, code_range{0x1f200, 0x1f320}, code_range{0x1f32d, 0x1f335},
    code_range{0x1f337, 0x1f37c}, code_range{0x1f37e, 0x1f64f}, code_range{0x1f680, 0x1f6ff},
    code_range{0x1f7e0, 0x1f7eb}, code_range{0x1f900, 0x1f9ff}, code_range{0x1fa70, 0x1faff},
    code_range{0x20000, 0x3fffd},
};

constexpr std::array without_width{
    code_range{0x0300, 0x036f},   code_range{0x0483, 0x0489}, code_range{0x0591, 0x05bd}, code_range{0x0610, 0x061a},
    code_range{0x064b, 0x065f},   code_range{0x0900, 0x0902}, code_range{0x093c, 0x093c}, code_range{0x0941, 0x0948},
    code_range{0x094d, 0x094d},   code_range{0x0e31, 0x0e31}, code_range{0x0e34, 0x0e3a}, code_range{0x0e47, 0x0e4e},
    code_range{0x1ab0, 0x1aff},   code_range{0x1dc0, 0x1dff}, code_range{0x200b, 0x200d}, code_range{0x20d0, 0x20ff},
    code_range{0x302a, 0x302d},   code_range{0xfe00, 0xfe0f}, code_range{0xfe20, 0xfe2f}, code_range{0x1f3fb, 0x1f3ff},
    code_range{0xe0100, 0xe01ef},
};

// Characters that change what is shown after them.
constexpr std::array deceiving{code_range{0x80, 0x9f}, code_range{0x200e, 0x200f}, code_range{0x2028, 0x202e},
                               code_range{0x2060, 0x2069}, code_range{0xfeff, 0xfeff}};

template <std::size_t N>
bool is_in(const std::array<code_range, N>& ranges, std::uint32_t code) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [code](code_range r) { return code >= r.first && code <= r.last; });
}

struct character {
    std::uint32_t code = 0;
    std::size_t bytes = 1;
    bool is_valid = false;
};

character next_character(std::string_view text) {
    const auto byte_at = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte_at(0);
    if (first < 0x80) return {first, 1, true};
    const std::size_t bytes = first >= 0xf0 && first < 0xf5   ? 4
                              : first >= 0xe0                 ? 3
                              : first >= 0xc2 && first < 0xe0 ? 2
                                                              : 0;
    if (bytes == 0 || first >= 0xf5 || text.size() < bytes) return {first, 1, false};
    std::uint32_t code = first & (0xffU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte_at(i) & 0xc0U) != 0x80) return {first, 1, false};
        code = (code << 6) | (byte_at(i) & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool is_valid = code >= least[bytes] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return is_valid ? character{code, bytes, true} : character{first, 1, false};
}

std::size_t width_of(const character& one) {
    if (!one.is_valid) return 1;
    if (is_in(without_width, one.code)) return 0;
    return is_in(wide, one.code) ? 2 : 1;
}

std::string visible(const character& one) {
    switch (one.code) {
        case '\n': return "\\n";
        case '\r': return "\\r";
        case '\t': return "\\t";
        case 0x1b: return "\\e";
        default: break;
    }
    if (!one.is_valid || one.code < 0x100) return fmt::format("\\x{:02x}", one.code);
    return fmt::format("\\u{:04x}", one.code);
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
    std::size_t columns = 0;
    while (!utf8.empty()) {
        const auto one = next_character(utf8);
        columns += width_of(one);
        utf8.remove_prefix(one.bytes);
    }
    return columns;
}

std::string made_visible(std::string_view utf8) {
    std::string shown;
    shown.reserve(utf8.size());
    while (!utf8.empty()) {
        const auto one = next_character(utf8);
        const bool is_harmless = one.is_valid && one.code >= 0x20 && one.code != 0x7f && !is_in(deceiving, one.code);
        if (is_harmless)
            shown.append(utf8.substr(0, one.bytes));
        else
            shown += visible(one);
        utf8.remove_prefix(one.bytes);
    }
    return shown;
}

std::string cut_to_width(std::string_view utf8, std::size_t columns) {
    if (display_width(utf8) <= columns) return std::string(utf8);
    if (columns == 0) return {};
    std::string kept;
    std::size_t used = 1;
    while (!utf8.empty()) {
        const auto one = next_character(utf8);
        if (used + width_of(one) > columns) break;
        used += width_of(one);
        kept.append(utf8.substr(0, one.bytes));
        utf8.remove_prefix(one.bytes);
    }
    return kept + "…";
}

}  // namespace mdock
