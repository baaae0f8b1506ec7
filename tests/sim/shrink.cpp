// SPDX-License-Identifier: MIT
#include "tests/sim/shrink.h"

#include <algorithm>

#include "tests/sim/yard.h"

namespace mdock::sim {
namespace {

class shrinking {
public:
    shrinking(script failing, const std::string& oracle, int runs) : best_(std::move(failing)), oracle_(oracle), left_(runs) {}

    script run() {
        drop_events();
        reset_switches();
        drop_machines();
        for (int entries : {0, 1, 3, 8, 20})
            if (entries < best_.entries) {
                script smaller = best_;
                smaller.entries = entries;
                if (keeps(std::move(smaller))) break;
            }
        drop_events();
        return std::move(best_);
    }

private:
    bool keeps(script smaller) {
        if (left_-- <= 0) return false;
        coverage unused;
        const auto done = run_script(smaller, unused);
        if (!done.broken || done.broken->oracle != oracle_) return false;
        best_ = std::move(smaller);
        return true;
    }

    void drop_events() {
        for (std::size_t size = std::max<std::size_t>(1, best_.events.size() / 2); size > 0; size /= 2) {
            for (std::size_t at = 0; at + size <= best_.events.size() && left_ > 0;) {
                script smaller = best_;
                const auto first = smaller.events.begin() + static_cast<std::ptrdiff_t>(at);
                const auto last = first + static_cast<std::ptrdiff_t>(size);
                // What comes after stays at its moment.
                std::chrono::milliseconds gap{0};
                for (auto e = first; e != last; ++e) gap += e->wait;
                if (last != smaller.events.end()) last->wait += gap;
                smaller.events.erase(first, last);
                if (!keeps(std::move(smaller))) at += size;
            }
        }
    }

    void reset_switches() {
        const minutedock::switches defaults;
        for (const auto& [name, values] : minutedock::known_switches()) {
            const auto usual = minutedock::switch_value(defaults, name);
            if (minutedock::switch_value(best_.how, name) == usual) continue;
            script smaller = best_;
            minutedock::set_switch(smaller.how, name, usual);
            keeps(std::move(smaller));
        }
    }

    void drop_machines() {
        while (best_.machines.size() > 1) {
            script smaller = best_;
            const auto last = smaller.machines.size() - 1;
            smaller.machines.pop_back();
            std::erase_if(smaller.events, [last](const event& e) { return e.machine == last; });
            if (!keeps(std::move(smaller))) return;
        }
    }

    script best_;
    const std::string& oracle_;
    int left_;
};

}  // namespace

script shrink(script failing, const std::string& oracle, int runs) { return shrinking(std::move(failing), oracle, runs).run(); }

}  // namespace mdock::sim
