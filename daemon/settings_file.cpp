// SPDX-License-Identifier: MIT
// The configuration file: TOML to key, text and place. Which keys there are is the table's business; here they are only
// looked up, so that an unknown one is named with its line and column.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include "daemon/settings.h"

namespace mdock {
namespace {

constexpr std::uintmax_t largest_file = 1 << 20;

struct reader {
    const std::filesystem::path& file;
    std::vector<file_value> found;
    std::optional<failure> bad;

    void refuse(const toml::source_position& at, std::string why) {
        if (!bad) bad = failure(errc::bad_config, fmt::format("{}:{}:{}: {}", file.string(), at.line, at.column, why));
    }
};

bool names_a_secret(std::string_view key) {
    const auto last = key.substr(key.rfind('.') == std::string_view::npos ? 0 : key.rfind('.') + 1);
    constexpr std::array words{"token", "access_token", "api_key", "key", "secret", "password"};
    return std::find(words.begin(), words.end(), last) != words.end();
}

std::string unknown_key(std::string_view key) {
    if (names_a_secret(key))
        return fmt::format(
            "{} is not accepted: a token is never kept in this file. Put it into a file of mode 0600 and "
            "name that file with auth.token_file, or name a command with auth.token_command",
            key);
    std::vector<std::string_view> known;
    for (const auto& row : all_settings()) known.push_back(row.key);
    const auto nearest = nearest_word(key, known);
    if (nearest.empty()) return fmt::format("unknown key {}", key);
    return fmt::format("unknown key {}; did you mean {}?", key, nearest);
}

bool is_section(std::string_view name) {
    const auto rows = all_settings();
    return std::any_of(rows.begin(), rows.end(), [name](const setting_row& row) {
        return row.key.size() > name.size() && row.key.starts_with(name) && row.key[name.size()] == '.';
    });
}

void read_list(reader& r, file_value& into, const toml::array& list) {
    into.is_list = true;
    for (const auto& element : list) {
        const auto* word = element.as_string();
        if (word == nullptr) return r.refuse(element.source().begin, into.key + " must be a list of texts");
        into.words.push_back(word->get());
    }
}

void read_value(reader& r, const setting_row& row, file_value into, const toml::node& node) {
    using kind = setting_kind;
    const auto at = node.source().begin;
    if (row.rule.kind == kind::words) {
        const auto* list = node.as_array();
        if (list == nullptr)
            return r.refuse(at, into.key + " must be a list such as [\"pass\", \"show\", \"minutedock\"]");
        read_list(r, into, *list);
    } else if (row.rule.kind == kind::boolean) {
        if (!node.is_boolean()) return r.refuse(at, into.key + " must be true or false, without quotes");
        into.text = node.as_boolean()->get() ? "true" : "false";
    } else if (row.rule.kind == kind::whole || (row.rule.kind == kind::real && node.is_integer())) {
        if (!node.is_integer()) return r.refuse(at, into.key + " must be a whole number, without quotes");
        into.text = std::to_string(node.as_integer()->get());
    } else if (row.rule.kind == kind::real) {
        if (!node.is_floating_point()) return r.refuse(at, into.key + " must be a number, without quotes");
        into.text = fmt::format("{}", node.as_floating_point()->get());
    } else if (row.rule.kind == kind::file_mode && node.is_integer()) {
        into.text = fmt::format("0{:o}", node.as_integer()->get());
    } else {
        const auto* text = node.as_string();
        const auto example = row.rule.kind == kind::duration ? ", such as \"15m\"" : "";
        if (text == nullptr) return r.refuse(at, fmt::format("{} must be a text in quotes{}", into.key, example));
        into.text = text->get();
    }
    if (!r.bad) r.found.push_back(std::move(into));
}

void read_table(reader& r, const std::string& prefix, const toml::table& table) {
    for (auto&& [name, node] : table) {
        if (r.bad) return;
        const std::string key = prefix + std::string(name.str());
        const auto at = name.source().begin;
        if (const auto* inner = node.as_table(); inner != nullptr && prefix.empty() && is_section(key)) {
            read_table(r, key + ".", *inner);
        } else if (const auto* row = find_setting(key)) {
            read_value(r, *row, file_value{key, {}, {}, false, at.line, at.column}, node);
        } else if (node.is_table() && prefix.empty()) {
            r.refuse(at, fmt::format("unknown section [{}]", key));
        } else {
            r.refuse(at, unknown_key(key));
        }
    }
}

// A file that others may write could name a command for us to run.
std::optional<failure> check_writers(const std::filesystem::path& file) {
    std::error_code error;
    const auto mode = std::filesystem::status(file, error).permissions();
    if (!error && (mode & std::filesystem::perms::others_write) != std::filesystem::perms::none)
        return failure(errc::bad_config,
                       fmt::format("{} can be written by everybody on this machine; run: chmod o-w {}", file.string(),
                                   file.string()));
    return std::nullopt;
}

result<std::string> read_text(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error || !std::filesystem::is_regular_file(file, error))
        return failure(errc::bad_config, fmt::format("{} is not a file that can be read", file.string()));
    if (size > largest_file) return failure(errc::bad_config, fmt::format("{} is larger than 1 MiB", file.string()));
    std::ifstream in(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in.good() && !in.eof()) return failure(errc::bad_config, fmt::format("{} cannot be read", file.string()));
    if (!in.is_open())
        return failure(errc::bad_config, fmt::format("{} cannot be opened: is it yours to read?", file.string()));
    return text;
}

}  // namespace

result<std::vector<file_value>> read_settings_file(const std::filesystem::path& file) {
    std::error_code error;
    if (file.empty() || !std::filesystem::exists(file, error)) {
        if (error)
            return failure(errc::bad_config, fmt::format("{} cannot be looked at: {}", file.string(), error.message()));
        return std::vector<file_value>();
    }
    if (auto bad = check_writers(file)) return *bad;
    const auto text = read_text(file);
    if (!text) return text.error();
    reader r{file, {}, {}};
    try {
        read_table(r, "", toml::parse(*text, file.string()));
    } catch (const toml::parse_error& broken) {
        r.refuse(broken.source().begin, std::string(broken.description()));
    }
    if (r.bad) return *r.bad;
    return std::move(r.found);
}

}  // namespace mdock
