// SPDX-License-Identifier: MIT
// A disk for SQLite that is all in memory: fast, the same at every run, and able to do what real ones do once in years.
// Writes stay in their order until a sync makes them safe; a power cut keeps, drops or garbles the rest; any operation
// can fail. Its connections all belong to one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/memory_file.h"

namespace mdock::test {

// What a machine finds of the writes that no sync followed.
enum class power_cut_flavour : std::uint8_t {
    kept,       // all of them
    dropped,    // a random subset
    garbled     // a random subset, and of the others some with random bytes in their 512-byte sectors
};

// Operations that can fail, as bits.
enum disk_operation : unsigned {
    disk_read = 1,
    disk_write = 2,
    disk_sync = 4,
    disk_resize = 8,
    disk_remove = 16,
    disk_changes = disk_write | disk_sync | disk_resize | disk_remove,
    disk_anything = disk_read | disk_changes
};

struct disk_fault {
    std::int64_t nth = 1;                // of the operations of `kinds` from now on
    unsigned kinds = disk_anything;
    bool lasts = false;                  // it and all later ones, until heal()
    bool is_full = false;                // SQLITE_FULL, for writes; else the SQLITE_IOERR of the operation
};

// What is on a disk, shared and not copied: clone a migrated template with copy() and restore().
struct disk_image {
    std::map<std::string, file_content, std::less<>> files;
};

class memory_disk {
public:
    // Registers a VFS under a name of its own. `seed` draws what SQLite wants to be random on this disk; as SQLite's own
    // generator is one for the process, it is started anew with it.
    explicit memory_disk(std::uint64_t seed = 1);
    // After every connection to it is closed.
    ~memory_disk();
    memory_disk(const memory_disk&) = delete;
    memory_disk& operator=(const memory_disk&) = delete;

    const std::string& vfs_name() const { return name_; }

    // Milliseconds since 1970 that SQLite's 'now' reads; sleeping in a busy handler moves it on.
    std::int64_t unix_ms = 1'718'182'800'000;

    // The files as their readers see them, and the same back, safe on the disk; connections that are open then are dead.
    disk_image copy() const;
    void restore(const disk_image& image);
    // The same for connections that are to live on: in no transaction, of a database in write-ahead mode, they find the
    // image with their next statement. Saves opening again, whose 2 ms go into reading the schema.
    void rewind(const disk_image& image);
    bool has(std::string_view file) const { return files_.find(file) != files_.end(); }
    std::string bytes_of(std::string_view file) const;

    // Every process is gone, as by SIGKILL; the machine goes on, and writes are as they were. Handles that are open are
    // dead: they do nothing but fail.
    void end_processes();
    // The machine is gone too.
    void power_cut(std::uint64_t seed, power_cut_flavour flavour);

    // One fault at a time; a new one replaces it.
    void fail(disk_fault fault);
    void heal() { fault_ = {}; fault_.nth = 0; }
    // How many operations have failed since fail().
    std::int64_t failed() const { return failed_; }
    int open_handles() const { return open_handles_; }
    // Operations of these kinds since the disk was made.
    std::int64_t count(unsigned kinds) const;

private:
    friend struct memory_handle;
    friend struct memory_vfs;
    struct vfs_entry;
    using file_pointer = std::shared_ptr<memory_file>;

    // Counts the operation and says with what it fails, SQLITE_OK for not.
    int meet(disk_operation kind, int io_error);
    file_pointer find(std::string_view name) const;
    file_pointer find_or_create(const std::string& name);
    void remove(std::string_view name, bool is_synced);
    void sync(memory_file& file);
    std::uint64_t random();

    std::string name_;
    std::unique_ptr<vfs_entry> entry_;
    std::map<std::string, file_pointer, std::less<>> files_;
    // Removed, but a power cut may bring them back: no sync has followed.
    std::vector<std::pair<std::string, file_pointer>> removed_;
    std::uint64_t epoch_ = 1;          // handles of an older one are dead
    std::uint64_t random_state_;
    int open_handles_ = 0;
    disk_fault fault_{.nth = 0};
    std::int64_t failed_ = 0;
    std::map<unsigned, std::int64_t> counts_;
};

}  // namespace mdock::test
