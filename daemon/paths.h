// SPDX-License-Identifier: MIT
// Where files are: personal (XDG), system service (what systemd says, /etc/mdock and /var/lib/mdock), macOS. Files that
// hold something of a person are made 0600 in folders made 0700, under any umask (X24).
#pragma once

#include <filesystem>
#include <string_view>

#include "core/base/error.h"
#include "daemon/environment.h"

namespace mdock {

struct file_places {
    std::filesystem::path config;
    std::filesystem::path default_database;
    bool config_was_named = false;  // by flag or MDOCK_CONFIG: then it must exist
};

// `named` is --config, or empty. Order: --config, MDOCK_CONFIG, $CONFIGURATION_DIRECTORY, the personal file, and
// /etc/mdock/config.toml when only that exists and the service's mirror may be read: people on a shared machine look at
// it, while the file that the package brings keeps nobody from `mdock init`.
file_places find_places(std::string_view named, const environment& variables);

std::filesystem::path home_folder(const environment& variables);

// "~/x" below the home folder, "x" below `base`, "/x" as it is.
std::filesystem::path resolved_path(std::string_view text, const std::filesystem::path& base,
                                    const environment& variables);

// Makes the folder and what is missing above it, each 0700.
result<void> make_private_folder(const std::filesystem::path& folder);

// Writes through a temporary file, fsync and rename, so that a reader sees the old or the new whole; mode 0600.
result<void> write_private_file(const std::filesystem::path& file, std::string_view text);

// "/home/ann/x" as "~/x", for sentences.
std::string short_path(const std::filesystem::path& file, const environment& variables);

}  // namespace mdock
