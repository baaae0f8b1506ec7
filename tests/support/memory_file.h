// SPDX-License-Identifier: MIT
// One file of a memory_disk: what its readers see, what a power cut would leave of it for certain, the writes in between
// in their order, and the locks and shared memory of the connections to it. Contents are in blocks that copies share.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mdock::test {

struct memory_handle;

class file_content {
public:
    // A page of the machine's cache: what one write dirties, and what reaches the disk as a whole.
    static constexpr std::int64_t block_size = 4096;

    std::int64_t size() const { return size_; }
    // Fills `to`, with zeros behind the end; returns how much of it is in the file.
    std::int64_t read(char* to, std::int64_t length, std::int64_t offset) const;
    void write(std::string_view bytes, std::int64_t offset);
    void resize(std::int64_t size);
    // Takes over the blocks of `from` that hold this range, as far as it has them.
    void share(const file_content& from, std::int64_t offset, std::int64_t length);

private:
    using block = std::array<char, static_cast<std::size_t>(block_size)>;
    block& own(std::size_t index);

    std::vector<std::shared_ptr<block>> blocks_;    // null: zeros
    std::int64_t size_ = 0;
};

// A write or a change of length that no sync has followed yet.
struct unsynced_write {
    std::int64_t offset = 0;     // the new length, for a resize
    std::int64_t length = 0;
    std::string bytes;           // kept only where a power cut may have to take them apart
    bool is_resize = false;
};

// Of the write-ahead log's index: SQLite asks for it in pieces of this size.
inline constexpr int log_region_size = 32768;

// Who holds which of SQLite's five lock levels, and the eight locks of the write-ahead log's index.
struct file_locks {
    int shared = 0;
    const memory_handle* reserved = nullptr;
    const memory_handle* pending = nullptr;
    const memory_handle* exclusive = nullptr;
    std::array<int, 8> log_shared{};
    std::array<const memory_handle*, 8> log_exclusive{};
    int mapped_by = 0;
    std::vector<std::unique_ptr<char[]>> regions;
};

struct memory_file {
    file_content now;
    file_content durable;
    std::vector<unsynced_write> unsynced;
    // The connections of one machine run share it, and keep it when a power cut gives the file another.
    std::shared_ptr<file_locks> locks = std::make_shared<file_locks>();
    bool is_temporary = false;    // gone with its handle: nothing of it need be kept in order
    bool is_durable = false;      // its name is in the folder for certain

    void write(std::string_view bytes, std::int64_t offset);
    void resize(std::int64_t size);
    // Everything written so far is safe. Blocks whose sync failed before and that were not written again are not: the
    // machine has marked them clean (S06).
    void sync();
    // A sync that failed: the machine keeps the blocks for its readers, and will never write them by itself.
    void fail_sync() { unsynced.clear(); }
};

}  // namespace mdock::test
