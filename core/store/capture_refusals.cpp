// SPDX-License-Identifier: MIT
// What no local write may set, each with its own sentence: columns that MinuteDock computes, keys, parents that are not
// there, values that MinuteDock never has. BEFORE triggers, so that they hold for UPSERT and OR IGNORE too.
#include "core/store/capture_parts.h"
#include "core/store/capture_text.h"

namespace mdock::store::capture {
namespace {

using model::column;
using model::kind;
using model::table;

std::string refuse(const table& of, const column& c, std::string_view why, std::string_view when) {
    return filled("    SELECT RAISE(ABORT, 'mdock: {t}.{c} {why}; nothing was changed') WHERE {when};\n",
                  {{"t", std::string(of.name)}, {"c", std::string(c.name)}, {"why", std::string(why)}, {"when", std::string(when)}});
}

std::string_view why_not(const column& c) {
    if (c.written_by == model::writer::create_only) return "is chosen once, when the row is made, and cannot be changed";
    if (c.how == kind::local) return "is kept by mdock and cannot be set";
    return "is computed by MinuteDock and cannot be set";
}

// Columns that nobody but MinuteDock or the mirror fills, in an INSERT. REPLACE may repeat what is there.
std::string computed_in_insert(const table& of) {
    std::string out;
    for (const auto* c : computed(of)) {
        const std::string_view usual = c->name == "presence" ? "'present'" : c->name == "sync_state" ? "'synced'" : "NULL";
        const names use{{"t", std::string(of.name)}, {"k", std::string(of.key)}, {"c", std::string(c->name)}, {"usual", std::string(usual)}};
        const bool is_once = c->written_by == model::writer::create_only;
        out += refuse(of, *c, why_not(*c),
                      filled("NEW.{c} IS NOT {usual} AND NEW.{c} IS NOT (SELECT {c} FROM {t} WHERE {k} = NEW.{k})", use) +
                          filled(is_once ? " AND EXISTS (SELECT 1 FROM {t} WHERE {k} = NEW.{k})" : "", use));
    }
    return out;
}

// A value that MinuteDock could not have. `changed` is what makes the column a part of this statement.
std::string wrong_values(const table& of, const column& c, const std::string& changed) {
    const names use{{"c", std::string(c.name)}, {"p", std::string(model::describe(c.parent).name)},
                    {"pk", std::string(model::describe(c.parent).key)},
                    {"gone", model::describe(c.parent).keeps_unseen && c.parent != resource::users ? " AND presence <> 'gone'" : ""}};
    std::string out;
    if (c.how == kind::parent_id)
        out += refuse(of, c, "names a row that is not there",
                      changed + filled("NEW.{c} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {p} WHERE {pk} = NEW.{c}{gone})", use));
    // Neither fits into JSON.
    if (c.how == kind::real) out += refuse(of, c, "is out of range", changed + filled("abs(NEW.{c}) > 1e15", use));
    if (c.how == kind::text)
        out += refuse(of, c, "holds a NUL character", changed + filled("instr(NEW.{c}, char(0)) > 0", use));
    return out;
}

bool is_name(const column& c) { return c.name == "name"; }

std::string insert_refusals(const table& of) {
    std::string out = computed_in_insert(of);
    for (const auto* c : insertable(of)) {
        const rule* r = rule_of(of, c->name);
        const names use{{"t", std::string(of.name)}, {"k", std::string(of.key)}, {"c", std::string(c->name)}};
        const std::string kept = filled("(SELECT {c} FROM {t} WHERE {k} = NEW.{k})", use);
        if (is_name(*c))
            out += refuse(of, *c, "must not be empty", "trim(coalesce(NEW." + use.at("c") + ", " + kept + ", '')) = ''");
        else if (r != nullptr && r->when_missing.empty())
            out += refuse(of, *c, "must be given", "NEW." + use.at("c") + " IS NULL AND " + kept + " IS NULL");
        out += wrong_values(of, *c, "");
    }
    if (of.which == resource::entries)
        out += "    SELECT RAISE(ABORT, 'mdock: this mirror does not know its user; run: mdock sync; nothing was changed')\n"
               "    WHERE NEW.user_account_id IS NULL AND NOT EXISTS (SELECT 1 FROM _identity JOIN users USING (user_account_id));\n";
    return out;
}

constexpr std::string_view unseen =
    "    SELECT RAISE(ABORT, 'mdock: {t}: this row is gone or not shown to your token, so it cannot be changed here; nothing was changed')\n"
    "    WHERE OLD.presence <> 'present';\n";

std::string update_refusals(const table& of) {
    std::string out = of.keeps_unseen ? filled(unseen, {{"t", std::string(of.name)}}) : "";
    for (const auto* c : updatable(of)) {
        const names use{{"c", std::string(c->name)}};
        const std::string changed = filled("NEW.{c} IS NOT OLD.{c} AND ", use);
        if (is_name(*c))
            out += refuse(of, *c, "must not be empty", changed + filled("trim(coalesce(NEW.{c}, '')) = ''", use));
        else if (is_never_null(of, *c))
            out += refuse(of, *c, "must have a value", changed + filled("NEW.{c} IS NULL", use));
        out += wrong_values(of, *c, changed);
    }
    return out;
}

std::string trigger(std::string_view name, std::string_view when, std::string_view what, const names& use, const std::string& body) {
    return filled(filled("\nDROP TRIGGER IF EXISTS _refuse_{t}_{name};\nCREATE TRIGGER _refuse_{t}_{name} BEFORE {what} ON {t} WHEN {when}\nBEGIN\n",
                         {{"name", std::string(name)}, {"when", std::string(when)}, {"what", std::string(what)}}),
                  use) +
           body + "END;\n";
}

}  // namespace

std::string refusals(const table& of) {
    names use = names_of(of);
    use["computed"] = for_each(computed(of), ", ", "{c}");
    use["columns"] = for_each(updatable(of), ", ", "{c}");
    std::string fixed;
    for (const auto* c : computed(of))
        fixed += refuse(of, *c, why_not(*c), "NEW." + std::string(c->name) + " IS NOT OLD." + std::string(c->name));
    // By comparing, not by UPDATE OF: rowid is another name of the key.
    std::string out = trigger("key", "NEW.{k} IS NOT OLD.{k} AND {open}", "UPDATE", use,
                              filled("    SELECT RAISE(ABORT, 'mdock: {t}.{k}: ids are given by MinuteDock and never change; nothing was "
                                     "changed');\n", use));
    out += trigger("computed", "{open}", "UPDATE OF {computed}", use, fixed);
    out += trigger("values", "{open}", "UPDATE OF {columns}", use, update_refusals(of));
    if (of.which != resource::expenses && of.which != resource::dock)
        out += trigger("insert", "{open}", "INSERT", use, insert_refusals(of));
    return out;
}

}  // namespace mdock::store::capture
