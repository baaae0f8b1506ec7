// SPDX-License-Identifier: MIT
// What people at the machines asked for, and how much of it the service has had: the ground of NLW, NDUP and ORIGIN. A wish
// is a row of a machine's outbox; texts that people write here begin with a tag (`w12 …`) by which they are known anywhere.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "core/model/field_values.h"
#include "tests/minutedock/state.h"

namespace mdock::sim {

using minutedock::row_id;
using minutedock::stamp;

struct wish {
    resource which = resource::entries;
    row_id row = 0;
    std::string operation;
    model::field_values wanted, base;
    std::string tag;                     // of a create's text, or a timer's
    bool is_of_a_person = true;          // false: the program made it of a timer's time
    bool is_done = false;
    bool was_sent = false;               // a request for it was carried out
    std::set<std::string> was_there;     // fields that had the wanted value on the service at some moment
};

class wishes {
public:
    using key = std::pair<std::size_t, std::int64_t>;    // machine and outbox_id
    std::map<key, wish> all;

    // Where texts begin with the next tag.
    std::string fresh_tag() { return "w" + std::to_string(++last_tag_); }
    std::string last_tag() const { return "w" + std::to_string(last_tag_); }
    bool has_any() const { return last_tag_ > 0 || !all.empty(); }

    // How many rows this tag may be on at a time.
    int allowed(std::string_view tag) const;
    // The service has this state now.
    void look(const minutedock::state& account);
    // Whether an entry or a timer with the tag was ever there.
    bool was_logged(const std::string& tag) const { return logged_.contains(tag); }
    bool was_on_a_timer(const std::string& tag) const { return docked_.contains(tag); }

    std::map<row_id, std::string> made;     // rows that creates of ours made, with their tags; ids are unique in an account
    std::set<row_id> taken;                 // of those, the ones that a change has ended in
    std::map<std::pair<std::size_t, row_id>, stamp> looked_at;    // when a machine last asked for a row by its id

    void look_at(wish& one, const minutedock::state& account) const;

private:
    std::uint64_t last_tag_ = 0;
    std::set<std::string> logged_, docked_;
};

// The tag at the beginning of a text; empty when there is none.
std::string tag_of(std::string_view text);
std::string text_in(const model::field_values& of, std::string_view name);

// A field of an entry as a wish would say it; nothing compares as an empty text.
std::string said(const model::field_value& value);
std::string held(const minutedock::entry& what, std::string_view column);

}  // namespace mdock::sim
