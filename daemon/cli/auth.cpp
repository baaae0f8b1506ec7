// SPDX-License-Identifier: MIT
// mdock auth status: whose token it is, where it comes from, what it may not see, and whether the mirror is of the same
// account and user.
#include <fmt/format.h>

#include "daemon/cli/command_tree.h"
#include "daemon/cli/mirror_reader.h"
#include "daemon/cli/rights.h"
#include "daemon/exit_codes.h"
#include "daemon/service.h"
#include "daemon/text.h"

namespace mdock::cli {
namespace {

boost::json::object identity_as_json(const engine::identity& who) {
    boost::json::object body;
    body["account"] = {{"id", who.account_id}, {"name", who.account_name}};
    body["user"] = {{"user_account_id",
                     who.user_account_id == 0 ? boost::json::value(nullptr) : boost::json::value(who.user_account_id)},
                    {"name", who.user_name},
                    {"email", who.email}};
    return body;
}

int verdict(session& here, const std::string& match) {
    if (match != "another account" && match != "another user") return exit_code::done;
    here.out().warn(here.out().message_in_tone(tone::bad, "mdock: ") + "the mirror in " +
                    here.config().database.path.string() + " is of " + match);
    here.out().warn(hint_for(errc::wrong_account));
    return exit_code::identity;
}

int auth_status(session& here) {
    const auto& all = here.config();
    auto found = require_token(here);
    const auto source = found.source;
    const auto place = found.place;
    event_log log(log_level_named(all.log.level), log_format_named(all.log.format, here.variables()));
    machine world(all, std::move(found.token), log);
    auto asked = world.finish(examine_token(world.world(), day_in_zone(now_utc(), "UTC")), here.timeout());
    if (asked.signal_number != 0) return exit_code::interrupted_by + asked.signal_number;
    if (!asked.value) fail(errc::timed_out, "MinuteDock did not answer in time");
    if (!asked.value->who) throw failure_exception(asked.value->who.error());
    const auto who = *asked.value->who;
    const auto match = compare_with_mirror(here, who);
    auto& out = here.out();
    if (out.is_json()) {
        auto body = identity_as_json(who);
        body["token"] = {{"source", std::string(name_of(source))}, {"place", place}};
        body["rights"] = as_json(asked.value->rights);
        body["mirror"] = match;
        out.document(std::move(body));
        return verdict(here, match);
    }
    out.line(fmt::format("account {} ({})", out.in_tone(tone::strong, made_visible(who.account_name)), who.account_id));
    out.line(fmt::format("user    {}", describe_user(who)));
    out.line(fmt::format("token   from {}: {}{}", name_of(source), made_visible(place),
                         source == token_source::file ? " (plain text, mode 0600)" : ""));
    out.line(fmt::format("mirror  {}", match == "matches" ? "of this account and user" : match));
    show_rights(out, asked.value->rights);
    return verdict(here, match);
}

}  // namespace

void add_auth(command_tree& tree) {
    auto* auth = tree.add(nullptr, "auth", "the token", "  mdock auth status");
    auth->require_subcommand(1);
    tree.on(tree.add(auth, "status", "whose token, which account, which rights are missing",
                     "  mdock auth status\n  mdock auth status --json"),
            auth_status);
}

}  // namespace mdock::cli
