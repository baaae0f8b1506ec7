// SPDX-License-Identifier: MIT
// SQLite's locks between the connections of one process, as its documentation of lock levels and of the write-ahead
// log's index describes them. Nothing here waits: a lock that is held is SQLITE_BUSY.
#include "tests/support/memory_handle.h"

namespace mdock::test {

memory_handle::memory_handle(memory_disk& on, std::shared_ptr<memory_file> which)
    : disk(&on), file(std::move(which)), locks(file->locks), epoch(on.epoch_) {
    ++disk->open_handles_;
}

memory_handle::~memory_handle() {
    unlock(SQLITE_LOCK_NONE);
    unmap_log();
    --disk->open_handles_;
}

int memory_handle::lock(int wanted) {
    if (is_dead()) return SQLITE_IOERR_LOCK;
    if (level >= wanted) return SQLITE_OK;
    if (wanted == SQLITE_LOCK_SHARED) {
        if (locks->pending != nullptr || locks->exclusive != nullptr) return SQLITE_BUSY;
        ++locks->shared;
    } else if (wanted == SQLITE_LOCK_RESERVED) {
        if (locks->reserved != nullptr) return SQLITE_BUSY;
        locks->reserved = this;
    } else {
        if (locks->pending != nullptr && locks->pending != this) return SQLITE_BUSY;
        locks->pending = this;
        level = SQLITE_LOCK_PENDING;
        if (locks->shared > 1) return SQLITE_BUSY;
        locks->exclusive = this;
    }
    level = wanted;
    return SQLITE_OK;
}

int memory_handle::unlock(int wanted) {
    if (level <= wanted) return SQLITE_OK;
    if (locks->exclusive == this) locks->exclusive = nullptr;
    if (locks->pending == this) locks->pending = nullptr;
    if (locks->reserved == this) locks->reserved = nullptr;
    if (wanted == SQLITE_LOCK_NONE) --locks->shared;
    level = wanted;
    return SQLITE_OK;
}

int memory_handle::lock_log(int first, int count, int flags) {
    if (is_dead()) return SQLITE_IOERR_SHMLOCK;
    const bool is_shared = (flags & SQLITE_SHM_SHARED) != 0;
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(first + count); ++i) {
        const unsigned bit = 1U << i;
        auto& owner = locks->log_exclusive[i];
        auto& readers = locks->log_shared[i];
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
            if ((log_shared & bit) != 0) --readers;
            if ((log_exclusive & bit) != 0) owner = nullptr;
            log_shared &= ~bit;
            log_exclusive &= ~bit;
            continue;
        }
        const int others = readers - ((log_shared & bit) != 0 ? 1 : 0);
        if ((owner != nullptr && owner != this) || (!is_shared && others > 0)) {
            // What was taken of the range before this one goes back.
            if (!is_shared) lock_log(first, static_cast<int>(i) - first, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
            return SQLITE_BUSY;
        }
        if (is_shared && (log_shared & bit) == 0) {
            ++readers;
            log_shared |= bit;
        } else if (!is_shared) {
            owner = this;
            log_exclusive |= bit;
        }
    }
    return SQLITE_OK;
}

void memory_handle::unmap_log() {
    for (std::size_t i = 0; i < locks->log_shared.size(); ++i) {
        if ((log_shared & (1U << i)) != 0) --locks->log_shared[i];
        if (locks->log_exclusive[i] == this) locks->log_exclusive[i] = nullptr;
    }
    log_shared = log_exclusive = 0;
    // The first connection after the last one makes the index anew, as it does on a machine.
    if (has_mapped && --locks->mapped_by == 0) locks->regions.clear();
    has_mapped = false;
}

}  // namespace mdock::test
