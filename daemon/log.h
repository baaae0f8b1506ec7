// SPDX-License-Identifier: MIT
// What `run` writes to stderr, one line an event. error: a person must act; warning: it will be tried again; notice: a
// change of state; info: a round with changes; debug: requests; trace: answers, without the token. A failure that
// repeats is written once and then counted. Writing never blocks on a closed reader and never ends the program (L09).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/environment.h"

namespace mdock {

enum class log_level { trace, debug, info, notice, warning, error };
enum class log_format { text, json, journal };

std::string_view name_of(log_level level);
log_level log_level_named(std::string_view name);

// `auto`: journal when stderr goes to the journal (JOURNAL_STREAM), else text.
log_format log_format_named(std::string_view name, const environment& variables);

// One event as a line without a line break. journal: "<5>…" so that journald has the priority, and no time, as it
// stamps the line itself. `at` is UTC seconds and milliseconds since 1970.
std::string format_event(log_format how, log_level level, std::string_view message, std::int64_t at_ms);

class event_log {
public:
    event_log(log_level least, log_format how);
    ~event_log();
    event_log(const event_log&) = delete;
    event_log& operator=(const event_log&) = delete;

    bool shows(log_level level) const { return level >= least_; }
    void write(log_level level, std::string_view message);

    // As write(), but a message that equals the one before under the same `subject` is only counted; the count is told
    // when the subject changes its tune or recovers.
    void write_once(log_level level, std::string_view subject, std::string_view message);
    void recovered(std::string_view subject);

private:
    struct state;
    log_level least_;
    std::unique_ptr<state> state_;
};

}  // namespace mdock
