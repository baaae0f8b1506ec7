// SPDX-License-Identifier: MIT
// When each row of the service came, was last touched and went, by the service's own clock and as lists showed it. The
// judges of "nothing wrongly gone" and "verified as of" read here what no mirror can know.
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "core/model/resource.h"
#include "tests/minutedock/state.h"

namespace mdock::sim {

using minutedock::row_id;
using minutedock::stamp;

struct life {
    std::optional<stamp> born;       // nothing: it was there from the beginning
    std::optional<stamp> touched;    // when the last change became visible
    std::optional<stamp> died;
    bool has_silent_hours = false;   // of those, one that a sum of hours shows
    bool is_silent = false;          // a change since then has no stamp of its own, so `since` cannot show it
};

class history {
public:
    void born(resource which, row_id id, stamp at) {
        auto& of = rows_[{which, id}];
        of.born = of.touched = at;
        of.died.reset();
    }
    void touched(resource which, row_id id, stamp at, bool is_silent, bool shows_in_hours = false) {
        auto& of = rows_[{which, id}];
        if (!of.touched || at > *of.touched) of.touched = at;
        of.is_silent = is_silent;
        of.has_silent_hours = is_silent && (of.has_silent_hours || shows_in_hours);
        ++changes_;
    }
    void died(resource which, row_id id, stamp at) {
        rows_[{which, id}].died = at;
        ++changes_;
    }
    // What one person may see became another set.
    void rights_changed(row_id user, stamp at) {
        rights_[user] = at;
        ++changes_;
    }

    const life* find(resource which, row_id id) const {
        const auto found = rows_.find({which, id});
        return found == rows_.end() ? nullptr : &found->second;
    }
    std::optional<stamp> rights_changed_at(row_id user) const {
        const auto found = rights_.find(user);
        return found == rights_.end() ? std::nullopt : std::optional{found->second};
    }
    const std::map<std::pair<resource, row_id>, life>& rows() const { return rows_; }
    std::int64_t changes() const { return changes_; }

private:
    std::map<std::pair<resource, row_id>, life> rows_;
    std::map<row_id, stamp> rights_;
    std::int64_t changes_ = 0;
};

}  // namespace mdock::sim
