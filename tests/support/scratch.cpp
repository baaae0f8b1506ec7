// SPDX-License-Identifier: MIT
#include "tests/support/scratch.h"

#include <stdlib.h>

#include <stdexcept>
#include <string>

namespace mdock::test {

scratch_folder::scratch_folder() {
    // In memory where the machine has such a place: the tests are of what is written, not of how fast a disk syncs.
    const std::filesystem::path memory = "/dev/shm";
    const auto parent = std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    std::string name = (parent / "mdock-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a scratch folder " + name);
    path_ = name;
}

scratch_folder::~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace mdock::test
