// SPDX-License-Identifier: MIT
#include "tests/support/memory_file.h"

#include <algorithm>
#include <cstring>

namespace mdock::test {
namespace {

constexpr std::int64_t block_size = file_content::block_size;

// Calls `each` with block number, place in the block, place in the range and length of every piece of a range.
template <class F>
void for_pieces(std::int64_t offset, std::int64_t length, F each) {
    for (std::int64_t done = 0; done < length;) {
        const auto at = offset + done;
        const auto within = at % block_size;
        const auto piece = std::min(length - done, block_size - within);
        each(static_cast<std::size_t>(at / block_size), static_cast<std::size_t>(within), static_cast<std::size_t>(done),
             static_cast<std::size_t>(piece));
        done += piece;
    }
}

std::size_t blocks_for(std::int64_t size) { return static_cast<std::size_t>((size + block_size - 1) / block_size); }

}  // namespace

std::int64_t file_content::read(char* to, std::int64_t length, std::int64_t offset) const {
    const auto there = std::clamp<std::int64_t>(size_ - offset, 0, length);
    for_pieces(offset, there, [&](std::size_t index, std::size_t within, std::size_t done, std::size_t piece) {
        const auto& from = blocks_[index];
        if (from)
            std::memcpy(to + done, from->data() + within, piece);
        else
            std::memset(to + done, 0, piece);
    });
    if (there < length) std::memset(to + there, 0, static_cast<std::size_t>(length - there));
    return there;
}

file_content::block& file_content::own(std::size_t index) {
    auto& slot = blocks_[index];
    if (!slot)
        slot = std::make_shared<block>();
    else if (slot.use_count() > 1)
        slot = std::make_shared<block>(*slot);
    return *slot;
}

void file_content::write(std::string_view bytes, std::int64_t offset) {
    const auto end = offset + static_cast<std::int64_t>(bytes.size());
    if (end > size_) resize(end);
    for_pieces(offset, static_cast<std::int64_t>(bytes.size()),
               [&](std::size_t index, std::size_t within, std::size_t done, std::size_t piece) {
                   std::memcpy(own(index).data() + within, bytes.data() + done, piece);
               });
}

void file_content::resize(std::int64_t size) {
    blocks_.resize(blocks_for(size));
    // What is behind the new end must not come back when the file grows again.
    const auto rest = size % block_size;
    if (size < size_ && rest > 0 && blocks_.back()) {
        auto& last = own(blocks_.size() - 1);
        std::fill(last.begin() + rest, last.end(), '\0');
    }
    size_ = size;
}

void file_content::share(const file_content& from, std::int64_t offset, std::int64_t length) {
    const auto end = std::min(offset + length, from.size_);
    if (offset >= end) return;
    if (end > size_) resize(end);
    for (auto index = static_cast<std::size_t>(offset / block_size); index < blocks_for(end); ++index)
        blocks_[index] = from.blocks_[index];
}

void memory_file::write(std::string_view bytes, std::int64_t offset) {
    now.write(bytes, offset);
    if (!is_temporary)
        unsynced.push_back({offset, static_cast<std::int64_t>(bytes.size()), std::string(bytes), false});
}

void memory_file::resize(std::int64_t size) {
    now.resize(size);
    if (!is_temporary) unsynced.push_back({size, 0, {}, true});
}

void memory_file::sync() {
    for (const auto& one : unsynced) {
        if (one.is_resize)
            durable.resize(one.offset);
        else
            durable.share(now, one.offset, one.length);
    }
    durable.resize(now.size());
    unsynced.clear();
    is_durable = true;
}

}  // namespace mdock::test
