// SPDX-License-Identifier: MIT
#include "daemon/cli/command_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "daemon/exit_codes.h"

namespace mdock::cli {
namespace {

constexpr const char* top_examples =
    "  mdock init                     say where the token is\n"
    "  mdock sync                     fetch the account, or what changed in it\n"
    "  mdock today                    what was tracked today, and the timer\n"
    "  mdock entry list --from 2024-01-01 --json\n"
    "  sqlite3 \"$(mdock db path)\" 'SELECT * FROM fact_time_entry LIMIT 5'";

std::string exit_codes() {
    std::string text = "Exit codes:";
    for (const auto& one : exit_code_meanings()) text += fmt::format("\n  {:<5}{}", one.code, one.meaning);
    return text;
}

std::vector<std::string_view> words_of(const std::vector<const CLI::App*>& commands) {
    std::vector<std::string_view> names;
    for (const auto* one : commands) names.push_back(one->get_name());
    return names;
}

std::string full_name(const CLI::App* command) {
    const auto* above = command->get_parent();
    return above == nullptr ? "mdock" : full_name(above) + " " + command->get_name();
}

std::vector<std::string> options_of(const CLI::App* command) {
    std::vector<std::string> all;
    for (; command != nullptr; command = command->get_parent())
        for (const auto* option : command->get_options())
            for (const auto& name : option->get_lnames()) all.push_back("--" + name);
    return all;
}

bool takes_value(const CLI::App* command, std::string_view flag) {
    for (; command != nullptr; command = command->get_parent()) {
        const auto* option = command->get_option_no_throw(std::string(flag));
        if (option != nullptr) return option->get_expected_min() > 0;
    }
    return false;
}

const CLI::App* child_named(const CLI::App* command, const std::string& name) {
    for (const auto* one : command->get_subcommands([](const CLI::App*) { return true; }))
        if (one->get_name() == name) return one;
    return nullptr;
}

}  // namespace

// CLI11 puts a description first; we put examples before the rest, where people look.
class command_tree::examples_first final : public CLI::Formatter {
public:
    void set(const CLI::App* command, std::string examples) { examples_[command] = std::move(examples); }

    std::string make_help(const CLI::App* command, std::string name, CLI::AppFormatMode mode) const override {
        const auto found = examples_.find(command);
        const auto rest = CLI::Formatter::make_help(command, std::move(name), mode);
        if (mode != CLI::AppFormatMode::Normal || found == examples_.end()) return rest;
        return "Examples:\n" + found->second + "\n\n" + rest;
    }

private:
    std::map<const CLI::App*, std::string> examples_;
};

command_tree::command_tree()
    : app_("A local mirror of a MinuteDock account in one SQLite file.", "mdock"),
      formatter_(std::make_shared<examples_first>()) {
    formatter_->column_width(34);
    formatter_->set(&app_, top_examples);
    app_.formatter(formatter_);
    app_.fallthrough();
    app_.require_subcommand(1);
    app_.add_option("--config", flags_.config, "the configuration file to use")->option_text("PATH");
    app_.add_flag("--json", flags_.json, "one JSON document on stdout");
    app_.add_flag("--no-color", flags_.no_color, "no colour (as NO_COLOR)");
    app_.add_flag("--no-input", flags_.no_input, "never ask; fail instead");
    app_.add_flag("-q,--quiet", flags_.quiet, "errors and data only");
    app_.add_flag("-v,--verbose", flags_.verbose, "show requests; twice: answers too");
    app_.add_option("--timeout", flags_.timeout, "give up after this long, such as 30s")->option_text("TIME");
    app_.set_help_flag("-h,--help", "show this");
    app_.footer(exit_codes());
}

command_tree::~command_tree() = default;

CLI::App* command_tree::add(CLI::App* parent, const std::string& name, const std::string& meaning,
                            const std::string& examples) {
    auto* command = (parent == nullptr ? &app_ : parent)->add_subcommand(name, meaning);
    command->footer("");  // the exit codes are said once, at the top
    formatter_->set(command, examples);
    return command;
}

void command_tree::on(CLI::App* command, action what) {
    command->callback([this, command, what = std::move(what)] {
        if (command->get_subcommands().empty()) chosen_ = what;
    });
}

CLI::App* command_tree::find(const std::string& name) { return app_.get_subcommand(name); }

std::string command_tree::usage_hint(int argc, const char* const* argv, std::string& sentence) const {
    const CLI::App* at = &app_;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--") break;
        if (word.starts_with('-')) {
            const auto flag = word.substr(0, word.find('='));
            const auto known = options_of(at);
            if (takes_value(at, flag) && flag == word) ++i;
            if (!flag.starts_with("--") || std::find(known.begin(), known.end(), flag) != known.end()) continue;
            sentence = fmt::format("{} does not know the flag {}", full_name(at), flag);
            if (child_named(at, flag.substr(2)) != nullptr)
                return fmt::format("Did you mean `{} {}`?", full_name(at), flag.substr(2));
            const auto nearest = nearest_word(flag, std::vector<std::string_view>(known.begin(), known.end()));
            return nearest.empty() ? fmt::format("`{} --help` shows its flags.", full_name(at))
                                   : fmt::format("Did you mean {}?", nearest);
        }
        if (const auto* next = child_named(at, word)) {
            at = next;
            continue;
        }
        const auto children = at->get_subcommands([](const CLI::App*) { return true; });
        if (children.empty()) continue;
        sentence = fmt::format("{} does not know \"{}\"", full_name(at), word);
        const auto nearest = nearest_word(word, words_of(children));
        return nearest.empty() ? fmt::format("`{} --help` shows what there is.", full_name(at))
                               : fmt::format("Did you mean `{} {}`?", full_name(at), nearest);
    }
    const auto children = at->get_subcommands([](const CLI::App*) { return true; });
    if (!children.empty()) {
        std::string list;
        for (const auto name : words_of(children)) list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
        sentence = fmt::format("{} needs one more word: {}", full_name(at), list);
    }
    return fmt::format("`{} --help` shows how.", full_name(at));
}

command_tree::outcome command_tree::parse(int argc, const char* const* argv) {
    outcome out;
    try {
        app_.parse(argc, argv);
        out.run = chosen_;
    } catch (const CLI::CallForHelp&) {
        out.help = app_.help();
    } catch (const CLI::Success&) {
        out.help = app_.help();
    } catch (const CLI::ParseError& wrong) {
        out.code = exit_code::usage;
        out.error = wrong.what();
        out.hint = usage_hint(argc, argv, out.error);
    }
    out.flags = flags_;
    // A parse that failed early has not reached --json, and a script still wants its document.
    if (out.code != 0)
        out.flags.json =
            std::any_of(argv + 1, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
    return out;
}

}  // namespace mdock::cli
