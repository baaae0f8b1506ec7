// SPDX-License-Identifier: MIT
#include "tests/sim/disk.h"

#include "core/store/open.h"

namespace mdock::sim {

machine::disk::disk(std::size_t) {}

std::unique_ptr<store::database> machine::disk::open(bool) {
    return store::open_writer(folder.path() / "mirror.db", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

void machine::disk::fail(store_trouble, minutedock::dice&, store::database& db) {
    const auto pages = db.connection().execAndGet("PRAGMA page_count").getInt();
    db.connection().exec("PRAGMA max_page_count = " + std::to_string(pages));
}

void machine::disk::heal(store::database& db) { db.connection().exec("PRAGMA max_page_count = 1073741823"); }

}  // namespace mdock::sim
