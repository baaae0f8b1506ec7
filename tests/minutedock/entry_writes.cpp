// SPDX-License-Identifier: MIT
// Creating, updating and deleting entries: whose they are, when they are locked, what is filled in, what is stamped.
#include <algorithm>
#include <cmath>

#include "tests/minutedock/asked.h"
#include "tests/minutedock/entry_content.h"
#include "tests/minutedock/write_fields.h"

namespace minutedock {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_code_char(char c) {
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

// Adds the tasks whose short codes stand in the text after a '#'. The text is kept as typed.
void add_hashtags(const state& account, std::string_view text, std::vector<row_id>& tasks) {
    for (std::size_t at = text.find('#'); at != std::string_view::npos; at = text.find('#', at + 1)) {
        std::size_t end = at + 1;
        while (end < text.size() && is_code_char(text[end])) ++end;
        const std::string_view tag = text.substr(at + 1, end - at - 1);
        if (tag.empty()) continue;
        for (const auto& [id, what] : account.tasks)
            if (!what.deleted && equal_ignoring_case(what.short_code, tag) &&
                std::find(tasks.begin(), tasks.end(), id) == tasks.end())
                tasks.push_back(id);
    }
}

bool is_known(const asked& r, const entry_content& content, const entry_content& before) {
    const auto contact = r.account.contacts.find(content.contact);
    const auto project = r.account.projects.find(content.project);
    // What an entry has already may stay, even if it is deleted by now.
    const bool contact_is_good = content.contact == 0 || content.contact == before.contact ||
                                 (contact != r.account.contacts.end() && r.who.sees(contact->second));
    const bool project_is_good = content.project == 0 || content.project == before.project ||
                                 (project != r.account.projects.end() && r.who.sees(project->second));
    return contact_is_good && project_is_good &&
           std::all_of(content.tasks.begin(), content.tasks.end(), [&](row_id id) {
               const auto found = r.account.tasks.find(id);
               const bool had = std::find(before.tasks.begin(), before.tasks.end(), id) != before.tasks.end();
               return had || (found != r.account.tasks.end() && !found->second.deleted);
           });
}

entry_content content_of(const entry& what) {
    return {what.contact, what.project, what.tasks, what.description, what.duration};
}

void set_content(entry& what, entry_content content) {
    what.contact = content.contact;
    what.project = content.project;
    what.tasks = std::move(content.tasks);
    what.description = std::move(content.description);
    what.duration = content.duration;
}

void refuse_locked(const asked& r) {
    refuse(r, r.how.locked_write == refusal::status_422 ? 422 : 403, "The entry is locked");
}

// The entry that may be changed by the person who asks; null when the request was refused.
const entry* changeable(const asked& r, row_id id) {
    const entry* what = r.account.latest(id);
    if (what == nullptr || !r.who.sees(*what)) {
        refuse_unseen(r, what != nullptr, r.account.entries.once_had(id) || r.account.entries.find(id) != nullptr);
        return nullptr;
    }
    if (what->user != r.who.id() && !r.who.edits_others_time()) {
        refuse(r, 403, "You may only change your own entries");
        return nullptr;
    }
    if (is_locked(r.account, *what, r.who.is_admin())) {
        refuse_locked(r);
        return nullptr;
    }
    return what;
}

// Whose entry it becomes; 0 when the request was refused.
row_id author_of(const asked& r, write_fields& fields, row_id otherwise) {
    row_id user = otherwise;
    fields.id("user_account_id", user);
    if (user == otherwise) return user;
    if (!r.who.edits_others_time()) {
        refuse(r, 403, "You may not track time for others");
        return 0;
    }
    if (r.account.users.contains(user)) return user;
    refuse(r, 422, "user_account_id is not valid");
    return 0;
}

}  // namespace

std::chrono::sys_days local_today(const asked& r) {
    return std::chrono::floor<std::chrono::days>(r.now + std::chrono::minutes{r.account.zone_minutes});
}

void move_budgets(state& account, row_id contact, row_id project, std::int64_t seconds) {
    const auto move = [seconds](auto& rows, row_id id) {
        const auto found = rows.find(id);
        if (found == rows.end() || found->second.budget_type != "hours" || !found->second.budget_progress) return;
        const double moved = *found->second.budget_progress + static_cast<double>(seconds) / 3600;
        found->second.budget_progress = std::round(moved * 100) / 100;
    };
    move(account.contacts, contact);
    move(account.projects, project);
}

bool read_content(const asked& r, write_fields& fields, entry_content& content) {
    const entry_content before = content;
    fields.id("contact_id", content.contact);
    fields.id("project_id", content.project);
    fields.ids("task_ids", content.tasks);
    fields.text("description", content.description);
    fields.count("duration", content.duration);
    if (!fields.is_good()) {
        fields.refuse_wrong(r);
        return false;
    }
    if (fields.has("project_id") && !fields.has("contact_id") && r.account.projects.contains(content.project))
        content.contact = r.account.projects.at(content.project).contact_id;
    if (!is_known(r, content, before)) {
        refuse(r, 422, "contact_id, project_id or task_ids name something that does not exist");
        return false;
    }
    if (r.how.description_trim && content.description && fields.has("description")) {
        std::string& text = *content.description;
        text.erase(0, std::min(text.find_first_not_of(" \n\t\r"), text.size()));
        text.erase(text.find_last_not_of(" \n\t\r") + 1);
    }
    if (r.how.duration_rounding == rounding::minute && fields.has("duration"))
        content.duration = (content.duration + 59) / 60 * 60;
    if (r.how.hashtags == hashtags::match && content.description && fields.has("description"))
        add_hashtags(r.account, *content.description, content.tasks);
    return true;
}

void create_entry(asked& r) {
    write_fields fields{r, "entry"};
    std::optional<std::chrono::sys_days> date;
    fields.date("date", date);
    entry_content content;
    const row_id user = author_of(r, fields, r.who.id());
    if (user == 0 || !read_content(r, fields, content)) return;
    if (!date && r.how.post_without_date == undated_post::timer && user == r.who.id()) {
        dock fresh;
        fresh.contact = content.contact;
        fresh.project = content.project;
        fresh.tasks = std::move(content.tasks);
        fresh.description = std::move(content.description);
        fresh.seconds = content.duration;
        start_timer(r, std::move(fresh));
    } else {
        entry what;
        what.id = r.account.new_id();
        what.user = user;
        what.date = date.value_or(local_today(r));
        what.updated_at = r.at;
        set_content(what, std::move(content));
        move_budgets(r.account, what.contact, what.project, what.duration);
        row_writer rows = r.rows();
        rows.in_write_reply();
        rows.entry_row(what);
        r.account.write_entry(what.id, what, r.at, r.visible_at);
    }
    if (r.out.status == 200 && r.how.create_status_201) r.out.status = 201;
}

void update_entry(asked& r, row_id id) {
    for (const auto& [user, what] : r.account.docks)
        if (what.entry_id == id && user == r.who.id()) return update_current_entry(r);
    const entry* found = changeable(r, id);
    if (found == nullptr) return;
    write_fields fields{r, "entry"};
    entry what = *found;
    std::optional<std::chrono::sys_days> date = what.date;
    fields.date("date", date);
    const row_id user = author_of(r, fields, what.user);
    entry_content content = content_of(what);
    if (r.how.put_semantics == put_body::whole && fields.has_any()) {
        if (!fields.has("contact_id")) content.contact = 0;
        if (!fields.has("project_id")) content.project = 0;
        if (!fields.has("task_ids")) content.tasks.clear();
        if (!fields.has("description")) content.description.reset();
        if (!fields.has("duration")) content.duration = 0;
    }
    if (user == 0 || !read_content(r, fields, content)) return;
    what.user = user;
    what.date = date.value_or(what.date);
    move_budgets(r.account, content.contact, content.project, content.duration - what.duration);
    set_content(what, std::move(content));
    what.updated_at = r.at;
    row_writer rows = r.rows();
    rows.in_write_reply();
    rows.entry_row(what);
    r.account.write_entry(id, what, r.at, r.visible_at);
}

void delete_entry(asked& r, row_id id) {
    const entry* what = changeable(r, id);
    if (what == nullptr) return;
    move_budgets(r.account, what->contact, what->project, -what->duration);
    r.account.write_entry(id, std::nullopt, r.at, r.visible_at);
    if (r.how.delete_status_204)
        r.out.status = 204;
    else
        r.rows().deleted(id);
}

}  // namespace minutedock
