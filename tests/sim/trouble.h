// SPDX-License-Identifier: MIT
// What waits to go wrong on one machine: each trouble counts down requests, jobs or steps and then strikes once. Also
// the table of what can go wrong with an answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mdock::sim {

// Rules of tests/minutedock/faults.h, and a few that end before the service.
struct answer_trouble {
    std::string_view name;        // a rule's text, or one of those that answer_trouble_is_local knows
    // A well-formed answer that is not the truth: what it hides cannot be asked for. Of an element without an id that is
    // so where the id is that of a parent inside of a row.
    bool is_lie = false;
    bool spares_by_id = false;    // told of one row, it would be the truth about that row
};
const std::vector<answer_trouble>& answer_troubles();

// What goes wrong with a request that changes something; half of the time it was carried out.
const answer_trouble& write_trouble(std::uint64_t pick);

enum class store_trouble : std::uint8_t { io_once, io_lasting, full, busy };
std::string_view name_of(store_trouble what);
inline constexpr std::size_t store_trouble_count = 4;

struct troubles {
    struct waiting {
        std::uint64_t after = 0;     // so many more are spared
        std::uint64_t kind = 0;      // an index into the kind's table
    };
    std::vector<waiting> http;
    std::vector<waiting> writes;     // the same for requests that change something
    std::vector<waiting> store;
    std::optional<std::uint64_t> kill_in;      // steps; odd ends after the step's work, even before it
    std::optional<std::uint64_t> cancel_in;    // steps

    void clear() { *this = {}; }
};

// The one that strikes now, taken out; the others are one nearer.
std::optional<std::uint64_t> take_due(std::vector<troubles::waiting>& from);
bool counts_down(std::optional<std::uint64_t>& left);

}  // namespace mdock::sim
