// SPDX-License-Identifier: MIT
#include "daemon/settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "daemon/paths.h"

namespace mdock {
namespace {

// One place that may say a value, before it is parsed.
struct said {
    std::string text;
    std::vector<std::string> words;
    bool is_list = false;
    origin from = origin::by_default;
    std::string where;
};

failure wrong(const said& what, std::string_view key, const failure& why) {
    switch (what.from) {
        case origin::file: return failure(errc::bad_config, fmt::format("{}: {} {}", what.where, key, why.context()));
        case origin::environment:
            return failure(errc::bad_config, fmt::format("environment variable {} {}", what.where, why.context()));
        case origin::flag: return failure(errc::usage, fmt::format("{} {}", what.where, why.context()));
        case origin::by_default: break;
    }
    return failure(errc::bad_config, fmt::format("{} {}", key, why.context()));
}

// A mistyped variable is as wrong as a mistyped key; variables that begin otherwise are not ours to judge.
std::optional<failure> check_variables(const environment& variables) {
    std::vector<std::string> known;
    for (const auto& row : all_settings()) known.push_back(variable_of(row.key));
    for (const auto& [name, text] : variables.all()) {
        const bool is_ours = std::any_of(known.begin(), known.end(), [&name = name](const std::string& one) {
            return name.starts_with(one.substr(0, one.find('_', 6) + 1));
        });
        if (!is_ours || std::find(known.begin(), known.end(), name) != known.end()) continue;
        const auto nearest = nearest_word(name, std::vector<std::string_view>(known.begin(), known.end()));
        const auto hint = nearest.empty() ? std::string() : fmt::format("; did you mean {}?", nearest);
        if (name == "MDOCK_AUTH_TOKEN")
            return failure(errc::bad_config,
                           "environment variable MDOCK_AUTH_TOKEN is not known; the token itself goes into "
                           "MDOCK_TOKEN, or better into a file named by MDOCK_AUTH_TOKEN_FILE");
        return failure(errc::bad_config, fmt::format("environment variable {} is not known{}", name, hint));
    }
    return std::nullopt;
}

said choose(const setting_row& row, const settings_sources& from, const std::vector<file_value>& in_file) {
    if (const auto flag = from.flags.find(row.key); flag != from.flags.end())
        return {flag->second, {}, false, origin::flag, row.key == "log.level" ? "--verbose/--quiet" : "flag"};
    const auto variable = variable_of(row.key);
    if (auto text = from.variables.get(variable)) return {std::move(*text), {}, false, origin::environment, variable};
    const auto found =
        std::find_if(in_file.begin(), in_file.end(), [&](const file_value& v) { return v.key == row.key; });
    if (found != in_file.end())
        return {found->text, found->words, found->is_list, origin::file,
                fmt::format("{}:{}:{}", from.file.string(), found->line, found->column)};
    return {std::string(row.by_default), {}, false, origin::by_default, {}};
}

// A proxy's password is the one secret that a setting can hold.
std::string without_password(const std::string& url) {
    const auto at = url.rfind('@');
    return at == std::string::npos ? url : "http://***" + url.substr(at);
}

std::string as_shown(const setting_row& row, const said& what) {
    if (row.rule.kind == setting_kind::proxy_url) return without_password(what.text);
    if (!what.is_list) return what.text;
    std::string list;
    for (const auto& word : what.words) list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", word);
    return "[" + list + "]";
}

// "~/x" is below the home folder; a relative path in the file is beside the file, elsewhere below the working folder.
std::string resolve_path(const said& what, const settings_sources& from) {
    if (what.from == origin::by_default) return what.text;
    const auto base = what.from == origin::file ? from.file.parent_path() : std::filesystem::path();
    return resolved_path(what.text, base, from.variables).string();
}

std::optional<failure> check_together(const settings& s) {
    if (s.auth.kind == "api_key" && !s.auth.account_id)
        return failure(
            errc::bad_config,
            "auth.kind is api_key, so auth.account_id is needed too: such a key opens all accounts of its user");
    // Refused rather than passed over: whoever sets it counts on it.
    if (s.writes.create_marker)
        return failure(errc::bad_config, "writes.create_marker is not built in this version; leave it false");
    if (s.api.retry_min > s.api.retry_max)
        return failure(errc::bad_config, "api.retry_min must not be greater than api.retry_max");
    if (s.api.connect_timeout.count() == 0 || s.api.request_timeout.count() == 0)
        return failure(errc::bad_config, "api.connect_timeout and api.request_timeout must be greater than 0s");
    return std::nullopt;
}

}  // namespace

std::string_view name_of(origin from) {
    switch (from) {
        case origin::by_default: return "default";
        case origin::file: return "file";
        case origin::environment: return "environment";
        case origin::flag: return "flag";
    }
    return "default";
}

result<settings> load_settings(const settings_sources& from) {
    auto in_file = read_settings_file(from.file);
    if (!in_file) return in_file.error();
    if (auto bad = check_variables(from.variables)) return *bad;
    settings all;
    for (const auto& row : all_settings()) {
        auto what = choose(row, from, *in_file);
        if (row.key == "database.path" && what.from == origin::by_default) what.text = from.default_database.string();
        if (what.text.empty() && !what.is_list && what.from == origin::by_default) {
            all.shown.emplace(row.key, settings::shown_value{});
            continue;
        }
        auto value = what.is_list ? parse_setting(row.rule, what.words) : parse_setting(row.rule, what.text);
        if (!value) return wrong(what, row.key, value.error());
        if (row.rule.kind == setting_kind::path) value->text = resolve_path(what, from);
        all.shown.emplace(row.key,
                          settings::shown_value{row.rule.kind == setting_kind::path ? value->text : as_shown(row, what),
                                                what.from, what.where});
        row.assign(all, std::move(*value));
    }
    if (auto bad = check_together(all)) return *bad;
    return all;
}

}  // namespace mdock
