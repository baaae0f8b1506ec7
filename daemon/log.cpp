// SPDX-License-Identifier: MIT
#include "daemon/log.h"

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <map>

#include "core/base/time.h"
#include "daemon/text.h"

namespace mdock {
namespace {

struct level_row {
    log_level level;
    std::string_view name;
    int priority;                    // of syslog, as journald reads it
    spdlog::level::level_enum ours;  // spdlog has six levels too, under other names
};

constexpr std::array levels{
    level_row{log_level::trace, "trace", 7, spdlog::level::trace},
    level_row{log_level::debug, "debug", 7, spdlog::level::debug},
    level_row{log_level::info, "info", 6, spdlog::level::info},
    level_row{log_level::notice, "notice", 5, spdlog::level::warn},
    level_row{log_level::warning, "warning", 4, spdlog::level::err},
    level_row{log_level::error, "error", 3, spdlog::level::critical},
};

const level_row& row_of(log_level level) { return levels[static_cast<std::size_t>(level)]; }

// Puts our line where spdlog would put its own pattern.
class event_formatter final : public spdlog::formatter {
public:
    explicit event_formatter(log_format how) : how_(how) {}
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& into) override {
        const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(message.time.time_since_epoch()).count();
        log_level level = log_level::info;
        for (const auto& row : levels)
            if (row.ours == message.level) level = row.level;
        const auto line = format_event(how_, level, {message.payload.data(), message.payload.size()}, at) + "\n";
        into.append(line.data(), line.data() + line.size());
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<event_formatter>(how_); }

private:
    log_format how_;
};

std::string instant(std::int64_t at_ms) {
    const auto text = format_rfc3339(utc_seconds(std::chrono::seconds(at_ms / 1000)));
    return fmt::format("{}.{:03}Z", text.substr(0, text.size() - 1), at_ms % 1000);
}

// JOURNAL_STREAM is inherited by children whose stderr goes elsewhere: the numbers must be those of our stderr.
bool stderr_is_journal(const environment& variables) {
    const auto said = variables.get("JOURNAL_STREAM");
    struct stat it {};
    return said && ::fstat(STDERR_FILENO, &it) == 0 && *said == fmt::format("{}:{}", it.st_dev, it.st_ino);
}

}  // namespace

struct event_log::state {
    spdlog::logger logger;
    struct repeated {
        std::string message;
        std::int64_t times = 0;
    };
    std::map<std::string, repeated, std::less<>> said;
};

std::string_view name_of(log_level level) { return row_of(level).name; }

log_level log_level_named(std::string_view name) {
    for (const auto& row : levels)
        if (row.name == name) return row.level;
    return log_level::info;
}

log_format log_format_named(std::string_view name, const environment& variables) {
    if (name == "json") return log_format::json;
    if (name == "journal") return log_format::journal;
    if (name == "auto" && stderr_is_journal(variables)) return log_format::journal;
    return log_format::text;
}

std::string format_event(log_format how, log_level level, std::string_view message, std::int64_t at_ms) {
    switch (how) {
        case log_format::journal: return fmt::format("<{}>{}", row_of(level).priority, made_visible(message));
        case log_format::json: {
            boost::json::object line;
            line["at"] = instant(at_ms);
            line["level"] = std::string(name_of(level));
            line["message"] = std::string(message);
            return boost::json::serialize(line);
        }
        case log_format::text: break;
    }
    return fmt::format("{} {:<7} {}", instant(at_ms), name_of(level), made_visible(message));
}

event_log::event_log(log_level least, log_format how) : least_(least) {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    state_ = std::make_unique<state>(state{spdlog::logger("mdock", sink), {}});
    state_->logger.set_formatter(std::make_unique<event_formatter>(how));
    state_->logger.set_level(row_of(least).ours);
    state_->logger.flush_on(spdlog::level::trace);
    // A full disk or a closed pipe behind stderr is nobody's business here.
    state_->logger.set_error_handler([](const std::string&) {});
}

event_log::~event_log() = default;

void event_log::write(log_level level, std::string_view message) {
    state_->logger.log(row_of(level).ours, spdlog::string_view_t(message.data(), message.size()));
}

void event_log::write_once(log_level level, std::string_view subject, std::string_view message) {
    auto& said = state_->said[std::string(subject)];
    if (said.times > 0 && said.message == message) {
        ++said.times;
        return;
    }
    if (said.times > 1) write(level, fmt::format("{}: happened {} times: {}", subject, said.times, said.message));
    said = {std::string(message), 1};
    write(level, fmt::format("{}: {}", subject, message));
}

void event_log::recovered(std::string_view subject) {
    const auto found = state_->said.find(subject);
    if (found == state_->said.end()) return;
    const auto times = found->second.times;
    write(log_level::notice,
          times == 1 ? fmt::format("{}: well again", subject)
                     : fmt::format("{}: well again, after it had failed {} times in the same way", subject, times));
    state_->said.erase(found);
}

}  // namespace mdock
