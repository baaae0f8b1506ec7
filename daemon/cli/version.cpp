// SPDX-License-Identifier: MIT
// mdock version
#include <sqlite3.h>

#include <fmt/format.h>

#include "core/store/open.h"
#include "daemon/cli/command_tree.h"

namespace mdock::cli {
namespace {

int show_version(session& here) {
    if (here.out().is_json()) {
        boost::json::object body;
        body["version"] = MDOCK_VERSION;
        body["database_schema"] = store::schema_version;
        body["sqlite"] = sqlite3_libversion();
        here.out().document(std::move(body));
        return 0;
    }
    here.out().line(fmt::format("mdock {} (database schema {}, SQLite {})", MDOCK_VERSION, store::schema_version,
                                sqlite3_libversion()));
    return 0;
}

}  // namespace

void add_version(command_tree& tree) {
    tree.on(tree.add(nullptr, "version", "the version of the program", "  mdock version\n  mdock version --json"),
            show_version);
}

}  // namespace mdock::cli
