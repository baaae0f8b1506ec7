// SPDX-License-Identifier: MIT
// Line items come only with a single invoice: one request for each invoice that is new or changed, remembered in the
// file until it is answered.
#pragma once

#include "core/engine/session.h"

namespace mdock::engine {

asio::awaitable<void> read_lines(session& s, bool is_forced);

}  // namespace mdock::engine
