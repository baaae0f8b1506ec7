// SPDX-License-Identifier: MIT
#include "tests/support/memory_disk.h"

#include <sqlite3.h>

#include <algorithm>

namespace mdock::test {

disk_image memory_disk::copy() const {
    disk_image image;
    for (const auto& [name, file] : files_) image.files.emplace(name, file->now);
    return image;
}

void memory_disk::restore(const disk_image& image) {
    ++epoch_;
    files_.clear();
    removed_.clear();
    for (const auto& [name, content] : image.files) {
        auto file = std::make_shared<memory_file>();
        file->now = file->durable = content;
        file->is_durable = true;
        files_.emplace(name, std::move(file));
    }
}

void memory_disk::rewind(const disk_image& image) {
    removed_.clear();
    for (const auto& [name, content] : image.files) find_or_create(name);
    for (auto& [name, file] : files_) {
        const auto found = image.files.find(name);
        file->now = file->durable = found == image.files.end() ? file_content() : found->second;
        file->unsynced.clear();
        file->is_durable = true;
        // An index that says nothing is made anew from the log by the next statement, and every page is read again.
        for (auto& region : file->locks->regions) std::fill_n(region.get(), log_region_size, '\0');
    }
}

std::string memory_disk::bytes_of(std::string_view name) const {
    const auto file = find(name);
    if (!file) return {};
    std::string bytes(static_cast<std::size_t>(file->now.size()), '\0');
    file->now.read(bytes.data(), file->now.size(), 0);
    return bytes;
}

void memory_disk::end_processes() {
    ++epoch_;
    std::erase_if(files_, [](const auto& each) { return each.second->is_temporary; });
    for (auto& [name, file] : files_) file->locks = std::make_shared<file_locks>();
}

void memory_disk::fail(disk_fault fault) {
    fault_ = fault;
    failed_ = 0;
}

int memory_disk::meet(disk_operation kind, int io_error) {
    ++counts_[kind];
    if (fault_.nth == 0 || (fault_.kinds & kind) == 0 || (fault_.is_full && kind != disk_write)) return SQLITE_OK;
    if (fault_.nth > 1) {
        --fault_.nth;
        return SQLITE_OK;
    }
    ++failed_;
    const int code = fault_.is_full ? SQLITE_FULL : io_error;
    if (!fault_.lasts) heal();
    return code;
}

std::int64_t memory_disk::count(unsigned kinds) const {
    std::int64_t sum = 0;
    for (const auto& [kind, times] : counts_)
        if ((kinds & kind) != 0) sum += times;
    return sum;
}

memory_disk::file_pointer memory_disk::find(std::string_view name) const {
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : found->second;
}

memory_disk::file_pointer memory_disk::find_or_create(const std::string& name) {
    auto& file = files_[name];
    if (!file) file = std::make_shared<memory_file>();
    return file;
}

void memory_disk::remove(std::string_view name, bool is_synced) {
    const auto found = files_.find(name);
    if (found == files_.end()) return;
    if (!is_synced && found->second->is_durable) removed_.emplace_back(*found);
    files_.erase(found);
}

// A journalling file system writes the folder's changes out before the file's that it is asked for.
void memory_disk::sync(memory_file& file) {
    file.sync();
    removed_.clear();
}

std::uint64_t memory_disk::random() {
    // splitmix64
    std::uint64_t z = (random_state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

}  // namespace mdock::test
