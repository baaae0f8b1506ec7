// SPDX-License-Identifier: MIT
// The report of a round as the daemon sends it to a command: the document of `sync --json`, read back.
#pragma once

#include <string>

#include "core/engine/mirror.h"

namespace mdock::cli {

// bad_shape when `text` is no such document.
result<engine::round_report> report_from_json(const std::string& text);

}  // namespace mdock::cli
