// SPDX-License-Identifier: MIT
#include "tests/crash/lab.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <stdexcept>

#include "tests/support/mirror_rows.h"

namespace mdock::test {

memory_disk* trial::holding(memory_disk& disk, const disk_image& start) {
    disk.restore(start);
    return &disk;
}

trial::trial(const crash_scenario& what, const disk_image& start)
    : w(crash_account, 1, {}, minutedock::admin_token, holding(disk, start)), what_(what) {}

void trial::count_step() {
    if (++steps == die_at) w.is_dead = true;
}

bool trial::act() { return run(what_.act); }

bool trial::run(void (*what)(world&)) {
    w.http.before = w.http.after = w.store.before = [this](step_name) { count_step(); };
    w.store.after = [this](step_name) {
        if (!w.is_dead) marks.note(w);
        count_step();
    };
    bool came_through = false;
    try {
        what(w);
        came_through = true;
    } catch (const killed&) {
    } catch (const SQLite::Exception&) {
    }
    w.http.before = w.http.after = w.store.before = nullptr;
    w.store.after = [this](step_name) { marks.note(w); };
    return came_through;
}

void trial::finish() {
    marks.note(w);
    what_.finish(w);
}

void trial::finish_until(std::int64_t step) {
    steps = 0;
    die_at = step;
    run(what_.finish);
}

lines trial::troubles(const lines& wanted) {
    lines out = difference_of(wanted, content_of(what_, w));
    const auto check = w.db->connection().execAndGet("PRAGMA quick_check").getString();
    if (check != "ok") out.push_back("quick_check: " + check);
    SQLite::Statement keys(w.db->connection(), "PRAGMA foreign_key_check");
    if (keys.executeStep()) out.push_back("foreign_key_check: " + keys.getColumn(0).getString());
    const auto sent = w.http.sent.size();
    what_.finish(w);
    for (auto i = sent; i < w.http.sent.size(); ++i)
        if (w.http.sent[i].method != "GET" && w.http.sent[i].target != "/reports/generate")
            out.push_back("another cycle sends " + w.http.sent[i].method + " " + w.http.sent[i].target);
    for (auto& line : difference_of(wanted, content_of(what_, w))) out.push_back("after another cycle " + line);
    out.insert(out.end(), marks.broken.begin(), marks.broken.end());
    return out;
}

lab::lab(const crash_scenario& what) : what_(what) {
    auto first = std::make_unique<trial>(what_);
    what_.start(first->w);
    first->w.restart();
    start_ = first->disk.copy();
    service_ = std::make_unique<minutedock::server>(first->w.service);
    begun_ = first->w.clock.monotonic();

    auto clean = begin();
    for (const unsigned kind : {disk_read, disk_write, disk_sync, disk_resize, disk_remove})
        operations_[kind] = -clean->disk.count(kind);
    const bool came_through = clean->act();
    steps_ = clean->steps;
    for (auto& [kind, count] : operations_) count += clean->disk.count(kind);
    clean->finish();
    wanted_ = content_of(what_, clean->w);
    auto wrong = what_.ends_equal ? differences(clean->w) : lines();
    for (auto& line : broken_promises(clean->w)) wrong.push_back(line);
    for (auto& line : clean->troubles(wanted_)) wrong.push_back(line);
    if (!came_through) wrong.push_back("it does not come through");
    if (!wrong.empty()) throw std::runtime_error(std::string(what_.name) + " without trouble: " + wrong.front());
}

std::unique_ptr<trial> lab::begin() {
    auto one = std::make_unique<trial>(what_, start_);
    one->w.service = *service_;
    one->w.clock.pass(begun_ - one->w.clock.monotonic());
    return one;
}

std::int64_t lab::operations(unsigned kinds) const {
    std::int64_t sum = 0;
    for (const auto& [kind, count] : operations_)
        if ((kinds & kind) != 0) sum += count;
    return sum;
}

std::vector<std::int64_t> lab::some(std::int64_t all, std::size_t most, std::uint64_t seed) const {
    return some_of(all, std::max<std::size_t>(1, most * static_cast<std::size_t>(what_.share) / 100), seed);
}

std::vector<std::int64_t> some_of(std::int64_t all, std::size_t most, std::uint64_t seed) {
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(all));
    std::iota(numbers.begin(), numbers.end(), 1);
    if (std::getenv("MDOCK_CRASH_ALL") != nullptr || numbers.size() <= most) return numbers;
    seeded_random chance(seed);
    for (std::size_t i = 0; i < most; ++i) std::swap(numbers[i], numbers[i + chance.next() % (numbers.size() - i)]);
    numbers.resize(most);
    return numbers;
}

}  // namespace mdock::test
