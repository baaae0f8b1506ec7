// SPDX-License-Identifier: MIT
// What SQLite calls on an open file of a memory_disk.
#include "tests/support/memory_handle.h"

namespace mdock::test {
namespace {

memory_handle& of(sqlite3_file* file) { return *reinterpret_cast<memory_handle*>(file); }

int close(sqlite3_file* file) {
    auto& handle = of(file);
    if (!handle.to_remove.empty() && !handle.is_dead()) handle.remove_file();
    handle.~memory_handle();
    return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int length, sqlite3_int64 offset) {
    auto& handle = of(file);
    if (const int error = handle.meet(disk_read, SQLITE_IOERR_READ)) return error;
    const auto there = handle.file->now.read(static_cast<char*>(to), length, offset);
    return there == length ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int length, sqlite3_int64 offset) {
    auto& handle = of(file);
    if (handle.is_dead()) return SQLITE_IOERR_WRITE;
    const std::string_view bytes(static_cast<const char*>(from), static_cast<std::size_t>(length));
    const int error = handle.meet(disk_write, SQLITE_IOERR_WRITE);
    // A write that fails has come half way, as real ones may.
    handle.file->write(error != SQLITE_OK ? bytes.substr(0, bytes.size() / 2) : bytes, offset);
    return error;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    auto& handle = of(file);
    if (const int error = handle.meet(disk_resize, SQLITE_IOERR_TRUNCATE)) return error;
    handle.file->resize(size);
    return SQLITE_OK;
}

int sync(sqlite3_file* file, int) {
    auto& handle = of(file);
    if (handle.is_dead()) return SQLITE_IOERR_FSYNC;
    const int error = handle.meet(disk_sync, SQLITE_IOERR_FSYNC);
    if (error != SQLITE_OK)
        handle.file->fail_sync();
    else
        handle.sync_file();
    return error;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    if (of(file).is_dead()) return SQLITE_IOERR_FSTAT;
    *size = of(file).file->now.size();
    return SQLITE_OK;
}

int lock(sqlite3_file* file, int level) { return of(file).lock(level); }
int unlock(sqlite3_file* file, int level) { return of(file).unlock(level); }

int check_reserved(sqlite3_file* file, int* is_reserved) {
    *is_reserved = of(file).is_reserved() ? 1 : 0;
    return SQLITE_OK;
}

int control(sqlite3_file* file, int what, void* argument) {
    auto& handle = of(file);
    auto& number = *static_cast<int*>(argument);
    switch (what) {
        case SQLITE_FCNTL_PERSIST_WAL:
            if (number >= 0) handle.keeps_log = number;
            number = handle.keeps_log;
            return SQLITE_OK;
        case SQLITE_FCNTL_POWERSAFE_OVERWRITE: number = 1; return SQLITE_OK;
        default: return SQLITE_NOTFOUND;
    }
}

int sector_size(sqlite3_file*) { return static_cast<int>(file_content::block_size); }

// As SQLite's own VFS says of ordinary disks.
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map_log(sqlite3_file* file, int region, int size, int extends, void volatile** memory) {
    auto& handle = of(file);
    *memory = nullptr;
    if (handle.is_dead() || size != log_region_size) return SQLITE_IOERR_SHMMAP;
    if (!handle.has_mapped) ++handle.locks->mapped_by;
    handle.has_mapped = true;
    auto& regions = handle.locks->regions;
    const auto index = static_cast<std::size_t>(region);
    if (index >= regions.size() && extends == 0) return SQLITE_OK;
    while (index >= regions.size()) regions.push_back(std::make_unique<char[]>(log_region_size));
    *memory = regions[index].get();
    return SQLITE_OK;
}

int lock_log(sqlite3_file* file, int first, int count, int flags) { return of(file).lock_log(first, count, flags); }
void barrier(sqlite3_file*) {}

int unmap_log(sqlite3_file* file, int) {
    of(file).unmap_log();
    return SQLITE_OK;
}

}  // namespace

// Version 2: with the log's index, without memory maps of the file.
const sqlite3_io_methods memory_io_methods = {
    2,      close,          read,    write,       truncate,        sync,    file_size, lock,     unlock,
    check_reserved, control, sector_size, characteristics, map_log, lock_log,  barrier,  unmap_log, nullptr, nullptr};

}  // namespace mdock::test
