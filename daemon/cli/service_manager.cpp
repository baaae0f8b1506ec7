// SPDX-License-Identifier: MIT
#include "daemon/cli/service_manager.h"

#include <fmt/format.h>
#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>

#include "daemon/cli/service_texts.h"
#include "daemon/program.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

namespace fs = std::filesystem;

// The first line of a unit that may be replaced: whoever edits the file takes it out, or keeps a copy.
constexpr std::string_view systemd_mark = "# Written by `mdock service install`, which replaces it; own additions belong into `systemctl --user edit mdock`.\n";
constexpr std::string_view launchd_mark = "<!-- Written by `mdock service install`, which replaces it. -->";
constexpr program_limits patience{std::chrono::seconds(30), 64 * 1024};

// The program itself, whatever word or link it was called by.
fs::path own_program() {
    std::error_code error;
    auto path = fs::read_symlink("/proc/self/exe", error);
#if defined(__APPLE__)
    std::array<char, 4096> text{};
    std::uint32_t size = text.size();
    if (_NSGetExecutablePath(text.data(), &size) == 0) path = text.data();
#endif
    if (path.empty()) fail(errc::usage, "this system does not say where mdock is");
    return path;
}

std::vector<std::string> words_to_run(session& here) {
    std::vector<std::string> words{own_program().string()};
    if (here.places().config_was_named) words.insert(words.end(), {"--config", here.places().config.string()});
    words.push_back("run");
    return words;
}

void put_for(std::string& text, std::string_view old, std::string_view fresh) {
    const auto at = text.find(old);
    if (at != std::string::npos) text.replace(at, old.size(), fresh);
}

#if defined(__APPLE__)
constexpr const char* label = "local.mdock";

std::string xml(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    return out;
}

std::string text_for(session& here) {
    std::string text{launchd_agent()};
    std::string words;
    for (const auto& word : words_to_run(here)) words += "    <string>" + xml(word) + "</string>\n";
    put_for(text, "    <string>/usr/local/bin/mdock</string>\n    <string>run</string>\n", words);
    put_for(text, "HOME/Library", xml(home_folder(here.variables()).string()) + "/Library");
    put_for(text, "?>\n", "?>\n" + std::string(launchd_mark) + "\n");
    return text;
}

fs::path file_for(session& here) { return home_folder(here.variables()) / "Library/LaunchAgents/local.mdock.plist"; }
#else
constexpr const char* unit = "mdock.service";

// systemd reads quotes, backslashes, percent signs and dollars in a command line.
std::string unit_word(std::string_view word) {
    std::string out = "\"";
    for (const char c : word) out += c == '%' ? "%%" : c == '$' ? "$$" : c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    return out + "\"";
}

std::string text_for(session& here) {
    std::string text = std::string(systemd_mark) + std::string(systemd_user_unit()), line;
    for (const auto& word : words_to_run(here)) line += (line.empty() ? "" : " ") + unit_word(word);
    put_for(text, "/usr/bin/mdock run", line);
    // The file may lie elsewhere than in the place that the unit opens.
    const auto folder = here.config().database.path.parent_path().string();
    put_for(text, "ReadWritePaths=-%h/.local/share\n", "ReadWritePaths=-%h/.local/share\nReadWritePaths=-" + unit_word(folder) + "\n");
    return text;
}

fs::path file_for(session& here) {
    const auto said = here.variables().get("XDG_CONFIG_HOME");
    const auto folder = said && said->starts_with('/') ? fs::path(*said) : home_folder(here.variables()) / ".config";
    return folder / "systemd/user" / unit;
}
#endif

std::vector<std::string> environment_for(session& here) {
    std::vector<std::string> out;
    for (const auto& [name, value] : here.variables().all())
        if (!name.starts_with("MDOCK_")) out.push_back(name + "=" + value);
    return out;
}

program_end ask(session& here, const std::vector<std::string>& words) { return run_program(words, environment_for(here), patience); }

void must(session& here, const std::vector<std::string>& words) {
    const auto end = ask(here, words);
    if (end.how == program_end::way::ended && end.code == 0) return;
    const auto why = end.how == program_end::way::not_started ? std::string(std::strerror(end.code))
                     : end.how == program_end::way::ended     ? fmt::format("it ended with {}", end.code)
                                                              : std::string("it did not end in time");
    std::string line;
    for (const auto& word : words) line += (line.empty() ? "" : " ") + word;
    throw service_refused(fmt::format("`{}` did not do it: {}", line, why));
}

std::string read_text(const fs::path& file) {
    std::ifstream in(file);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

}  // namespace

bool personal_service::is_installed() const {
    std::error_code error;
    return fs::exists(file, error);
}

bool personal_service::is_ours() const {
    const auto now = read_text(file);
    return now.find(systemd_mark) != std::string::npos || now.find(launchd_mark) != std::string::npos;
}

personal_service service_of(session& here) { return {file_for(here), text_for(here)}; }

#if defined(__APPLE__)
void enable_and_start(session& here, const personal_service& what) {
    const auto domain = fmt::format("gui/{}", ::getuid());
    ask(here, {"launchctl", "bootout", domain + "/" + label});
    must(here, {"launchctl", "bootstrap", domain, what.file.string()});
}

void stop_and_disable(session& here, const personal_service&) { must(here, {"launchctl", "bootout", fmt::format("gui/{}/{}", ::getuid(), label)}); }

void forget_service(session&) {}

service_state state_of_service(session& here) {
    const auto end = ask(here, {"launchctl", "print", fmt::format("gui/{}/{}", ::getuid(), label)});
    service_state out;
    out.is_enabled = end.how == program_end::way::ended && end.code == 0;
    out.is_running = out.is_enabled && end.output.find("state = running") != std::string::npos;
    out.words = out.is_running ? "running" : out.is_enabled ? "loaded" : "not loaded";
    return out;
}

std::string hint_about_logins() { return {}; }
#else
void enable_and_start(session& here, const personal_service&) {
    must(here, {"systemctl", "--user", "daemon-reload"});
    must(here, {"systemctl", "--user", "enable", unit});
    must(here, {"systemctl", "--user", "restart", unit});
}

void stop_and_disable(session& here, const personal_service&) { must(here, {"systemctl", "--user", "disable", "--now", unit}); }

void forget_service(session& here) { ask(here, {"systemctl", "--user", "daemon-reload"}); }

service_state state_of_service(session& here) {
    const auto said = [&](const char* question) {
        const auto end = ask(here, {"systemctl", "--user", question, unit});
        if (end.how == program_end::way::not_started) throw service_refused("there is no systemctl here");
        auto word = end.output.substr(0, end.output.find('\n'));
        return word.empty() ? std::string("unknown") : made_visible(word);
    };
    const auto active = said("is-active"), enabled = said("is-enabled");
    return {enabled == "enabled", active == "active", active + " (" + enabled + ")"};
}

std::string hint_about_logins() { return "It runs while you are logged in; for good: loginctl enable-linger"; }
#endif

}  // namespace mdock::cli
