// SPDX-License-Identifier: MIT
#include "tests/support/scratch.h"

#include <stdlib.h>

#include <stdexcept>
#include <string>

namespace mdock::test {

scratch_folder::scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "mdock-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a scratch folder " + name);
    path_ = name;
}

scratch_folder::~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace mdock::test
