// SPDX-License-Identifier: MIT
// The dock: one timer a person, changed under a version so that two clients do not overwrite each other, logged as an
// entry, and filled from an entry by redock.
#include <openssl/evp.h>

#include <array>

#include "tests/minutedock/asked.h"
#include "tests/minutedock/entry_content.h"
#include "tests/minutedock/write_fields.h"

namespace minutedock {
namespace {

constexpr std::string_view own_client = "web-app";
// Time that redock does not keep as an entry of its own, if nothing else is in the dock.
constexpr std::int64_t insignificant_seconds = 60;

std::string sha1_text(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    std::string hex;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr) != 1) return hex;
    constexpr std::string_view digits = "0123456789abcdef";
    for (unsigned i = 0; i < length; ++i) {
        hex += digits[digest[i] >> 4U];
        hex += digits[digest[i] & 0xfU];
    }
    return hex;
}

std::string uuid_text(dice& chance) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : std::string_view{"xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx"})
        text += c == 'x' ? digits[static_cast<std::size_t>(chance.below(16))] : c;
    return text;
}

// The server changed the dock itself, or for a client that sends no versions.
void next_version(const asked& r, dock& what) {
    ++what.version_number;
    what.version_client_id = own_client;
    what.version_id = r.how.version_id == version_form::sha1
                          ? sha1_text(std::to_string(what.entry_id) + "." + what.version_client_id + "." +
                                      std::to_string(what.version_number))
                          : uuid_text(r.chance);
}

dock& own_dock(const asked& r) { return r.account.docks[r.who.id()]; }

void write_idle(asked& r, const dock& what) {
    switch (r.how.dock_idle) {
        case idle_dock::null: r.out.body = "null"; return;
        case idle_dock::no_body: return;
        case idle_dock::not_found: return refuse(r, 404, "No timer is active");
        case idle_dock::blank: break;
    }
    dock blank = what;
    blank.description = "";
    r.rows().dock_row(blank, r.who.id(), r.now);
}

void write_dock(asked& r) {
    const dock& what = own_dock(r);
    if (what.idle()) return write_idle(r, what);
    r.rows().dock_row(what, r.who.id(), r.now);
}

void write_as_entry(asked& r) {
    row_writer rows = r.rows();
    rows.in_write_reply();
    rows.docked_entry_row(own_dock(r), r.who.id(), r.now);
}

void make_idle(const asked& r, dock& what) {
    what = dock{};
    if (r.how.dock_idle == idle_dock::blank) next_version(r, what);
}

// What is in the dock becomes an entry of the day on which it was begun; the dock is idle after it.
entry log_dock(const asked& r, std::optional<std::chrono::sys_days> date = std::nullopt) {
    dock& what = own_dock(r);
    entry logged;
    logged.id = what.entry_id;
    logged.user = r.who.id();
    logged.contact = what.contact;
    logged.project = what.project;
    logged.tasks = what.tasks;
    logged.description = what.description;
    logged.duration = what.duration(r.now);
    logged.date = date.value_or(what.begun_on.value_or(local_today(r)));
    logged.updated_at = r.at;
    move_budgets(r.account, logged.contact, logged.project, logged.duration);
    r.account.write_entry(logged.id, logged, r.at, r.visible_at);
    make_idle(r, what);
    return logged;
}

bool is_insignificant(const asked& r, const dock& what) {
    return what.duration(r.now) < insignificant_seconds && what.contact == 0 && what.project == 0 &&
           what.tasks.empty() && what.description.value_or("").empty();
}

// Empties the dock for something else; the seconds that were too few to log are returned.
std::int64_t make_room(const asked& r) {
    dock& what = own_dock(r);
    if (what.idle()) return 0;
    if (!is_insignificant(r, what)) {
        log_dock(r);
        return 0;
    }
    const std::int64_t seconds = what.duration(r.now);
    make_idle(r, what);
    return seconds;
}

void begin_if_idle(const asked& r, dock& what) {
    if (!what.idle()) return;
    what.entry_id = r.account.new_id();
    what.begun_on = local_today(r);
}

void set_running(const asked& r, dock& what, bool is_running) {
    what.seconds = what.duration(r.now);
    what.running_since = is_running ? std::optional{r.now} : std::nullopt;
}

// Applies the fields of a write to the dock. False when the request was refused.
bool apply_fields(const asked& r, write_fields& fields, dock& what) {
    entry_content content{what.contact, what.project, what.tasks, what.description, what.duration(r.now)};
    bool is_running = what.running_since.has_value();
    fields.boolean("timer_active", is_running);
    if (!read_content(r, fields, content)) return false;
    begin_if_idle(r, what);
    what.contact = content.contact;
    what.project = content.project;
    what.tasks = std::move(content.tasks);
    what.description = std::move(content.description);
    if (fields.has("duration")) {
        what.seconds = content.duration;
        if (what.running_since) what.running_since = r.now;
    }
    if (is_running != what.running_since.has_value()) set_running(r, what, is_running);
    return true;
}

void answer_conflict(asked& r) {
    switch (r.how.dock_conflict) {
        case conflict_answer::status_422: return refuse(r, 422, "The dock was changed by another client");
        case conflict_answer::status_409:
            write_dock(r);
            r.out.status = 409;
            return;
        case conflict_answer::silent_200:
        case conflict_answer::last_write_wins: write_dock(r);
    }
}

void answer_logged(asked& r, const entry& logged) {
    if (r.how.dock_log_reply == log_answer::dock) return write_dock(r);
    row_writer rows = r.rows();
    rows.in_write_reply();
    rows.entry_row(logged);
}

// Logs when the fields ask for it and answers; otherwise `answer_open` answers.
void finish_write(asked& r, write_fields& fields, void (*answer_open)(asked&)) {
    bool is_logged = false;
    std::optional<std::chrono::sys_days> date;
    fields.boolean("logged", is_logged);
    fields.date("date", date);
    if (!is_logged) return answer_open(r);
    answer_logged(r, log_dock(r, date));
}

}  // namespace

void show_dock(asked& r) { write_dock(r); }

void show_current_entry(asked& r) {
    const dock& what = own_dock(r);
    if (what.idle()) return write_idle(r, what);
    r.rows().docked_entry_row(what, r.who.id(), r.now);
}

void update_dock(asked& r) {
    write_fields fields{r, "entry"};
    std::string id;
    std::string client;
    std::int64_t number = -1;
    fields.text("version_id", id);
    fields.text("version_client_id", client);
    fields.count("version_number", number);
    if (!fields.is_good() || id.empty() || client.empty() || number < 0)
        return refuse(r, 422, "version_id, version_client_id and version_number are required");
    if (number <= own_dock(r).version_number && r.how.dock_conflict != conflict_answer::last_write_wins)
        return answer_conflict(r);
    dock changed = own_dock(r);
    if (!apply_fields(r, fields, changed)) return;
    changed.version_id = id;
    changed.version_client_id = client;
    changed.version_number = number;
    own_dock(r) = std::move(changed);
    finish_write(r, fields, write_dock);
}

void update_current_entry(asked& r) {
    write_fields fields{r, "entry"};
    dock changed = own_dock(r);
    if (changed.idle()) return refuse(r, 404, "No timer is active");
    if (!apply_fields(r, fields, changed)) return;
    next_version(r, changed);
    own_dock(r) = std::move(changed);
    finish_write(r, fields, write_as_entry);
}

void discard_dock(asked& r) {
    dock& what = own_dock(r);
    if (what.idle()) return refuse(r, 404, "No timer is active");
    const row_id id = what.entry_id;
    make_idle(r, what);
    if (r.how.delete_status_204)
        r.out.status = 204;
    else
        r.rows().deleted(id);
}

void start_timer(asked& r, dock fresh) {
    make_room(r);
    dock& what = own_dock(r);
    fresh.version_number = what.version_number;
    what = std::move(fresh);
    begin_if_idle(r, what);
    what.running_since = r.now;
    next_version(r, what);
    write_as_entry(r);
}

void redock_entry(asked& r, row_id id) {
    const entry* found = r.account.latest(id);
    if (found == nullptr || !r.who.sees(*found))
        return refuse_unseen(r, found != nullptr, r.account.entries.once_had(id));
    if (found->user != r.who.id()) return refuse(r, 403, "You may only redock your own entries");
    if (is_locked(r.account, *found, r.who.is_admin()))
        return refuse(r, r.how.locked_write == refusal::status_422 ? 422 : 403, "The entry is locked");
    const entry what = *found;
    const std::int64_t extra = make_room(r);
    r.account.write_entry(id, std::nullopt, r.at, r.visible_at);
    move_budgets(r.account, what.contact, what.project, -what.duration);
    dock& into = own_dock(r);
    into.entry_id = r.how.redock_keeps_id ? id : r.account.new_id();
    into.contact = what.contact;
    into.project = what.project;
    into.tasks = what.tasks;
    into.description = what.description;
    into.seconds = what.duration + extra;
    into.begun_on = what.date;
    into.running_since = r.now;
    next_version(r, into);
    write_as_entry(r);
}

void legacy_verb(asked& r, std::string_view verb) {
    dock& what = own_dock(r);
    if (verb == "log") {
        if (what.idle()) return refuse(r, 422, "No timer is active");
        row_writer rows = r.rows();
        rows.in_write_reply();
        return rows.entry_row(log_dock(r));
    }
    if (verb != "start" && verb != "pause") return refuse(r, 404, "Not found");
    begin_if_idle(r, what);
    if (what.running_since.has_value() != (verb == "start")) set_running(r, what, verb == "start");
    next_version(r, what);
    write_as_entry(r);
}

}  // namespace minutedock
