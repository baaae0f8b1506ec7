// SPDX-License-Identifier: MIT
#include "tests/sim/script.h"

#include <array>
#include <optional>
#include <sstream>

namespace mdock::sim {
namespace {

constexpr std::array<std::string_view, act_count> names{
    "sync", "sync_some", "full", "verify", "rehearse", "start", "stop", "kill", "hold",
    "local_create", "local_edit", "local_delete", "local_name", "local_expense", "local_timer", "local_outbox", "local_decide",
    "create", "edit", "edit_silent", "redate", "erase", "erase_many", "exchange", "strip_task", "bulk_edit", "merge_contacts", "edit_contact",
    "create_contact", "delete_contact", "edit_project", "create_project", "delete_project", "edit_task", "create_task",
    "delete_task", "edit_item", "create_item", "delete_item", "edit_expense", "create_expense", "delete_expense",
    "edit_invoice", "create_invoice", "delete_invoice", "attach_invoice", "edit_user", "hide_contact", "show_contact",
    "change_rights", "run_dock",
    "http_fault", "write_fault", "store_fault", "kill_at", "cancel_at", "network_away", "wall_jump", "throttle", "revoke", "accept"};
static_assert(!names.back().empty());

std::optional<act> act_named(std::string_view name) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<act>(i);
    return std::nullopt;
}

bool read_event(std::istringstream& in, script& out) {
    event e;
    long long wait = 0;
    std::string name;
    if (!(in >> wait >> name >> e.machine >> e.a >> e.b)) return false;
    const auto what = act_named(name);
    if (!what || e.machine >= out.machines.size()) return false;
    e.wait = std::chrono::milliseconds{wait};
    e.what = *what;
    out.events.push_back(e);
    return true;
}

bool read_line(std::istringstream& in, const std::string& word, script& out) {
    if (word == "event") return read_event(in, out);
    if (word == "seed") return static_cast<bool>(in >> out.seed);
    if (word == "account") return static_cast<bool>(in >> out.account >> out.entries);
    if (word == "canary") return out.is_canary = true;
    if (word == "warm") return out.is_warm = true;
    if (word == "narrow") return out.is_narrow = true;
    if (word == "switch") {
        std::string name, value;
        return in >> name >> value && minutedock::set_switch(out.how, name, value);
    }
    if (word != "machine") return false;
    machine_plan m;
    if (!(in >> m.token >> m.is_daemon >> m.requests_per_minute >> m.interval >> m.wall_error)) return false;
    if (int overlap = 0; in >> overlap) m.overlap = overlap;
    if (int windows = 0; in >> windows) m.windows_read = windows;
    out.machines.push_back(m);
    return true;
}

}  // namespace

std::string_view name_of(act what) { return names[static_cast<std::size_t>(what)]; }

bool is_local(act what) { return what >= act::local_create && what <= act::local_decide; }
bool is_web(act what) { return what >= act::create && what <= act::run_dock; }

std::string text_of(const script& what) {
    std::ostringstream out;
    out << "seed " << what.seed << "\naccount " << what.account << ' ' << what.entries << '\n';
    if (what.is_warm) out << "warm\n";
    if (what.is_narrow) out << "narrow\n";
    if (what.is_canary) out << "canary\n";
    const minutedock::switches defaults;
    for (const auto& [name, values] : minutedock::known_switches()) {
        const auto value = minutedock::switch_value(what.how, name);
        if (value != minutedock::switch_value(defaults, name)) out << "switch " << name << ' ' << value << '\n';
    }
    for (const auto& m : what.machines)
        out << "machine " << m.token << ' ' << m.is_daemon << ' ' << m.requests_per_minute << ' ' << m.interval << ' '
            << m.wall_error << ' ' << m.overlap << ' ' << m.windows_read << '\n';
    for (const auto& e : what.events)
        out << "event " << e.wait.count() << ' ' << name_of(e.what) << ' ' << e.machine << ' ' << e.a << ' ' << e.b << '\n';
    return out.str();
}

result<script> parse_script(std::string_view text) {
    script out;
    std::istringstream lines{std::string(text)};
    std::string line;
    int number = 0;
    while (std::getline(lines, line)) {
        ++number;
        if (line.empty() || line.front() == '#') continue;
        std::istringstream in{line};
        std::string word;
        in >> word;
        if (!read_line(in, word, out))
            return failure(errc::usage, "line " + std::to_string(number) + " is not understood: " + line);
    }
    if (out.machines.empty()) return failure(errc::usage, "a script needs a machine");
    return out;
}

}  // namespace mdock::sim
