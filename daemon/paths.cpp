// SPDX-License-Identifier: MIT
#include "daemon/paths.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace mdock {
namespace {

namespace fs = std::filesystem;

// XDG says that a relative value is to be ignored.
fs::path xdg_folder(const environment& variables, std::string_view name, std::string_view below_home) {
    if (const auto said = variables.get(name); said && said->starts_with('/')) return *said;
    return home_folder(variables) / below_home;
}

#ifdef __APPLE__
fs::path personal_config_folder(const environment& v) { return home_folder(v) / "Library/Application Support/mdock"; }
fs::path personal_data_folder(const environment& v) { return home_folder(v) / "Library/Application Support/mdock"; }
#else
fs::path personal_config_folder(const environment& v) { return xdg_folder(v, "XDG_CONFIG_HOME", ".config") / "mdock"; }
fs::path personal_data_folder(const environment& v) { return xdg_folder(v, "XDG_DATA_HOME", ".local/share") / "mdock"; }
#endif

constexpr const char* system_config = "/etc/mdock/config.toml";
constexpr const char* system_database = "/var/lib/mdock/mirror.db";

// systemd separates several folders with colons; the first is ours.
fs::path first_of(const std::string& list) { return list.substr(0, list.find(':')); }

fs::path find_config(std::string_view named, const environment& variables, bool& was_named) {
    was_named = !named.empty();
    if (!named.empty()) return resolved_path(named, {}, variables);
    if (const auto said = variables.get("MDOCK_CONFIG")) {
        was_named = true;
        return resolved_path(*said, {}, variables);
    }
    if (const auto said = variables.get("CONFIGURATION_DIRECTORY")) return first_of(*said) / "config.toml";
    const auto personal = personal_config_folder(variables) / "config.toml";
    std::error_code error;
    const bool reads_service = fs::exists(system_config, error) && ::access(system_database, R_OK) == 0;
    return !fs::exists(personal, error) && reads_service ? system_config : personal;
}

failure file_failure(std::string_view what, const fs::path& file) {
    return failure(errc::bad_config, fmt::format("{} {}: {}", what, file.string(), std::strerror(errno)));
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void sync_folder(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return;
    ::fsync(fd);
    ::close(fd);
}

}  // namespace

fs::path home_folder(const environment& variables) {
    if (const auto home = variables.get("HOME"); home && home->starts_with('/')) return *home;
    const auto* user = ::getpwuid(::getuid());
    return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "/";
}

file_places find_places(std::string_view named, const environment& variables) {
    file_places places;
    places.config = find_config(named, variables, places.config_was_named);
    if (const auto state = variables.get("STATE_DIRECTORY"))
        places.default_database = first_of(*state) / "mirror.db";
    else if (places.config == system_config)
        places.default_database = system_database;
    else
        places.default_database = personal_data_folder(variables) / "mirror.db";
    return places;
}

fs::path resolved_path(std::string_view text, const fs::path& base, const environment& variables) {
    if (text == "~") return home_folder(variables);
    if (text.starts_with("~/")) return home_folder(variables) / text.substr(2);
    std::error_code error;
    const auto path = fs::path(text).is_absolute() || base.empty() ? fs::path(text) : base / text;
    const auto whole = fs::absolute(path, error).lexically_normal();
    return error ? path : whole;
}

result<void> make_private_folder(const fs::path& folder) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) return {};
    if (auto above = make_private_folder(folder.parent_path()); !above) return above.error();
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return file_failure("cannot make the folder", folder);
    return {};
}

result<void> write_private_file(const fs::path& file, std::string_view text) {
    if (auto made = make_private_folder(file.parent_path()); !made) return made.error();
    std::string draft = file.string() + ".XXXXXX";
    const int fd = ::mkostemp(draft.data(), O_CLOEXEC);  // 0600 by definition
    if (fd < 0) return file_failure("cannot write beside", file);
    const bool is_whole = ::fchmod(fd, 0600) == 0 && write_all(fd, text) && ::fsync(fd) == 0;
    if (::close(fd) != 0 || !is_whole || ::rename(draft.c_str(), file.c_str()) != 0) {
        const auto why = file_failure("cannot write", file);
        ::unlink(draft.c_str());
        return why;
    }
    sync_folder(file.parent_path());
    return {};
}

std::string short_path(const fs::path& file, const environment& variables) {
    const auto home = home_folder(variables).string();
    const auto text = file.string();
    if (home.size() > 1 && text.starts_with(home + "/")) return "~" + text.substr(home.size());
    return text;
}

}  // namespace mdock
