// SPDX-License-Identifier: MIT
// The words that mdock understands. Each noun adds its commands here; help starts with examples; a wrong word is
// answered with the nearest right one. Global flags are accepted before and after the command.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "daemon/cli/session.h"

namespace mdock::cli {

using action = std::function<int(session&)>;

class command_tree {
public:
    command_tree();
    ~command_tree();
    command_tree(const command_tree&) = delete;
    command_tree& operator=(const command_tree&) = delete;

    // A command below `parent` (null: at the top). `examples` are whole lines.
    CLI::App* add(CLI::App* parent, const std::string& name, const std::string& meaning, const std::string& examples);
    // A command at the top that was added before.
    CLI::App* find(const std::string& name);
    // The whole tree, for what is made from it: the shells' completion.
    const CLI::App& root() const { return app_; }
    // What the command does when it is the one that was called, and none below it was.
    void on(CLI::App* command, action what);

    struct outcome {
        global_flags flags;
        action run;  // empty when there is nothing to run: then `code` is the exit code
        int code = 0;
        std::string help;   // to be shown on stdout
        std::string error;  // the sentence of a usage error
        std::string hint;
    };
    outcome parse(int argc, const char* const* argv);

private:
    class examples_first;

    std::string usage_hint(int argc, const char* const* argv, std::string& sentence) const;

    CLI::App app_;
    std::shared_ptr<examples_first> formatter_;
    global_flags flags_;
    action chosen_;
};

// Every command of this release.
void add_init(command_tree& tree);
void add_auth(command_tree& tree);
void add_sync(command_tree& tree);
void add_verify(command_tree& tree);
void add_run(command_tree& tree);
void add_status(command_tree& tree);
void add_doctor(command_tree& tree);
void add_days(command_tree& tree);   // today, week
void add_lists(command_tree& tree);  // entry, contact, project, task, expense, invoice, user, item, account
void add_entry_commands(command_tree& tree);    // after add_lists: entry add, edit, delete
void add_name_commands(command_tree& tree);     // of contact, project and task
void add_expense_commands(command_tree& tree);  // edit
void add_timer(command_tree& tree);
void add_sql(command_tree& tree);
void add_outbox(command_tree& tree);  // outbox, undo
void add_conflict(command_tree& tree);
void add_db(command_tree& tree);
void add_db_backup(command_tree& tree);     // after add_db
void add_db_rebuild(command_tree& tree);
void add_snapshot(command_tree& tree);
void add_service(command_tree& tree);
void add_config(command_tree& tree);
void add_completion(command_tree& tree);
void add_version(command_tree& tree);

}  // namespace mdock::cli
