// SPDX-License-Identifier: MIT
// auth.token_command: a program of the person's own, run without a shell, with little environment, and bounded in time
// and output (X19, L10): a keychain that asks with a dialog must not hold the daemon for ever.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "daemon/credentials.h"

namespace mdock {
namespace {

using std::chrono::steady_clock;

// What keychains, pass and gpg need to find their agent; nothing of ours, MDOCK_TOKEN least of all.
constexpr std::array passed_on{"HOME",
                               "PATH",
                               "USER",
                               "LOGNAME",
                               "LANG",
                               "LC_ALL",
                               "TERM",
                               "TZ",
                               "TMPDIR",
                               "DISPLAY",
                               "WAYLAND_DISPLAY",
                               "XAUTHORITY",
                               "DBUS_SESSION_BUS_ADDRESS",
                               "XDG_RUNTIME_DIR",
                               "XDG_CONFIG_HOME",
                               "XDG_DATA_HOME",
                               "GNUPGHOME",
                               "GPG_AGENT_INFO",
                               "GPG_TTY",
                               "PASSWORD_STORE_DIR",
                               "SSH_AUTH_SOCK"};

std::vector<std::string> cleaned(const environment& variables) {
    std::vector<std::string> kept;
    for (const auto* name : passed_on)
        if (const auto text = variables.get(name)) kept.push_back(std::string(name) + "=" + *text);
    return kept;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

// A started program and the end of its output that we read. Killed, with its children, and waited for when it goes.
class child {
public:
    static result<child> start(const std::vector<std::string>& words, const environment& variables);
    child(child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), out_(std::exchange(other.out_, -1)) {}
    child& operator=(child&&) = delete;
    ~child() {
        if (out_ >= 0) ::close(out_);
        if (pid_ > 0) {
            ::kill(-pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    int out() const { return out_; }

    // The exit status, or nothing when it has not ended by then.
    std::optional<int> wait_until(steady_clock::time_point end) {
        int status = 0;
        while (true) {
            const auto got = ::waitpid(pid_, &status, WNOHANG);
            if (got == pid_) {
                pid_ = -1;
                return status;
            }
            if (got < 0 && errno != EINTR) return std::nullopt;
            if (steady_clock::now() >= end) return std::nullopt;
            ::poll(nullptr, 0, 5);
        }
    }

private:
    child(pid_t pid, int out) : pid_(pid), out_(out) {}
    pid_t pid_;
    int out_;
};

result<child> child::start(const std::vector<std::string>& words, const environment& variables) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return failure(errc::no_token,
                       fmt::format("auth.token_command could not be started: {}", std::strerror(errno)));
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // so that its children end with it
    posix_spawnattr_setpgroup(&attributes, 0);
    auto arguments = words;
    auto kept = cleaned(variables);
    pid_t pid = -1;
    const int error = ::posix_spawnp(&pid, arguments.front().c_str(), &files, &attributes, pointers(arguments).data(),
                                     pointers(kept).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    if (error != 0) {
        ::close(ends[0]);
        return failure(errc::no_token, fmt::format("auth.token_command: {} could not be started: {}", words.front(),
                                                   std::strerror(error)));
    }
    return child(pid, ends[0]);
}

result<std::string> read_output(int out, const std::string& program, command_limits limits,
                                steady_clock::time_point end) {
    std::string text;
    std::array<char, 4096> piece{};
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()).count();
        pollfd ready{out, POLLIN, 0};
        const int count = left > 0 ? ::poll(&ready, 1, static_cast<int>(left)) : 0;
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0)
            return failure(errc::no_token,
                           fmt::format("auth.token_command: {} gave no token within {} ms (is a keychain locked?)",
                                       program, limits.time.count()));
        const auto got = ::read(out, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > limits.bytes)
            return failure(
                errc::bad_config,
                fmt::format("auth.token_command: {} printed more than {} bytes; it must print the token alone", program,
                            limits.bytes));
    }
}

}  // namespace

result<secret> run_token_command(const std::vector<std::string>& words, const environment& variables,
                                 command_limits limits) {
    const auto end = steady_clock::now() + limits.time;
    auto running = child::start(words, variables);
    if (!running) return running.error();
    auto text = read_output(running->out(), words.front(), limits, end);
    if (!text) return text.error();
    const auto status = running->wait_until(end);
    if (!status || !WIFEXITED(*status) || WEXITSTATUS(*status) != 0) {
        const auto how = status && WIFEXITED(*status) ? fmt::format("ended with {}", WEXITSTATUS(*status))
                                                      : std::string("did not end by itself");
        return failure(errc::no_token,
                       fmt::format("auth.token_command: {} {}; run it in a terminal to see why", words.front(), how));
    }
    auto token = clean_token(text->substr(0, text->find('\n', text->find_first_not_of(" \t\r\n"))));
    if (!token)
        return failure(token.error().code(), fmt::format("auth.token_command: what {} printed is no token: {}",
                                                         words.front(), token.error().context()));
    return token;
}

}  // namespace mdock
