// SPDX-License-Identifier: MIT
// Bugs that other mirrors really had, each behind a line of its own, to prove that the simulation sees them
// (tests/sim/PLANTED.md). An ordinary build has none of them: planted() is a constant there. Only a build with
// -DMDOCK_PLANTED, which script/sim --planted makes for itself, can switch one on.
#pragma once

#include <array>
#include <string_view>

namespace mdock {

enum class bug {
    none,
    strict_since,              // asks for what is newer than the cursor, and a row of the same second is lost
    no_overlap,                // asks from the cursor on, and what was committed late is lost
    cursor_from_own_clock,     // the machine's clock instead of the service's
    cursor_at_end_of_walk,     // the time after the last answer instead of before the first
    cursor_despite_failure,    // moves on though a window failed
    cursor_goes_back,          // takes an earlier time than it had
    short_page_is_end,         // fewer rows than asked for means all of them
    offset_by_limit,           // strides by what was asked, not by what came
    empty_list_believed,       // nothing at all is taken for the truth at once
    retry_after_ignored,       // comes back when it likes
    not_before_not_stored,     // a restart forgets the pause
    requests_not_counted,      // a restart forgets what was sent in this minute
    split_transaction,         // the cursor is committed before the rows
    window_done_before_rows,   // a load marks a window done, then writes it
    no_placeholder,            // a parent that nobody sees is not made up
    links_never_removed,       // tasks are only ever added to an entry
    not_taken_back,            // a row that comes back stays marked as gone
    same_stamp_skipped,        // a row with the stamp that it had is taken for unchanged
    absent_is_gone,            // absent from an answer is believed without asking by id
    hidden_is_gone,            // 403 by id is taken for deleted
    no_second_read,            // lists without a lookup are believed at the first look
    no_second_delta,           // counted while rows came in
    dock_counted_as_entry,     // counts are trusted though a running timer is in them
    no_mass_guard,             // however much is absent, it is gone
    verified_by_own_clock,     // the proof is dated by the machine's clock
    verified_at_the_end,       // the proof is dated by its last answer
    task_strip_ignored,        // a task that went stays on its entries
    resumed_sweep_deletes,     // the half that a resumed walk did not see is gone
    hours_not_compared,        // equal counts are enough
    create_resent_at_once,     // a create without an answer is sent again at once
    sending_not_stored,        // what is about to be sent is not on the disk before the first byte
    settle_time_ignored,       // an unanswered create is looked for while lists do not show it yet
    update_unmerged,           // what somebody else wrote meanwhile is overwritten
    delete_unlooked,           // deleted although somebody has worked on it since
    pull_over_change,          // a pull takes a waiting change off its row
    bare_2xx_believed,         // a 2xx without the row is taken for done
    refused_dropped,           // what MinuteDock refuses is thrown away
    conflict_dropped,          // both sides changed a field, and nobody is told
    child_before_parent,       // sent before the row that it points to
    chain_overtaken,           // a later change of a row is sent before an earlier one
    dock_status_believed,      // the status says that the timer took it, and the timer does not
    rehearsal_sends,           // a rehearsal sends what it will forget
    log_made_again,            // logging without an answer is made an entry as well
    late_list_believed,        // an older version in a list that lags takes back what was just written
    last
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(bug::last)> bug_names{
    "none", "strict_since", "no_overlap", "cursor_from_own_clock", "cursor_at_end_of_walk", "cursor_despite_failure",
    "cursor_goes_back", "short_page_is_end", "offset_by_limit", "empty_list_believed", "retry_after_ignored",
    "not_before_not_stored", "requests_not_counted", "split_transaction", "window_done_before_rows", "no_placeholder",
    "links_never_removed", "not_taken_back", "same_stamp_skipped", "absent_is_gone", "hidden_is_gone", "no_second_read",
    "no_second_delta", "dock_counted_as_entry", "no_mass_guard", "verified_by_own_clock", "verified_at_the_end",
    "task_strip_ignored", "resumed_sweep_deletes", "hours_not_compared",
    "create_resent_at_once", "sending_not_stored", "settle_time_ignored", "update_unmerged",
    "delete_unlooked", "pull_over_change", "bare_2xx_believed", "refused_dropped",
    "conflict_dropped", "child_before_parent", "chain_overtaken", "dock_status_believed",
    "rehearsal_sends", "log_made_again", "late_list_believed"};

#ifdef MDOCK_PLANTED
inline bug planted_bug = bug::none;
inline bool planted(bug which) { return which == planted_bug; }
#else
constexpr bool planted(bug) { return false; }
#endif

}  // namespace mdock
