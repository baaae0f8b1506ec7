// SPDX-License-Identifier: MIT
// What a command shows: data on stdout, everything else on stderr; with --json one document with "schema":1. Colour and
// progress only on a terminal. Text from outside is made visible before it is shown.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "daemon/environment.h"

namespace mdock {

struct output_options {
    bool json = false;
    bool no_color = false;
    bool quiet = false;
};

enum class tone { plain, good, warning, bad, faint, strong };

class output {
public:
    // Decides about colour for each stream by itself: NO_COLOR, CLICOLOR_FORCE, TERM=dumb, --no-color, and whether it
    // is a terminal.
    output(output_options how, const environment& variables, std::FILE* data = stdout, std::FILE* messages = stderr);

    bool is_json() const { return how_.json; }
    bool is_quiet() const { return how_.quiet; }
    bool data_is_terminal() const { return data_is_terminal_; }
    bool messages_are_on_terminal() const { return messages_are_on_terminal_; }
    std::size_t data_columns() const;  // the terminal's width, or no limit

    void print(std::string_view text);                                   // to stdout as it is
    void line(std::string_view text = {});                               // to stdout, with a line break
    void note(std::string_view text);                                    // a line to stderr, unless -q
    void warn(std::string_view text);                                    // a line to stderr, always
    void document(boost::json::object body);                             // {"schema":1, …} and a line break
    std::string in_tone(tone how, std::string_view text) const;          // for stdout
    std::string message_in_tone(tone how, std::string_view text) const;  // for stderr

    // The sentence and its hint on stderr; with --json the error document on stdout too.
    void error(const failure& why, std::string_view hint);

private:
    output_options how_;
    std::FILE* data_;
    std::FILE* messages_;
    bool data_is_terminal_ = false, messages_are_on_terminal_ = false;
    bool data_colored_ = false, messages_colored_ = false;
};

// {"schema":1,"error":{"code","message","hint","retryable"}}
boost::json::object error_document(const failure& why, std::string_view hint);

enum class align { left, right };
struct table_column {
    std::string title;
    align side = align::left;
    bool may_shrink = false;  // cut first when the terminal is narrow
};

// Columns aligned by display width; cells are made visible; cut only when `columns_available` is a limit (0: none).
std::string format_table(const std::vector<table_column>& columns, const std::vector<std::vector<std::string>>& rows,
                         std::size_t columns_available);

// 12345 as "12,345", whatever the locale.
std::string with_commas(std::int64_t number);

// 5400 seconds as "1:30".
std::string as_hours(std::int64_t seconds);

}  // namespace mdock
