// SPDX-License-Identifier: MIT
#include "daemon/host/host_random.h"

#include <array>

namespace mdock::host {
namespace {

std::mt19937_64 seeded_engine() {
    std::random_device device;
    std::array<std::random_device::result_type, 16> words{};
    for (auto& word : words) word = device();
    std::seed_seq seed(words.begin(), words.end());
    return std::mt19937_64(seed);
}

}  // namespace

host_random::host_random() : engine_(seeded_engine()) {}

}  // namespace mdock::host
