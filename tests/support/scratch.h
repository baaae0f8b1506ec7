// SPDX-License-Identifier: MIT
// A folder that is there for one test and gone after it.
#pragma once

#include <filesystem>

namespace mdock::test {

class scratch_folder {
public:
    scratch_folder();
    ~scratch_folder();
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace mdock::test
