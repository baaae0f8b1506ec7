// SPDX-License-Identifier: MIT
// Turns received bytes into one answer, without a socket. Judges completeness by the framing only (N04), refuses
// contradictory framing and oversize heads and bodies (H09, H11), skips interim answers (1xx).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/ports.h"

namespace mdock::net {

struct answer_limits {
    std::size_t header_bytes;
    std::size_t body_bytes;
};

struct raw_answer {
    http_answer answer;              // body still as sent
    std::string content_encoding;    // every Content-Encoding, lower case, joined with ", "
    std::string location;
    bool may_keep_connection = false;
};

// How the connection ended, where it ended.
enum class end_of_stream { by_close_notify, cut };

class answer_reader {
public:
    explicit answer_reader(answer_limits limits);
    ~answer_reader();
    answer_reader(answer_reader&&) noexcept;

    // Takes what was received. A failure (bad_framing) ends the connection.
    std::optional<failure> take(std::string_view received);
    // The connection ended. connection_lost unless the answer may end so and is whole (N04, N05).
    std::optional<failure> take_end(end_of_stream how);

    bool is_whole() const;
    bool has_begun() const;      // at least one byte arrived
    // Once, when whole.
    raw_answer release();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace mdock::net
