// SPDX-License-Identifier: MIT
// mdock init: asks where the token is (or reads it from stdin with --with-token), asks MinuteDock whose it is, says
// what it may not see, and only then writes. An existing file is never replaced without being asked for.
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "daemon/cli/command_tree.h"
#include "daemon/cli/init_file.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/rights.h"
#include "daemon/cli/terminal.h"
#include "daemon/exit_codes.h"
#include "daemon/service.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

struct init_options {
    bool with_token = false;
    bool yes = false;
};

// Echo off while a token is typed, and back on however that ends.
class silent_terminal {
public:
    silent_terminal() : is_on_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
        if (!is_on_) return;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~silent_terminal() {
        if (is_on_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    silent_terminal(const silent_terminal&) = delete;
    silent_terminal& operator=(const silent_terminal&) = delete;

private:
    termios before_{};
    bool is_on_;
};

// Where the token is or will be, and the token itself to be checked.
struct chosen_source {
    std::string config_line;           // for [auth]; empty when the configuration says it already
    std::filesystem::path token_file;  // to be written; empty for a command
    secret token;
};

secret accept(std::string text) {
    auto token = clean_token(std::move(text));
    if (!token)
        fail(token.error().code() == errc::no_token ? errc::usage : token.error().code(),
             "this is no token: " + token.error().context());
    return std::move(*token);
}

chosen_source in_file(session& here, secret token) {
    const auto& all = here.config();
    if (!all.auth.token_file.empty()) return {{}, all.auth.token_file, std::move(token)};
    const auto file = resolved_path("token", here.places().config.parent_path(), here.variables());
    return {token_file_line(file), file, std::move(token)};
}

chosen_source by_command(session& here) {
    const auto text =
        ask(here, "The program and its arguments, as a list or between spaces, such as: pass show minutedock");
    auto words = parse_setting({setting_kind::words, 0, 0, {}}, text);
    if (!words) fail(errc::usage, "the command " + words.error().context());
    auto token = run_token_command(words->words, here.variables());
    if (!token) throw failure_exception(token.error());
    return {token_command_line(words->words), {}, std::move(*token)};
}

chosen_source ask_for_source(session& here) {
    if (!here.may_ask())
        fail(errc::usage, "there is nobody to ask: give the token on stdin, `mdock init --with-token < FILE`");
    here.out().warn(
        "Where does mdock get the token from?\n  1  a file that only you can read; mdock writes it\n"
        "  2  a program of yours that prints it (a keychain, pass, 1Password)");
    const auto choice = ask(here, "1 or 2 [1]");
    if (choice == "2") return by_command(here);
    if (!choice.empty() && choice != "1") fail(errc::usage, "the answer must be 1 or 2; nothing was written");
    here.out().warn("Make a token at MinuteDock: Profile, Manage Access Tokens, Create Token.");
    const silent_terminal quiet;
    return in_file(here, accept(ask(here, "The token (it is not shown):")));
}

void check_before(session& here, const init_options& options) {
    const auto& all = here.config();
    if (all.auth.token_command.empty()) return;
    const auto said = all.shown.find("auth.token_command")->second.where;
    if (options.with_token)
        fail(errc::usage,
             fmt::format("auth.token_command is set ({}), so a token from stdin would never be used; remove it first",
                         said));
    fail(errc::usage, fmt::format("auth.token_command is set already ({}); `mdock auth status` checks it", said));
}

token_report examine(session& here, const secret& token) {
    const auto& all = here.config();
    event_log log(log_level_named(all.log.level), log_format_named(all.log.format, here.variables()));
    machine world(all, secret(std::string(token.reveal())), log);
    auto asked = world.finish(examine_token(world.world(), day_in_zone(now_utc(), "UTC")), here.timeout());
    if (asked.signal_number != 0) fail(errc::interrupted, "interrupted; nothing was written");
    if (!asked.value) fail(errc::timed_out, "MinuteDock did not answer in time; nothing was written");
    if (!asked.value->who)
        throw failure_exception(
            {asked.value->who.error().code(), asked.value->who.error().context() + "; nothing was written"});
    return std::move(*asked.value);
}

void check_mirror(session& here, const engine::identity& who) {
    const auto match = compare_with_mirror(here, who);
    if (match == "another account" || match == "another user")
        fail(errc::wrong_account, fmt::format("the mirror in {} is of {}; nothing was written",
                                              here.config().database.path.string(), match));
}

// Is a different token about to be replaced, and may it be?
void check_token_file(session& here, const chosen_source& source, const init_options& options) {
    std::error_code error;
    if (source.token_file.empty() || !std::filesystem::exists(source.token_file, error)) return;
    const auto before = read_token_file(source.token_file);
    if (before && before->reveal() == source.token.reveal()) return;
    if (options.yes) return;
    const auto sentence = fmt::format("{} holds another token", source.token_file.string());
    if (!here.may_ask() || options.with_token) fail(errc::usage, sentence + "; nothing was written. --yes replaces it");
    if (!agrees(here, sentence + ". Replace it?")) fail(errc::usage, "nothing was written");
}

void write_token(session& here, const chosen_source& source, const init_options& options) {
    if (source.token_file.empty()) return;
    const auto place = short_path(source.token_file, here.variables());
    if (!options.with_token && !options.yes &&
        !agrees(here, fmt::format("The token will be kept as plain text in {} (mode 0600). Go on?", place)))
        fail(errc::usage, "nothing was written; a program (choice 2) keeps it elsewhere");
    if (auto written = write_private_file(source.token_file, std::string(source.token.reveal()) + "\n"); !written)
        throw failure_exception(written.error());
    here.out().note(fmt::format("The token is kept as plain text in {} (mode 0600).", place));
}

void write_config(session& here, const chosen_source& source) {
    const auto& file = here.places().config;
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        const auto line = source.config_line.empty() ? token_file_line(source.token_file) : source.config_line;
        if (auto written = write_private_file(file, new_config(here.config(), line)); !written)
            throw failure_exception(written.error());
        return here.out().note(fmt::format("Wrote {}.", short_path(file, here.variables())));
    }
    if (source.config_line.empty()) return;
    std::ifstream in(file, std::ios::binary);
    const std::string before((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (auto written = write_private_file(file, with_token_line(before, source.config_line)); !written)
        throw failure_exception(written.error());
    here.out().note(fmt::format("Added to {}: {}", short_path(file, here.variables()), source.config_line));
}

void show(session& here, const token_report& report) {
    const auto& who = *report.who;
    auto& out = here.out();
    if (out.is_json()) {
        boost::json::object body;
        body["account"] = {{"id", who.account_id}, {"name", who.account_name}};
        body["user"] = {{"user_account_id", who.user_account_id == 0 ? boost::json::value(nullptr)
                                                                     : boost::json::value(who.user_account_id)},
                        {"name", who.user_name},
                        {"email", who.email}};
        body["rights"] = as_json(report.rights);
        body["config"] = here.places().config.string();
        return out.document(std::move(body));
    }
    out.line(fmt::format("account {} ({})", out.in_tone(tone::strong, made_visible(who.account_name)), who.account_id));
    out.line(fmt::format("user    {}", describe_user(who)));
    show_rights(out, report.rights);
}

int init(session& here, const init_options& options) {
    protect_memory();
    here.allow_missing_file();
    check_before(here, options);
    auto source = options.with_token ? in_file(here, accept(read_line())) : ask_for_source(here);
    check_token_file(here, source, options);
    const auto report = examine(here, source.token);
    check_mirror(here, *report.who);
    write_token(here, source, options);
    write_config(here, source);
    show(here, report);
    here.out().note("Next: `mdock sync` fetches the account.");
    return exit_code::done;
}

}  // namespace

void add_init(command_tree& tree) {
    auto options = std::make_shared<init_options>();
    auto* command = tree.add(nullptr, "init", "asks where the token is, checks it, writes the configuration",
                             "  mdock init\n  mdock init --with-token < token.txt");
    command->add_flag("--with-token", options->with_token,
                      "read the token from stdin and keep it in a file of mode 0600");
    command->add_flag("--yes", options->yes, "replace a token that is there, without asking");
    tree.on(command, [options](session& here) { return init(here, *options); });
}

}  // namespace mdock::cli
