// SPDX-License-Identifier: MIT
#include "tests/sandbox/world.h"

namespace sandbox {
namespace {

mdock::utc_seconds now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

}  // namespace

world::world(minutedock::server model, std::string control_token)
    : model_(std::move(model)), control_token_(std::move(control_token)) {}

minutedock::reply world::handle(const minutedock::call& request) { return model_.handle(request, now()); }

minutedock::reply world::handle_as_other(const minutedock::call& request) {
    const std::vector<minutedock::fault_rule> rules = model_.faults();
    model_.clear_faults();
    model_.set_rate_limit(0);
    model_.keep_log(false);
    ++by_others_;
    minutedock::reply given = model_.handle(request, now());
    model_.keep_log(true);
    model_.set_rate_limit(knobs_.rate_limit);
    for (const auto& rule : rules) model_.add_fault(rule);
    return given;
}

void world::set(knobs to) {
    knobs_ = to;
    model_.set_rate_limit(to.rate_limit);
}

std::vector<std::pair<std::string, std::string>> known_tokens() {
    return {{"admin", std::string(minutedock::admin_token)},       {"member", std::string(minutedock::plain_token)},
            {"invoices", std::string(minutedock::invoices_token)}, {"limited", std::string(minutedock::limited_token)},
            {"neighbour", std::string(minutedock::neighbour_token)}, {"revoked", std::string(minutedock::revoked_token)}};
}

std::string token_called(std::string_view name) {
    for (const auto& [known, token] : known_tokens())
        if (known == name) return token;
    return {};
}

}  // namespace sandbox
