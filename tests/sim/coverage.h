// SPDX-License-Identifier: MIT
// What the runs reached: each named step of the engine, each kind of fault, each kind of event. A step that no run
// reaches fails the campaign, so the counts are by the literal's text.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mdock::sim {

class coverage {
public:
    void step(std::string_view name) { ++by_literal_[name]; }
    void fault(std::string_view name) { ++faults_[std::string(name)]; }
    void event(std::string_view name) { ++events_[std::string(name)]; }

    // The same text may stand in several places of the program.
    std::map<std::string, std::uint64_t> steps() const {
        std::map<std::string, std::uint64_t> out;
        for (const auto& [name, count] : by_literal_) out[std::string(name)] += count;
        return out;
    }
    const std::map<std::string, std::uint64_t>& faults() const { return faults_; }
    const std::map<std::string, std::uint64_t>& events() const { return events_; }

    std::int64_t virtual_seconds = 0;
    std::uint64_t requests = 0;
    std::uint64_t rounds = 0;

private:
    std::unordered_map<std::string_view, std::uint64_t> by_literal_;
    std::map<std::string, std::uint64_t> faults_;
    std::map<std::string, std::uint64_t> events_;
};

}  // namespace mdock::sim
