// SPDX-License-Identifier: MIT
#include "daemon/server/inherited_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <cstring>

namespace mdock::server {
namespace {

constexpr int first_passed = 3;

long long number_of(const char* variable) {
    const char* text = std::getenv(variable);
    long long number = 0;
    if (text != nullptr) std::from_chars(text, text + std::strlen(text), number);
    return number;
}

// Only what listens as a stream on this machine is a control socket.
bool is_listening_socket(int descriptor) {
    int listens = 0, type = 0, domain = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) return false;
    size = sizeof type;
    if (::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) return false;
    sockaddr_storage at{};
    size = sizeof at;
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&at), &size) != 0) return false;
    domain = at.ss_family;
    return domain == AF_UNIX;
}

// The place of `name` in the list of names, which colons separate.
std::optional<int> place_of(std::string_view names, std::string_view name) {
    for (int place = 0;; ++place) {
        const auto end = names.find(':');
        if (names.substr(0, end) == name) return place;
        if (end == std::string_view::npos) return std::nullopt;
        names.remove_prefix(end + 1);
    }
}

}  // namespace

std::optional<int> inherited_socket(std::string_view name) {
    const auto count = number_of("LISTEN_FDS");
    if (count < 1 || number_of("LISTEN_PID") != ::getpid()) return std::nullopt;
    const char* names = std::getenv("LISTEN_FDNAMES");
    const auto place = names != nullptr ? place_of(names, name) : std::nullopt;
    if (!place && count > 1) return std::nullopt;
    const int descriptor = first_passed + place.value_or(0);
    if (descriptor >= first_passed + count || !is_listening_socket(descriptor)) return std::nullopt;
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
}

}  // namespace mdock::server
