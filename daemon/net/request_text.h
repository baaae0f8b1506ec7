// SPDX-License-Identifier: MIT
// A request as the bytes that go over the wire, token included; and the token's removal from what comes back (X16).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/secret.h"
#include "core/ports.h"
#include "daemon/net/transport.h"
#include "daemon/net/wire_settings.h"

namespace mdock::net {

// The header lines that carry the identity: "Authorization: Bearer …\r\n".
secret identity_lines(auth_kind kind, const secret& token, const std::string& account_id);

// The whole request. `request` is sound (see is_sound).
secret request_text(const wire_settings& settings, const secret& identity, const http_request& request);

// A method we use, and a target that is a path of visible ASCII: nothing that could begin another header.
bool is_sound(const http_request& request);

// Whether the request may have an effect on the server.
bool is_change(const http_request& request);

// Visible ASCII without spaces: what may stand in a header.
bool is_header_value(std::string_view text);

// Finds the token in what the server sent and blanks it with as many stars.
class token_scrubber {
public:
    explicit token_scrubber(const secret& token);
    void scrub(std::string& text) const;

private:
    std::vector<secret> needles_;
};

}  // namespace mdock::net
