// SPDX-License-Identifier: MIT
// The time entries of one account, found by id and walked by day, newest day first. Every change goes through put()
// and erase(), which keep both indexes and the number of uses of each task right.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/time.h"

namespace minutedock {

using row_id = std::int64_t;  // 0: none
using stamp = std::chrono::sys_time<std::chrono::milliseconds>;

struct entry {
    row_id id = 0;
    row_id user = 0;
    row_id contact = 0;
    row_id project = 0;
    row_id invoice = 0;
    std::vector<row_id> tasks;
    std::optional<std::string> description;
    std::int64_t duration = 0;
    std::chrono::sys_days date{};
    stamp updated_at{};
    bool locked = false;
};

class entry_book {
public:
    struct day {
        std::vector<std::uint32_t> slots;  // by id, newest first
        stamp newest_change{};             // no entry of the day was changed later
    };
    using days_type = std::map<std::chrono::sys_days, day, std::greater<>>;

    const entry* find(row_id id) const;
    bool once_had(row_id id) const { return erased_.contains(id); }
    void put(entry what);
    bool erase(row_id id);
    std::size_t size() const { return slot_of_.size(); }
    std::int64_t uses_of_task(row_id task) const;

    const days_type& days() const { return days_; }
    const entry& at(std::uint32_t slot) const { return slots_[slot]; }

    // Calls `visit(const entry&)` for each, newest day first.
    template <class Visit>
    void for_each(Visit visit) const {
        for (const auto& [date, those] : days_)
            for (const std::uint32_t slot : those.slots) visit(slots_[slot]);
    }

private:
    void enter_day(std::uint32_t slot);
    void leave_day(std::uint32_t slot);
    void count_tasks(const entry& what, std::int64_t by);

    std::deque<entry> slots_;
    std::vector<std::uint32_t> free_;
    std::unordered_map<row_id, std::uint32_t> slot_of_;
    std::unordered_set<row_id> erased_;
    std::unordered_map<row_id, std::int64_t> uses_;
    days_type days_;
};

}  // namespace minutedock
