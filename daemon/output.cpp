// SPDX-License-Identifier: MIT
#include "daemon/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <boost/json/serialize.hpp>

#include "daemon/text.h"

namespace mdock {
namespace {

bool wants_color(bool is_terminal, bool refused, const environment& variables) {
    if (refused || variables.has("NO_COLOR")) return false;
    if (const auto force = variables.get("CLICOLOR_FORCE"); force && *force != "0") return true;
    return is_terminal && variables.get("TERM").value_or("") != "dumb";
}

std::string colored(bool on, tone how, std::string_view text) {
    if (!on || how == tone::plain) return std::string(text);
    const char* code = "0";
    switch (how) {
        case tone::plain: break;
        case tone::good: code = "32"; break;
        case tone::warning: code = "33"; break;
        case tone::bad: code = "31"; break;
        case tone::faint: code = "2"; break;
        case tone::strong: code = "1"; break;
    }
    return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

void write(std::FILE* to, std::string_view text) { std::fwrite(text.data(), 1, text.size(), to); }

}  // namespace

output::output(output_options how, const environment& variables, std::FILE* data, std::FILE* messages)
    : how_(how), data_(data), messages_(messages) {
    data_is_terminal_ = ::isatty(::fileno(data)) != 0;
    messages_are_on_terminal_ = ::isatty(::fileno(messages)) != 0 && variables.get("TERM").value_or("") != "dumb";
    data_colored_ = wants_color(data_is_terminal_, how.no_color, variables);
    messages_colored_ = wants_color(messages_are_on_terminal_, how.no_color, variables);
}

std::size_t output::data_columns() const {
    winsize size{};
    if (!data_is_terminal_ || ::ioctl(::fileno(data_), TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

void output::print(std::string_view text) { write(data_, text); }

void output::line(std::string_view text) {
    write(data_, text);
    write(data_, "\n");
}

void output::note(std::string_view text) {
    if (!how_.quiet) warn(text);
}

void output::warn(std::string_view text) {
    std::fflush(data_);
    write(messages_, text);
    write(messages_, "\n");
    std::fflush(messages_);
}

void output::document(boost::json::object body) {
    boost::json::object whole;
    whole["schema"] = 1;
    for (auto& [name, value] : body) whole[name] = std::move(value);
    line(boost::json::serialize(whole));
    std::fflush(data_);
}

std::string output::in_tone(tone how, std::string_view text) const { return colored(data_colored_, how, text); }

std::string output::message_in_tone(tone how, std::string_view text) const {
    return colored(messages_colored_, how, text);
}

void output::error(const failure& why, std::string_view hint) {
    if (how_.json) document(error_document(why, hint));
    warn(message_in_tone(tone::bad, "mdock: ") + made_visible(why.context()));
    if (!hint.empty()) warn(hint);
}

boost::json::object error_document(const failure& why, std::string_view hint) {
    const auto rule = classify(why.code());
    boost::json::object error;
    error["code"] = std::string(name_of(why.code()));
    error["message"] = why.context();
    error["hint"] = std::string(hint);
    error["retryable"] = rule == retry::soon || rule == retry::later;
    boost::json::object body;
    body["error"] = std::move(error);
    return body;
}

}  // namespace mdock
