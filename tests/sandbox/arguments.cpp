// SPDX-License-Identifier: MIT
#include "tests/sandbox/arguments.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>

#include "tests/sandbox/control.h"

namespace sandbox {
namespace {

constexpr const char* description = R"(mdock-sandbox: a make-believe MinuteDock over TLS on 127.0.0.1, for trying mdock, for scripts and for tests.

It makes its own CA and certificate and an account of time entries, prints one line of JSON when it is ready, and
serves until SIGTERM or SIGINT, then ends with 0. Nothing of it leaves this machine, and nothing is kept.
)";

constexpr const char* ready_line = R"(The line on standard output, when ready:
  {"url":"https://127.0.0.1:PORT/api/v1","ca_file":"…/ca.pem","tokens":{"admin":"…","member":"…","invoices":"…",
   "limited":"…","neighbour":"…","revoked":"…"},"keys":{"admin":"…","member":"…"},"account_id":N,"account_name":"…",
   "user_account_id":N,"entries":N,"control_url":"https://127.0.0.1:PORT/sandbox/v1","control_token":"…"}
  admin sees all; member sees own entries and no rates; invoices may manage invoices; limited sees few contacts;
  neighbour is the admin's token for another account; revoked is refused. keys are for auth.kind = "api_key".
)";

constexpr const char* examples = R"(Examples:
  mdock-sandbox --entries 20000 --years 5
  mdock-sandbox --rate-limit 60 --latency 80ms                        as slow and as strict as the real one
  mdock-sandbox --switch ids=int --switch page_clamp=100              undocumented behaviour, one way or the other
  mdock-sandbox --fault 429:path=/entries:times=3:retry-after=5 --fault cut:every=10 --fault lost:method=POST:p=0.2
  mdock-sandbox --port 8443 --ca-dir . >ready.json &                  then, with the values of ready.json:
  curl --cacert ca.pem -H "Authorization: Bearer $TOKEN" https://127.0.0.1:8443/api/v1/users/me
  curl --cacert ca.pem -H "Authorization: Bearer $CONTROL_TOKEN" -X DELETE $CONTROL_URL/as/admin/entries/1234
)";

std::string fault_help() {
    return R"(Faults: KIND[=VALUE][:KEY=VALUE]…
  instead of the answer:  401 403 404 409 410 422 429 500 502 503 504 html redirect empty 204 null object text array
  the answer, spoilt:     truncated bad_utf8 no_id zero_id big_id float_id duplicate deep huge unknown enum missing
  on the wire:            reset (nothing is done) lost (done, no answer) cut=BYTES hang drip=SECONDS no_notify bad_gzip
                          gzip_bomb=BYTES delay=SECONDS
  keys:                   path=/entries method=GET nth=3 every=5 p=0.1 after=2 times=4 retry-after=TEXT body=TEXT done=yes
)";
}

std::string switch_help() {
    std::string text = "Switches, the default first:\n";
    for (const auto& [name, values] : minutedock::known_switches()) {
        text += "  " + name + "=";
        for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : "|") + values[i];
        text += "\n";
    }
    return text;
}

// "50ms", "2s" or "0"; throws for anything else.
std::chrono::milliseconds duration_of(const std::string& text) {
    long count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const bool is_known = unit == "ms" || unit == "s" || (unit.empty() && count == 0);
    if (error != std::errc() || count < 0 || count > 3'600'000 || !is_known)
        throw CLI::ValidationError("--latency", "is a whole number with ms or s, such as 50ms");
    return unit == "s" ? std::chrono::seconds(count) : std::chrono::milliseconds(count);
}

void apply_switch(minutedock::switches& how, const std::string& text) {
    const std::size_t equals = text.find('=');
    const bool is_known = equals != std::string::npos &&
                          minutedock::set_switch(how, std::string_view(text).substr(0, equals),
                                                 std::string_view(text).substr(equals + 1));
    if (!is_known) throw CLI::ValidationError("--switch", "there is no " + text + "; --help names all");
}

void apply_fault(std::vector<minutedock::fault_rule>& rules, const std::string& text) {
    auto rule = minutedock::parse_fault(text);
    if (!rule) throw CLI::ValidationError("--fault", rule.error().context());
    rules.push_back(std::move(*rule));
}

void declare(CLI::App& app, arguments& read) {
    app.add_option("--port", read.port, "TCP port on 127.0.0.1; 0 takes a free one")->capture_default_str();
    app.add_option("--entries", read.size.entries, "time entries of the account")
        ->check(CLI::Range(0, 5'000'000))
        ->capture_default_str();
    app.add_option("--years", read.size.years, "the entries reach back so far")->check(CLI::Range(1, 30))->capture_default_str();
    app.add_option("--seed", read.seed, "same seed, same account")->capture_default_str();
    app.add_flag_callback("--tidy", [&read] { read.size.oddities = false; },
                          "an account without dangling ids, odd dates and odd text");
    app.add_option_function<std::vector<std::string>>(
           "--switch", [&read](const auto& all) { for (const auto& text : all) apply_switch(read.how, text); },
           "an undocumented behaviour, NAME=VALUE; may be repeated")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    app.add_option_function<std::vector<std::string>>(
           "--fault", [&read](const auto& all) { for (const auto& text : all) apply_fault(read.faults, text); },
           "something that goes wrong; may be repeated")
        ->type_name("RULE")
        ->allow_extra_args(false);
    app.add_option("--ca-dir", read.ca_folder, "where ca.pem is written; a temporary folder, removed at the end, by default");
    app.add_option("--rate-limit", read.set_to.rate_limit, "requests a minute before 429; 0 for no limit")
        ->capture_default_str();
    app.add_option_function<std::string>(
           "--latency", [&read](const std::string& text) { read.set_to.latency = duration_of(text); },
           "each answer is so late, as 50ms")
        ->type_name("DURATION");
    app.footer(std::string(ready_line) + "\n" + fault_help() + "\n" + switch_help() + "\n" + control_help() + "\n" + examples);
}

}  // namespace

std::variant<arguments, int> read_arguments(int argc, const char* const* argv) {
    arguments read;
    CLI::App app(description, "mdock-sandbox");
    declare(app, read);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& why) {
        const bool is_help = why.get_exit_code() == 0;
        app.exit(why, std::cout, std::cerr);
        return is_help ? 0 : 2;
    }
    return read;
}

}  // namespace sandbox
