// SPDX-License-Identifier: MIT
// mdock db rebuild: the mirror made anew from MinuteDock, with what only the old file knows carried over. Readers have the
// old one until the new one is whole (R06), and the old one stays beside it (S05).
#include <fmt/format.h>
#include <poll.h>
#include <sqlite3.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "core/store/carry_over.h"
#include "core/store/database.h"
#include "core/store/file_checks.h"
#include "core/store/local_write.h"
#include "core/store/open.h"
#include "daemon/host/file_readers.h"
#include "core/store/sqlite_failure.h"
#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/rights.h"
#include "daemon/cli/sync.h"
#include "daemon/cli/terminal.h"
#include "daemon/exit_codes.h"
#include "daemon/progress_bar.h"
#include "daemon/service.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

namespace fs = std::filesystem;

struct rebuild_options {
    bool yes = false, dry_run = false;
};

constexpr std::chrono::seconds patience_with_readers{5};
constexpr std::array parts{"", "-wal", "-shm", "-journal"};

void remove_with_log(const fs::path& file) {
    std::error_code ignored;
    for (const char* part : parts) fs::remove(file.string() + part, ignored);
    fs::remove(file.string() + ".lock", ignored);
}

// Gone again unless it took the mirror's place.
class new_file {
public:
    explicit new_file(const fs::path& mirror) : path_(mirror.string() + ".rebuild") { remove_with_log(path_); }
    ~new_file() { remove_with_log(path_); }
    new_file(const new_file&) = delete;
    new_file& operator=(const new_file&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

std::string names_of(const std::vector<host::reading_process>& readers) {
    std::string out;
    for (const auto& one : readers) out += fmt::format("{}{} (process {})", out.empty() ? "" : ", ", made_visible(one.name), one.pid);
    return out.empty() ? "another program" : out;
}

[[noreturn]] void refuse_for_readers(const fs::path& file) {
    fail(errc::database_error, fmt::format("{} is being read by {}: close it and run this again; the mirror is as it was",
                                          file.string(), names_of(host::readers_of(file))));
}

// No log and nobody in it: only then may another file take the name, because a log belongs to whatever has its name.
// False when the file is damaged; then there is nothing in it to be read by anybody.
bool close_log(const fs::path& file) {
    // SQLite does not wait for this lock by itself, and many readers are there for a moment only.
    const auto end = std::chrono::steady_clock::now() + patience_with_readers;
    while (true) {
        try {
            SQLite::Database db(file.string(), SQLite::OPEN_READWRITE);
            if (db.execAndGet("PRAGMA journal_mode = DELETE").getString() == "delete") return true;
        } catch (const SQLite::Exception& error) {
            if (error.getErrorCode() != SQLITE_BUSY && error.getErrorCode() != SQLITE_LOCKED) return false;
        }
        if (std::chrono::steady_clock::now() >= end) refuse_for_readers(file);
        ::poll(nullptr, 0, 5);
    }
}

void must(bool is_done, const fs::path& file) {
    if (!is_done) fail(errc::database_error, fmt::format("{} could not be put in its place: {}", file.string(), std::strerror(errno)));
}

// The old file's new name.
fs::path exchange(const fs::path& mirror, const fs::path& fresh) {
    const fs::path aside = mirror.string() + ".before-rebuild";
    const bool is_whole = close_log(mirror);
    remove_with_log(aside);
    for (const char* part : {"-wal", "-shm"})
        if (!is_whole) ::rename((mirror.string() + part).c_str(), (aside.string() + part).c_str());
    must(::link(mirror.c_str(), aside.c_str()) == 0, aside);
    must(::rename(fresh.c_str(), mirror.c_str()) == 0, mirror);
    return aside;
}

// Readers of other users need the log's file to be there while no daemon runs. A daemon that came first has made it.
void make_log(session& here, const fs::path& file) {
    try {
        store::open_writer(file, here.config().database.file_mode);
    } catch (const failure_exception& error) {
        if (error.why().code() != errc::database_busy) throw;
    }
}

// Nothing where the file is too damaged to be opened at all.
std::optional<SQLite::Database> open_old(const fs::path& file, output& out) {
    try {
        return store::open_reader(file);
    } catch (const failure_exception& error) {
        if (error.why().code() != errc::database_corrupt) throw;
        out.warn(made_visible(error.why().context()));
        return std::nullopt;
    }
}

void say_carried(output& out, const store::carried& what) {
    if (what.waiting > 0) out.note(fmt::format("{} changes that wait are carried over; nothing of them is sent meanwhile.", with_commas(what.waiting)));
    for (const auto& one : what.lost) out.warn("could not be read to its end: " + made_visible(one));
}

engine::round_report load(session& here, store::database& db, secret token, int& signal_number) {
    const auto& all = here.config();
    event_log log(log_level_named(all.log.level), log_format_named(all.log.format, here.variables()));
    machine world(all, std::move(token), log);
    progress_bar bar(here.out(), [&world] { return world.now(); });
    auto how = engine_options(all, here.timeout(), false);
    how.sends = false;
    engine::mirror mirror{world.world(), db, how, &bar};
    auto done = world.finish(engine::sync_round(mirror, {}));
    bar.clear();
    signal_number = done.signal_number;
    if (done.value) return std::move(*done.value);
    engine::round_report cut;
    cut.stopped_by = failure(errc::interrupted, "interrupted");
    return cut;
}

int rebuild(session& here, const rebuild_options& options) {
    const auto file = fs::weakly_canonical(here.config().database.path);
    auto& out = here.out();
    if (!fs::exists(file)) fail(errc::not_found_locally, fmt::format("there is no mirror at {} yet", file.string()));
    if (options.dry_run) {
        out.line(fmt::format("Would read the whole account into a new file, carry over what waits, and put it in the place of {}. Nothing was done.",
                             file.string()));
        return exit_code::done;
    }
    if (!agrees_to_lose(here, options.yes, fmt::format("Read the whole account anew and replace {}? The old file is kept beside it.", file.string())))
        return exit_code::failed;
    auto found = require_token(here);
    store::check_place(file);
    store::check_header(file);
    std::optional<store::file_lock> lock(std::in_place, file, here.config().database.file_mode);
    if (const auto readers = host::readers_of(file); !readers.empty())
        out.warn(fmt::format("{} reads the mirror: it has to be closed before the new file can take its place", names_of(readers)));
    const new_file fresh(file);
    engine::round_report report;
    int signal_number = 0;
    {
        auto db = store::open_writer(fresh.path(), here.config().database.file_mode);
        if (auto old = open_old(file, out)) say_carried(out, store::carry_over(*old, *db));
        report = load(here, *db, std::move(found.token), signal_number);
        store::open_gate_for_direct_sql(*db, here.config().writes.direct_sql);
    }
    if (signal_number != 0) return say_interrupted(out, signal_number);
    const int code = exit_code_of(report);
    if (report.stopped_by || code != exit_code::done) {
        say_failures(out, report);
        out.warn("The mirror is as it was: the new one could not be made whole.");
        return code == exit_code::done ? exit_code::failed : code;
    }
    const auto aside = exchange(file, fresh.path());
    lock->close_cleanly();
    lock.reset();
    make_log(here, file);
    if (out.is_json()) {
        auto body = report_as_json(report);
        body["path"] = file.string();
        body["old_file"] = aside.string();
        out.document(std::move(body));
        return exit_code::done;
    }
    out.line(fmt::format("{} is made anew by {} requests; the old file is {}.", file.string(), with_commas(report.requests), aside.string()));
    out.note("`mdock verify` proves the new one. What waits is sent by the next `mdock sync` or `mdock run`.");
    return exit_code::done;
}

}  // namespace

void add_db_rebuild(command_tree& tree) {
    auto options = std::make_shared<rebuild_options>();
    auto* command = tree.add(tree.find("db"), "rebuild", "reads the whole account into a new file, which takes the old one's place",
                             "  mdock db rebuild\n  mdock db rebuild --yes");
    command->add_flag("--yes", options->yes, "do not ask");
    command->add_flag("--dry-run", options->dry_run, "only say what would be done");
    tree.on(command, [options](session& here) { return rebuild(here, *options); });
}

}  // namespace mdock::cli
