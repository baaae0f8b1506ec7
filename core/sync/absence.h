// SPDX-License-Identifier: MIT
// When rows that a whole answer does not show are too many to be believed gone (the mass-gone guard, C3 rule 9). Pure:
// what is asked and marked because of it is core/engine/verdict.
#pragma once

#include <cstdint>

namespace mdock::sync {

struct absence {
    std::int64_t rows = 0;             // of the type in the mirror before
    std::int64_t absent = 0;           // of those, missing from the answer
    std::int64_t others = 0;           // rows of other people before; 0 where rows have no owner
    std::int64_t absent_others = 0;
    bool shows_others = true;          // the answer, of everything or a long stretch of it, shows rows of other people
    bool has_lookup = true;            // there is a GET by id
    bool only_the_newest = false;      // every absent row was changed later than every other one
    bool went_back = false;            // a row came back older than it had been
};

enum class doubt {
    none,
    mass,          // more than a person deletes in one go
    empty,         // nothing at all, and no lookup by id to ask again (H01)
    visibility,    // all rows of other people at once: a right was taken, not rows (D06)
    rewound,       // an old backup of the service (D10)
};

doubt doubt_about(const absence& what);

}  // namespace mdock::sync
