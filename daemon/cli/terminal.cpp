// SPDX-License-Identifier: MIT
#include "daemon/cli/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "daemon/text.h"

namespace mdock::cli {

std::string read_line() {
    std::string line;
    char c = 0;
    while (line.size() < 8192 && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') line += c;
    return line;
}

std::string ask(session& here, std::string_view question) {
    here.out().warn(question);
    return read_line();
}

bool agrees(session& here, const std::string& question) {
    const auto answer = ask(here, question + " [y/N]");
    return answer == "y" || answer == "Y" || answer == "yes";
}

bool agrees_to_lose(session& here, bool yes, const std::string& question) {
    if (yes) return true;
    if (!here.may_ask()) fail(errc::usage, "there is nobody to ask, so nothing was changed; --yes does it without asking");
    return agrees(here, question);
}

std::size_t choose(session& here, const std::string& question, const std::vector<std::string>& of) {
    std::string text = question;
    for (std::size_t i = 0; i < of.size(); ++i) text += fmt::format("\n  {}  {}", i + 1, made_visible(of[i]));
    here.out().warn(text);
    const auto answer = ask(here, fmt::format("1 to {}", of.size()));
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), number);
    if (error != std::errc() || end != answer.data() + answer.size() || number < 1 || number > of.size())
        fail(errc::usage, fmt::format("\"{}\" is none of them; nothing was changed", answer));
    return number - 1;
}

}  // namespace mdock::cli
