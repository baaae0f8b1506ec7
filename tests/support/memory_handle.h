// SPDX-License-Identifier: MIT
// An open file of a memory_disk as SQLite has it: which file, which locks, and whether its process still lives.
#pragma once

#include <sqlite3.h>

#include "tests/support/memory_disk.h"

namespace mdock::test {

struct memory_handle {
    sqlite3_file base{};    // first: SQLite allocates the handle and knows only this
    memory_disk* disk = nullptr;
    std::shared_ptr<memory_file> file;
    std::shared_ptr<file_locks> locks;
    std::string to_remove;           // when it is closed
    std::uint64_t epoch = 0;
    int level = SQLITE_LOCK_NONE;
    unsigned log_shared = 0;         // bits of the log's locks that it holds
    unsigned log_exclusive = 0;
    bool has_mapped = false;
    int keeps_log = 0;               // SQLITE_FCNTL_PERSIST_WAL

    memory_handle(memory_disk& on, std::shared_ptr<memory_file> which);
    ~memory_handle();
    memory_handle(const memory_handle&) = delete;
    memory_handle& operator=(const memory_handle&) = delete;

    bool is_dead() const { return epoch != disk->epoch_; }
    int meet(disk_operation kind, int io_error) { return is_dead() ? io_error : disk->meet(kind, io_error); }
    void remove_file() { disk->remove(to_remove, false); }
    void sync_file() { disk->sync(*file); }

    // SQLite's lock levels on the database file (memory_locks.cpp).
    int lock(int wanted);
    int unlock(int wanted);
    bool is_reserved() const { return locks->reserved != nullptr || locks->exclusive != nullptr; }

    // Its locks on the write-ahead log's index: `flags` as xShmLock has them.
    int lock_log(int first, int count, int flags);
    void unmap_log();
};

// The io methods of every handle; the VFS in memory_vfs.cpp hands them out.
extern const sqlite3_io_methods memory_io_methods;

}  // namespace mdock::test
