// SPDX-License-Identifier: MIT
// SQLite's error as one of our codes: the one place that knows which of its codes mean that a restart cannot help.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string_view>

#include "core/base/error.h"

namespace mdock::store {

// `where` is put before SQLite's own text; the file's path, usually.
failure failure_of(const SQLite::Exception& error, std::string_view where);

}  // namespace mdock::store
