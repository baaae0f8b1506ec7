// SPDX-License-Identifier: MIT
#include "core/model/rows.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>
#include <string>

namespace mdock::model {
namespace {

layout derive(resource which) {
    layout out;
    out.of = &describe(which);
    for (const column& c : out.of->columns) {
        if (c.name.empty() || c.how == kind::local) continue;
        const auto at = static_cast<std::ptrdiff_t>(out.stored.size());
        if (c.how == kind::key) out.key = out.stored.size();
        if (c.how == kind::date && out.date < 0) out.date = at;
        if (c.name == "updated_at") out.updated = at;
        out.stored.push_back(&c);
    }
    out.width = out.stored.size() + 1;
    return out;
}

}  // namespace

bool operator==(const cell& a, const cell& b) {
    if (a.type != b.type) return false;
    switch (a.type) {
        case cell_type::null: return true;
        case cell_type::integer: return a.integer == b.integer;
        case cell_type::real: return a.real == b.real;
        case cell_type::text: return a.view() == b.view();
    }
    return false;
}

std::string_view text_arena::keep(std::string_view text) {
    bytes_ += text.size();
    if (text.size() > first_block) {
        // A long text gets a block of its own, put before the last so that the last goes on being filled.
        auto block = std::make_unique_for_overwrite<char[]>(text.size());
        std::memcpy(block.get(), text.data(), text.size());
        const char* at = block.get();
        blocks_.insert(blocks_.empty() ? blocks_.end() : blocks_.end() - 1, std::move(block));
        if (blocks_.size() == 1) room_ = used_ = 0;
        return {at, text.size()};
    }
    if (room_ - used_ < text.size() || blocks_.empty()) {
        room_ = std::clamp(2 * room_, first_block, largest_block);
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
        used_ = 0;
    }
    char* at = blocks_.back().get() + used_;
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    used_ += text.size();
    return {at, text.size()};
}

std::size_t layout::cell_of(std::string_view column_name) const {
    for (std::size_t i = 0; i < stored.size(); ++i)
        if (stored[i]->name == column_name) return i;
    throw std::logic_error("no stored column " + std::string(column_name) + " in " + std::string(of->name));
}

const layout& layout_of(resource which) {
    static const auto layouts = [] {
        std::array<layout, all_resources.size()> all;
        for (const resource r : all_resources) all[static_cast<std::size_t>(r)] = derive(r);
        return all;
    }();
    return layouts[static_cast<std::size_t>(which)];
}

std::span<cell> row_batch::append() {
    cells_.resize(cells_.size() + layout_->width);
    link_ends_.push_back(links_.size());
    ++keys_;
    return row(keys_ - 1);
}

void row_batch::set_links(std::span<const std::int64_t> ids) {
    const std::size_t from = keys_ < 2 ? 0 : link_ends_[keys_ - 2];
    links_.resize(from);
    links_.insert(links_.end(), ids.begin(), ids.end());
    const auto begin = links_.begin() + static_cast<std::ptrdiff_t>(from);
    std::sort(begin, links_.end());
    links_.erase(std::unique(begin, links_.end()), links_.end());
    link_ends_.back() = links_.size();
}

void row_batch::drop_last() {
    --keys_;
    cells_.resize(keys_ * layout_->width);
    link_ends_.pop_back();
    links_.resize(link_ends_.empty() ? 0 : link_ends_.back());
}

std::vector<std::uint32_t> row_batch::by_key() const {
    std::vector<std::uint32_t> order(keys_);
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [this](auto a, auto b) { return key(a) < key(b); });
    return order;
}

}  // namespace mdock::model
