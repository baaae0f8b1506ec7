#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Entries, clients, projects, tasks, expenses and the timer changed with no network and no daemon. Arguments: MDOCK SANDBOX."""
import unittest

from offline_case import Offline


class Entries(Offline):
    def test_K08_an_entry_is_added_with_its_date_and_its_codes(self):
        contact_id, _, code = self.contact()
        said = self.mdock("entry", "add", f"call with the bank @{code}", "20", "mins", "--date", "2024-02-29")
        self.assertIn("0:20 on 2024-02-29", said.stdout)
        self.assertIn("mdock sync", said.stderr)
        self.assertEqual(self.waiting(), [("create", "entries", 9000000000000001, "queued")])
        row = self.one("SELECT contact_id, description, duration_seconds, entry_date, sync_state FROM entries WHERE entry_id = 9000000000000001")
        self.assertEqual(row, (contact_id, "call with the bank", 1200, "2024-02-29", "queued"))
        self.assertEqual(self.values()["entry_date"], "2024-02-29")
        self.add("without a date")
        self.assertRegex(self.values()["entry_date"], r"^\d{4}-\d\d-\d\d$")

    def test_tasks_are_a_set_on_the_entry(self):
        first, second = (row[0] for row in self.rows("SELECT task_id FROM tasks WHERE presence = 'present' ORDER BY task_id LIMIT 2"))
        entry = self.add("with tasks", "--task", str(first), "--task", str(second))
        self.assertEqual(self.values()["task_ids"], [first, second])
        self.mdock("entry", "edit", str(entry), "--task", str(second))
        self.assertEqual(self.values()["task_ids"], [second])
        self.mdock("entry", "edit", str(entry), "--task", "")
        self.assertEqual(self.rows(f"SELECT task_id FROM entry_tasks WHERE entry_id = {entry}"), [])
        self.assertEqual(len(self.waiting()), 1, "O09")

    def test_an_edit_queues_what_differs_and_nothing_else(self):
        entry = self.my_entry()
        document = self.json("entry", "edit", str(entry), "another text", "--duration", "1:30")
        self.assertEqual((document["entry_id"], len(document["queued"])), (entry, 1))
        self.assertEqual(set(document["queued"][0]), {"outbox_id", "resource", "row_id", "operation", "new_values", "old_values"})
        self.assertEqual(self.values(), {"description": "another text", "duration_seconds": 5400})
        again = self.json("entry", "edit", str(entry), "another text")
        self.assertEqual(again["queued"], [])
        self.assertEqual(len(self.waiting()), 1)

    def test_a_change_that_is_taken_back_leaves_nothing(self):
        entry, before = self.one(f"SELECT entry_id, duration_seconds FROM entries WHERE entry_id = {self.my_entry()}")
        self.mdock("entry", "edit", str(entry), "--duration", "7h")
        self.mdock("entry", "edit", str(entry), "--duration", f"{before}s")
        self.assertEqual(self.waiting(), [])

    def test_a_project_never_stays_behind_with_another_contact(self):
        entry, = self.one("SELECT entry_id FROM entries JOIN projects USING (project_id) WHERE projects.contact_id = entries.contact_id LIMIT 1")
        other, = self.one(f"SELECT contact_id FROM contacts WHERE presence = 'present' AND contact_id <> (SELECT contact_id FROM entries WHERE entry_id = {entry}) LIMIT 1")
        self.mdock("entry", "edit", str(entry), "--contact", str(other))
        self.assertEqual(self.values(), {"contact_id": other, "project_id": None})
        project, contact = self.one(f"SELECT project_id, contact_id FROM projects WHERE presence = 'present' AND contact_id <> {other} LIMIT 1")
        self.mdock("entry", "edit", str(entry), "--project", str(project))
        self.assertEqual(self.one(f"SELECT contact_id, project_id FROM entries WHERE entry_id = {entry}"), (contact, project))
        self.assertIn("is not a project of", self.refused("entry", "edit", str(entry), "--project", str(project), "--contact", str(other)))

    def test_a_delete_is_asked_for_and_can_be_rehearsed(self):
        entry = str(self.my_entry())
        self.assertIn("--yes", self.refused("entry", "delete", entry))
        self.assertIn("--yes", self.refused("entry", "delete", entry, "--no-input"))
        before = self.everything()
        planned = self.json("entry", "delete", entry, "--dry-run")
        self.assertEqual([one["operation"] for one in planned["queued"]], ["delete"])
        self.assertEqual(self.everything(), before)
        self.mdock("entry", "delete", entry, "--yes")
        self.assertEqual(self.waiting(), [("delete", "entries", int(entry), "queued")])
        self.mdock("entry", "show", entry, code=3)

    def test_an_entry_that_was_never_sent_goes_without_a_trace(self):
        entry = str(self.add("a mistake"))
        self.assertIn("Nothing waits", self.mdock("entry", "delete", entry, "--yes").stderr)
        self.assertEqual(self.waiting(), [])

    def test_wrong_input_changes_nothing(self):
        entry = str(self.my_entry())
        self.refused("entry", "add")
        self.refused("entry", "add", "20 mins and 30 mins")
        self.refused("entry", "add", "x", "--date", "2024-02-30")
        self.refused("entry", "add", "x", "--duration", "soon")
        self.refused("entry", "add", "x", "--contact", "nobody of that name", code=3)
        self.refused("entry", "edit", entry)
        self.refused("entry", "edit", "x", "text")
        self.refused("entry", "edit", "8000000000000000", "text", code=3)
        self.refused("entry", "delete", "8000000000000000", "--yes", code=3)

    def test_ambiguous_names_are_refused_with_the_candidates(self):
        for name in ("Twin", "Twin"):
            self.mdock("contact", "add", name)
        ids = [row[0] for row in self.rows("SELECT contact_id FROM contacts WHERE name = 'Twin'")]
        for words in (("entry", "add", "call @twin"), ("entry", "add", "call", "--contact", "Twin", "--no-input")):
            message = self.refused(*words)
            for one in ids:
                self.assertIn(str(one), message)


class Names(Offline):
    def test_I01_contact_project_and_entry_are_made_without_a_network(self):
        contact = self.json("contact", "add", "New Client", "--short-code", "newc", "--rate", "120.50", "--pinned", "yes")["contact_id"]
        project = self.json("project", "add", "First Project", "--contact", "newc", "--budget", "40", "--budget-type", "hours")["project_id"]
        task = self.json("task", "add", "Proof Reading")["task_id"]
        self.mdock("entry", "add", "#firstproject #proofreading first page 1h")
        self.assertEqual([row[:2] for row in self.waiting()], [("create", "contacts"), ("create", "projects"), ("create", "tasks"), ("create", "entries")])
        self.assertEqual(self.one("SELECT contact_id, project_id, duration_seconds, description FROM entries WHERE entry_id > 9000000000000000"),
                         (contact, project, 3600, "first page"))
        self.assertEqual(self.values()["task_ids"], [task])
        self.assertEqual(self.one(f"SELECT default_rate_cents, is_pinned, is_active FROM contacts WHERE contact_id = {contact}"), (12050, 1, 1))
        self.assertEqual(self.one(f"SELECT budget_target, budget_type FROM projects WHERE project_id = {project}"), (40.0, "hours"))

    def test_an_edit_names_what_changes(self):
        contact_id, _, code = self.contact()
        document = self.json("contact", "edit", code, "--rate", "99.00", "--billable", "yes")
        self.assertEqual(document["contact_id"], contact_id)
        self.assertEqual(document["queued"][0]["new_values"]["default_rate"], "99.00")
        self.mdock("contact", "edit", code, "--rate", "")
        self.assertIsNone(self.one(f"SELECT default_rate_cents FROM contacts WHERE contact_id = {contact_id}")[0])
        task, = self.one("SELECT task_id FROM tasks WHERE presence = 'present' LIMIT 1")
        self.mdock("task", "edit", str(task), "--name", "Another Name")
        self.assertEqual(self.values(), {"name": "Another Name"})

    def test_wrong_input_changes_nothing(self):
        contact_id = str(self.contact()[0])
        self.refused("contact", "add", " ")
        self.refused("contact", "edit", contact_id)
        self.refused("contact", "edit", contact_id, "--rate", "much")
        self.refused("contact", "edit", contact_id, "--rate", "-5")
        self.refused("contact", "edit", contact_id, "--pinned", "maybe")
        self.refused("contact", "edit", contact_id, "--name", "")
        self.refused("project", "add", "without a contact")
        self.refused("contact", "edit", "nobody of that name", "--rate", "5", code=3)

    def test_a_delete_marks_the_row_and_says_what_hangs_on_it(self):
        contact_id = str(self.contact()[0])
        planned = self.mdock("contact", "delete", contact_id, "--dry-run")
        self.assertIn(f"delete contacts {contact_id}", planned.stdout)
        self.assertEqual(self.waiting(), [])
        self.mdock("contact", "delete", contact_id, "--yes")
        self.assertEqual(self.one(f"SELECT presence, sync_state FROM contacts WHERE contact_id = {contact_id}"), ("gone", "queued"))
        self.assertIn("gone", self.refused("contact", "edit", contact_id, "--rate", "5"))

    def test_an_expense_is_edited(self):
        expense, = self.one("SELECT expense_id FROM expenses LIMIT 1")
        self.mdock("expense", "edit", str(expense), "train", "to the client", "--quantity", "2", "--unit-amount", "42.505", "--date", "2024-03-01")
        self.assertEqual(self.waiting(), [("update", "expenses", expense, "queued")])
        self.assertEqual(self.values()["description"], "train to the client")
        self.refused("expense", "edit", str(expense))
        self.refused("expense", "edit", str(expense), "--quantity", "many")
        self.refused("expense", "edit", "8000000000000000", "text", code=3)


class Timer(Offline):
    def dock(self):
        return self.one("SELECT is_running, description, contact_id FROM dock")

    def idle(self):
        if self.json("timer")["timer"]["description"] or self.json("timer")["timer"]["duration_seconds"]:
            self.mdock("timer", "discard", "--yes")

    def test_a_timer_is_started_edited_paused_resumed_and_logged(self):
        self.idle()
        before = len(self.waiting())
        contact_id, _, code = self.contact()
        self.mdock("timer", "start", f"@{code} homepage")
        self.assertEqual(self.dock(), (1, "homepage", contact_id))
        status = self.json("timer", "status")["timer"]
        self.assertEqual((status["running"], status["description"]), (True, "homepage"))
        self.mdock("timer", "edit", "second draft")
        self.mdock("timer", "pause")
        self.assertIn("already", self.mdock("timer", "pause").stdout)
        self.mdock("timer", "resume")
        self.mdock("timer", "edit", "--duration", "1:30")
        logged = self.mdock("timer", "log")
        self.assertIn("1:30", logged.stdout)
        self.assertEqual([row[0] for row in self.waiting()[before:]], ["start", "pause", "resume", "update", "log"])
        self.assertEqual(self.json("timer")["timer"]["running"], False)

    def test_what_is_on_the_timer_is_logged_before_another_thing_begins(self):
        self.idle()
        self.mdock("timer", "start", "first")
        done = self.mdock("timer", "start", "second")
        self.assertIn("Logged what was on the timer", done.stderr)
        self.assertEqual([row[0] for row in self.waiting()][-3:], ["start", "log", "start"])
        self.assertEqual(self.dock()[1], "second")

    def test_an_entry_goes_back_on_the_timer(self):
        self.idle()
        entry = self.my_entry()
        self.mdock("timer", "redock", str(entry))
        self.assertEqual(self.waiting()[-1][0], "redock")
        self.assertEqual(self.dock()[0], 1)
        self.refused("timer", "redock", "8000000000000000", code=3)

    def test_nothing_on_the_timer_is_said_so(self):
        self.idle()
        for word in ("pause", "resume", "log", "edit"):
            self.assertIn("nothing on the timer", self.refused("timer", word, *(["text"] if word == "edit" else [])))
        self.refused("timer", "start")
        self.refused("timer", "discard")

    def test_a_discard_is_asked_for(self):
        self.idle()
        self.mdock("timer", "start", "a mistake")
        self.assertIn("--yes", self.refused("timer", "discard"))
        self.mdock("timer", "discard", "--dry-run")
        self.assertEqual(self.dock()[1], "a mistake")
        self.mdock("timer", "discard", "--yes")
        self.assertFalse(self.json("timer")["timer"]["description"])


if __name__ == "__main__":
    unittest.main()
