// SPDX-License-Identifier: MIT
#include "tests/minutedock/entry_book.h"

#include <algorithm>
#include <utility>

namespace minutedock {

const entry* entry_book::find(row_id id) const {
    const auto found = slot_of_.find(id);
    return found == slot_of_.end() ? nullptr : &slots_[found->second];
}

std::int64_t entry_book::uses_of_task(row_id task) const {
    const auto found = uses_.find(task);
    return found == uses_.end() ? 0 : found->second;
}

void entry_book::put(entry what) {
    const row_id id = what.id;
    count_tasks(what, 1);
    if (const auto found = slot_of_.find(id); found != slot_of_.end()) {
        const std::uint32_t slot = found->second;
        count_tasks(slots_[slot], -1);
        leave_day(slot);
        slots_[slot] = std::move(what);
        enter_day(slot);
        return;
    }
    std::uint32_t slot = static_cast<std::uint32_t>(slots_.size());
    if (free_.empty()) {
        slots_.push_back(std::move(what));
    } else {
        slot = free_.back();
        free_.pop_back();
        slots_[slot] = std::move(what);
    }
    slot_of_.emplace(id, slot);
    erased_.erase(id);
    enter_day(slot);
}

bool entry_book::erase(row_id id) {
    const auto found = slot_of_.find(id);
    if (found == slot_of_.end()) return false;
    const std::uint32_t slot = found->second;
    count_tasks(slots_[slot], -1);
    leave_day(slot);
    slots_[slot] = entry{};
    free_.push_back(slot);
    slot_of_.erase(found);
    erased_.insert(id);
    return true;
}

void entry_book::enter_day(std::uint32_t slot) {
    const entry& what = slots_[slot];
    day& those = days_[what.date];
    const auto newer = [this](std::uint32_t a, row_id id) { return slots_[a].id > id; };
    those.slots.insert(std::lower_bound(those.slots.begin(), those.slots.end(), what.id, newer), slot);
    those.newest_change = std::max(those.newest_change, what.updated_at);
}

void entry_book::leave_day(std::uint32_t slot) {
    const auto found = days_.find(slots_[slot].date);
    auto& slots = found->second.slots;
    slots.erase(std::find(slots.begin(), slots.end(), slot));
    if (slots.empty()) days_.erase(found);
}

void entry_book::count_tasks(const entry& what, std::int64_t by) {
    for (const row_id task : what.tasks) uses_[task] += by;
}

}  // namespace minutedock
