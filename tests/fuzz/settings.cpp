// SPDX-License-Identifier: MIT
// F5: the text of a configuration file to settings. It is read, or refused with its place; what is read lies in the
// ranges of the table, and nothing with a control character comes through (X25).
#include <sys/stat.h>

#include <fstream>

#include "daemon/settings.h"
#include "tests/fuzz/claim.h"
#include "tests/support/scratch.h"

namespace mdock::fuzz {
namespace {

namespace fs = std::filesystem;

const fs::path& file() {
    static const test::scratch_folder folder;
    static const fs::path path = folder.path() / "config.toml";
    return path;
}

void write(std::string_view text) {
    std::ofstream(file(), std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
    ::chmod(file().c_str(), 0600);
}

void claim_values(const settings& all) {
    using namespace std::chrono_literals;
    claim(all.api.base_url.starts_with("https://"), "https only", all.api.base_url);
    claim(all.api.max_requests_per_minute >= 1 && all.api.max_requests_per_minute <= 6000, "a rate in its range");
    for (const auto interval : {all.sync.interval, all.sync.billing_interval, all.sync.reference_interval, all.sync.verify_interval,
                                all.sync.sweep_interval, all.dock.active_interval, all.dock.idle_interval})
        claim(interval >= 1s && interval <= 24h * 36600, "every interval at least a second");
    claim(all.shown.size() == all_settings().size(), "every key is shown");
    for (const auto& [key, value] : all.shown) {
        claim(find_setting(key) != nullptr, "only known keys", key);
        claim(!has_control_characters(value.text), "no control characters", key);
    }
}

}  // namespace
}  // namespace mdock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mdock;
    fuzz::write(fuzz::text_of(data, size));
    const environment nothing_set;
    const auto all = load_settings({fuzz::file(), nothing_set, {}, "/data/mirror.db"});
    if (all) {
        fuzz::claim_values(*all);
    } else {
        fuzz::claim(all.error().code() == errc::bad_config || all.error().code() == errc::usage, "a refusal is about the file",
                    all.error().context());
        fuzz::claim(!all.error().context().empty(), "a refusal says why");
    }
    return 0;
}
