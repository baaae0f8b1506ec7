// SPDX-License-Identifier: MIT
// Chance for the server model: a small generator whose numbers are the same on every machine, which std::
// distributions do not promise. Same seed, same account, same answers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace minutedock {

class dice {
public:
    explicit dice(std::uint64_t seed) : at_(seed) {}

    // splitmix64
    std::uint64_t next() {
        std::uint64_t z = (at_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }

    // Uniform enough in [0, below); 0 when `below` is 0.
    std::uint64_t below(std::uint64_t below) { return below == 0 ? 0 : next() % below; }
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
    }
    bool percent(unsigned chance) { return below(100) < chance; }
    bool per_mille(unsigned chance) { return below(1000) < chance; }

    template <class Choices>
    const auto& one_of(const Choices& choices) {
        return choices[static_cast<std::size_t>(below(std::size(choices)))];
    }

    template <class Items>
    void shuffle(Items& items) {
        for (std::size_t left = items.size(); left > 1; --left) {
            const auto pick = static_cast<std::size_t>(below(left));
            using std::swap;
            swap(items[left - 1], items[pick]);
        }
    }

private:
    std::uint64_t at_;
};

}  // namespace minutedock
