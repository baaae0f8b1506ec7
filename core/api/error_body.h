// SPDX-License-Identifier: MIT
// The sentence in an error answer, where there is one. Shapes are undocumented and several were seen (facts 1.3), so
// the code decides what to do and this text is only shown.
#pragma once

#include <string>

#include "core/base/error.h"
#include "core/ports.h"

namespace mdock::api {

// At most 200 characters of what the service said, control characters taken out; empty when it said nothing readable.
std::string message_in(const http_answer& answer);

// The failure of an answer outside 2xx: code by status, context "GET /invoices: 403, <message>".
failure failure_of(const http_request& request, const http_answer& answer);

}  // namespace mdock::api
