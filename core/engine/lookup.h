// SPDX-License-Identifier: MIT
// One row asked for by its id: what MinuteDock itself says of it.
#pragma once

#include <cstdint>

#include "core/engine/session.h"

namespace mdock::engine {

enum class fate {
    there,        // and the mirror has it as it is now
    unlisted,     // there, and just as the mirror had it: the list that lacked it is the odd one
    in_dock,      // an entry that is a running timer now (D16)
    gone,         // 404 or 410
    hidden,       // 403
    unknown,      // no answer that can be believed; s.open says why
};

bool has_lookup(resource which);

asio::awaitable<fate> look_up(session& s, resource which, std::int64_t id);

}  // namespace mdock::engine
