// SPDX-License-Identifier: MIT
#include "tests/sim/trouble.h"

#include <algorithm>
#include <array>

namespace mdock::sim {

const std::vector<answer_trouble>& answer_troubles() {
    static const std::vector<answer_trouble> all{
        {"refused"}, {"reset"}, {"lost"}, {"cut"}, {"hang"}, {"delay=7"}, {"delay=45"},
        {"401"}, {"403", false, true}, {"404", false, true}, {"409"}, {"410", false, true}, {"422"},
        {"429"}, {"429:retry-after=90"}, {"429:retry-after=900"}, {"429:retry-after=-5"}, {"429:retry-after=soon"},
        {"500"}, {"502"}, {"503"}, {"503:retry-after=40"}, {"504"},
        {"html"}, {"redirect"}, {"empty"}, {"204"}, {"null", false, true}, {"object", false, true}, {"text"},
        {"array", true, true}, {"dropped", true}, {"truncated"}, {"bad_utf8"}, {"no_id", true}, {"big_id"}, {"zero_id"}, {"float_id"},
    };
    return all;
}

const answer_trouble& write_trouble(std::uint64_t pick) {
    constexpr std::array<std::string_view, 16> names{"lost", "lost", "lost", "cut", "hang", "delay=45", "truncated", "no_id",
                                                     "reset", "500", "204", "empty", "422", "404", "403", "409"};
    const auto name = names[static_cast<std::size_t>(pick % names.size())];
    const auto& all = answer_troubles();
    return *std::find_if(all.begin(), all.end(), [name](const auto& one) { return one.name == name; });
}

std::string_view name_of(store_trouble what) {
    constexpr std::array<std::string_view, store_trouble_count> names{"store.io_once", "store.io_lasting", "store.full",
                                                                      "store.busy"};
    return names[static_cast<std::size_t>(what)];
}

std::optional<std::uint64_t> take_due(std::vector<troubles::waiting>& from) {
    std::optional<std::uint64_t> due;
    for (auto at = from.begin(); at != from.end();) {
        if (at->after > 0 || due) {
            if (at->after > 0) --at->after;
            ++at;
            continue;
        }
        due = at->kind;
        at = from.erase(at);
    }
    return due;
}

bool counts_down(std::optional<std::uint64_t>& left) {
    if (!left) return false;
    if (*left > 0) {
        --*left;
        return false;
    }
    left.reset();
    return true;
}

}  // namespace mdock::sim
