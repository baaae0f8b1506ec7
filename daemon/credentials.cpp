// SPDX-License-Identifier: MIT
#include "daemon/credentials.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mdock {
namespace {

constexpr std::size_t longest_token = 4096;

failure refused(std::string why) { return failure(errc::bad_config, std::move(why)); }

class descriptor {
public:
    explicit descriptor(int fd) : fd_(fd) {}
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int get() const { return fd_; }

private:
    int fd_;
};

result<std::string> read_descriptor(int fd, const std::filesystem::path& file) {
    std::string text(longest_token * 2, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const auto got = ::read(fd, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return refused(fmt::format("token file {} cannot be read: {}", file.string(), std::strerror(errno)));
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

// Looked at through the descriptor that is then read, so that nothing can be exchanged in between.
result<void> check_token_file(int fd, const std::filesystem::path& file) {
    struct stat it {};
    if (::fstat(fd, &it) != 0) return refused(fmt::format("token file {} cannot be looked at", file.string()));
    if (!S_ISREG(it.st_mode)) return refused(fmt::format("token file {} is not a regular file", file.string()));
    if (it.st_uid != ::geteuid())
        return refused(fmt::format("token file {} belongs to another user (uid {}); run: sudo chown {} '{}'",
                                   file.string(), it.st_uid, ::geteuid(), file.string()));
    if ((it.st_mode & 0177) != 0)
        return refused(
            fmt::format("token file {} has mode {:04o}: others may read it, so it was not used; run: chmod 600 '{}'",
                        file.string(), it.st_mode & 07777, file.string()));
    struct stat above {};
    const auto folder = file.parent_path();
    if (::stat(folder.c_str(), &above) != 0)
        return refused(fmt::format("folder {} cannot be looked at", folder.string()));
    if (above.st_uid != ::geteuid() && above.st_uid != 0)
        return refused(
            fmt::format("folder {} of the token file belongs to another user (uid {}), who could exchange the file",
                        folder.string(), above.st_uid));
    // The sticky bit of /tmp does not help: anybody could have made the file there first.
    if ((above.st_mode & 0022) != 0)
        return refused(fmt::format(
            "folder {} of the token file has mode {:04o}: others could exchange the file; run: chmod go-w '{}'",
            folder.string(), above.st_mode & 07777, folder.string()));
    return {};
}

result<found_token> from_systemd(const std::string& folder) {
    const auto file = std::filesystem::path(folder) / "token";
    const descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (fd.get() < 0) return failure(errc::no_token, "systemd gave no credential named token");
    auto text = read_descriptor(fd.get(), file);
    if (!text) return text.error();
    // The unit's SetCredential= gives this word where there is no token file yet.
    if (*text == "unset" || *text == "unset\n")
        return failure(
            errc::no_token,
            "the service has no token yet: put it into /etc/mdock/token (root, mode 0600) and restart the service");
    auto token = clean_token(std::move(*text));
    if (!token) return failure(token.error().code(), fmt::format("{}: {}", file.string(), token.error().context()));
    return found_token{std::move(*token), token_source::systemd_credential, file.string(), {}};
}

result<found_token> from_variable(std::string text) {
    auto token = clean_token(std::move(text));
    if (!token) return failure(token.error().code(), "MDOCK_TOKEN: " + token.error().context());
    return found_token{
        std::move(*token), token_source::variable, "MDOCK_TOKEN",
        "the token comes from MDOCK_TOKEN; other programs of yours can see it there. A file of mode 0600 "
        "(auth.token_file) or a command (auth.token_command) is safer"};
}

result<found_token> from_command(const std::vector<std::string>& words, const environment& variables) {
    auto token = run_token_command(words, variables);
    if (!token) return token.error();
    return found_token{std::move(*token), token_source::command, words.front(), {}};
}

result<found_token> from_file(const std::filesystem::path& file) {
    auto token = read_token_file(file);
    if (!token) return token.error();
    return found_token{std::move(*token), token_source::file, file.string(), {}};
}

}  // namespace

std::string_view name_of(token_source source) {
    switch (source) {
        case token_source::systemd_credential: return "systemd credential";
        case token_source::variable: return "environment";
        case token_source::command: return "command";
        case token_source::file: return "file";
    }
    return "file";
}

result<secret> clean_token(std::string text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string::npos) return failure(errc::no_token, "it is empty");
    text = text.substr(first, text.find_last_not_of(blank) - first + 1);
    if (text.size() > longest_token) return refused("it is longer than a token can be (4096 bytes)");
    const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (!is_plain)
        return refused(
            "it holds a line break, a space or another character that no token has; was more than the token copied?");
    return secret(std::move(text));
}

result<secret> read_token_file(const std::filesystem::path& file) {
    // O_NONBLOCK: a FIFO must be refused, not waited for.
    const descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (fd.get() < 0) {
        const auto code = errno == ENOENT || errno == ENOTDIR ? errc::no_token : errc::bad_config;
        return failure(code, fmt::format("token file {} cannot be opened: {}", file.string(), std::strerror(errno)));
    }
    if (auto checked = check_token_file(fd.get(), file); !checked) return checked.error();
    auto text = read_descriptor(fd.get(), file);
    if (!text) return text.error();
    auto token = clean_token(std::move(*text));
    if (!token)
        return failure(token.error().code(), fmt::format("token file {}: {}", file.string(), token.error().context()));
    return token;
}

std::optional<token_place> place_of_token(const settings& all, const environment& variables) {
    if (variables.has("MDOCK_TOKEN")) return token_place{token_source::variable, "MDOCK_TOKEN"};
    const bool has_command = !all.auth.token_command.empty(), has_file = !all.auth.token_file.empty();
    const auto origin_of = [&all](std::string_view key) { return all.shown.find(key)->second.from; };
    const bool file_is_nearer = has_file && has_command && origin_of("auth.token_file") > origin_of("auth.token_command");
    if (has_command && !file_is_nearer) return token_place{token_source::command, all.auth.token_command.front()};
    if (has_file) return token_place{token_source::file, all.auth.token_file.string()};
    if (const auto folder = variables.get("CREDENTIALS_DIRECTORY")) return token_place{token_source::systemd_credential, *folder + "/token"};
    return std::nullopt;
}

result<found_token> find_token(const settings& all, const environment& variables) {
    const auto other = place_of_token(all, variables);
    if (const auto folder = variables.get("CREDENTIALS_DIRECTORY")) {
        auto found = from_systemd(*folder);
        const bool has_other = other && other->source != token_source::systemd_credential;
        if (found || found.error().code() != errc::no_token || !has_other) return found;
    }
    if (!other) return failure(errc::no_token, "there is no token yet");
    switch (other->source) {
        case token_source::variable: return from_variable(*variables.get("MDOCK_TOKEN"));
        case token_source::command: return from_command(all.auth.token_command, variables);
        default: return from_file(all.auth.token_file);
    }
}

}  // namespace mdock
