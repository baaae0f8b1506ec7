// SPDX-License-Identifier: MIT
// mdock snapshot PATH and mdock db backup PATH: whole copies of the mirror, made while the daemon goes on. A snapshot takes
// the place of the one before, for programs that read it; a backup is never written over anything.
#include <fmt/format.h>

#include "core/store/copy.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/exit_codes.h"

namespace mdock::cli {
namespace {

namespace fs = std::filesystem;

int make_copy(session& here, const std::string& to, bool may_replace) {
    const auto path = resolved_path(to, fs::current_path(), here.variables());
    std::error_code error;
    if (!may_replace && fs::exists(path, error))
        fail(errc::usage, fmt::format("{} is there already, and a backup is never written over anything: give it another name", path.string()));
    const auto& own = here.config().database;
    if (fs::equivalent(path, own.path, error)) fail(errc::usage, fmt::format("{} is the mirror itself", path.string()));
    auto db = open_mirror(here);
    store::copy_mirror(db, path, own.file_mode);
    const auto size = fs::file_size(path, error);
    if (here.out().is_json()) {
        boost::json::object body;
        body["path"] = path.string();
        body["bytes"] = size;
        here.out().document(std::move(body));
        return exit_code::done;
    }
    here.out().line(path.string());
    here.out().note(fmt::format("A whole copy of the mirror, {} KiB, checked. Changes that had not been sent are held in it.", size / 1024));
    return exit_code::done;
}

}  // namespace

void add_snapshot(command_tree& tree) {
    auto to = std::make_shared<std::string>();
    auto* command = tree.add(nullptr, "snapshot", "copies the mirror to PATH, in the place of the copy before",
                             "  mdock snapshot /srv/reports/mirror.db");
    command->add_option("PATH", *to, "the copy's file")->required();
    tree.on(command, [to](session& here) { return make_copy(here, *to, true); });
}

void add_db_backup(command_tree& tree) {
    auto to = std::make_shared<std::string>();
    auto* command = tree.add(tree.find("db"), "backup", "copies the mirror to a new file, and checks the copy",
                             "  mdock db backup ~/mirror-$(date +%F).db");
    command->add_option("PATH", *to, "the copy's file, which must not be there")->required();
    tree.on(command, [to](session& here) { return make_copy(here, *to, false); });
}

}  // namespace mdock::cli
