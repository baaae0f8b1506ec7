// SPDX-License-Identifier: MIT
// A machine's disk, in memory: begins as an empty migrated mirror, keeps what a killed process left, and fails on demand.
// Disks and their open connections go from one run to the next, because opening costs more than a whole short run; what
// a run finds is the same image each time.
#pragma once

#include <filesystem>
#include <memory>

#include "core/store/database.h"
#include "core/store/local_write.h"
#include "tests/sim/machine.h"
#include "tests/support/memory_disk.h"

namespace mdock::sim {

struct machine::disk {
    // Disk `number` of this process, with what is on `begin`, or with an empty mirror.
    disk(std::size_t number, const test::disk_image* begin);
    test::disk_image copy() const;
    // The connection is kept for the next run when it is in good order.
    void give_back(std::unique_ptr<store::database> db);

    std::unique_ptr<store::database> open(bool was_killed);
    // After the process's connection is closed or has died.
    void end_processes();
    void fail(store_trouble what, minutedock::dice& chance);
    // True when anything failed.
    bool heal();

    void set_time(minutedock::stamp now);

    // A person's SQL in one transaction, on a connection of its own with the gate open, as a stock shell does it where
    // writes.direct_sql is on. The sentence with which it was refused; none when it was done.
    std::optional<std::string> write(const std::vector<store::write_statement>& statements);

    // What another program reads now, on a connection of its own.
    struct glance {
        std::int64_t seq = 0;
        std::int64_t entries = 0;
    };
    glance look();

private:
    struct kept;
    static kept& keep(std::size_t number);
    void hold_lock();

    kept& mine_;
    struct other_writer;
    std::shared_ptr<other_writer> other_;
};

}  // namespace mdock::sim
