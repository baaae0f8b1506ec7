// SPDX-License-Identifier: MIT
// One JSON scalar to one cell, by the column's kind: the only place that knows which forms MinuteDock is tolerated to
// send (docs/api.md). Anything else is refused with a reason, never guessed.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/model/rows.h"

namespace mdock::api {

enum class scalar_type : std::uint8_t { null, boolean, integer, real, text };

struct scalar {
    scalar_type type = scalar_type::null;
    bool boolean = false;
    double real = 0;
    std::string_view text;    // the text, or the number's own characters
};

// Sets `out` and returns null, or returns why not ("not an integer"). Texts are kept in `batch`.
const char* cell_from(const scalar& value, model::kind how, model::row_batch& batch, model::cell& out);

}  // namespace mdock::api
