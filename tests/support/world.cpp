// SPDX-License-Identifier: MIT
#include "tests/support/world.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

namespace mdock::test {
namespace {

constexpr auto personal = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;

}  // namespace

std::uint64_t seeded_random::next() {
    // splitmix64
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

world::world(minutedock::account_size size, std::uint64_t seed, minutedock::switches switched, std::string_view token,
             memory_disk* where)
    : folder(where == nullptr ? std::make_unique<scratch_folder>() : nullptr),
      disk(where),
      service(minutedock::generate_account(seed, size, world_begin), switched, seed),
      http(service, clock, std::string(token)) {
    how.max_requests_per_minute = 6000;
    http.is_dead = store.is_dead = &is_dead;
    restart();
}

void world::open(bool was_left_open) {
    if (disk == nullptr)
        db = store::open_writer(file(), personal);
    else
        db = store::open_writer_on(disk->vfs_name(), file(), was_left_open);
}

void world::restart() {
    db.reset();
    open(false);
}

void world::revive() {
    // The lock file keeps our process id, as after SIGKILL, so that the next open checks the file.
    if (db) db->die();
    // On a real disk closing goes on to carry over the log; a process that is killed does not, nor does it here.
    if (disk != nullptr) disk->end_processes();
    is_dead = false;
    db.reset();
    open(true);
}

void world::run(const std::function<bool()>& is_done) {
    run_until(*io, clock, [&] { return is_dead || is_done(); });
    if (!is_dead) return;
    // Every coroutine goes while what it points to is still there.
    clock.forget_sleepers();
    io = std::make_unique<asio::io_context>();
    throw killed{};
}

template <class Report>
Report world::wait_for(asio::awaitable<Report> work) {
    std::optional<Report> report;
    std::exception_ptr error;
    bool is_done = false;
    asio::co_spawn(*io, std::move(work), [&](std::exception_ptr e, Report r) {
        error = e;
        if (!e) report = std::move(r);
        is_done = true;
    });
    run([&] { return is_done; });
    if (error) std::rethrow_exception(error);
    return std::move(*report);
}

engine::round_report world::sync(engine::round_request what) {
    engine::mirror m{port(), *db, how, &progress};
    return wait_for(engine::sync_round(m, std::move(what)));
}

engine::verify_report world::verify(engine::verify_request what) {
    engine::mirror m{port(), *db, how, &progress};
    return wait_for(engine::verify(m, what));
}

std::optional<failure> world::run_for(std::chrono::nanoseconds time) {
    auto patient = how;
    patient.waits_patiently = true;
    engine::mirror m{port(), *db, patient, &progress};
    std::optional<failure> ended;
    std::exception_ptr error;
    bool is_done = false;
    asio::cancellation_signal stop;
    const auto until = clock.monotonic() + time;
    asio::co_spawn(*io, engine::run(m), asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e, failure why) {
                       error = e;
                       if (!e) ended = why;
                       is_done = true;
                   }));
    run([&] { return is_done || clock.monotonic() >= until; });
    if (!is_done) {
        stop.emit(asio::cancellation_type::terminal);
        run([&] { return is_done; });
        return std::nullopt;
    }
    if (error) std::rethrow_exception(error);
    return ended;
}

SQLite::Database world::reader() const {
    return disk == nullptr ? store::open_reader(file()) : store::open_reader_on(disk->vfs_name(), file());
}

std::optional<std::string> world::ask(const std::string& sql) {
    SQLite::Database db_of_reader = reader();
    SQLite::Statement query(db_of_reader, sql);
    if (!query.executeStep() || query.getColumn(0).isNull()) return std::nullopt;
    return query.getColumn(0).getString();
}

std::int64_t world::number(const std::string& sql) {
    SQLite::Database db_of_reader = reader();
    SQLite::Statement query(db_of_reader, sql);
    return query.executeStep() ? query.getColumn(0).getInt64() : -1;
}

}  // namespace mdock::test
