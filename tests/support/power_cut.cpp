// SPDX-License-Identifier: MIT
// What is left of a file's unsynced writes when the machine goes down.
#include <algorithm>

#include "tests/support/memory_disk.h"

namespace mdock::test {
namespace {

constexpr std::int64_t sector = 512;

class cut {
public:
    cut(std::uint64_t seed, power_cut_flavour flavour) : state_(seed * 0x9E3779B97F4A7C15ULL + 1), flavour_(flavour) {}

    bool coin() { return (next() & 1U) != 0; }

    file_content left_of(const memory_file& file) {
        if (flavour_ == power_cut_flavour::kept) return file.now;
        file_content out = file.durable;
        for (const auto& one : file.unsynced) {
            const auto fate = next() % 3;
            // Two of three survive, or of the garbled flavour one whole and one in pieces.
            if (fate == 0) continue;
            if (one.is_resize)
                out.resize(one.offset);
            else if (fate == 1 && flavour_ == power_cut_flavour::garbled)
                out.write(garbled(one), one.offset);
            else
                out.write(one.bytes, one.offset);
        }
        return out;
    }

private:
    std::uint64_t next() {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_;
    }

    // Only bytes that were being written: SQLite is told that a power cut leaves a sector's other bytes alone.
    std::string garbled(const unsynced_write& one) {
        std::string bytes = one.bytes;
        for (std::int64_t at = one.offset; at < one.offset + one.length; at = at / sector * sector + sector) {
            if (coin()) continue;
            const auto end = std::min(at / sector * sector + sector, one.offset + one.length);
            for (auto byte = at; byte < end; ++byte)
                bytes[static_cast<std::size_t>(byte - one.offset)] = static_cast<char>(next() & 0xffU);
        }
        return bytes;
    }

    std::uint64_t state_;
    power_cut_flavour flavour_;
};

}  // namespace

void memory_disk::power_cut(std::uint64_t seed, power_cut_flavour flavour) {
    end_processes();
    const bool is_kept = flavour == power_cut_flavour::kept;
    cut blade(seed, flavour);
    for (auto& [name, file] : removed_)
        if (!is_kept && files_.find(name) == files_.end() && blade.coin()) files_.emplace(name, std::move(file));
    removed_.clear();
    std::map<std::string, file_pointer, std::less<>> left;
    for (const auto& [name, file] : files_) {
        if (!is_kept && !file->is_durable && blade.coin()) continue;
        auto found = std::make_shared<memory_file>();
        found->now = blade.left_of(*file);
        found->durable = found->now;
        found->is_durable = true;
        left.emplace(name, std::move(found));
    }
    files_ = std::move(left);
}

}  // namespace mdock::test
