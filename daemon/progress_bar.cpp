// SPDX-License-Identifier: MIT
#include "daemon/progress_bar.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "daemon/text.h"

namespace mdock {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds redraw_after{100};
constexpr std::size_t bar_width = 24;

std::string time_left(std::int64_t seconds) {
    if (seconds >= 3600) return fmt::format("{}h {:02}m left", seconds / 3600, seconds / 60 % 60);
    if (seconds >= 60) return fmt::format("{}m {:02}s left", seconds / 60, seconds % 60);
    return fmt::format("{}s left", seconds);
}

std::size_t terminal_columns() {
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

milliseconds between(monotonic_time from, monotonic_time to) {
    return std::chrono::duration_cast<milliseconds>(to - from);
}

}  // namespace

std::string format_bar(const bar_state& state, std::size_t columns) {
    const auto fresh = std::max<std::int64_t>(0, state.rows - std::max<std::int64_t>(0, state.rows_at_start));
    const auto per_second = state.elapsed.count() > 0 ? fresh * 1000 / state.elapsed.count() : 0;
    std::string line = fmt::format("{:<12}", state.name);
    if (state.of && *state.of > 0) {
        const auto rows = std::min(state.rows, *state.of);
        const auto full = static_cast<std::size_t>(rows * static_cast<std::int64_t>(bar_width) / *state.of);
        line += fmt::format("[{}{}] ", std::string(full, '#'), std::string(bar_width - full, '-'));
        line += fmt::format("{} of {}  {}%", with_commas(state.rows), with_commas(*state.of), rows * 100 / *state.of);
        if (per_second > 0)
            line += fmt::format("  {}/s  {}", with_commas(per_second),
                                time_left((*state.of - rows + per_second - 1) / per_second));
    } else {
        line += fmt::format("{} rows", with_commas(state.rows));
        if (per_second > 0) line += fmt::format("  {}/s", with_commas(per_second));
    }
    return cut_to_width(line, columns);
}

progress_bar::progress_bar(output& to, monotonic_clock now) : to_(to), now_(std::move(now)) {}

progress_bar::~progress_bar() { clear(); }

void progress_bar::planned(resource which, std::optional<std::int64_t> rows) {
    auto& one = of(which);
    one = load();
    one.is_planned = true;
    one.of = rows;
    one.began = now_();
    draw(which, true);
}

void progress_bar::advanced(resource which, std::int64_t rows) {
    auto& one = of(which);
    if (one.began == monotonic_time{}) one.began = now_();
    if (one.rows_at_start < 0) one.rows_at_start = one.of && rows < *one.of ? 0 : rows;
    one.rows = rows;
    draw(which, false);
}

void progress_bar::finished(resource which) {
    auto& one = of(which);
    if (one.is_finished || !one.is_planned) return;
    one.is_finished = true;
    clear();
    const auto took = static_cast<double>(between(one.began, now_()).count()) / 1000;
    to_.note(fmt::format("{:<18} {:>10} rows  {:.1f} s", name_of(which), with_commas(one.rows), took));
}

void progress_bar::pausing(const failure& why, std::chrono::seconds seconds) {
    if (seconds.count() < 1) return;
    clear();
    to_.note(fmt::format("waiting {} s before the next request: {}", seconds.count(), made_visible(why.context())));
}

void progress_bar::draw(resource which, bool even_if_recent) {
    if (to_.is_quiet() || !to_.messages_are_on_terminal()) return;
    const auto now = now_();
    if (!even_if_recent && is_drawn_ && between(drawn_, now) < redraw_after) return;
    const auto& one = of(which);
    const bar_state state{name_of(which), one.rows, one.of, between(one.began, now), one.rows_at_start};
    const auto line = format_bar(state, terminal_columns() - 1);
    std::fprintf(stderr, "\r%s\x1b[K", line.c_str());
    std::fflush(stderr);
    drawn_ = now;
    is_drawn_ = true;
}

void progress_bar::clear() {
    if (!is_drawn_) return;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    is_drawn_ = false;
}

}  // namespace mdock
