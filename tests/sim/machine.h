// SPDX-License-Identifier: MIT
// One computer with mdock on it: its ports onto the yard, its disk, and what it is doing. It runs the engine as it is,
// one round, one verification or the daemon's loop; it can be killed, stopped, cut off and started again.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>

#include "core/engine/mirror.h"
#include "core/store/database.h"
#include "core/store/local_write.h"
#include "tests/sim/grounds.h"
#include "tests/sim/pace_judge.h"
#include "tests/sim/script.h"
#include "tests/sim/trouble.h"
#include "tests/sim/witness.h"
#include "tests/support/memory_disk.h"

namespace mdock::sim {

class machine final : public engine::progress {
public:
    // `begin`: what its disk holds; null for an empty mirror.
    machine(grounds& world, std::size_t number, const machine_plan& plan, const test::disk_image* begin);
    ~machine() override;
    machine(const machine&) = delete;
    machine& operator=(const machine&) = delete;

    // Nothing happens when it is off or at something else already.
    void begin_round(engine::round_request what);
    void begin_verification(engine::verify_request what);
    void begin_daemon();
    // As by SIGTERM: what runs is cancelled and ends by itself.
    void cancel();
    // As by SIGKILL, now; the disk stays.
    void kill();
    void start();

    // Lets everything that is ready run. True when anything did.
    bool pump();

    test::disk_image copy_of_disk() const;
    // A person's SQL on this machine; the sentence with which it was refused.
    void note_write();
    std::optional<std::string> write(const std::vector<store::write_statement>& statements);
    // What SQLite on this machine takes for the time.
    void set_clock();
    bool is_on() const { return db_ != nullptr; }
    bool is_busy() const { return doing_ != doing::nothing; }
    bool is_accepting() const { return is_accepting_; }
    bool is_daemon() const { return doing_ == doing::daemon; }

    std::size_t number() const { return number_; }
    const machine_plan& plan() const { return plan_; }
    const minutedock::user& me() const;
    store::database& db() { return *db_; }
    engine::options& how() { return how_; }
    witness& seen() { return seen_; }
    const std::optional<engine::round_report>& last_round() const { return last_round_; }

    troubles awaiting;
    monotonic_time offline_until{};
    std::chrono::seconds wall_error{0};

    // For its ports.
    bool is_dead() const { return is_dead_; }
    // Before a step's work: may kill or cancel. False when the process is dead.
    bool meet(step_name step);
    // After it. False when the process is dead.
    bool pass(step_name step);
    void fail_store(std::uint64_t kind);
    void heal_store();
    // READ: another program looks after each transaction and sees neither an emptied table nor an older state.
    void let_reader_look();
    // Between two jobs no statement is left open: it would hold an old state, and the log for ever.
    void look_for_open_statements(step_name after);
    bool is_watched_by_reader = false;
    pace_judge& pace() { return pace_; }
    void begins_round();
    // Another set of visible rows: `since` says nothing of what came into sight.
    void look_at_rights();

private:
    enum class doing { nothing, round, verification, daemon };
    class clock;
    class http;
    class store_thread;
    class chance;

    void planned(resource, std::optional<std::int64_t>) override {}
    void advanced(resource, std::int64_t) override {}
    void finished(resource) override {}
    void pausing(const failure&, std::chrono::seconds) override {}
    void round_done(const engine::round_report& report) override;

    void bury();
    void rehearsal_done();
    engine::mirror& fresh_mirror(bool is_patient);
    void ended(std::exception_ptr error);
    ports port();

    grounds& world_;
    std::size_t number_;
    machine_plan plan_;
    engine::options how_;
    std::unique_ptr<asio::io_context> io_;
    std::unique_ptr<clock> clock_;
    std::unique_ptr<http> http_;
    std::unique_ptr<store_thread> store_;
    std::unique_ptr<chance> chance_;
    std::unique_ptr<store::database> db_;
    std::unique_ptr<engine::mirror> mirror_;
    std::unique_ptr<asio::cancellation_signal> stop_;
    doing doing_ = doing::nothing;
    bool is_dead_ = false;
    bool was_killed_ = false;
    bool dies_after_ = false;
    bool is_full_ = false;
    bool is_accepting_ = false;
    std::optional<std::int64_t> rehearsed_from_;    // changes.seq before a rehearsal, which may not add to it
    store_trouble failing_{};
    std::optional<engine::round_report> last_round_;
    pace_judge pace_;
    witness seen_;

    struct disk;
    std::unique_ptr<disk> disk_;
};

}  // namespace mdock::sim
