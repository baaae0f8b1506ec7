// SPDX-License-Identifier: MIT
// Tells systemd how the daemon is (sd_notify's protocol, written by hand). Without NOTIFY_SOCKET every call does
// nothing; a socket that is gone is no error.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mdock::host {

class service_status {
public:
    service_status();                                      // reads NOTIFY_SOCKET
    explicit service_status(std::string socket_address);   // a path, or "@name" for an abstract socket

    bool is_watched() const { return !address_.empty(); }
    void ready(std::string_view status);       // READY=1, once the first useful work can be done
    void status(std::string_view status);      // one line, shown by `systemctl status`
    void reloading(std::string_view status);   // RELOADING=1; ready() ends it
    void stopping(std::string_view status);    // STOPPING=1
    void alive();                              // WATCHDOG=1
    void more_time(std::chrono::seconds length);    // EXTEND_TIMEOUT_USEC: a start that takes longer is still one

    // How often alive() is to be said: a third of WATCHDOG_USEC, when that is meant for this process.
    static std::optional<std::chrono::milliseconds> watchdog_pause();

private:
    void tell(const std::string& message);

    std::string address_;
};

}  // namespace mdock::host
