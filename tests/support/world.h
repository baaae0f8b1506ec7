// SPDX-License-Identifier: MIT
// One service, one mirror, one virtual clock: the vocabulary of scenario tests. `w.sync()`, then compare.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "core/engine/mirror.h"
#include "core/store/database.h"
#include "core/store/open.h"
#include "tests/minutedock/server.h"
#include "tests/support/in_process_http.h"
#include "tests/support/inline_store.h"
#include "tests/support/memory_disk.h"
#include "tests/support/scratch.h"
#include "tests/support/virtual_clock.h"

namespace mdock::test {

class seeded_random final : public random_port {
public:
    explicit seeded_random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() override;

private:
    std::uint64_t state_;
};

// The moment at which every world begins.
inline constexpr utc_seconds world_begin = std::chrono::sys_days{std::chrono::year{2024} / 6 / 12} + std::chrono::hours{9};

// Counts what the engine tells while it works.
class recording_progress final : public engine::progress {
public:
    void planned(resource which, std::optional<std::int64_t> rows) override { plans.emplace_back(which, rows); }
    void advanced(resource which, std::int64_t rows) override { last_advance[which] = rows; }
    void finished(resource which) override { done.push_back(which); }
    void pausing(const failure& why, std::chrono::seconds wait) override { pauses.emplace_back(why, wait); }
    void round_done(const engine::round_report& report) override { rounds.push_back(report); }

    std::vector<std::pair<resource, std::optional<std::int64_t>>> plans;
    std::map<resource, std::int64_t> last_advance;
    std::vector<resource> done;
    std::vector<std::pair<failure, std::chrono::seconds>> pauses;
    std::vector<engine::round_report> rounds;
};

// The process was killed in the middle of a round.
struct killed {};

class world {
public:
    // An account of `size` drawn from `seed`, seen with `token`. The mirror is in a scratch folder, or on `disk`, which
    // outlives the world and may hold a mirror already.
    explicit world(minutedock::account_size size = {}, std::uint64_t seed = 1, minutedock::switches how = {},
                   std::string_view token = minutedock::admin_token, memory_disk* disk = nullptr);

    engine::round_report sync(engine::round_request what = {});
    engine::verify_report verify(engine::verify_request what = {});
    // The daemon for so much virtual time; returns what it ended with, if it ended by itself.
    std::optional<failure> run_for(std::chrono::nanoseconds time);

    // Closes the file as a process that ends does, and opens it again.
    void restart();
    // After `killed`: what a killed process leaves is opened again.
    void revive();

    // The first column of the first row; nothing for NULL or no row.
    std::optional<std::string> ask(const std::string& sql);
    std::int64_t number(const std::string& sql);
    // A reader's connection to the mirror, as open_reader gives it.
    SQLite::Database reader() const;

    // Set by a hook of http or store: the process ends there, as by SIGKILL, and sync() throws `killed`.
    bool is_dead = false;

    std::unique_ptr<asio::io_context> io = std::make_unique<asio::io_context>();
    virtual_clock clock{world_begin};
    seeded_random chance{7};
    std::unique_ptr<scratch_folder> folder;    // null on a memory_disk
    memory_disk* disk = nullptr;
    minutedock::server service;
    in_process_http http;
    inline_store store;
    engine::options how;
    recording_progress progress;
    std::unique_ptr<store::database> db;

    std::filesystem::path file() const { return folder ? folder->path() / "mirror.db" : "mirror.db"; }

private:
    void open(bool was_left_open);
    void run(const std::function<bool()>& is_done);
    template <class Report>
    Report wait_for(asio::awaitable<Report> work);
    ports port() { return {clock, chance, http, store}; }
};

}  // namespace mdock::test
