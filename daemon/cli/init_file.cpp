// SPDX-License-Identifier: MIT
#include "daemon/cli/init_file.h"

#include <fmt/format.h>

#include <array>

namespace mdock::cli {
namespace {

// Control characters were refused when the value was read.
std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

constexpr std::array kept_keys{"api.base_url", "api.ca_file", "database.path"};

}  // namespace

std::string token_file_line(const std::filesystem::path& file) { return "token_file = " + in_quotes(file.string()); }

std::string token_command_line(const std::vector<std::string>& words) {
    std::string list;
    for (const auto& word : words) list += (list.empty() ? "" : ", ") + in_quotes(word);
    return "token_command = [" + list + "]";
}

std::string new_config(const settings& all, std::string_view token_line) {
    std::string text =
        "# Written by `mdock init`. `mdock config show` lists every setting; mdock.example.toml explains "
        "them.\n\n[auth]\n";
    text += std::string(token_line) + "\n";
    std::string section;
    for (const std::string_view key : kept_keys) {
        const auto& shown = all.shown.find(key)->second;
        if (shown.from == origin::by_default) continue;
        const auto dot = key.find('.');
        if (section != key.substr(0, dot)) {
            section = key.substr(0, dot);
            text += fmt::format("\n[{}]\n", section);
        }
        text += fmt::format("{} = {}\n", key.substr(dot + 1), in_quotes(shown.text));
    }
    return text;
}

std::string with_token_line(std::string_view text, std::string_view line) {
    for (std::size_t at = 0; at < text.size();) {
        auto end = text.find('\n', at);
        if (end == std::string_view::npos) end = text.size();
        auto words = text.substr(at, end - at);
        words = words.substr(0, words.find('#'));
        const auto first = words.find_first_not_of(" \t\r");
        const auto last = words.find_last_not_of(" \t\r");
        if (first != std::string_view::npos && words.substr(first, last - first + 1) == "[auth]")
            return fmt::format("{}\n{}{}", text.substr(0, end), line, end < text.size() ? text.substr(end) : "\n");
        at = end + 1;
    }
    const bool needs_break = !text.empty() && !text.ends_with('\n');
    return fmt::format("{}{}\n[auth]\n{}\n", text, needs_break ? "\n" : "", line);
}

}  // namespace mdock::cli
