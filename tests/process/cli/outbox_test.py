#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SQL, the outbox, undo and conflicts with no network; then sent by a sync, by the daemon; and the questions on a terminal.
Arguments: MDOCK SANDBOX."""
import json
import os
import pty
import signal
import subprocess
import unittest

from case import MDOCK, PATIENCE
from offline_case import Offline


class Sql(Offline):
    def test_rows_are_a_table_or_a_document(self):
        self.assertIn("42", self.mdock("sql", "SELECT 42 AS answer").stdout)
        document = self.json("sql", "SELECT 1 AS a, 'x' AS b, NULL AS c, 1.5 AS a")
        self.assertEqual((document["columns"], document["rows"]), (["a", "b", "c", "a:2"], [{"a": 1, "b": "x", "c": None, "a:2": 1.5}]))
        self.assertEqual(json.loads(self.mdock("sql", "-", "--json", stdin="SELECT count(*) AS n FROM contacts;").stdout)["schema"], 1)
        self.assertIn("\\e", self.mdock("sql", "SELECT char(27) || '[31m' AS x").stdout, "X15")

    def test_a_read_changes_nothing(self):
        self.assertIn("--write", self.refused("sql", "UPDATE entries SET duration_seconds = 0"))
        self.refused("sql", "DROP TABLE entries")
        self.refused("sql", "SELECT 1; DELETE FROM entries")
        self.refused("sql", "SELEC 1")
        self.refused("sql", " ; ")
        self.refused("sql", "SELECT 1", "--yes")

    def test_a_write_says_what_it_would_queue_and_asks(self):
        entry = self.my_entry()
        sql = f"UPDATE entries SET duration_seconds = 4321 WHERE entry_id = {entry}"
        self.assertIn("--yes", self.refused("sql", "--write", sql))
        before = self.everything()
        planned = self.json("sql", "--write", "--dry-run", sql)
        self.assertEqual((planned["dry_run"], planned["rows_changed"], [one["operation"] for one in planned["queued"]]), (True, 1, ["update"]))
        self.assertEqual(self.everything(), before)
        done = self.json("sql", "--write", "--yes", f"{sql}; INSERT INTO contacts (name) VALUES ('By SQL'); -- and no more")
        self.assertEqual(len(done["queued"]), 2)
        self.assertEqual([row[:2] for row in self.waiting()], [("update", "entries"), ("create", "contacts")])

    def test_a_rule_refuses_by_name(self):
        entry = self.my_entry()
        self.assertIn("invoice_id", self.refused("sql", "--write", "--yes", f"UPDATE entries SET invoice_id = 1 WHERE entry_id = {entry}"))
        self.refused("sql", "--write", "--yes", "UPDATE outbox SET state = 'queued'")
        self.refused("sql", "--write", "--yes", "DELETE FROM invoices")
        self.refused("sql", "--write", "--yes", "SELECT 1")
        self.refused("sql", "--write", "--yes", f"UPDATE entries SET duration_seconds = 1 WHERE entry_id = {entry}; DELETE FROM users")


class Outbox(Offline):
    def test_what_waits_is_shown_and_planned(self):
        self.assertIn("MinuteDock has everything", self.mdock("outbox", "list").stderr)
        entry = self.my_entry()
        self.mdock("entry", "edit", str(entry), "--duration", "45m")
        self.add("new", "20m")
        listed = self.json("outbox", "list")["outbox"]
        self.assertEqual([(one["operation"], one["state"]) for one in listed], [("update", "queued"), ("create", "queued")])
        one = self.json("outbox", "show", str(listed[0]["outbox_id"]))["change"]
        self.assertEqual(one, listed[0])
        self.assertIn("goes out with the next sync", self.mdock("outbox", "list").stdout)
        self.mdock("outbox", "show", str(listed[0]["outbox_id"]))
        plan = self.json("outbox", "plan")["requests"]
        self.assertEqual([(step["method"], step["target"]) for step in plan],
                         [("GET", f"/entries/{entry}"), ("PUT", f"/entries/{entry}"), ("POST", "/entries")])
        self.assertEqual(plan[1]["body"], {"entry": {"duration": 2700}})
        self.assertEqual(plan[2]["body"]["entry"]["description"], "new")
        self.mdock("outbox", "plan")
        self.mdock("outbox", "show", "999", code=3)

    def test_undo_takes_back_the_last_change(self):
        entry, before = self.one(f"SELECT entry_id, duration_seconds FROM entries WHERE entry_id = {self.my_entry()}")
        self.mdock("entry", "edit", str(entry), "--duration", "7h")
        self.add("newer")
        self.refused("undo")
        self.assertEqual(self.json("undo", "--dry-run")["change"]["operation"], "create")
        self.mdock("undo", "--yes")
        self.assertEqual(self.waiting(), [("update", "entries", entry, "queued")])
        self.mdock("undo", "--yes")
        self.assertEqual(self.waiting(), [])
        self.assertEqual(self.one(f"SELECT duration_seconds, sync_state FROM entries WHERE entry_id = {entry}"), (before, "synced"))
        self.mdock("undo", "--yes", code=3)

    def test_a_change_is_held_released_and_discarded(self):
        self.add("one")
        self.add("two")
        first, second = (row[0] for row in self.rows("SELECT outbox_id FROM outbox ORDER BY outbox_id"))
        self.mdock("outbox", "hold", str(first))
        self.assertEqual([row[3] for row in self.waiting()], ["held", "queued"])
        self.assertEqual(self.json("status")["outbox"], {"queued": 1, "held": 1, "sending": 0, "unknown": 0, "parked": 0})
        self.assertIn("mdock outbox release", self.mdock("status").stdout)
        self.mdock("status", "--check", "--max-age", "1d", code=6)
        self.assertEqual([step["outbox_id"] for step in self.json("outbox", "plan")["requests"]], [second])
        self.mdock("outbox", "release")
        self.assertEqual([row[3] for row in self.waiting()], ["queued", "queued"])
        self.mdock("outbox", "hold")
        self.assertEqual([row[3] for row in self.waiting()], ["held", "held"])
        self.refused("outbox", "discard", str(second))
        self.mdock("outbox", "discard", str(second), "--dry-run")
        self.mdock("outbox", "discard", str(second), "--yes")
        self.assertEqual(len(self.waiting()), 1)
        self.assertEqual(self.one("SELECT outcome FROM outbox_done")[0], "discarded")
        for words in (("retry", "999"), ("discard", "999", "--yes"), ("hold", "999"), ("release", "999")):
            self.mdock("outbox", *words, code=3)
        self.mdock("outbox", "discard", code=2)

    def test_conflicts_are_listed_and_resolved(self):
        self.assertEqual(self.json("conflict", "list")["conflicts"], [])
        self.mdock("conflict", "show", "1", code=3)
        self.mdock("conflict", "resolve", "1", "--mine", code=3)
        self.mdock("conflict", "resolve", "1", code=2)
        self.mdock("conflict", "resolve", "1", "--mine", "--theirs", code=2)


class Sync(Offline):
    def online(self):
        return {"MDOCK_TOKEN": self.token, "MDOCK_API_BASE_URL": self.sandbox.ready["url"]}

    def test_sync_sends_what_waits_and_ends_with_6_while_something_is_held(self):
        self.add("sent by sync", "25m")
        self.add("held here")
        last, = self.one("SELECT max(outbox_id) FROM outbox")
        self.mdock("outbox", "hold", str(last))
        held = self.mdock("sync", code=6, **self.online())
        self.assertIn("mdock outbox release", held.stderr)
        self.assertEqual([row[3] for row in self.waiting()], ["held"])
        self.assertLess(self.one("SELECT entry_id FROM entries WHERE description = 'sent by sync'")[0], 9000000000000000)
        self.mdock("outbox", "discard", str(last), "--yes")
        self.mdock("sync", **self.online())


class Daemon(Offline):
    def setUp(self):
        super().setUp()
        self.environment["MDOCK_API_BASE_URL"] = self.sandbox.ready["url"]
        self.make_runtime_folder()
        self.child = self.start_run(MDOCK_TOKEN=self.token)
        self.wait_until("the first round", lambda: os.path.exists(f"{self.home}/run/mdock/control.sock") and self.is_current())

    def tearDown(self):
        self.child.send_signal(signal.SIGTERM)
        self.assertEqual(self.child.wait(timeout=PATIENCE), 0)

    def test_a_write_goes_through_the_daemon_and_is_sent_at_once(self):
        done = self.mdock("entry", "add", "through the daemon 20 mins", "--date", "2024-02-28")
        self.assertIn("The daemon sends it now", done.stderr)
        self.wait_until("the entry is sent", lambda: not self.waiting())
        row = self.one("SELECT entry_id, duration_seconds, sync_state FROM entries WHERE description = 'through the daemon'")
        self.assertLess(row[0], 9000000000000000)
        self.assertEqual(row[1:], (1200, "synced"))
        self.assertEqual(self.json("entry", "show", "9000000000000001")["entry"]["entry_id"], row[0], "I04")

    def test_refusals_and_actions_go_through_it_too(self):
        entry = self.my_entry()
        message = json.loads(self.mdock("sql", "--write", "--yes", "--json", f"UPDATE entries SET invoice_id = 1 WHERE entry_id = {entry}", code=2).stdout)
        self.assertEqual(message["error"]["code"], "write_refused")
        self.json("sql", "--write", "--dry-run", f"UPDATE entries SET duration_seconds = 1 WHERE entry_id = {entry}")
        self.assertEqual(self.waiting(), [])
        self.mdock("outbox", "retry", "999", code=3)
        self.mdock("outbox", "hold")


class OnATerminal(Offline):
    def on_terminal(self, *words, answers=()):
        """What stands on the terminal when each of `answers` was typed after the question before it."""
        leader, follower = pty.openpty()
        child = subprocess.Popen([MDOCK, *words], stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
                                 env={**self.environment, "TERM": "xterm"})
        os.close(follower)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        text, left = "", list(answers)
        while True:
            if left and text.rstrip().endswith(left[0][0]):
                os.write(leader, left.pop(0)[1].encode() + b"\n")
            try:
                piece = os.read(leader, 4096)
            except OSError:
                break
            if not piece:
                break
            text += piece.decode()
        os.close(leader)
        self.assertEqual(left, [], text)
        return child.wait(timeout=PATIENCE), text

    def test_a_delete_asks(self):
        entry = str(self.my_entry())
        code, text = self.on_terminal("entry", "delete", entry, answers=[("[y/N]", "")])
        self.assertEqual((code, self.waiting()), (1, []), text)
        code, text = self.on_terminal("entry", "delete", entry, answers=[("[y/N]", "y")])
        self.assertEqual((code, len(self.waiting())), (0, 1), text)

    def test_a_write_shows_its_plan_before_it_asks(self):
        code, text = self.on_terminal("sql", "--write", "INSERT INTO contacts (name) VALUES ('By SQL')", answers=[("[y/N]", "y")])
        self.assertEqual(code, 0, text)
        self.assertLess(text.index("create contacts"), text.index("Do it?"))

    def test_an_ambiguous_name_is_asked_about(self):
        for name in ("Twin", "Twin"):
            self.mdock("contact", "add", name)
        second = self.one("SELECT max(contact_id) FROM contacts WHERE name = 'Twin'")[0]
        code, text = self.on_terminal("entry", "add", "call @twin", answers=[("1 to 2", "2")])
        self.assertEqual(code, 0, text)
        self.assertEqual(self.one("SELECT contact_id FROM entries WHERE entry_id > 9000000000000000")[0], second)
        code, text = self.on_terminal("entry", "add", "call @twin", answers=[("1 to 2", "5")])
        self.assertEqual(code, 2, text)


if __name__ == "__main__":
    unittest.main()
