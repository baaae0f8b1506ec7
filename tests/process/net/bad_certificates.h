// SPDX-License-Identifier: MIT
// The battery of rows X01 and X02: every way in which a certificate may be wrong, each as a case with the host that is
// asked for and the reason that must be shown.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "tests/sandbox/certificates.h"

namespace net_test {

struct certificate_case {
    std::string name;                                    // for the test's name
    std::function<certificates::identity()> make;
    std::string host = "localhost";
    std::string reason;                                  // part of the sentence; empty for a good certificate
};

void PrintTo(const certificate_case& which, std::ostream* out);

std::vector<certificate_case> bad_certificates();
std::vector<certificate_case> good_certificates();

}  // namespace net_test
