// SPDX-License-Identifier: MIT
// What a person sees of the service now, asked of its state and never of its answers.
#pragma once

#include "core/model/resource.h"
#include "tests/minutedock/server.h"
#include "tests/minutedock/viewer.h"

namespace mdock::sim {

// Is the row there, whether lists show it yet or not, and may this person see it?
bool is_visible(const minutedock::server& service, const minutedock::user& me, resource which, minutedock::row_id id);

// Is it there for anybody?
bool exists(const minutedock::server& service, resource which, minutedock::row_id id);

}  // namespace mdock::sim
