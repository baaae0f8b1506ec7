// SPDX-License-Identifier: MIT
#include "core/store/apply.h"

#include <sqlite3.h>

#include <algorithm>

#include "core/base/planted.h"
#include "core/store/doubts.h"
#include "core/store/just_written.h"
#include "core/store/overlay.h"
#include "core/store/parents.h"
#include "core/store/row_statements.h"

namespace mdock::store {
namespace {

// One batch on its way in; holds what every row needs.
class applying {
public:
    applying(database& db, const model::row_batch& rows, const apply_how& how)
        : db_(db), rows_(rows), how_(how), columns_(rows.columns()), sql_(db.rows_of(rows.which())), has_gone_(has_any("gone_rows")), has_absent_(has_any("_absent")),
          overlays_(has_any("outbox") || has_redock() ? overlays() : std::map<std::int64_t, row_overlay>{}),
          written_(has_any("outbox_done") ? just_written(db, rows.which(), how.at, rows.size() == 1 ? std::optional{rows.key(0)} : std::nullopt) : std::map<std::int64_t, std::string>{}) {}

    std::map<std::int64_t, row_overlay> overlays() const {
        return rows_.size() == 1 ? read_overlay(db_, rows_.which(), rows_.key(0)) : read_overlays(db_, rows_.which());
    }

    applied run() {
        for (const auto i : rows_.by_key()) row(i);
        return done_;
    }

private:
    enum class presence { present, placeholder, away };

    void row(std::size_t i) {
        if (!planted(bug::no_placeholder)) ensure_parents(db_, rows_, i);
        if (has_absent_) forget_absent(db_, rows_.which(), rows_.key(i));
        cells_ = rows_.row(i);
        links_ = rows_.links(i);
        if (!written_.empty() && !planted(bug::late_list_believed) && is_late_echo(i)) {
            ++done_.unchanged;
            return;
        }
        if (!overlays_.empty() && !put_over(i)) return;
        if (how_.expects_new && insert(i)) return;
        if (!compare(i)) return;
        insert(i);
    }

    // A list that does not show yet what was written from here would take a person's change away, or bring back a row that
    // they have deleted.
    bool is_late_echo(std::size_t i) const {
        const auto found = written_.find(rows_.key(i));
        if (found == written_.end() || columns_.updated < 0) return false;
        const auto came = cells_[static_cast<std::size_t>(columns_.updated)].view();
        return came < std::string_view{found->second} || (came == found->second && !is_here(rows_.key(i)));
    }
    bool is_here(std::int64_t key) const {
        sql_.select.bind(1, key);
        const bool is_there = sql_.select.step();
        sql_.select.reset();
        return is_there;
    }

    // The person's waiting changes go over what came. False when the person has taken the row away.
    bool put_over(std::size_t i) {
        const auto found = overlays_.find(rows_.key(i));
        if (found == overlays_.end() || planted(bug::pull_over_change)) return true;
        const auto& over = found->second;
        if (over.is_docked) {
            renew_docked(db_, rows_.key(i), model::fields_of(rows_, i));
            return false;
        }
        write_shadow(db_, rows_.which(), rows_.key(i), over, model::fields_of(rows_, i));
        if (over.is_deleted) return false;
        covered_.assign(cells_.begin(), cells_.end());
        for (std::size_t c = 0; c < columns_.stored.size(); ++c)
            if (const auto mine = over.mine.find(columns_.stored[c]->name); mine != over.mine.end())
                covered_[c] = model::cell_of(mine->second);
        cells_ = covered_;
        if (const auto mine = over.mine.find(model::links_field); mine != over.mine.end())
            if (const auto* ids = std::get_if<model::id_set>(&mine->second)) links_ = *ids;
        return true;
    }

    // True when the row was not there and now is.
    bool insert(std::size_t i) {
        bind(sql_.insert, cells_);
        sql_.insert.run();
        if (sqlite3_changes(db_.connection().getHandle()) == 0) return false;
        const auto key = rows_.key(i);
        for (const auto task : links_) sql_.insert_link.bind(1, key).bind(2, task).run();
        if (columns_.of->keeps_unseen) db_.known(rows_.which()).insert(key);
        ++done_.inserted;
        note_difference(i, true);
        const bool is_back = has_gone_ && !planted(bug::not_taken_back) && take_back(i);
        if (!is_back && is_overdue()) ++done_.overdue;
        if (how_.records_changes) log_insert(i, is_back ? "back" : "insert");
        return true;
    }

    // Compares with the file and updates what differs. True when the row is not there.
    bool compare(std::size_t i) {
        const auto key = rows_.key(i);
        auto& select = sql_.select;
        select.bind(1, key);
        if (!select.step()) {
            select.reset();
            return true;
        }
        json_fields old_values, new_values;
        const auto cells = cells_;
        bool differs = false;
        bool stamp_differs = false;
        for (std::size_t c = 0; c < columns_.width; ++c) {
            const model::cell before = select.column(static_cast<int>(c));
            if (before == cells[c]) continue;
            differs = true;
            if (static_cast<std::ptrdiff_t>(c) == columns_.updated) stamp_differs = true;
            const std::string_view name = c == columns_.extra() ? "extra" : columns_.stored[c]->name;
            old_values.add(name, before);
            new_values.add(name, cells[c]);
        }
        const presence was = presence_in(select);
        const bool is_older = stamp_differs && is_set_back(select.column(static_cast<int>(columns_.updated)), cells);
        select.reset();
        if (planted(bug::same_stamp_skipped) && columns_.updated >= 0 && !stamp_differs) differs = false;
        if (is_older) {
            done_.older.push_back(key);
            return false;
        }
        if (differs || was != presence::present) {
            bind(sql_.update, cells);
            sql_.update.run();
        }
        const bool links_differ = !columns_.of->link_table.empty() && exchange_links(i, old_values, new_values);
        if (!differs && !links_differ && was == presence::present) {
            ++done_.unchanged;
            return false;
        }
        finish_update(i, was, stamp_differs, old_values, new_values);
        return false;
    }

    void finish_update(std::size_t i, presence was, bool stamp_differs, const json_fields& old_values,
                       const json_fields& new_values) {
        if (was == presence::placeholder) ++done_.inserted; else ++done_.updated;
        note_difference(i, stamp_differs);
        if (!how_.records_changes) return;
        if (was == presence::placeholder) {
            log_insert(i, "insert");
            return;
        }
        write_change(db_, how_.at, rows_.which(), rows_.key(i), was == presence::away ? "back" : "update",
                     how_.origin, old_values, new_values);
    }

    // A version that had long settled here does not get younger by itself.
    bool is_set_back(const model::cell& before, std::span<const model::cell> cells) const {
        if (!how_.settled_before) return false;
        const auto here = parse_database_timestamp(before.view());
        const auto came = parse_database_timestamp(cells[static_cast<std::size_t>(columns_.updated)].view());
        return here && came && *came < *here && *here <= *how_.settled_before;
    }

    presence presence_in(const statement& select) const {
        if (!columns_.of->keeps_unseen) return presence::present;
        const auto text = select.column(static_cast<int>(columns_.width)).view();
        if (text == "present") return presence::present;
        return text == "placeholder" ? presence::placeholder : presence::away;
    }

    // Makes the linked ids what the row says; true when they were others.
    bool exchange_links(std::size_t i, json_fields& old_values, json_fields& new_values) {
        const auto key = rows_.key(i);
        const auto wanted = links_;
        before_.clear();
        auto& select = sql_.select_links;
        select.bind(1, key);
        while (select.step()) before_.push_back(select.integer(0));
        select.reset();
        if (std::equal(before_.begin(), before_.end(), wanted.begin(), wanted.end())) return false;
        for (const auto id : before_)
            if (!planted(bug::links_never_removed) && !std::binary_search(wanted.begin(), wanted.end(), id)) sql_.delete_link.bind(1, key).bind(2, id).run();
        for (const auto id : wanted)
            if (!std::binary_search(before_.begin(), before_.end(), id)) sql_.insert_link.bind(1, key).bind(2, id).run();
        old_values.add("task_ids", before_);
        new_values.add("task_ids", wanted);
        return true;
    }

    void log_insert(std::size_t i, std::string_view operation) {
        json_fields none, values;
        const auto cells = cells_;
        for (std::size_t c = 0; c < columns_.width; ++c)
            if (cells[c].type != model::cell_type::null)
                values.add(c == columns_.extra() ? "extra" : columns_.stored[c]->name, cells[c]);
        if (!links_.empty()) values.add("task_ids", links_);
        write_change(db_, how_.at, rows_.which(), rows_.key(i), operation, how_.origin, none, values);
    }

    bool has_any(std::string_view table) {
        auto& any = db_.prepared("SELECT 1 FROM " + std::string(table) + " WHERE resource = ?1 LIMIT 1");
        any.bind(1, name_of(rows_.which()));
        const bool there = any.step();
        any.reset();
        return there;
    }

    // It is a change of the dock's, and has taken an entry from sight.
    bool has_redock() {
        if (rows_.which() != resource::entries) return false;
        auto& any = db_.prepared("SELECT 1 FROM outbox WHERE resource = 'dock' AND operation = 'redock' LIMIT 1");
        const bool there = any.step();
        any.reset();
        return there;
    }

    // A fact that had been moved to gone_rows and is seen again is taken back from there (schema rule 6).
    bool take_back(std::size_t i) {
        auto& back = db_.prepared("DELETE FROM gone_rows WHERE resource = ?1 AND row_id = ?2");
        back.bind(1, name_of(rows_.which())).bind(2, rows_.key(i)).run();
        return sqlite3_changes(db_.connection().getHandle()) > 0;
    }

    // Only a version with a stamp that we had not seen can be late; a rate that MinuteDock computes live changes without
    // one, and counting it would widen the overlap for ever.
    void note_difference(std::size_t i, bool has_new_stamp) {
        if (rows_.which() == resource::invoices) done_.differing.push_back(rows_.key(i));
        if (columns_.updated < 0 || !how_.older_cursor || !has_new_stamp) return;
        const auto stamp = parse_database_timestamp(cells_[static_cast<std::size_t>(columns_.updated)].view());
        if (stamp && *stamp < *how_.older_cursor) done_.lateness = std::max(done_.lateness, *how_.older_cursor - *stamp);
    }

    bool is_overdue() const {
        if (columns_.updated < 0 || !how_.older_cursor) return false;
        const auto stamp = parse_database_timestamp(cells_[static_cast<std::size_t>(columns_.updated)].view());
        return !stamp || *stamp < *how_.older_cursor;
    }

    static void bind(statement& to, std::span<const model::cell> cells) {
        for (std::size_t c = 0; c < cells.size(); ++c) to.bind(static_cast<int>(c) + 1, cells[c]);
    }

    database& db_;
    const model::row_batch& rows_;
    const apply_how& how_;
    const model::layout& columns_;
    row_statements& sql_;
    const bool has_gone_;
    const bool has_absent_;
    const std::map<std::int64_t, row_overlay> overlays_;
    const std::map<std::int64_t, std::string> written_;    // from here, a moment ago, with their stamps
    std::span<const model::cell> cells_;          // of the row at hand, with what waits for it put over
    std::span<const std::int64_t> links_;
    std::vector<model::cell> covered_;
    std::vector<std::int64_t> before_;
    applied done_;
};

}  // namespace

void applied::add(const applied& other) {
    inserted += other.inserted;
    updated += other.updated;
    unchanged += other.unchanged;
    lateness = std::max(lateness, other.lateness);
    differing.insert(differing.end(), other.differing.begin(), other.differing.end());
    older.insert(older.end(), other.older.begin(), other.older.end());
    overdue += other.overdue;
}

applied apply_rows(database& db, const model::row_batch& rows, const apply_how& how) {
    return applying(db, rows, how).run();
}

}  // namespace mdock::store
