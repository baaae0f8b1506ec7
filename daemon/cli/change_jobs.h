// SPDX-License-Identifier: MIT
// The daemon's part of a local change: on the store thread, between two jobs of a round. While a rehearsal (`verify
// --dry-run`) is under way they wait for its end, because it takes back everything that is written within it.
#pragma once

#include "core/engine/mirror.h"
#include "daemon/cli/local_change.h"

namespace mdock::cli {

asio::awaitable<result<store::write_outcome>> write_between_jobs(engine::mirror& mirror, write_request what);
asio::awaitable<result<bool>> act_between_jobs(engine::mirror& mirror, action_request what);

}  // namespace mdock::cli
