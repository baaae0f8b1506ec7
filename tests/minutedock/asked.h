// SPDX-License-Identifier: MIT
// One request as its handler sees it, after the credentials were checked, and the answer that the handler fills in.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/minutedock/query.h"
#include "tests/minutedock/random.h"
#include "tests/minutedock/rows.h"
#include "tests/minutedock/state.h"
#include "tests/minutedock/switches.h"
#include "tests/minutedock/viewer.h"

namespace minutedock {

struct answer {
    int status = 200;
    std::string body;
    std::string content_type = "application/json; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers;  // besides Date, ETag and Retry-After
};

struct asked {
    state& account;
    const switches& how;
    viewer who;
    const target& where;
    const boost::json::object& body;  // empty for a request without one
    bool is_put = false;
    mdock::utc_seconds now;
    stamp at;          // `now` with milliseconds, as the stamps of this request's changes
    stamp visible_at;  // when lists show them
    dice& chance;
    answer& out;

    row_writer rows() const { return {out.body, account, how, who}; }
    const std::string* parameter(const std::string& name) const { return where.find(name); }
};

// Refusals, in the form that the switches ask for.
void refuse(const asked& request, int status, std::string_view message);
void refuse(answer& out, const switches& how, int status, std::string_view message);

// A number from a path segment; 0 for anything else.
row_id id_of_segment(std::string_view text);

// Handlers, by the file that has them. Each checks permissions itself.
// reference_lists.cpp
void list_accounts(asked& r, const std::vector<const state*>& all);
void list_users(asked& r);
void list_contacts(asked& r);
void list_projects(asked& r);
void list_tasks(asked& r);
void list_items(asked& r);
void show_contact(asked& r, row_id id);
void show_project(asked& r, row_id id);
void show_task(asked& r, row_id id);
// fact_lists.cpp
void list_entries(asked& r);
void show_entry(asked& r, row_id id);
void list_expenses(asked& r);
void list_invoices(asked& r);
void show_invoice(asked& r, row_id id);
// reports.cpp
void generate_report(asked& r);
void show_report(asked& r, row_id id);
// entry_writes.cpp
void create_entry(asked& r);
void update_entry(asked& r, row_id id);
void delete_entry(asked& r, row_id id);
// docks.cpp
void show_dock(asked& r);
void show_current_entry(asked& r);
void update_dock(asked& r);
void update_current_entry(asked& r);
void discard_dock(asked& r);
void redock_entry(asked& r, row_id id);
void legacy_verb(asked& r, std::string_view verb);
void start_timer(asked& r, dock fresh);  // logs what is in the dock first
// reference_writes.cpp
void create_contact(asked& r);
void update_contact(asked& r, row_id id);
void delete_contact(asked& r, row_id id);
void create_project(asked& r);
void update_project(asked& r, row_id id);
void delete_project(asked& r, row_id id);
void archive_project(asked& r, row_id id);
void create_task(asked& r);
void update_task(asked& r, row_id id);
void delete_task(asked& r, row_id id);
void update_expense(asked& r, row_id id);

// Answers with a 404, 403 or 410 for an id that is not shown, as the switches say.
void refuse_unseen(const asked& r, bool exists, bool was_deleted);

}  // namespace minutedock
