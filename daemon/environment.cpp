// SPDX-License-Identifier: MIT
#include "daemon/environment.h"

#include <unistd.h>

namespace mdock {

environment environment::of_this_process() {
    variables all;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || equals == 0) continue;
        all.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return environment(std::move(all));
}

}  // namespace mdock
