// SPDX-License-Identifier: MIT
#include "core/store/copy.h"

#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.h"
#include "core/store/sqlite_failure.h"

namespace mdock::store {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(errc code, std::string why) { throw failure_exception({code, std::move(why)}); }

// Beside the name that it gets; gone again unless it got it.
class draft {
public:
    explicit draft(const fs::path& to) : path_(to.string() + ".part") { remove(); }
    ~draft() { remove(); }
    draft(const draft&) = delete;
    draft& operator=(const draft&) = delete;

    const fs::path& path() const { return path_; }

private:
    void remove() const {
        std::error_code ignored;
        for (const char* end : {"", "-journal", "-wal", "-shm"}) fs::remove(path_.string() + end, ignored);
    }

    fs::path path_;
};

void sync_to_disk(const fs::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const std::string why = std::strerror(errno);
    if (descriptor >= 0) ::close(descriptor);
    if (!is_synced) refuse(errc::database_error, path.string() + " could not be brought to the disk: " + why);
}

void hold_what_waits(SQLite::Database& copy) {
    sqlite3_db_config(copy.getHandle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
    // The state is version 1's; an older mdock wrote nothing there.
    copy.exec("UPDATE outbox SET state = 'held', not_before = NULL, last_error = 'from a copy of the mirror: the original may have "
              "sent it since; look at MinuteDock first' WHERE state = 'queued'");
}

void check(SQLite::Database& copy, const fs::path& to) {
    const std::string answer = copy.execAndGet("PRAGMA integrity_check(1)").getString();
    if (answer != "ok") refuse(errc::database_corrupt, "the copy for " + to.string() + " is not whole, and was not kept: " + answer);
}

// Page by page in one reading transaction, and made compact there: SQLite 3.40's VACUUM INTO fails on a read-only
// connection where a table has a generated column.
void copy_pages(SQLite::Database& from, SQLite::Database& to) {
    SQLite::Backup(to, from).executeStep(-1);
    to.exec("PRAGMA journal_mode = DELETE");
    to.exec("VACUUM");
}

}  // namespace

void copy_mirror(SQLite::Database& from, const fs::path& to, fs::perms mode) {
    std::error_code ignored;
    const auto folder = to.has_parent_path() ? to.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, ignored)) refuse(errc::database_error, folder.string() + " is no folder: nothing was copied");
    if (fs::is_directory(to, ignored)) refuse(errc::database_error, to.string() + " is a folder: nothing was copied");
    const draft made(to);
    try {
        SQLite::Database copy(made.path().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOFOLLOW);
        copy_pages(from, copy);
        hold_what_waits(copy);
        check(copy, to);
    } catch (const SQLite::Exception& error) {
        throw failure_exception(failure_of(error, made.path().string()));
    }
    ::chmod(made.path().c_str(), static_cast<mode_t>(mode));
    sync_to_disk(made.path(), O_RDWR);
    if (::rename(made.path().c_str(), to.c_str()) != 0)
        refuse(errc::database_error, to.string() + " could not be made: " + std::strerror(errno));
    sync_to_disk(folder, O_RDONLY | O_DIRECTORY);
}

fs::path copy_before_upgrade(const fs::path& file, int version) { return file.string() + ".before-v" + std::to_string(version); }

}  // namespace mdock::store
