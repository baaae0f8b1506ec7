// SPDX-License-Identifier: MIT
// mdock completion bash | zsh | fish: what the shell completes. The scripts are made from the tree of commands itself
// and hold it as text, so they cannot name what is not there, and a shell that completes starts no program.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "daemon/cli/command_tree.h"

namespace mdock::cli {
namespace {

struct flag_words {
    std::vector<std::string> names;  // "-q", "--quiet"
    std::string meaning;
    bool takes_value = false;
    bool takes_file = false;
};

// One command with all words before it: "mdock outbox list".
struct command_words {
    std::string path;
    std::vector<std::pair<std::string, std::string>> children;  // name, meaning
    std::vector<flag_words> flags;                              // but for those that hold everywhere
};

struct tree_words {
    std::vector<flag_words> everywhere;  // the top's flags, help among them
    std::vector<command_words> commands;
};

flag_words flag_of(const CLI::Option& option) {
    flag_words one;
    for (const auto& name : option.get_snames()) one.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) one.names.push_back("--" + name);
    one.meaning = option.get_description();
    one.takes_value = option.get_expected_min() > 0;
    one.takes_file = option.get_option_text() == "PATH";
    return one;
}

// The flags of the command and of the nouns above it, without the top's: those hold everywhere.
void add_flags(const CLI::App& command, const CLI::Option* but, std::vector<flag_words>& flags) {
    if (command.get_parent() == nullptr) return;
    for (const auto* option : command.get_options())
        if (option != but && option->nonpositional()) flags.push_back(flag_of(*option));
    add_flags(*command.get_parent(), command.get_parent()->get_help_ptr(), flags);
}

void walk(const CLI::App& command, const std::string& path, std::vector<command_words>& all) {
    command_words here{path, {}, {}};
    const auto children = command.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); });
    for (const auto* one : children) here.children.emplace_back(one->get_name(), one->get_description());
    add_flags(command, command.get_help_ptr(), here.flags);
    all.push_back(std::move(here));
    for (const auto* one : children) walk(*one, path + " " + one->get_name(), all);
}

tree_words words_of(const CLI::App& root) {
    tree_words all;
    for (const auto* option : root.get_options()) all.everywhere.push_back(flag_of(*option));
    walk(root, "mdock", all.commands);
    return all;
}

// 'text' for any of the three shells; ours need no more than the quote itself.
std::string in_quotes(std::string_view text, std::string_view inner_quote = "'\\''") {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string(inner_quote) : std::string(1, c);
    return out + "'";
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string out;
    for (const auto& one : parts) out += (out.empty() ? "" : std::string(between)) + one;
    return out;
}

// Every flag whose next word is a value and no command, as the pattern of a `case`; `files`: those that take a file.
std::vector<std::string> value_flags(const tree_words& all, bool files) {
    std::vector<std::string> names;
    const auto add = [&](const std::vector<flag_words>& flags) {
        for (const auto& flag : flags)
            if (files ? flag.takes_file : flag.takes_value)
                names.insert(names.end(), flag.names.begin(), flag.names.end());
    };
    add(all.everywhere);
    for (const auto& command : all.commands) add(command.flags);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::vector<std::string> names_of(const std::vector<flag_words>& flags) {
    std::vector<std::string> names;
    for (const auto& flag : flags) names.insert(names.end(), flag.names.begin(), flag.names.end());
    return names;
}

// Every command below the top.
std::vector<std::string> quoted_paths(const tree_words& all) {
    std::vector<std::string> paths;
    for (const auto& command : all.commands)
        if (command.path != "mdock") paths.push_back(in_quotes(command.path));
    return paths;
}

std::string bash_script(const tree_words& all) {
    std::string known;
    for (const auto& command : all.commands) {
        std::vector<std::string> children;
        for (const auto& one : command.children) children.push_back(one.first);
        known += fmt::format("        {}) commands={} flags={} ;;\n", in_quotes(command.path),
                             in_quotes(joined(children, " ")), in_quotes(joined(names_of(command.flags), " ")));
    }
    constexpr auto text = R"(# bash completion for mdock, made by `mdock completion bash`
_mdock() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before='' at=mdock one commands='' flags=''
    local -i i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        one=${{COMP_WORDS[i]}}
        [ "$one" = = ] && continue  # bash takes --flag=value for three words
        case $before in
            {0}) before='' ; continue ;;
        esac
        before=$one
        case "$at $one" in
            {1}) at="$at $one" ;;
        esac
    done
    [ "$word" = = ] && word=''
    case $before in
        {2})
            local IFS=$'\n'
            COMPREPLY=($(compgen -f -- "$word"))
            compopt -o filenames 2>/dev/null
            return ;;
        {0}) return ;;
    esac
    case $at in
{3}    esac
    case $word in
        -*) commands="$flags {4}" ;;
    esac
    COMPREPLY=($(compgen -W "$commands" -- "$word"))
}}
complete -F _mdock mdock
)";
    return fmt::format(text, joined(value_flags(all, false), " | "), joined(quoted_paths(all), " | "),
                       joined(value_flags(all, true), " | "), known, joined(names_of(all.everywhere), " "));
}

// _describe takes "name:meaning".
std::string zsh_list(const std::vector<flag_words>& flags) {
    std::string out;
    for (const auto& flag : flags)
        for (const auto& name : flag.names) out += fmt::format(" {}", in_quotes(name + ":" + flag.meaning));
    return out;
}

std::string zsh_script(const tree_words& all) {
    std::string known;
    for (const auto& command : all.commands) {
        std::string children;
        for (const auto& [name, meaning] : command.children) children += " " + in_quotes(name + ":" + meaning);
        known += fmt::format("        {})\n            commands=({})\n            flags+=({}) ;;\n",
                             in_quotes(command.path), children, zsh_list(command.flags));
    }
    constexpr auto text = R"(#compdef mdock
# zsh completion for mdock, made by `mdock completion zsh`
_mdock() {{
    local before='' at=mdock one
    local -a commands flags
    flags=({4})
    for one in ${{words[2,CURRENT-1]}}; do
        case $before in
            {0}) before='' ; continue ;;
        esac
        before=$one
        case "$at $one" in
            {1}) at="$at $one" ;;
        esac
    done
    case $before in
        {2}) _files ; return ;;
        {0}) _message 'a value' ; return ;;
    esac
    case $at in
{3}    esac
    if [[ $PREFIX == -* ]]; then
        _describe -o flag flags
    elif (( $#commands )); then
        _describe command commands
    fi
}}
if [ "$funcstack[1]" = _mdock ]; then _mdock "$@"; else compdef _mdock mdock; fi
)";
    return fmt::format(text, joined(value_flags(all, false), " | "), joined(quoted_paths(all), " | "),
                       joined(value_flags(all, true), " | "), known, zsh_list(all.everywhere));
}

std::string fish_flag(const std::string& condition, const flag_words& flag) {
    std::string line = "complete -c mdock" + condition;
    for (const auto& name : flag.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (flag.takes_value) line += flag.takes_file ? " -r -F" : " -x";
    return line + " -d " + in_quotes(flag.meaning, "\\'") + "\n";
}

std::string fish_script(const tree_words& all) {
    std::string lines;
    for (const auto& flag : all.everywhere) lines += fish_flag("", flag);
    for (const auto& command : all.commands) {
        const auto condition = " -n " + in_quotes("__mdock_at " + command.path);
        for (const auto& [name, meaning] : command.children)
            lines += fmt::format("complete -c mdock{} -a {} -d {}\n", condition, name, in_quotes(meaning, "\\'"));
        for (const auto& flag : command.flags) lines += fish_flag(condition, flag);
    }
    constexpr auto text = R"(# fish completion for mdock, made by `mdock completion fish`
function __mdock_at --description 'Whether the words before the cursor name this command'
    set -l at mdock
    set -l before ''
    for one in (commandline -opc)[2..]
        switch $before
            case {0}
                set before ''
                continue
        end
        set before $one
        switch "$at $one"
            case {1}
                set at "$at $one"
        end
    end
    test "$at" = "$argv"
end
complete -c mdock -f
{2})";
    return fmt::format(text, joined(value_flags(all, false), " "), joined(quoted_paths(all), " "), lines);
}

int show_script(session& here, const char* shell, const std::string& script) {
    if (here.out().is_json()) {
        boost::json::object body;
        body["shell"] = shell;
        body["script"] = script;
        here.out().document(std::move(body));
        return 0;
    }
    here.out().print(script);
    return 0;
}

}  // namespace

void add_completion(command_tree& tree) {
    auto* completion = tree.add(nullptr, "completion", "what makes your shell complete mdock's words",
                                "  source <(mdock completion bash)          this shell, now; in ~/.bashrc: each one\n"
                                "  mdock completion zsh >\"${fpath[1]}/_mdock\"\n"
                                "  mdock completion fish >~/.config/fish/completions/mdock.fish");
    completion->require_subcommand(1);
    const auto add = [&](const char* shell, const char* meaning, std::string (*make)(const tree_words&)) {
        auto* command = tree.add(completion, shell, meaning, fmt::format("  mdock completion {}", shell));
        tree.on(command,
                [&tree, shell, make](session& here) { return show_script(here, shell, make(words_of(tree.root()))); });
    };
    add("bash", "the script for bash", bash_script);
    add("zsh", "the script for zsh", zsh_script);
    add("fish", "the script for fish", fish_script);
}

}  // namespace mdock::cli
