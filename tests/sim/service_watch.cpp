// SPDX-License-Identifier: MIT
#include "tests/sim/service_watch.h"

#include <boost/json/parse.hpp>
#include <charconv>

#include "tests/sim/oracles.h"

namespace mdock::sim {
namespace {

using boost::json::value;

std::string said(const value& from) {
    if (from.is_int64()) return from.get_int64() == 0 ? std::string{} : std::to_string(from.get_int64());
    if (from.is_string()) return std::string(from.get_string());
    if (!from.is_array()) return {};
    std::vector<std::int64_t> ids;
    for (const auto& one : from.get_array()) ids.push_back(one.is_int64() ? one.get_int64() : 0);
    std::sort(ids.begin(), ids.end());
    std::string out;
    for (const auto id : ids) out += (out.empty() ? "" : ",") + std::to_string(id);
    return out;
}

std::string_view column_of(std::string_view api_name) {
    if (api_name == "duration") return "duration_seconds";
    if (api_name == "date") return "entry_date";
    return api_name;
}

boost::json::object fields_in(const std::string& body, const char* of) {
    boost::system::error_code failed;
    const auto parsed = boost::json::parse(body, failed);
    if (failed || !parsed.is_object()) return {};
    const auto* inner = parsed.get_object().if_contains(of);
    return inner != nullptr && inner->is_object() ? inner->get_object() : boost::json::object{};
}

bool names_a_local_row(std::string_view text) { return text.find("9000000000") != std::string_view::npos; }

template <class Map>
auto names_in(const Map& rows) {
    std::map<row_id, std::pair<std::string, bool>> out;
    for (const auto& [id, what] : rows) out.emplace(id, std::pair{what.name, what.deleted});
    return out;
}

}  // namespace

service_watch::service_watch(grounds& world, machine& from, const http_request& request)
    : world_(world), from_(from), request_(request), target_(request.target.substr(0, request.target.find('?'))) {
    const auto last = target_.substr(target_.rfind('/') + 1);
    if (const auto first = target_.find_first_of("0123456789"); first != std::string::npos)
        std::from_chars(target_.data() + first, target_.data() + target_.size(), id_);
    if (request.method == "GET" && id_ != 0) world_.wanted.looked_at[{from.number(), id_}] = world_.line.exact();
    if (!is_change()) return;
    remember();
    if (from.is_on() && !from.db().is_rehearsing()) judge_origin();
}

void service_watch::remember() {
    const auto& account = world_.service.account();
    last_id_ = account.last_id;
    const auto keep = [&](row_id id) {
        if (id == 0) return;
        const auto* now = account.latest(id);
        entries_[id] = now != nullptr ? std::optional{*now} : std::nullopt;
    };
    keep(id_);
    if (const auto dock = account.docks.find(from_.me().id); dock != account.docks.end()) keep(dock->second.entry_id);
    if (target_.starts_with("/tasks/"))
        account.entries.for_each([&](const minutedock::entry& what) { keep(what.id); });
    const auto take = [](names& into, const auto& rows) {
        for (const auto& [id, what] : rows) into.emplace(id, name_now{what.name, what.deleted});
    };
    take(contacts_, account.contacts);
    take(projects_, account.projects);
    take(tasks_, account.tasks);
    if (const auto found = account.expenses.find(id_); found != account.expenses.end()) expense_touched_ = found->second.updated_at;
}

void service_watch::judge_origin() {
    const std::string what = request_.method + " " + request_.target;
    if (names_a_local_row(request_.target) || names_a_local_row(request_.body))
        world_.fail("ORIGIN", what + " names a row that only this mirror knows: " + request_.body);
    auto& rows = from_.db().prepared("SELECT outbox_id, row_id FROM outbox JOIN _intent USING (outbox_id) WHERE state = 'sending'");
    while (rows.step()) {
        sending_.emplace_back(from_.number(), rows.integer(0));
        // A row that was made here has its real id by now.
        if (const auto found = world_.wanted.all.find(sending_.back()); found != world_.wanted.all.end()) found->second.row = rows.integer(1);
    }
    rows.reset();
    if (sending_.empty()) return world_.fail("ORIGIN", what + " is sent, and no change in the outbox says so");
    // What the program has queued by itself since the last look.
    if (std::any_of(sending_.begin(), sending_.end(), [&](const auto& key) { return !world_.wanted.all.contains(key); }))
        judge_outbox(world_, from_, false);
    for (const auto& key : sending_) {
        const auto found = world_.wanted.all.find(key);
        if (found == world_.wanted.all.end()) continue;
        const auto& wish = found->second;
        if (target_.starts_with("/entries/") && request_.method == "PUT" && wish.which == resource::entries) judge_update(wish, id_);
        if (target_.starts_with("/entries/") && request_.method == "DELETE" && wish.which == resource::entries) judge_delete(wish, id_);
    }
}

bool service_watch::has_moved_since_look(resource which, row_id id) const {
    const auto looked = world_.wanted.looked_at.find({from_.number(), id});
    if (looked == world_.wanted.looked_at.end()) return false;
    const auto* life = world_.past.find(which, id);
    return life != nullptr && life->touched && *life->touched >= looked->second;
}

void service_watch::judge_update(const wish& what, row_id id) {
    if (what.operation != "update" || what.row != id) return world_.fail("ORIGIN", "an update of entry " + std::to_string(id) + " that nobody made");
    const auto* now = world_.service.account().latest(id);
    if (now == nullptr) return;
    const bool is_mine = from_.how().on_conflict == sync::on_conflict::mine;
    for (const auto& [name, sent] : fields_in(request_.body, "entry")) {
        const std::string column(column_of(name));
        const auto wanted = what.wanted.find(column);
        const auto is = held(*now, column);
        if (is == said(sent)) continue;
        if (wanted == what.wanted.end() && !has_moved_since_look(resource::entries, id))
            return world_.fail("ORIGIN", "entry " + std::to_string(id) + ": " + column + " is sent, and nobody changed it");
        if (wanted == what.wanted.end() || column == "task_ids" || is_mine || !what.is_of_a_person || has_moved_since_look(resource::entries, id)) continue;
        const auto base = what.base.find(column);
        const bool is_base = base != what.base.end() && is == sim::said(base->second);
        // Client and project are one unit: one of them may be sent along unchanged.
        if (!is_base && is != sim::said(wanted->second) && !names_a_local_row(sim::said(base->second)))
            world_.fail("MERGE", "entry " + std::to_string(id) + ": " + column + " is '" + is + "' by somebody else's work, and is overwritten");
    }
}

void service_watch::judge_delete(const wish& what, row_id id) {
    if (what.operation != "delete" || what.row != id) return world_.fail("ORIGIN", "a deletion of entry " + std::to_string(id) + " that nobody wanted");
    const auto* now = world_.service.account().latest(id);
    if (now == nullptr || has_moved_since_look(resource::entries, id)) return;
    for (const auto* column : {"description", "duration_seconds", "entry_date", "contact_id", "project_id", "task_ids"}) {
        const auto then = what.base.find(column);
        const auto was = then == what.base.end() ? std::string{} : sim::said(then->second);
        if (held(*now, column) != was && !names_a_local_row(was))
            world_.fail("MERGE", "entry " + std::to_string(id) + " is deleted, and its " + column + " was changed by somebody since");
    }
}

stamp service_watch::shown(row_id id, stamp at) const {
    for (const auto& change : world_.service.account().late)
        if (change.id == id) at = std::max(at, change.visible_at);
    return at;
}

void service_watch::is_over() {
    if (!is_change()) return;
    const auto at = world_.line.exact();
    compare_entries(at);
    const auto& account = world_.service.account();
    const auto take = [](const auto& rows) {
        names out;
        for (const auto& [id, what] : rows) out.emplace(id, name_now{what.name, what.deleted});
        return out;
    };
    compare_names(resource::contacts, contacts_, take(account.contacts), at);
    compare_names(resource::projects, projects_, take(account.projects), at);
    compare_names(resource::tasks, tasks_, take(account.tasks), at);
    compare_expenses(at);
    world_.wanted.look(account);
    judge_doubles();
}

void service_watch::compare_entries(stamp at) {
    for (row_id id = last_id_ + 1; id <= world_.service.account().last_id; ++id) entries_.emplace(id, std::nullopt);
    for (const auto& [id, before] : entries_) compare_entry(id, before, at);
}

void service_watch::compare_entry(row_id id, const std::optional<minutedock::entry>& before, stamp at) {
    const auto* now = world_.service.account().latest(id);
    auto& past = world_.past;
    if (!before && now == nullptr) return;
    if (!before) {
        past.born(resource::entries, id, shown(id, at));
        past.touched(resource::entries, id, shown(id, at), false);
        return note_made(id, now->description.value_or(""));
    }
    if (now == nullptr) return past.died(resource::entries, id, shown(id, at));
    const bool is_same = now->updated_at == before->updated_at && now->tasks == before->tasks && now->description == before->description &&
                         now->duration == before->duration && now->date == before->date && now->contact == before->contact &&
                         now->project == before->project;
    if (is_same) return;
    // A task that was deleted leaves its entries, with a stamp or without.
    past.touched(resource::entries, id, shown(id, at), target_.starts_with("/tasks/") && now->updated_at == before->updated_at);
    for (const auto& key : sending_)
        if (const auto found = world_.wanted.all.find(key); found != world_.wanted.all.end()) found->second.was_sent = true;
}

void service_watch::note_made(row_id id, const std::string& text) { world_.wanted.made[id] = tag_of(text); }

void service_watch::compare_names(resource which, const names& before, const names& now, stamp at) {
    for (const auto& [id, what] : now) {
        const auto was = before.find(id);
        if (was == before.end()) {
            world_.past.born(which, id, at);
            world_.past.touched(which, id, at, false);
            note_made(id, what.text);
        } else if (what.deleted != was->second.deleted) {
            world_.past.died(which, id, at);
        } else if (what.text != was->second.text) {
            world_.past.touched(which, id, at, false);
        }
    }
}

void service_watch::compare_expenses(stamp at) {
    if (!expense_touched_) return;
    const auto found = world_.service.account().expenses.find(id_);
    if (found != world_.service.account().expenses.end() && found->second.updated_at != *expense_touched_)
        world_.past.touched(resource::expenses, id_, at, false);
}

// Rows of one tag that are there at the same time.
void service_watch::judge_doubles() {
    std::map<std::string, std::set<row_id>> there;
    const auto& account = world_.service.account();
    // Worked on since, it may look like ours no more, and nobody could have told.
    const auto is_changed = [&](row_id id) {
        for (const auto which : {resource::entries, resource::contacts, resource::projects, resource::tasks}) {
            const auto* life = world_.past.find(which, id);
            if (life != nullptr && life->touched && life->born && *life->touched > *life->born) return true;
        }
        return false;
    };
    const auto note = [&](const minutedock::entry& what) {
        if (auto tag = tag_of(what.description.value_or("")); !tag.empty() && account.latest(what.id) != nullptr && !is_changed(what.id)) there[tag].insert(what.id);
    };
    account.entries.for_each(note);
    for (const auto& change : account.late)
        if (change.becomes) note(*change.becomes);
    const auto is_name = [](const auto& rows, row_id id) {
        const auto found = rows.find(id);
        return found != rows.end() && !found->second.deleted;
    };
    for (const auto& [id, tag] : world_.wanted.made)
        if (!tag.empty() && !is_changed(id) && (account.latest(id) != nullptr || is_name(account.contacts, id) || is_name(account.projects, id) ||
                             is_name(account.tasks, id)))
            there[tag].insert(id);
    for (const auto& [tag, ids] : there)
        if (static_cast<int>(ids.size()) > world_.wanted.allowed(tag))
            world_.fail("NDUP", tag + " was wanted " + std::to_string(world_.wanted.allowed(tag)) + " times and is there " +
                                    std::to_string(ids.size()) + " times, last as " + std::to_string(*ids.rbegin()));
}

}  // namespace mdock::sim
