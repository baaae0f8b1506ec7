// SPDX-License-Identifier: MIT
// The process environment as a value, so that settings, paths and colours can be tested without touching the real one.
// A variable that is set to nothing counts as not set.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mdock {

class environment {
public:
    using variables = std::map<std::string, std::string, std::less<>>;

    environment() = default;
    explicit environment(variables all) : all_(std::move(all)) {}
    static environment of_this_process();

    std::optional<std::string> get(std::string_view name) const {
        const auto found = all_.find(name);
        if (found == all_.end() || found->second.empty()) return std::nullopt;
        return found->second;
    }
    bool has(std::string_view name) const { return get(name).has_value(); }
    const variables& all() const { return all_; }

private:
    variables all_;
};

}  // namespace mdock
