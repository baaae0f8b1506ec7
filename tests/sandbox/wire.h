// SPDX-License-Identifier: MIT
// The model's answer as bytes and as a way of sending them: where a wire fault takes effect. No socket here.
#pragma once

#include <chrono>
#include <string>

#include "tests/minutedock/server.h"

namespace sandbox {

enum class ending {
    keep,            // wait for the next request
    close,           // close_notify, then the connection is closed
    cut,             // closed without close_notify
    reset,           // RST
    hang,            // nothing more is said until the client goes away
};

struct delivery {
    std::chrono::milliseconds delay{0};          // before the first byte
    std::string bytes;
    std::chrono::milliseconds between_bytes{0};  // 0: all at once
    ending then = ending::keep;
};

struct client_wishes {
    bool accepts_gzip = false;
    bool keeps_connection = true;
};

delivery plan_delivery(const minutedock::reply& given, client_wishes wishes);

std::string gzip(std::string_view text);
// A gzip stream that inflates to `size` zeros.
std::string gzip_of_zeros(std::uint64_t size);

}  // namespace sandbox
