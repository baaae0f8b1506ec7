// SPDX-License-Identifier: MIT
// What can go wrong, as values: one list of codes, one retry table, and a failure that carries a code and one line of
// context. Nothing in mdock recognises an error by its text.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace mdock {

enum class errc {
    none,
    // transport: nothing is known to have been done by the server
    resolve_failed,
    connect_failed,
    tls_failed,             // handshake failed for a reason other than the certificate
    certificate_refused,    // chain, validity or host name (X01, X02)
    proxy_refused,
    connection_lost,        // cut before the answer was complete by its framing (N02, N04)
    timed_out,
    cancelled,
    // the answer is not HTTP as we accept it
    bad_framing,            // header or body over the limits, contradictory lengths (H11)
    bad_encoding,           // an encoding we did not ask for, or one that inflates beyond the cap (H12)
    redirect_refused,       // any 3xx (H16); the context names the target
    // the answer is HTTP and says no
    unauthorized,           // 401
    forbidden,              // 403
    not_found,              // 404, 410
    conflict,               // 409
    unprocessable,          // 422 and other 4xx
    rate_limited,           // 429
    server_error,           // 5xx
    // the answer is 2xx and cannot be believed
    not_json,               // HTML, empty, cut, bad UTF-8 (H03, H10, N09)
    bad_shape,              // JSON of another shape than the contract (H02, H04, H07)
    no_progress,            // a walk that cannot be proven whole
    // identity
    no_token,
    wrong_account,
    wrong_user,
    // local
    usage,
    bad_config,
    not_found_locally,
    write_refused,          // a local write that a rule refuses; the context is the rule's sentence
    daemon_needed,
    database_busy,          // another mdock holds the lock
    database_newer,
    database_foreign,       // not a database of ours
    database_corrupt,
    database_full,
    database_error,
    database_replaced,      // another file has taken the name of the one that is open, or it was deleted (S08)
    network_filesystem,
    interrupted,
};

// What the engine does after a failure; one row a code, tested as a table.
enum class retry { soon, later, needs_person, stop };

// The retry rule of a code. `soon`: the same request may be sent again after a growing pause. `later`: this resource
// waits for its next turn. `needs_person`: nothing helps but a person. `stop`: the process must end.
retry classify(errc code);

// The code's stable name, as `--json` errors and logs show it: "rate_limited".
std::string_view name_of(errc code);

// The code of a name; none for a name that is not known.
errc errc_named(std::string_view name);

// The code for an HTTP status outside 2xx. `status` is the three-digit code.
errc errc_of_status(int status);

// A code and one line of context for a person. Not an aggregate and default-constructible, because
// boost::system::result 1.81 converts only from such types.
class failure {
public:
    failure() = default;
    failure(errc code, std::string context) : code_(code), context_(std::move(context)) {}

    errc code() const { return code_; }
    const std::string& context() const { return context_; }

private:
    errc code_ = errc::none;
    std::string context_;
};

template <class T>
using result = boost::system::result<T, failure>;

// Thrown by result::value() on a failure; also the way a failure leaves a function that returns no result.
class failure_exception : public std::exception {
public:
    explicit failure_exception(failure why) : why_(std::move(why)) {}
    const failure& why() const { return why_; }
    const char* what() const noexcept override { return why_.context().c_str(); }

private:
    failure why_;
};

// Found by boost::system::result through argument-dependent lookup.
[[noreturn]] void throw_exception_from_error(const failure& why, const boost::source_location& where);

}  // namespace mdock
