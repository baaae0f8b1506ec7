// SPDX-License-Identifier: MIT
// mdock: reads the command line, runs one command, shows what failed, and ends with the contract's exit code.
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <clocale>
#include <new>

#include "daemon/cli/command_tree.h"
#include "daemon/exit_codes.h"

namespace {

using namespace mdock;

void add_commands(cli::command_tree& tree) {
    cli::add_init(tree);
    cli::add_auth(tree);
    cli::add_sync(tree);
    cli::add_verify(tree);
    cli::add_run(tree);
    cli::add_status(tree);
    cli::add_doctor(tree);
    cli::add_days(tree);
    cli::add_lists(tree);
    cli::add_entry_commands(tree);
    cli::add_name_commands(tree);
    cli::add_expense_commands(tree);
    cli::add_timer(tree);
    cli::add_sql(tree);
    cli::add_outbox(tree);
    cli::add_conflict(tree);
    cli::add_db(tree);
    cli::add_db_backup(tree);
    cli::add_db_rebuild(tree);
    cli::add_snapshot(tree);
    cli::add_service(tree);
    cli::add_config(tree);
    cli::add_completion(tree);
    cli::add_version(tree);
}

int show(cli::session& here, const failure& why) {
    here.out().error(why, cli::hint_for(why.code()));
    return exit_code_of(why.code());
}

failure failure_of(const SQLite::Exception& error) {
    switch (error.getErrorCode()) {
        case SQLITE_CORRUPT: return {errc::database_corrupt, std::string("the database is damaged: ") + error.what()};
        case SQLITE_NOTADB: return {errc::database_foreign, std::string("the file is no database: ") + error.what()};
        case SQLITE_FULL: return {errc::database_full, "the disk is full"};
        case SQLITE_BUSY: return {errc::database_busy, "the database is in use by another program"};
        default: return {errc::database_error, std::string("the database answered: ") + error.what()};
    }
}

int run(cli::session& here, const cli::action& what) {
    try {
        return what(here);
    } catch (const failure_exception& error) {
        return show(here, error.why());
    } catch (const SQLite::Exception& error) {
        return show(here, failure_of(error));
    } catch (const std::bad_alloc&) {
        return show(here, {errc::none, "not enough memory; what was committed is safe"}) + exit_code::failed;
    } catch (const std::exception& error) {
        here.out().error({errc::none, error.what()}, "What was committed is safe.");
        return exit_code::failed;
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::setlocale(LC_ALL, "C");  // numbers and dates are the same everywhere (L13)
    ::umask(077);                 // whatever is made is ours alone, until a mode says otherwise (X24)
    cli::command_tree tree;
    add_commands(tree);
    const auto parsed = tree.parse(argc, argv);
    if (!parsed.help.empty()) {
        std::fwrite(parsed.help.data(), 1, parsed.help.size(), stdout);
        return exit_code::done;
    }
    cli::session here(parsed.flags, environment::of_this_process());
    if (!parsed.run) {
        here.out().error({errc::usage, parsed.error}, parsed.hint);
        return exit_code::usage;
    }
    const int code = run(here, parsed.run);
    // A reader that closed the pipe, or a full disk behind stdout: the data did not arrive.
    if (std::fflush(stdout) != 0 && code == exit_code::done) return exit_code::failed;
    return code;
}
