// SPDX-License-Identifier: MIT
#include "core/store/candidates.h"

#include <algorithm>

#include "core/store/change_log.h"
#include "core/store/mapping.h"
#include "core/store/overlay.h"

namespace mdock::store {
namespace {

constexpr std::int64_t a_minute = 60;

const model::field_value& field(const model::field_values& of, std::string_view name) {
    static const model::field_value null{nullptr};
    const auto found = of.find(name);
    return found == of.end() ? null : found->second;
}

// Texts as a service may store them: without spaces at the ends, and no text is an empty one.
std::string normal(const model::field_value& value) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return {};
    const auto first = text->find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return text->substr(first, text->find_last_not_of(" \t\r\n") - first + 1);
}

std::int64_t number(const model::field_value& value) {
    const auto* integer = std::get_if<std::int64_t>(&value);
    return integer == nullptr ? 0 : *integer;
}

// As it was sent, or rounded up to a whole minute by the service (O11).
bool is_same_length(std::int64_t mine, std::int64_t theirs) {
    return mine == theirs || (mine + a_minute - 1) / a_minute * a_minute == theirs;
}

bool has_all(const model::field_value& mine, const model::field_value& theirs) {
    const auto* wanted = std::get_if<model::id_set>(&mine);
    const auto* there = std::get_if<model::id_set>(&theirs);
    if (wanted == nullptr || wanted->empty()) return true;
    return there != nullptr && std::includes(there->begin(), there->end(), wanted->begin(), wanted->end());
}

enum class likeness { none, near, equal };

likeness compare_entry(const model::field_values& mine, const model::field_values& theirs, std::int64_t me) {
    const auto user = mine.contains("user_account_id") ? number(field(mine, "user_account_id")) : me;
    if (user != number(field(theirs, "user_account_id"))) return likeness::none;
    const bool has_text = normal(field(mine, "description")) == normal(field(theirs, "description"));
    // Somebody may have put it on another day since: its words are enough for a doubt.
    if (!model::is_same(field(mine, "entry_date"), field(theirs, "entry_date")))
        return has_text && !normal(field(mine, "description")).empty() ? likeness::near : likeness::none;
    const bool has_contact = model::is_same(field(mine, "contact_id"), field(theirs, "contact_id"));
    // A project given without its contact brings the contact along.
    const bool fits_contact = has_contact || (number(field(mine, "contact_id")) == 0 && number(field(mine, "project_id")) != 0);
    const bool is_equal = has_text && fits_contact && model::is_same(field(mine, "project_id"), field(theirs, "project_id")) &&
                          is_same_length(number(field(mine, "duration_seconds")), number(field(theirs, "duration_seconds"))) &&
                          has_all(field(mine, model::links_field), field(theirs, model::links_field));
    if (is_equal) return likeness::equal;
    const bool has_client = has_contact && number(field(mine, "contact_id")) != 0;
    return has_text || has_client ? likeness::near : likeness::none;
}

likeness compare_named(const model::field_values& mine, const model::field_values& theirs) {
    if (normal(field(mine, "name")) != normal(field(theirs, "name"))) return likeness::none;
    if (mine.contains("contact_id") && !model::is_same(field(mine, "contact_id"), field(theirs, "contact_id"))) return likeness::none;
    return likeness::equal;
}

}  // namespace

bool was_known(database& db, resource which, std::int64_t id, std::int64_t known_seq) {
    auto& came = db.prepared("SELECT 1 FROM changes WHERE seq > ?3 AND resource = ?1 AND row_id = ?2 AND operation = 'insert'");
    came.bind(1, name_of(which)).bind(2, id).bind(3, known_seq);
    const bool is_new = came.step();
    came.reset();
    if (is_new) return false;
    auto& gone = db.prepared("SELECT 1 FROM gone_rows WHERE resource = ?1 AND row_id = ?2");
    gone.bind(1, name_of(which)).bind(2, id);
    const bool was_there = gone.step();
    gone.reset();
    return was_there || their_row(db, which, id).has_value();
}

void watch_for_twin(database& db, const waiting_change& create, std::int64_t id, utc_seconds until) {
    if (create.which != resource::entries) return;
    const auto sent = sent_state(db, create.outbox_id);
    const std::string content = model::text_of(create.new_values), last = format_timestamp(until);
    db.prepared("INSERT OR REPLACE INTO _twin_watch (entry_id, known_seq, fingerprint, until) VALUES (?1, ?2, ?3, ?4)")
        .bind(1, id).bind(2, sent ? sent->known_seq : 0).bind(3, content).bind(4, last).run();
}

candidate_rows find_candidates(database& db, const waiting_change& create, std::int64_t known_seq, std::int64_t user_account_id) {
    std::vector<std::int64_t> ids;
    auto& select = db.prepared(
        "SELECT DISTINCT row_id FROM changes WHERE seq > ?2 AND resource = ?1 AND operation = 'insert' AND row_id < ?3 ORDER BY row_id");
    select.bind(1, name_of(create.which)).bind(2, known_seq).bind(3, local_id_base);
    while (select.step()) ids.push_back(select.integer(0));
    select.reset();
    candidate_rows out;
    for (const auto id : ids) {
        if (is_mapped(db, create.which, id)) continue;
        auto theirs = their_row(db, create.which, id);
        // A person may have taken it away here before anybody knew that it is ours.
        if (!theirs)
            if (const auto over = read_overlay(db, create.which, id); over.contains(id) && over.at(id).is_deleted) theirs = over.at(id).found;
        if (!theirs) continue;
        const auto how = create.which == resource::entries ? compare_entry(create.new_values, *theirs, user_account_id)
                                                           : compare_named(create.new_values, *theirs);
        if (how == likeness::equal) out.equal.push_back(id);
        if (how == likeness::near) out.near.push_back(id);
    }
    return out;
}

namespace {

struct watched_row {
    std::int64_t id = 0;
    std::int64_t known_seq = 0;
    waiting_change create;
};

std::vector<watched_row> watched_rows(database& db) {
    std::vector<watched_row> out;
    auto& select = db.prepared("SELECT entry_id, known_seq, fingerprint FROM _twin_watch");
    while (select.step()) {
        watched_row one{select.integer(0), select.integer(1), {}};
        if (auto content = model::parse_fields(select.text(2))) one.create.new_values = std::move(*content);
        out.push_back(std::move(one));
    }
    select.reset();
    return out;
}

bool is_reported(database& db, std::int64_t id) {
    auto& select = db.prepared("SELECT 1 FROM conflicts WHERE resource = 'entries' AND row_id = ?1 AND field = ?2");
    select.bind(1, id).bind(2, twin_field);
    const bool is_there = select.step();
    select.reset();
    return is_there;
}

}  // namespace

bool is_watching_for_twins(database& db) {
    auto& any = db.prepared("SELECT 1 FROM _twin_watch LIMIT 1");
    const bool does = any.step();
    any.reset();
    return does;
}

std::int64_t report_twins(database& db, std::int64_t user_account_id, utc_seconds at) {
    const std::string now = format_timestamp(at);
    std::int64_t count = 0;
    for (const auto& one : watched_rows(db)) {
        for (const auto id : find_candidates(db, one.create, one.known_seq, user_account_id).equal) {
            if (id == one.id || is_reported(db, id)) continue;
            record_conflict(db, resource::entries, id, {std::string(twin_field), nullptr, one.id, nullptr}, at, false);
            refresh_sync_state(db, resource::entries, id);
            ++count;
        }
    }
    const auto last = last_change(db);
    db.prepared("DELETE FROM _twin_watch WHERE until < ?1").bind(1, now).run();
    db.prepared("UPDATE _twin_watch SET known_seq = ?1").bind(1, last).run();
    return count;
}

}  // namespace mdock::store
