// SPDX-License-Identifier: MIT
// Brings a database to this program's schema: numbered migrations in one transaction each, then the surface (views,
// gate, dictionary), which is made anew whenever this program's text of it differs from what made the file's.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

namespace mdock::store {

// Throws SQLite::Exception; the file is then as before.
void migrate(SQLite::Database& db);

}  // namespace mdock::store
