// SPDX-License-Identifier: MIT
#include "tests/sim/wishes.h"

#include <algorithm>

#include "core/base/time.h"

namespace mdock::sim {
namespace {

std::string joined(const std::vector<row_id>& ids) {
    auto sorted = ids;
    std::sort(sorted.begin(), sorted.end());
    std::string out;
    for (const auto id : sorted) out += (out.empty() ? "" : ",") + std::to_string(id);
    return out;
}

std::string number(row_id id) { return id == 0 ? std::string{} : std::to_string(id); }

}  // namespace

std::string tag_of(std::string_view text) {
    if (text.size() < 2 || text.front() != 'w') return {};
    std::size_t end = 1;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return end > 1 && (end == text.size() || text[end] == ' ') ? std::string(text.substr(0, end)) : std::string{};
}

std::string text_in(const model::field_values& of, std::string_view name) {
    const auto found = of.find(name);
    const auto* text = found == of.end() ? nullptr : std::get_if<std::string>(&found->second);
    return text == nullptr ? std::string{} : *text;
}

std::string said(const model::field_value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer == 0 ? std::string{} : std::to_string(*integer);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* ids = std::get_if<model::id_set>(&value)) return joined(*ids);
    if (const auto* real = std::get_if<double>(&value)) return std::to_string(*real);
    return {};
}

std::string held(const minutedock::entry& what, std::string_view column) {
    if (column == "description") return what.description.value_or("");
    if (column == "duration_seconds") return number(what.duration);
    if (column == "entry_date") return format_date(what.date);
    if (column == "contact_id") return number(what.contact);
    if (column == "project_id") return number(what.project);
    if (column == "task_ids") return joined(what.tasks);
    if (column == "user_account_id") return number(what.user);
    return {};
}

int wishes::allowed(std::string_view tag) const {
    int count = 0;
    for (const auto& [id, one] : all)
        count += one.is_of_a_person && one.tag == tag && (one.operation == "create" || one.operation == "start") ? 1 : 0;
    return count;
}

void wishes::look_at(wish& one, const minutedock::state& account) const {
    if (one.is_done || one.operation != "update" || one.which != resource::entries) return;
    const auto* now = account.latest(one.row);
    if (now == nullptr) return;
    for (const auto& [name, value] : one.wanted)
        if (held(*now, name) == said(value)) one.was_there.insert(name);
}

void wishes::look(const minutedock::state& account) {
    for (auto& [id, one] : all) look_at(one, account);
    const auto note = [this](const minutedock::entry& what) {
        if (auto tag = tag_of(what.description.value_or("")); !tag.empty()) logged_.insert(std::move(tag));
    };
    account.entries.for_each(note);
    for (const auto& change : account.late)
        if (change.becomes) note(*change.becomes);
    for (const auto& [user, what] : account.docks)
        if (auto tag = tag_of(what.description.value_or("")); !tag.empty()) docked_.insert(std::move(tag));
}

}  // namespace mdock::sim
