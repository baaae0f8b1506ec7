// SPDX-License-Identifier: MIT
#include "core/engine/dock_choice.h"

#include <algorithm>
#include <cstdlib>

namespace mdock::engine {
namespace {

// Below this the service's own count of a running timer is as good as ours; a late sending makes it wrong by more (K10).
constexpr std::int64_t drift_allowed = 60;

std::string text_of(const model::cell& cell) { return std::string(cell.view()); }

bool is_nothing(const model::field_value& value) {
    if (std::holds_alternative<std::nullptr_t>(value)) return true;
    const auto* text = std::get_if<std::string>(&value);
    const auto* ids = std::get_if<model::id_set>(&value);
    return (text != nullptr && text->empty()) || (ids != nullptr && ids->empty());
}

class choosing {
public:
    explicit choosing(const dock_ground& on) : on_(on) {}

    void choose(dock_plan& p) const {
        const auto& command = p.wish.command;
        // Ours, and somebody has worked on it since it arrived.
        const bool has_arrived = on_.was_sent && !on_.dock.is_idle && !is_nothing(description_of(p.wish)) && is_same_timer(p);
        const bool is_unseen = p.wish.is_started && !has_arrived;
        if (is_unseen && command == "log") return void(p.what = on_.is_entry_there ? dock_step::finish : dock_step::entry);
        if (is_unseen && command == "discard") return;
        if (command == "redock") return void(p.what = dock_step::redock);
        if (command == "discard") return choose_discard(p);
        if (command == "log") return choose_log(p);
        if (is_unseen) return choose_start(p);
        choose_change(p);
    }

private:
    static model::field_value description_of(const store::dock_wish& wish) {
        const auto found = wish.fields.find("description");
        return found == wish.fields.end() ? model::field_value(nullptr) : found->second;
    }

    bool is_as_we_knew(const dock_plan& p) const {
        if (!on_.dock.version.id.empty() || !p.here.version_id.empty())
            return on_.dock.version.id == p.here.version_id && on_.dock.version.number == p.here.version_number;
        return true;
    }

    void choose_discard(dock_plan& p) const {
        if (on_.dock.is_idle) return;
        p.what = is_as_we_knew(p) ? dock_step::remove : dock_step::conflict;
    }

    // Somebody has logged it already, and one logged entry is enough (K04); or emptied it, and then a person has to know.
    void choose_log(dock_plan& p) const {
        if (on_.dock.is_idle) return void(p.what = on_.is_entry_there ? dock_step::finish : dock_step::conflict);
        const auto merged = sync::merge(p.wish.base, p.wish.fields, on_.dock.fields, {}, on_.policy);
        if (!is_as_we_knew(p) && !is_same_timer(p)) return void(p.what = dock_step::conflict);
        if (!merged.conflicts.empty()) return void(p.what = dock_step::conflict);
        p.what = dock_step::put;
        p.send = merged.send;
        p.is_logged = true;
        const auto wanted = p.wish.logged_seconds.value_or(on_.dock.seconds);
        if (p.wish.has_typed_time || std::abs(wanted - on_.dock.seconds) > drift_allowed) p.send.insert_or_assign("duration_seconds", wanted);
    }

    // Another version, but the content is what the person saw: another client has only let it run or stopped it.
    bool is_same_timer(const dock_plan& p) const {
        for (const auto& [name, value] : p.wish.fields) {
            const auto now = on_.dock.fields.find(name);
            if (now == on_.dock.fields.end()) return false;
            const auto base = p.wish.base.find(name);
            if (!model::is_same(now->second, value) && !(base != p.wish.base.end() && model::is_same(now->second, base->second))) return false;
        }
        return true;
    }

    // The one that this wish was about is logged or gone, and somebody has begun another (K03): its time is shorter than the
    // old one's was, or nothing of it is what was there.
    bool is_another_timer(const dock_plan& p) const {
        if (is_as_we_knew(p) || on_.dock.is_idle) return false;
        if (on_.dock.seconds + drift_allowed < p.here.stored_seconds) return true;
        return std::none_of(on_.dock.fields.begin(), on_.dock.fields.end(), [&](const auto& field) {
            const auto base = p.wish.base.find(field.first);
            const auto here = p.here.fields.find(field.first);
            const auto* was = base != p.wish.base.end() ? &base->second : here != p.here.fields.end() ? &here->second : nullptr;
            return was != nullptr && !is_nothing(*was) && model::is_same(*was, field.second);
        });
    }

    void choose_start(dock_plan& p) const {
        if (!on_.dock.is_idle) return void(p.what = on_.policy == sync::on_conflict::mine ? dock_step::entry : dock_step::conflict);
        p.what = dock_step::put;
        for (const auto& [name, value] : p.wish.fields)
            if (!is_nothing(value)) p.send.insert_or_assign(name, value);
        p.send.insert_or_assign("is_running", std::int64_t{p.here.is_running ? 1 : 0});
        if (p.here.shown_seconds > drift_allowed || p.wish.has_typed_time || !p.here.is_running)
            p.send.insert_or_assign("duration_seconds", p.here.shown_seconds);
    }

    void choose_change(dock_plan& p) const {
        const bool stops_only = p.wish.runs && !*p.wish.runs && p.wish.fields.empty() && !p.wish.has_typed_time;
        if (is_another_timer(p)) return void(p.what = stops_only ? dock_step::finish : dock_step::conflict);
        if (on_.dock.is_idle) return void(p.what = stops_only ? dock_step::finish : dock_step::conflict);
        const auto merged = sync::merge(p.wish.base, p.wish.fields, on_.dock.fields, {}, on_.policy);
        if (!merged.conflicts.empty()) return void(p.what = dock_step::conflict);
        p.send = merged.send;
        if (p.wish.runs && *p.wish.runs != on_.dock.is_running) p.send.insert_or_assign("is_running", std::int64_t{*p.wish.runs ? 1 : 0});
        const bool is_late = p.wish.runs && is_as_we_knew(p) && std::abs(p.here.shown_seconds - on_.dock.seconds) > drift_allowed;
        if (p.wish.has_typed_time || is_late) p.send.insert_or_assign("duration_seconds", p.here.shown_seconds);
        if (!p.send.empty()) p.what = dock_step::put;
    }

    const dock_ground& on_;
};

}  // namespace

dock_now dock_in(const model::row_batch& rows, std::string body) {
    dock_now out;
    out.is_known = true;
    out.body = std::move(body);
    if (rows.empty()) return out;
    const auto& columns = rows.columns();
    const auto cells = rows.row(0);
    const auto all = model::fields_of(rows, 0);
    for (const auto* name : {"description", "contact_id", "project_id", "task_ids"}) out.fields.emplace(name, all.at(name));
    const auto& seconds = cells[columns.cell_of("duration_seconds")];
    const auto& running = cells[columns.cell_of("is_running")];
    const auto& number = cells[columns.cell_of("version_number")];
    out.seconds = seconds.type == model::cell_type::integer ? seconds.integer : 0;
    out.is_running = running.type == model::cell_type::integer && running.integer != 0;
    out.version = {text_of(cells[columns.cell_of("version_id")]), text_of(cells[columns.cell_of("version_client_id")]),
                   number.type == model::cell_type::integer ? number.integer : 0};
    out.is_idle = !out.is_running && out.seconds == 0;
    for (const auto& [name, value] : out.fields) out.is_idle = out.is_idle && is_nothing(value);
    return out;
}

void choose(dock_plan& p, const dock_ground& on) { choosing(on).choose(p); }

}  // namespace mdock::engine
