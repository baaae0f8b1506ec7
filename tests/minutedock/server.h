// SPDX-License-Identifier: MIT
// The make-believe MinuteDock without sockets: a request and the time in, an answer out. It has no clock and no chance
// of its own, so a run is repeated by its seeds. Not for use from several threads at once.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "core/ports.h"
#include "tests/minutedock/faults.h"
#include "tests/minutedock/generator.h"
#include "tests/minutedock/random.h"
#include "tests/minutedock/state.h"
#include "tests/minutedock/switches.h"

namespace minutedock {

struct call {
    std::string method = "GET";
    std::string target;  // "/entries?limit=1000", with or without /api/v1 before and .json after the path
    std::string body;
    std::string bearer;             // of Authorization: Bearer …
    std::string api_key;            // X-API-Key
    std::string account_id_header;  // X-Account-ID
    std::string if_none_match;
};

struct reply {
    mdock::http_answer answer;
    std::vector<std::pair<std::string, std::string>> headers;  // those that http_answer has no place for: Location, …
    wire_fault wire;
};

struct call_record {
    mdock::utc_seconds at{};
    std::string method;
    std::string target;
    int status = 0;
};

class server {
public:
    server(state account, switches how, std::uint64_t seed);

    reply handle(const call& request, mdock::utc_seconds now);

    // The account of the first credentials. Change entries through its book, so that the indexes stay right.
    state& account() { return account_; }
    const state& account() const { return account_; }
    switches& how() { return how_; }
    const switches& how() const { return how_; }

    void add_fault(fault_rule rule) { faults_.push_back(std::move(rule)); }
    void clear_faults() { faults_.clear(); }
    const std::vector<fault_rule>& faults() const { return faults_; }

    // More requests in a minute than this are answered 429; 0 for no limit.
    void set_rate_limit(std::size_t requests_per_minute) { rate_limit_ = requests_per_minute; }

    // Every request that was handled. Switch it off where millions are sent.
    const std::vector<call_record>& log() const { return log_; }
    void clear_log() { log_.clear(); }
    void keep_log(bool keeps) { keeps_log_ = keeps; }
    std::uint64_t requests() const { return requests_; }

    // The person and account that credentials stand for; null when they are refused.
    struct identity {
        state* account = nullptr;
        const user* who = nullptr;
    };
    identity identify(const call& request);

private:
    struct rule_hit {
        const fault_rule* replaces = nullptr;
        const fault_rule* spoils = nullptr;
    };
    rule_hit match_faults(std::string_view method, std::string_view path);
    bool is_over_limit(mdock::utc_seconds now);
    void throttle(answer& out, mdock::utc_seconds now) const;
    void carry_out(const call& request, mdock::utc_seconds now, answer& out);
    void refuse_credentials(answer& out) const;
    stamp visible_at(stamp at);
    reply finish(const call& request, mdock::utc_seconds now, answer out, const fault_rule* spoils);

    state account_;
    switches how_;
    dice chance_;
    std::vector<fault_rule> faults_;
    std::deque<mdock::utc_seconds> recent_;
    std::size_t rate_limit_ = 0;
    std::vector<call_record> log_;
    bool keeps_log_ = true;
    std::uint64_t requests_ = 0;
    std::chrono::seconds skew_{0};
};

}  // namespace minutedock
