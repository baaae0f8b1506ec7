// SPDX-License-Identifier: MIT
// The files of systemd/ that `mdock service install` writes, as the build has put them into the program.
#pragma once

#include <string_view>

namespace mdock::cli {

std::string_view systemd_user_unit();    // systemd/user/mdock.service
std::string_view launchd_agent();        // systemd/local.mdock.plist

}  // namespace mdock::cli
