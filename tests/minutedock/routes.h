// SPDX-License-Identifier: MIT
// Which handler answers which method and path: the table of the API, and nothing else.
#pragma once

#include <string_view>
#include <vector>

#include "tests/minutedock/asked.h"

namespace minutedock {

// Answers the request; 404 or 405 when nothing is there. `accounts` are those that the person belongs to.
void dispatch(asked& r, std::string_view method, const std::vector<const state*>& accounts);

// OAuth, which needs no credentials. False when the path is another.
bool dispatch_oauth(state& account, std::string_view method, const target& where, std::string_view body, dice& chance,
                    answer& out);

}  // namespace minutedock
