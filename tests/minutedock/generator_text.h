// SPDX-License-Identifier: MIT
// The words of generated accounts: names of people, clients, projects and tasks, and what people write into entries,
// with the spaces, newlines, scripts and symbols that break careless readers.
#pragma once

#include <optional>
#include <string>

#include "tests/minutedock/random.h"

namespace minutedock::text {

std::string first_name(dice& chance);
std::string last_name(dice& chance);
std::string client_name(dice& chance, bool odd);
std::string project_name(dice& chance, bool odd);
std::string task_name(std::size_t number);  // distinct for distinct numbers
std::optional<std::string> entry_description(dice& chance, bool odd);

// As MinuteDock makes it from a name: lower case, underscores, nothing else. Not unique.
std::string short_code(const std::string& name);

}  // namespace minutedock::text
