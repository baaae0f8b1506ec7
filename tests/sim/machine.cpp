// SPDX-License-Identifier: MIT
#include "tests/sim/machine.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <sqlite3.h>

#include "core/base/error.h"
#include "core/store/change_log.h"
#include "core/store/resource_state.h"
#include "tests/sim/disk.h"
#include "tests/sim/machine_ports.h"
#include "tests/sim/oracles.h"

namespace mdock::sim {
namespace {

using std::chrono::seconds;

void set_intervals(engine::options& how, const machine_plan& plan) {
    how.max_requests_per_minute = plan.requests_per_minute;
    how.overlap = seconds{plan.overlap};
    how.most_windows_read = static_cast<std::size_t>(plan.windows_read);
    how.interval = seconds{plan.interval};
    how.billing_interval = seconds{plan.interval * 3};
    how.reference_interval = seconds{plan.interval * 2};
    how.verify_interval = seconds{plan.interval * 4};
    how.sweep_interval = seconds{plan.interval * 200};
    how.second_read_after = seconds{plan.interval * 2};
    how.retry_denied_after = seconds{plan.interval * 20};
    how.dock_active_interval = seconds{plan.interval};
    how.dock_idle_interval = seconds{plan.interval * 3};
}

}  // namespace

machine::machine(grounds& world, std::size_t number, const machine_plan& plan, const test::disk_image* begin)
    : wall_error(plan.wall_error), world_(world), number_(number), plan_(plan), pace_(plan.requests_per_minute),
      disk_(std::make_unique<disk>(number, begin)) {
    set_intervals(how_, plan_);
    clock_ = std::make_unique<clock>(*this, world);
    http_ = std::make_unique<http>(*this, world);
    store_ = std::make_unique<store_thread>(*this, world);
    chance_ = std::make_unique<chance>(world.chance.next());
    start();
}

machine::~machine() {
    if (!is_on()) return;
    // A rehearsal's transaction is open between its jobs: such a connection is of no use to another run.
    if (db_->is_rehearsing()) {
        bury();
        return;
    }
    // Coroutines go before what they point to; between two jobs the connection is in good order.
    world_.line.forget(number_);
    io_.reset();
    disk_->give_back(std::move(db_));
}

test::disk_image machine::copy_of_disk() const { return disk_->copy(); }

const minutedock::user& machine::me() const {
    for (const auto& known : world_.service.account().credentials)
        if (known.text == plan_.token) return *world_.service.account().user_by_email(known.user_email);
    throw std::logic_error("a machine with an unknown token");
}

std::optional<std::string> machine::write(const std::vector<store::write_statement>& statements) { return disk_->write(statements); }

// A rehearsal that had not begun yet leaves what a person did before it.
void machine::note_write() {
    seen_.was_well = false;
    // What the person took away, no round has.
    seen_.reader_rows = std::min(seen_.reader_rows, disk_->look().entries);
    if (rehearsed_from_) rehearsed_from_ = store::last_change(*db_);
}

void machine::set_clock() { disk_->set_time(world_.line.exact() + wall_error); }

ports machine::port() { return {*clock_, *chance_, *http_, *store_}; }

void machine::start() {
    if (is_on()) return;
    is_dead_ = false;
    io_ = std::make_unique<asio::io_context>();
    db_ = disk_->open(was_killed_);
    was_killed_ = false;
    judge_monotony(world_, *this);
}

engine::mirror& machine::fresh_mirror(bool is_patient) {
    how_.waits_patiently = is_patient;
    mirror_ = std::make_unique<engine::mirror>(engine::mirror{port(), *db_, how_, this, nullptr});
    stop_ = std::make_unique<asio::cancellation_signal>();
    last_round_.reset();
    return *mirror_;
}

void machine::look_at_rights() {
    const auto changed = world_.past.rights_changed_at(me().id);
    if (changed == seen_.rights_seen) return;
    seen_.rights_seen = changed;
    seen_.may_trust_since = false;
}

void machine::begins_round() {
    look_at_rights();
    seen_.round_began = world_.line.exact();
    seen_.faults_at_start = world_.faults_fired;
    seen_.is_cut_off_all_along = offline_until > world_.line.now();
    for (const auto& known : world_.service.account().credentials)
        if (known.text == plan_.token) seen_.was_revoked_at_start = known.revoked;
}

void machine::begin_round(engine::round_request what) {
    if (!is_on() || is_busy()) return;
    auto& m = fresh_mirror(false);
    doing_ = doing::round;
    begins_round();
    const bool is_full = is_full_ = what.full;
    asio::co_spawn(*io_, engine::sync_round(m, what),
                   asio::bind_cancellation_slot(stop_->slot(), [this, is_full](std::exception_ptr e, engine::round_report r) {
                       if (!e) {
                           if (is_full && !r.stopped_by) seen_.may_trust_since = true;
                           round_done(r);
                       }
                       ended(e);
                   }));
}

void machine::begin_daemon() {
    if (!is_on() || is_busy()) return;
    auto& m = fresh_mirror(true);
    doing_ = doing::daemon;
    begins_round();
    asio::co_spawn(*io_, engine::run(m), asio::bind_cancellation_slot(stop_->slot(), [this](std::exception_ptr e, failure why) {
                       if (!e) world_.log.note(number_, "daemon ends:", why.context());
                       ended(e);
                   }));
}

void machine::begin_verification(engine::verify_request what) {
    if (!is_on() || is_busy()) return;
    auto& m = fresh_mirror(false);
    doing_ = doing::verification;
    begins_round();
    if (what.is_rehearsal && !store::is_first_load_open(*db_)) rehearsed_from_ = store::last_change(*db_);
    const bool is_rehearsal = what.is_rehearsal;
    is_accepting_ = what.accepts_held;
    asio::co_spawn(*io_, engine::verify(m, what),
                   asio::bind_cancellation_slot(stop_->slot(), [this, is_rehearsal](std::exception_ptr e, engine::verify_report r) {
                       if (!e && !is_rehearsal) round_done(r.sync);
                       if (!e && is_rehearsal) rehearsal_done();
                       ended(e);
                   }));
}

// What a rehearsal found is told and not kept.
void machine::rehearsal_done() {
    if (rehearsed_from_ && store::last_change(*db_) != *rehearsed_from_)
        world_.fail("REHEARSAL", "a rehearsal has changed the mirror");
    rehearsed_from_.reset();
    judge_monotony(world_, *this);
}

// The engine is between two rounds here, and its database between two jobs.
void machine::round_done(const engine::round_report& report) {
    ++world_.reached.rounds;
    world_.log.note(number_, "round done:", report.stopped_by ? std::string_view(report.stopped_by->context()) : "well");
    last_round_ = report;
    judge_cause(world_, *this, report);
    judge_delta(world_, *this, report);
    judge_monotony(world_, *this);
    judge_absence(world_, *this);
    judge_idle(world_, *this, report, doing_ != doing::round, is_full_);
    judge_verified(world_, *this);
    judge_outbox(world_, *this, false);
    begins_round();
}

// One job's exception is what an interrupted process shows; any other is a programming error.
void machine::ended(std::exception_ptr error) {
    doing_ = doing::nothing;
    if (!error) return;
    pace_.forgets();
    // The process ends here, and its connection with it: what a rehearsal has open is rolled back.
    if (db_->is_rehearsing()) db_->end_rehearsal();
    rehearsed_from_.reset();
    try {
        std::rethrow_exception(error);
    } catch (const SQLite::Exception& broken) {
        // `mdock sync` ends with it; the daemon waits it out by itself.
        world_.log.note(number_, "ends with SQLite:", broken.what());
        if (db_) db_->forget();
    } catch (const boost::system::system_error& cancelled) {
        world_.log.note(number_, "ends:", cancelled.code().message());
        if (cancelled.code() != boost::asio::error::operation_aborted) world_.fail("NOTHROW", cancelled.what());
    } catch (const std::exception& other) {
        world_.fail("NOTHROW", other.what());
    }
}

void machine::cancel() {
    if (doing_ == doing::nothing) return;
    stop_->emit(asio::cancellation_type::terminal);
}

void machine::kill() {
    if (!is_on()) return;
    is_dead_ = true;
    bury();
}

// The process is gone: every coroutine goes while what it points to is still there.
void machine::bury() {
    world_.line.forget(number_);
    io_.reset();
    mirror_.reset();
    stop_.reset();
    doing_ = doing::nothing;
    // A kill comes between two jobs of the store, so what is on the disk is what was committed, and the next process may as
    // well have this one's connection: opening costs as much as half a run. A fourth of them are opened as after a crash.
    if (db_ && !db_->is_rehearsing() && world_.chance.percent(90)) {
        db_->forget();
        disk_->give_back(std::move(db_));
    } else {
        // Closing would carry over the log; a process that is killed does not.
        disk_->end_processes();
        if (db_) db_->die();
        db_.reset();
        was_killed_ = true;
    }
    rehearsed_from_.reset();
    pace_.forgets();
    awaiting.kill_in.reset();
    awaiting.cancel_in.reset();
}

bool machine::pump() {
    if (!is_on() || world_.line.is_held(number_)) return false;
    io_->restart();
    const bool did = io_->poll() > 0;
    if (is_dead_) bury();
    return did;
}

bool machine::meet(step_name step) {
    if (is_dead_) return false;
    world_.reached.step(step);
    world_.log.note(number_, step);
    if (world_.is_healed) return true;
    if (counts_down(awaiting.cancel_in)) {
        world_.fired("process.cancel", number_);
        // Not from inside of what is cancelled.
        asio::post(*io_, [this] { cancel(); });
    }
    if (!awaiting.kill_in) return true;
    dies_after_ = *awaiting.kill_in % 2 == 1;
    if (*awaiting.kill_in >= 2) {
        *awaiting.kill_in -= 2;
        return true;
    }
    awaiting.kill_in.reset();
    world_.fired(dies_after_ ? "process.kill_after" : "process.kill_before", number_);
    is_dead_ = true;
    return dies_after_;
}

bool machine::pass(step_name) { return !is_dead_; }

void machine::fail_store(std::uint64_t kind) {
    failing_ = static_cast<store_trouble>(kind % store_trouble_count);
    disk_->fail(failing_, world_.chance);
}

void machine::let_reader_look() {
    const auto now = disk_->look();
    // Rows leave one by one, each with its own verdict.
    if (now.entries + 3 < seen_.reader_rows)
        world_.fail("READ", "a reader sees " + std::to_string(now.entries) + " entries where there were " +
                                std::to_string(seen_.reader_rows) + " a transaction ago");
    if (now.seq < seen_.reader_seq) world_.fail("READ", "a reader sees an older state than it saw before");
    seen_.reader_rows = now.entries;
    seen_.reader_seq = now.seq;
}

void machine::look_for_open_statements(step_name after) {
    if (db_->is_rehearsing()) return;
    sqlite3* handle = db_->connection().getHandle();
    if (sqlite3_txn_state(handle, "main") == SQLITE_TXN_NONE) return;
    for (auto* one = sqlite3_next_stmt(handle, nullptr); one != nullptr; one = sqlite3_next_stmt(handle, one))
        if (sqlite3_stmt_busy(one) != 0) world_.fail("BOUND", std::string(after) + " leaves open: " + sqlite3_sql(one));
    world_.fail("BOUND", std::string(after) + " leaves a transaction open");
}

void machine::heal_store() {
    if (!disk_->heal()) return;
    world_.fired(name_of(failing_), number_);
    pace_.forgets();
}

}  // namespace mdock::sim
