// SPDX-License-Identifier: MIT
#include "tests/sim/timeline.h"

#include <boost/asio/error.hpp>

namespace mdock::sim {

timeline::key timeline::wake_at(std::size_t owner, monotonic_time until, wake call) {
    const key mine{until, chance_.next(), ++number_};
    owners_[owner].sleepers.emplace(mine, std::move(call));
    return mine;
}

void timeline::cancel(std::size_t owner, const key& which) {
    auto& sleepers = owners_[owner].sleepers;
    const auto found = sleepers.find(which);
    if (found == sleepers.end()) return;
    auto call = std::move(found->second);
    sleepers.erase(found);
    call(boost::asio::error::operation_aborted);
}

std::optional<monotonic_time> timeline::next() const {
    std::optional<monotonic_time> first;
    for (const auto& owner : owners_) {
        std::optional<monotonic_time> at;
        if (owner.held_until > now())
            at = owner.held_until;
        else if (!owner.sleepers.empty() && owner.sleepers.begin()->first.until != monotonic_time::max())
            at = owner.sleepers.begin()->first.until;
        if (at && (!first || *at < *first)) first = at;
    }
    return first;
}

void timeline::step() {
    const auto at = next();
    if (!at) return;
    advance_to(*at);
    owner_state* due = nullptr;
    for (auto& owner : owners_) {
        if (owner.held_until > now() || owner.sleepers.empty()) continue;
        const auto& first = owner.sleepers.begin()->first;
        if (first.until > now()) continue;
        if (due == nullptr || first < due->sleepers.begin()->first) due = &owner;
    }
    if (due == nullptr) return;    // a stopped machine goes on; what it missed wakes next
    auto call = std::move(due->sleepers.begin()->second);
    due->sleepers.erase(due->sleepers.begin());
    call({});
}

}  // namespace mdock::sim
