// SPDX-License-Identifier: MIT
// gzip, undone under a cap: an answer that grows beyond it is refused before the memory is taken (H12).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mdock::net {

enum class inflate_fault { too_large, damaged, cut_short };

struct inflated {
    std::string text;
    std::optional<inflate_fault> fault;    // set: `text` is not to be used
};

// One or more gzip members, whole. At most `cap` bytes are produced.
inflated inflate_gzip(std::string_view packed, std::size_t cap);

}  // namespace mdock::net
