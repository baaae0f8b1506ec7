// SPDX-License-Identifier: MIT
// mdock config path | show | check
#include <boost/json/array.hpp>

#include <fmt/format.h>

#include "daemon/cli/command_tree.h"

namespace mdock::cli {
namespace {

bool is_there(const std::filesystem::path& file) {
    std::error_code error;
    return std::filesystem::exists(file, error);
}

int show_path(session& here) {
    const auto& file = here.places().config;
    if (here.out().is_json()) {
        boost::json::object body;
        body["path"] = file.string();
        body["exists"] = is_there(file);
        here.out().document(std::move(body));
        return 0;
    }
    here.out().line(file.string());
    if (!is_there(file)) here.out().note("It does not exist yet: `mdock init` writes it.");
    return 0;
}

// The value as JSON or TOML would have it is not the point: it is shown as it was written, with its origin.
int show_all(session& here) {
    const auto& all = here.config();
    if (here.out().is_json()) {
        boost::json::array list;
        for (const auto& row : all_settings()) {
            const auto& shown = all.shown.find(row.key)->second;
            boost::json::object one;
            one["key"] = std::string(row.key);
            one["value"] = shown.text.empty() ? boost::json::value(nullptr) : boost::json::value(shown.text);
            one["origin"] = std::string(name_of(shown.from));
            one["where"] = shown.where.empty() ? boost::json::value(nullptr) : boost::json::value(shown.where);
            list.push_back(std::move(one));
        }
        boost::json::object body;
        body["path"] = here.places().config.string();
        body["exists"] = is_there(here.places().config);
        body["settings"] = std::move(list);
        here.out().document(std::move(body));
        return 0;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : all_settings()) {
        const auto& shown = all.shown.find(row.key)->second;
        const auto where = shown.where.empty() ? std::string() : fmt::format(" ({})", shown.where);
        rows.push_back(
            {std::string(row.key), shown.text.empty() ? "-" : shown.text, std::string(name_of(shown.from)) + where});
    }
    here.out().print(format_table({{"KEY"}, {"VALUE", align::left, true}, {"FROM", align::left, true}}, rows,
                                  here.out().data_columns()));
    return 0;
}

int check(session& here) {
    here.config();
    const auto& file = here.places().config;
    if (here.out().is_json()) {
        boost::json::object body;
        body["path"] = file.string();
        body["exists"] = is_there(file);
        body["valid"] = true;
        here.out().document(std::move(body));
        return 0;
    }
    here.out().line(is_there(file)
                        ? fmt::format("{} is valid.", file.string())
                        : fmt::format("{} does not exist; the defaults and the environment are valid.", file.string()));
    return 0;
}

}  // namespace

void add_config(command_tree& tree) {
    auto* config = tree.add(nullptr, "config", "where the settings are, what holds, and whether they are right",
                            "  mdock config show\n  mdock config check\n  $EDITOR \"$(mdock config path)\"");
    config->require_subcommand(1);
    tree.on(tree.add(config, "path", "the configuration file's path", "  mdock config path"), show_path);
    tree.on(tree.add(config, "show", "every setting, and where its value comes from",
                     "  mdock config show\n  mdock config show --json"),
            show_all);
    tree.on(tree.add(config, "check", "looks for mistakes", "  mdock config check"), check);
}

}  // namespace mdock::cli
