// SPDX-License-Identifier: MIT
// Faults by rule: which requests, how often, and what goes wrong. A rule is text, for command lines and failing seeds:
//
//   KIND[=VALUE][:KEY=VALUE]…
//
// Kinds that replace the answer (the request is not carried out, unless done=yes):
//   401 403 404 409 410 422 429 500 502 503 504    the status with a short body; 429 and 503 may carry retry-after
//   html        200 with an HTML page             redirect    302 to a login page (VALUE: its Location)
//   empty       200 without a body                204         204 without a body
//   null object text array                        200 with null, {}, "error", []
// Kinds that spoil the honest answer (the request is carried out):
//   truncated   JSON cut in the middle            bad_utf8    a string that is not UTF-8
//   dropped     one element of the list left out
//   no_id       one element without its id        big_id      an id beyond 64 bits
//   zero_id     an id of 0                        float_id    an id written as 1.5e3
//   duplicate   one key twice in the first object deep        100,000 brackets in an unknown field (VALUE: how many)
//   huge        a string of 32 MiB (VALUE: bytes) unknown     an unknown field
//   enum        unknown values of known enums     missing     descriptions left out
// Kinds for whoever carries bytes (see wire_fault):
//   reset       nothing is carried out, the connection is reset
//   lost        the request is carried out, then the connection is reset before a byte of the answer
//   cut         the answer ends after VALUE bytes of its body (default: half), with its framing unfinished
//   hang        no answer at all, the connection stays open    drip        one byte every VALUE seconds (default 20)
//   no_notify   complete answer, then TLS cut without close_notify
//   bad_gzip    Content-Encoding: gzip on a body that is not; gzip_bomb    an answer that inflates to VALUE bytes
//   delay       the honest answer VALUE seconds late (default 30)
//
// Keys: path=/entries (beginning of the path below the base), method=GET, nth=3 (only the 3rd request that matches),
// every=5, p=0.1 (chance), after=2 (not the first 2), times=4 (at most so often), retry-after=TEXT (may be repeated),
// body=TEXT, done=yes. Without nth, every or p each matching request is hit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "tests/minutedock/random.h"

namespace minutedock {

// What the transport does to an answer.
struct wire_fault {
    enum class kind : std::uint8_t {
        none,
        reset_before,
        cut_after,
        hang,
        drip,
        close_without_notify,
        bad_gzip,
        gzip_bomb,
        delay
    };
    kind what = kind::none;
    std::uint64_t amount = 0;  // cut_after: bytes of the body sent; drip, delay: seconds; gzip_bomb: bytes
};

struct fault_rule {
    std::string kind;
    std::string value;
    std::string method;
    std::string path;
    std::uint64_t nth = 0;
    std::uint64_t every = 0;
    double chance = 1.0;
    std::uint64_t after = 0;
    std::uint64_t times = 0;  // 0: no bound
    std::vector<std::string> retry_after;
    std::optional<std::string> body;
    bool is_done = false;

    std::uint64_t seen = 0;  // matching requests so far
    std::uint64_t hits = 0;
};

// A rule from its text, or a usage failure that says what is wrong with it.
mdock::result<fault_rule> parse_fault(std::string_view text);

// Counts the request against the rule and says whether it is hit.
bool strikes(fault_rule& rule, std::string_view method, std::string_view path, dice& chance);

bool replaces_answer(const fault_rule& rule);

struct answer;
// Fills in the answer of a kind that replaces it.
void write_replacement(const fault_rule& rule, answer& out);
// Spoils an honest answer. `path` decides which field is the element's id.
void spoil(const fault_rule& rule, std::string_view path, answer& out);
// The transport's part of a rule; kind none for the others.
wire_fault wire_of(const fault_rule& rule, const answer& out);

}  // namespace minutedock
