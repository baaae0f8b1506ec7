// SPDX-License-Identifier: MIT
// The least that a first load of entries can cost, by hand: pages over one TLS connection, SAX into rows, prepared
// inserts through SQLite's C API, 10,000 rows a transaction, secondary indexes at the end. script/bench load compares
// `mdock sync` with it; it knows nothing of tokens, faults, resuming or honesty.
#include <sqlite3.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <numeric>
#include <stdexcept>
#include <string>

#include "tests/bench/page_rows.h"
#include "tests/bench/page_source.h"

namespace {

constexpr std::size_t page_size = 1000;
constexpr std::size_t rows_a_transaction = 10000;

constexpr const char* tables = R"(
CREATE TABLE entries (
    entry_id INTEGER PRIMARY KEY AUTOINCREMENT, user_account_id INTEGER, contact_id INTEGER, project_id INTEGER,
    description VARCHAR(4000), duration_seconds INTEGER, entry_date DATE, invoice_id INTEGER, billing_rate_cents INTEGER,
    updated_at TIMESTAMP, extra TEXT, sync_state VARCHAR(12));
CREATE TABLE entry_tasks (entry_id INTEGER, task_id INTEGER, PRIMARY KEY (entry_id, task_id)) WITHOUT ROWID;
)";

void check(bool good, sqlite3* db) {
    if (!good) throw std::runtime_error(sqlite3_errmsg(db));
}

class table_writer {
public:
    explicit table_writer(const char* file) {
        check(sqlite3_open(file, &db_) == SQLITE_OK, db_);
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=OFF; PRAGMA foreign_keys=OFF");
        run(tables);
        entry_ = prepare("INSERT INTO entries VALUES (?,?,?,?,?,?,?,?,?,?,NULL,'synced')");
        task_ = prepare("INSERT OR IGNORE INTO entry_tasks VALUES (?,?)");
        run("BEGIN IMMEDIATE");
    }
    ~table_writer() {
        sqlite3_finalize(entry_);
        sqlite3_finalize(task_);
        sqlite3_close(db_);
    }
    table_writer(const table_writer&) = delete;
    table_writer& operator=(const table_writer&) = delete;

    void insert(bench::page_rows& page) {
        order_.resize(page.size());
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return page.at(a).id < page.at(b).id; });
        for (const std::size_t i : order_) insert(page.at(i));
        pending_ += page.size();
        if (pending_ < rows_a_transaction) return;
        pending_ = 0;
        run("COMMIT; BEGIN IMMEDIATE");
    }

    // The statements of schema/indexes.sql that are about entries, so that both programs build the same.
    void finish(const char* indexes) {
        run("COMMIT; PRAGMA cache_size=-1024");
        std::ifstream in(indexes);
        if (!in) throw std::runtime_error(std::string("cannot read ") + indexes);
        const std::string text((std::istreambuf_iterator<char>(in)), {});
        for (std::size_t at = text.find("CREATE INDEX"); at != std::string::npos; at = text.find("CREATE INDEX", at + 1)) {
            const std::string one = text.substr(at, text.find(';', at) + 1 - at);
            if (one.find("ON entries ") != std::string::npos || one.find("ON entry_tasks ") != std::string::npos) run(one.c_str());
        }
        run("PRAGMA analysis_limit=1000; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)");
    }

private:
    void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, db_); }

    sqlite3_stmt* prepare(const char* sql) {
        sqlite3_stmt* made = nullptr;
        check(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr) == SQLITE_OK, db_);
        return made;
    }

    static void bind(sqlite3_stmt* to, int at, std::int64_t value) {
        if (value == bench::null_id) sqlite3_bind_null(to, at);
        else sqlite3_bind_int64(to, at, value);
    }

    static void bind(sqlite3_stmt* to, int at, const std::string& text, bool present) {
        if (!present) sqlite3_bind_null(to, at);
        else sqlite3_bind_text(to, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    }

    void step(sqlite3_stmt* what) {
        check(sqlite3_step(what) == SQLITE_DONE, db_);
        sqlite3_reset(what);
    }

    void insert(const bench::row& r) {
        bind(entry_, 1, r.id);
        bind(entry_, 2, r.user);
        bind(entry_, 3, r.contact);
        bind(entry_, 4, r.project);
        bind(entry_, 5, r.description, r.has_description);
        bind(entry_, 6, r.duration);
        bind(entry_, 7, r.date, !r.date.empty());
        bind(entry_, 8, r.invoice);
        bind(entry_, 9, r.rate_cents);
        bind(entry_, 10, r.updated_at, !r.updated_at.empty());
        step(entry_);
        for (const std::int64_t task : r.tasks) {
            bind(task_, 1, r.id);
            bind(task_, 2, task);
            step(task_);
        }
    }

    sqlite3* db_ = nullptr;
    sqlite3_stmt* entry_ = nullptr;
    sqlite3_stmt* task_ = nullptr;
    std::vector<std::size_t> order_;
    std::size_t pending_ = 0;
};

struct place {
    std::string host, port, path;
};

place parse_url(const std::string& url) {
    constexpr std::size_t scheme = std::char_traits<char>::length("https://");
    const auto slash = url.find('/', scheme);
    const auto colon = url.find(':', scheme);
    if (url.rfind("https://", 0) != 0 || slash == std::string::npos || colon > slash) throw std::runtime_error("url: https://host:port/path");
    return place{url.substr(scheme, colon - scheme), url.substr(colon + 1, slash - colon - 1), url.substr(slash)};
}

void load(const std::string& url, const char* ca, const char* token, const char* database, const char* indexes) {
    const place at = parse_url(url);
    bench::page_source source(at.host, at.port, ca);
    table_writer writer(database);
    boost::json::basic_parser<bench::page_rows> parser{boost::json::parse_options{}};
    for (std::size_t offset = 0;; offset += parser.handler().size()) {
        const std::string target = at.path + "/entries?user_accounts=all&from=1900-01-01&to=2199-12-31&limit=" +
                                   std::to_string(page_size) + "&offset=" + std::to_string(offset);
        parser.reset();
        parser.handler().restart();
        boost::json::error_code error;
        source.get(target, token, [&](std::string_view piece) { parser.write_some(true, piece.data(), piece.size(), error); });
        if (!error) parser.write_some(false, nullptr, 0, error);
        if (error || !parser.done()) throw std::runtime_error("a page is not JSON: " + error.message());
        if (parser.handler().size() == 0) break;
        writer.insert(parser.handler());
    }
    writer.finish(indexes);
    std::printf("%zu\n", source.bytes());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) {
        std::fprintf(stderr, "usage: bench_floor URL CA_FILE TOKEN DATABASE INDEXES_SQL\n");
        return 2;
    }
    try {
        load(argv[1], argv[2], argv[3], argv[4], argv[5]);
        return 0;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "bench_floor: %s\n", e.what());
        return 1;
    }
}
