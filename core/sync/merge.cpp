// SPDX-License-Identifier: MIT
#include "core/sync/merge.h"

#include <algorithm>
#include <iterator>

namespace mdock::sync {
namespace {

using model::field_value;
using model::field_values;
using model::id_set;
using model::is_same;

id_set without(const id_set& from, const id_set& these) {
    id_set out;
    std::set_difference(from.begin(), from.end(), these.begin(), these.end(), std::back_inserter(out));
    return out;
}

id_set with(const id_set& a, const id_set& b) {
    id_set out;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return out;
}

const id_set& set_in(const field_values& fields, std::string_view name) {
    static const id_set none;
    const auto found = fields.find(name);
    const auto* ids = found == fields.end() ? nullptr : std::get_if<id_set>(&found->second);
    return ids == nullptr ? none : *ids;
}

class merging {
public:
    merging(const field_values& base, const field_values& mine, const field_values& theirs, on_conflict policy)
        : base_(base), mine_(mine), theirs_(theirs), policy_(policy) {}

    merge_result run(const id_set& gone_tasks) {
        const bool is_torn = is_torn_unit();
        for (const auto& [name, value] : mine_) {
            if (name == model::links_field)
                tasks(gone_tasks);
            else
                field(name, value, is_torn && is_of_unit(name));
        }
        return std::move(out_);
    }

private:
    static bool is_of_unit(std::string_view name) { return name == "contact_id" || name == "project_id"; }

    const field_value& base_of(const std::string& name) const {
        static const field_value null{nullptr};
        const auto found = base_.find(name);
        return found == base_.end() ? null : found->second;
    }
    const field_value& theirs_of(const std::string& name) const {
        const auto found = theirs_.find(name);
        return found == theirs_.end() ? base_of(name) : found->second;
    }
    bool both_changed(const std::string& name) const {
        const auto found = mine_.find(name);
        if (found == mine_.end()) return false;
        const auto& now = theirs_of(name);
        return !is_same(now, base_of(name)) && !is_same(now, found->second);
    }
    // A project of one side under the contact of the other would be neither's wish.
    bool is_torn_unit() const { return both_changed("contact_id") || both_changed("project_id"); }

    void field(const std::string& name, const field_value& value, bool is_torn) {
        const auto& now = theirs_of(name);
        const auto& base = base_of(name);
        if (is_same(value, base) || is_same(value, now)) return;
        if (!is_torn && is_same(now, base)) {
            out_.send.emplace(name, value);
            return;
        }
        if (policy_ == on_conflict::mine) out_.send.emplace(name, value);
        if (policy_ != on_conflict::mine) out_.conflicts.push_back({name, base, value, now});
    }

    void tasks(const id_set& gone) {
        const auto& now = set_in(theirs_.contains(model::links_field) ? theirs_ : base_, model::links_field);
        const auto wanted = merge_sets(set_in(base_, model::links_field), set_in(mine_, model::links_field), now);
        auto sent = without(wanted, gone);
        out_.dropped_tasks = without(wanted, sent);
        if (sent != now) out_.send.emplace(std::string(model::links_field), std::move(sent));
    }

    const field_values& base_;
    const field_values& mine_;
    const field_values& theirs_;
    on_conflict policy_;
    merge_result out_;
};

}  // namespace

model::id_set merge_sets(const model::id_set& base, const model::id_set& mine, const model::id_set& theirs) {
    return without(with(theirs, without(mine, base)), without(base, mine));
}

merge_result merge(const model::field_values& base, const model::field_values& mine, const model::field_values& theirs,
                   const model::id_set& gone_tasks, on_conflict policy) {
    return merging(base, mine, theirs, policy).run(gone_tasks);
}

}  // namespace mdock::sync
