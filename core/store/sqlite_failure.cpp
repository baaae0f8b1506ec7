// SPDX-License-Identifier: MIT
#include "core/store/sqlite_failure.h"

#include <sqlite3.h>

#include <string>

namespace mdock::store {
namespace {

errc code_of(int sqlite_code) {
    switch (sqlite_code) {
        case SQLITE_CORRUPT: return errc::database_corrupt;
        case SQLITE_NOTADB: return errc::database_foreign;
        case SQLITE_FULL: return errc::database_full;
        case SQLITE_BUSY: return errc::database_busy;
        default: return errc::database_error;
    }
}

}  // namespace

failure failure_of(const SQLite::Exception& error, std::string_view where) {
    return {code_of(error.getErrorCode()), std::string(where) + ": " + error.what()};
}

}  // namespace mdock::store
