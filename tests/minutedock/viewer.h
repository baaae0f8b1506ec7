// SPDX-License-Identifier: MIT
// Who asks, and what that person may see: one place for every rule of visibility, used by lists, single reads, reports
// and by the expectation of a correct mirror.
#pragma once

#include <algorithm>

#include "tests/minutedock/state.h"

namespace minutedock {

class viewer {
public:
    explicit viewer(const user& who) : who_(&who) {}

    const user& who() const { return *who_; }
    row_id id() const { return who_->id; }
    bool is_admin() const { return who_->may.admin; }
    bool sees_others_time() const {
        const permissions& may = who_->may;
        return may.admin || may.manage_invoices || may.report_on_others || may.edit_others;
    }
    bool edits_others_time() const { return who_->may.admin || who_->may.edit_others; }
    bool sees_all_rates() const { return who_->may.admin || who_->may.manage_invoices; }
    bool sees_contact_rates() const { return sees_all_rates() || who_->may.manage_contacts; }
    bool sees_project_rates() const { return sees_all_rates() || who_->may.manage_projects_and_tasks; }
    bool sees_invoices() const { return who_->may.admin || who_->may.manage_invoices; }
    bool sees_all_expenses() const { return who_->may.admin; }
    bool edits_contacts() const { return who_->may.admin || who_->may.manage_contacts; }
    bool edits_projects() const { return who_->may.admin || who_->may.manage_projects_and_tasks; }

    bool is_allowed_contact(row_id id) const {
        if (!who_->allowed_contacts || id == 0) return true;
        return std::find(who_->allowed_contacts->begin(), who_->allowed_contacts->end(), id) !=
               who_->allowed_contacts->end();
    }
    bool sees(const contact& what) const { return !what.deleted && is_allowed_contact(what.id); }
    bool sees(const project& what) const { return !what.deleted && is_allowed_contact(what.contact_id); }
    bool sees(const task& what) const { return !what.deleted; }
    // A person's own time is always shown to that person, whatever its contact.
    bool sees(const entry& what) const {
        return what.user == who_->id || (sees_others_time() && is_allowed_contact(what.contact));
    }
    bool sees(const expense& what) const { return what.user == who_->id || sees_all_expenses(); }

private:
    const user* who_;
};

}  // namespace minutedock
