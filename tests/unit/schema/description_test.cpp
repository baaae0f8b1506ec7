// SPDX-License-Identifier: MIT
// The description against MinuteDock's own list of fields, written down here a second time from its API text.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/model/description.h"

namespace mdock::schema_test {
namespace {

using names = std::set<std::string>;
using model::kind;

const std::map<resource, names> documented{
    {resource::accounts, {"id", "name"}},
    {resource::users,
     {"user_account_id", "archived", "email", "first_name", "last_name", "billing_rate", "id", "account_id",
      "time_zone_id", "time_zone_offset", "push_channel_token"}},
    {resource::contacts,
     {"id", "name", "short_code", "active", "pinned", "budget_type", "budget_frequency", "budget_target",
      "budget_progress", "default_rate_dollars", "billable"}},
    {resource::projects,
     {"id", "name", "contact_id", "short_code", "active", "pinned", "budget_type", "budget_frequency", "budget_target",
      "budget_progress", "default_rate_dollars", "billable"}},
    {resource::tasks, {"id", "name", "pinned", "default_rate_dollars", "entries_count"}},
    {resource::items, {"id", "name", "description", "default_rate_cents"}},
    {resource::entries,
     {"id", "user_account_id", "contact_id", "project_id", "task_ids", "description", "duration", "duration_hours",
      "account_id", "user_id", "date", "invoice_id", "billing_rate", "updated_at", "logged_at", "logged", "rate"}},
    {resource::expenses,
     {"id", "description", "quantity", "unit_amount", "amount", "currency", "date", "contact_id", "project_id",
      "user_account_id", "invoice_id", "manually_invoiced", "written_off", "item", "created_at", "updated_at"}},
    {resource::invoices,
     {"id", "contact_id", "number", "reference", "status", "sent_at", "archived", "date", "due_date", "currency",
      "subtotal", "tax", "total", "delivery", "created_at", "updated_at", "line_items"}},
    {resource::invoice_line_items,
     {"id", "description", "quantity", "unit_amount", "subtotal", "tax", "total", "position"}},
    {resource::dock,
     {"id", "user_account_id", "contact_id", "project_id", "task_ids", "description", "duration", "duration_hours",
      "account_id", "user_id", "invoice_id", "rate", "timer_active", "logged", "version_id", "version_client_id",
      "version_number"}},
};
// Not in the text's model: an empty date in the dock's sample, and what a docked entry had in recorded replies.
const names seen_in_docks{"date", "updated_at", "log_at", "logged_at", "billing_rate"};

TEST(Description, KnowsEveryDocumentedFieldAndNoOther) {
    for (const resource which : all_resources) {
        names fields;
        for (const model::column& c : model::describe(which).columns)
            if (!c.api_field.empty()) fields.emplace(c.api_field.substr(0, c.api_field.find('.')));
        names wanted = documented.at(which);
        if (which == resource::dock) wanted.insert(seen_in_docks.begin(), seen_in_docks.end());
        EXPECT_EQ(fields, wanted) << name_of(which);
    }
}

TEST(Description, NamesEachColumnAndFieldOnce) {
    for (const resource which : all_resources) {
        const model::table& t = model::describe(which);
        EXPECT_EQ(t.name, name_of(which));
        EXPECT_EQ(t.which, which);
        names columns;
        names fields;
        for (const model::column& c : t.columns) {
            EXPECT_TRUE(c.name.empty() || columns.emplace(c.name).second) << t.name << '.' << c.name;
            EXPECT_TRUE(c.api_field.empty() || fields.emplace(c.api_field).second) << t.name << '.' << c.api_field;
        }
    }
}

TEST(Description, StoresWhatHasAColumnAndOnlyThat) {
    const std::set<kind> without_column{kind::link_set, kind::child_rows, kind::scope, kind::dropped};
    for (const resource which : all_resources) {
        const model::table& t = model::describe(which);
        int keys = 0;
        for (const model::column& c : t.columns) {
            const std::string where = std::string(t.name) + '.' + std::string(c.name) + '/' + std::string(c.api_field);
            EXPECT_EQ(c.name.empty(), without_column.contains(c.how)) << where;
            EXPECT_EQ(c.declared.empty(), c.name.empty()) << where;
            EXPECT_EQ(c.meaning.empty(), c.name.empty()) << where;
            EXPECT_EQ(c.api_field.empty(), c.how == kind::local) << where;
            if (c.how == kind::key) {
                ++keys;
                EXPECT_EQ(c.name, t.key);
            }
        }
        EXPECT_EQ(keys, 1) << t.name;
    }
}

TEST(Description, LetsNobodyWriteWhatMinuteDockComputes) {
    const names computed{"invoice_id",      "billing_rate_cents", "updated_at",   "created_at",
                         "budget_progress", "entries_count",      "amount_cents", "presence",
                         "gone_at",         "sync_state",         "extra",        "is_me",
                         "observed_at",     "version_number"};
    for (const resource which : all_resources) {
        const model::table& t = model::describe(which);
        for (const model::column& c : t.columns) {
            const bool is_writable = c.written_by != model::writer::nobody;
            EXPECT_FALSE(is_writable && computed.contains(std::string(c.name))) << t.name << '.' << c.name;
            EXPECT_FALSE(is_writable && !t.takes_local_writes) << t.name << '.' << c.name;
        }
    }
}

TEST(Resources, HaveNamesThatLeadBack) {
    for (const resource which : all_resources) EXPECT_EQ(resource_named(name_of(which)), which);
    EXPECT_EQ(resource_named("entry"), std::nullopt);
    EXPECT_EQ(resource_named(""), std::nullopt);
}

}  // namespace
}  // namespace mdock::schema_test
