// SPDX-License-Identifier: MIT
// F6: a mirror whose bytes were changed behind our back, in the file or in its write-ahead log. The input is a list of
// edits of a good mirror, so that every input stays near a database: opening checks it and refuses, or works; either way
// with an answer that people can read, and never by a crash, a hang or a growth without end.
#include <SQLiteCpp/SQLiteCpp.h>

#include <fstream>
#include <sstream>

#include "core/api/decode.h"
#include "core/store/apply.h"
#include "core/store/identity_state.h"
#include "core/store/load_state.h"
#include "core/store/open.h"
#include "core/store/pace_state.h"
#include "core/store/resource_state.h"
#include "tests/fuzz/claim.h"
#include "tests/support/scratch.h"

namespace mdock::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr auto owner_only = static_cast<fs::perms>(0600);
constexpr utc_seconds now{std::chrono::seconds{1'715'774'400}};
constexpr std::string_view page =
    R"([{"id":"1","user_account_id":"456","contact_id":"7","task_ids":["3","4"],"description":"One","duration":60,)"
    R"("date":"2024-01-20","updated_at":"2024-01-20T15:45:00Z","logged":true,"new":1},)"
    R"({"id":"2","user_account_id":"456","contact_id":"8","description":"Two","duration":120,"date":"2024-01-21","logged":true}])";

struct image {
    std::string file;
    std::string log;
};

std::string bytes_of(const fs::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

void write(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void apply_page(store::database& db) {
    const auto rows = api::decode_list(resource::entries, page);
    store::apply_how how;
    how.at = now;
    store::transaction one(db);
    store::apply_rows(db, *rows, how);
    one.commit();
}

const fs::path& folder() {
    static const test::scratch_folder made;
    return made.path();
}

// A mirror with some rows in the file and the last ones only in the log, as a kill leaves it.
const image& good() {
    static const image made = [] {
        const auto path = folder() / "good.db";
        {
            auto db = store::open_writer(path, owner_only);
            // The calendar is nine tenths of a new mirror's bytes and says nothing to anybody here.
            db->connection().exec("DELETE FROM _dates; VACUUM");
            store::transaction one(*db);
            store::pin_identity(*db, {7, 456, std::nullopt, "a@example.com"}, now);
            store::write_pace(*db, 60, std::nullopt, 0, std::nullopt);
            store::set_loaded(*db, resource::entries);
            store::mark_current(*db, resource::entries, now, now);
            one.commit();
        }
        auto db = store::open_writer(path, owner_only);
        apply_page(*db);
        image now_there{bytes_of(path), bytes_of(path.string() + "-wal")};
        return now_there;
    }();
    return made;
}

std::size_t number(std::string_view bytes) {
    std::size_t out = 0;
    for (const char c : bytes) out = out << 8U | static_cast<unsigned char>(c);
    return out;
}

// Edits of six bytes: what, where (3), which byte, how many. Positions below 4096 are met often: the header, the schema's
// first page and the log's frames are where a change tells most.
constexpr std::size_t edit_size = 6;

void edit(std::string& bytes, std::string_view how) {
    if (bytes.empty()) return;
    const bool is_near = (number(how.substr(0, 1)) & 0x10U) != 0;
    const std::size_t at = number(how.substr(1, 3)) % std::min(bytes.size(), is_near ? std::size_t{4096} : bytes.size());
    const std::size_t count = std::min(number(how.substr(5, 1)) + 1, bytes.size() - at);
    switch (number(how.substr(0, 1)) & 0x07U) {
        case 0: bytes[at] = how[4]; break;
        case 1: bytes[at] = static_cast<char>(bytes[at] ^ (1 << (how[4] & 7))); break;
        case 2: bytes.replace(at, count, count, how[4]); break;
        case 3: bytes.resize(at); break;
        case 4: bytes.erase(at, count); break;
        case 5: bytes.insert(at, count, how[4]); break;
        case 6: bytes.append(bytes, at, count); break;
        default: bytes[at] = static_cast<char>(bytes[at] + how[4]); break;
    }
}

image edited(std::string_view edits) {
    image out = good();
    for (; edits.size() >= edit_size; edits.remove_prefix(edit_size))
        edit((number(edits.substr(0, 1)) & 0x08U) != 0 ? out.log : out.file, edits);
    return out;
}

void claim_refusal(const failure& why) {
    switch (why.code()) {
        case errc::database_corrupt:
        case errc::database_foreign:
        case errc::database_newer:
        case errc::database_error:
        case errc::database_full:
        case errc::not_found_locally: break;
        default: claim(false, "a broken file is refused as a file", why.context());
    }
    claim(!why.context().empty(), "a refusal says why");
}

// What a round does with the file; SQLite may find the damage at any of these.
void work(store::database& db) {
    static_cast<void>(store::read_identity(db));
    static_cast<void>(store::read_pace(db, now));
    for (const auto which : all_resources) static_cast<void>(store::read_state(db, which));
    static_cast<void>(store::load_in_progress(db, resource::entries));
    apply_page(db);
    {
        store::transaction one(db);
        store::mark_current(db, resource::entries, now, now);
        store::add_requests(db, now, 1);
        one.commit();
    }
    db.checkpoint();
}

template <class F>
void try_to(F what) {
    try {
        what();
    } catch (const failure_exception& error) {
        claim_refusal(error.why());
    } catch (const SQLite::Exception&) {
    }
}

void read(const fs::path& path) {
    auto db = store::open_reader(path);
    for (const char* sql : {"SELECT * FROM mirror_status", "SELECT * FROM entries", "SELECT * FROM changes"}) {
        SQLite::Statement select(db, sql);
        while (select.executeStep()) static_cast<void>(select.getColumn(0).getString());
    }
}

}  // namespace
}  // namespace mdock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mdock::fuzz;
    const auto bytes = edited(text_of(data, size));
    const auto path = folder() / "mirror.db";
    for (const char* ending : {"-shm", "-journal"}) fs::remove(path.string() + ending);
    write(path, bytes.file);
    write(path.string() + "-wal", bytes.log);
    // As after a kill: the next writer checks the file.
    write(path.string() + ".lock", "1\n");
    try_to([&path] { read(path); });
    try_to([&path] { work(*mdock::store::open_writer(path, owner_only)); });
    return 0;
}
