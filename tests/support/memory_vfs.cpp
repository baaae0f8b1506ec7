// SPDX-License-Identifier: MIT
// The memory_disk as SQLite's virtual file system: names, not handles (those are in memory_io.cpp).
#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <stdexcept>

#include "tests/support/memory_handle.h"

namespace mdock::test {

struct memory_vfs {
    static memory_disk& of(sqlite3_vfs* vfs) { return *static_cast<memory_disk*>(vfs->pAppData); }

    static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
        auto& disk = of(vfs);
        file->pMethods = nullptr;
        const bool creates = (flags & SQLITE_OPEN_CREATE) != 0;
        auto found = name == nullptr ? std::make_shared<memory_file>() : disk.find(name);
        if (!found && !creates) return SQLITE_CANTOPEN;
        if (!found) found = disk.find_or_create(name);
        const bool goes = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0 || name == nullptr;
        found->is_temporary = found->is_temporary || goes;
        auto* handle = new (file) memory_handle(disk, std::move(found));
        if (goes && name != nullptr) handle->to_remove = name;
        handle->base.pMethods = &memory_io_methods;
        if (out_flags != nullptr) *out_flags = flags;
        return SQLITE_OK;
    }

    static int remove(sqlite3_vfs* vfs, const char* name, int is_synced) {
        auto& disk = of(vfs);
        if (!disk.find(name)) return SQLITE_IOERR_DELETE_NOENT;
        if (const int error = disk.meet(disk_remove, SQLITE_IOERR_DELETE)) return error;
        disk.remove(name, is_synced != 0);
        return SQLITE_OK;
    }

    // An empty file is none, as SQLite's own VFS sees it: a journal without a byte is nothing to roll back.
    static int access(sqlite3_vfs* vfs, const char* name, int what, int* answer) {
        const auto file = of(vfs).find(name);
        *answer = file && (what != SQLITE_ACCESS_EXISTS || file->now.size() > 0) ? 1 : 0;
        return SQLITE_OK;
    }

    static int full_name(sqlite3_vfs*, const char* name, int space, char* out) {
        const auto length = std::strlen(name) + 1;
        if (length > static_cast<std::size_t>(space)) return SQLITE_CANTOPEN;
        std::memcpy(out, name, length);
        return SQLITE_OK;
    }

    static int randomness(sqlite3_vfs* vfs, int length, char* out) {
        std::generate(out, out + length, [&disk = of(vfs)] { return static_cast<char>(disk.random() & 0xffU); });
        return length;
    }

    // Nobody else runs meanwhile: a lock that is held now is held after any sleep.
    static int let_time_pass(sqlite3_vfs* vfs, int microseconds) {
        of(vfs).unix_ms += (microseconds + 999) / 1000;
        return microseconds;
    }

    static int now(sqlite3_vfs* vfs, sqlite3_int64* julian_ms) {
        constexpr std::int64_t unix_epoch_in_julian_ms = 210'866'760'000'000;
        *julian_ms = unix_epoch_in_julian_ms + of(vfs).unix_ms;
        return SQLITE_OK;
    }

    static int now_in_days(sqlite3_vfs* vfs, double* julian_days) {
        sqlite3_int64 ms = 0;
        now(vfs, &ms);
        *julian_days = static_cast<double>(ms) / 86'400'000.0;
        return SQLITE_OK;
    }

    static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

struct memory_disk::vfs_entry {
    sqlite3_vfs vfs{};
};

memory_disk::memory_disk(std::uint64_t seed) : entry_(std::make_unique<vfs_entry>()), random_state_(seed) {
    static std::atomic<int> number{0};
    name_ = "memory-disk-" + std::to_string(++number);
    auto& vfs = entry_->vfs;
    vfs.iVersion = 2;
    vfs.szOsFile = sizeof(memory_handle);
    vfs.mxPathname = 512;
    vfs.zName = name_.c_str();
    vfs.pAppData = this;
    vfs.xOpen = &memory_vfs::open;
    vfs.xDelete = &memory_vfs::remove;
    vfs.xAccess = &memory_vfs::access;
    vfs.xFullPathname = &memory_vfs::full_name;
    vfs.xRandomness = &memory_vfs::randomness;
    vfs.xSleep = &memory_vfs::let_time_pass;
    vfs.xCurrentTime = &memory_vfs::now_in_days;
    vfs.xGetLastError = &memory_vfs::last_error;
    vfs.xCurrentTimeInt64 = &memory_vfs::now;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) throw std::runtime_error("cannot register " + name_);
    // The salts of write-ahead logs come from it; 0 would mean "from the machine".
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, static_cast<int>(seed % 0x7fffffff) + 1, nullptr);
}

memory_disk::~memory_disk() { sqlite3_vfs_unregister(&entry_->vfs); }

}  // namespace mdock::test
