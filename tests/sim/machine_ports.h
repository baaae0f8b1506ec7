// SPDX-License-Identifier: MIT
// A machine's four ports. Every wait, request and transaction of the engine passes here under its name, which is where
// the machine is killed, cancelled, cut off or lied to.
#pragma once

#include "tests/sim/machine.h"

namespace mdock::sim {

class machine::clock final : public clock_port {
public:
    clock(machine& on, grounds& world) : on_(on), world_(world) {}
    utc_seconds wall() const override { return world_.line.true_time() + on_.wall_error; }
    monotonic_time monotonic() const override { return world_.line.now(); }
    asio::awaitable<void> sleep_until(step_name step, monotonic_time until) override;
    // Without a step: time that passes inside of a request.
    asio::awaitable<void> rest(monotonic_time until);

private:
    machine& on_;
    grounds& world_;
};

class machine::http final : public http_port {
public:
    http(machine& on, grounds& world) : on_(on), world_(world) {}
    asio::awaitable<result<http_answer>> send(step_name step, http_request request) override;

private:
    monotonic_time some_latency();
    const answer_trouble* strikes(const http_request& request);
    bool is_narrowed_by_a_403() const;
    asio::awaitable<result<http_answer>> travel(http_request request);

    machine& on_;
    grounds& world_;
    std::set<std::string> lied_about_;
    std::set<std::string> shown_;    // paths that had a row in an answer
};

class machine::store_thread final : public store_port {
public:
    store_thread(machine& on, grounds& world) : on_(on), world_(world) {}

protected:
    void post(step_name step, std::function<void()> work, std::function<void()> done) override;

private:
    machine& on_;
    grounds& world_;
};

class machine::chance final : public random_port {
public:
    explicit chance(std::uint64_t seed) : dice_(seed) {}
    std::uint64_t next() override { return dice_.next(); }

private:
    minutedock::dice dice_;
};

}  // namespace mdock::sim
