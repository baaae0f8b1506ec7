#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`mdock verify` over TLS: what happened on MinuteDock behind the mirror's back is found, said by day and id, and mended;
what is too much at once is held for a person. Arguments: MDOCK SANDBOX."""
import json
import os
import signal
import unittest

from case import PATIENCE, Case, Sandbox


class Verify(Case):
    def setUp(self):
        super().setUp()
        self.sandbox = Sandbox("--tidy")
        self.addCleanup(self.sandbox.stop)
        self.environment |= {"MDOCK_TOKEN": self.sandbox.ready["tokens"]["admin"], "MDOCK_API_BASE_URL": self.sandbox.ready["url"],
                             "MDOCK_API_CA_FILE": self.sandbox.ready["ca_file"]}
        self.mdock("sync")

    def free_entries(self):
        """Entries that may be deleted and edited: (id, day), newest first."""
        return self.rows("SELECT entry_id, entry_date FROM entries WHERE invoice_id IS NULL ORDER BY entry_date DESC, entry_id")

    def delete(self, noun, row_id):
        self.sandbox.control(f"/as/admin/{noun}/{row_id}", "DELETE")

    def found(self, report):
        return {(one["resource"], one["id"], one["kind"]) for one in report["differences"]}

    def expect_equal(self):
        wanted = self.sandbox.control("/expected/admin")
        for table, key in (("entries", "entry_id"), ("expenses", "expense_id"), ("invoices", "invoice_id")):
            seen = {str(row[0]) for row in self.rows(f"SELECT {key} FROM {table}")}
            self.assertEqual(seen, set(wanted["tables"][table]), table)
        for entry_id, seconds, contact in self.rows("SELECT entry_id, duration_seconds, contact_id FROM entries"):
            row = wanted["tables"]["entries"][str(entry_id)]
            self.assertEqual((str(seconds), contact and str(contact)), (row["duration_seconds"], row["contact_id"]), entry_id)


class Proof(Verify):
    def test_an_account_that_nobody_touched(self):
        report = self.json("verify")
        self.assertEqual(set(report), {"schema", "equal", "held", "differences", "unsettled", "requests", "verified_as_of", "errors"})
        self.assertEqual((report["equal"], report["held"], report["differences"], report["unsettled"]), (True, [], [], []))
        self.assertRegex(report["verified_as_of"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertLessEqual(report["requests"], 60)
        before = self.everything()
        self.mdock("verify", "--dry-run")
        self.assertEqual(self.everything(), before)
        self.assertIn("equal to the account as of", self.mdock("verify").stdout)
        self.assertEqual(self.mdock("verify", "-q").stdout, "")

    def test_D01_deleted_edited_and_stripped_rows_are_named_and_mended(self):
        self.mdock("verify")
        (gone, day), (edited, other_day) = self.free_entries()[3], self.free_entries()[20]
        tagged = [row for row in self.rows("SELECT entry_id, min(task_id) FROM entry_tasks GROUP BY entry_id ORDER BY entry_id")
                  if row[0] not in (gone, edited)][0][0]
        self.delete("entries", gone)
        self.sandbox.behind(edit_entry=edited, duration=12345)
        self.sandbox.behind(edit_entry=tagged, task_ids=[])
        wanted = {("entries", gone, "ghost"), ("entries", edited, "changed"), ("entries", tagged, "changed")}

        before = self.everything()
        report = self.json("verify", "--dry-run", code=9)
        self.assertEqual(self.found(report), wanted)
        self.assertFalse(report["equal"])
        self.assertIn("duration_seconds", [one for one in report["differences"] if one["id"] == edited][0]["fields"])
        said = self.mdock("verify", "--dry-run", code=9).stdout
        self.assertIn("3 differences found", said)
        self.assertIn("no row was changed", said)
        self.assertEqual(self.everything(), before)

        said = self.mdock("verify").stdout
        for part in (f"  {day[:7]}\n", f"{day}  {gone}  gone on MinuteDock", f"{other_day}  {edited}  changed: ", "duration_seconds",
                     f"{tagged}  changed: task_ids", "The mirror has all of these now.", "equal to the account as of "):
            self.assertIn(part, said)
        self.expect_equal()
        again = self.json("verify")
        self.assertEqual((again["equal"], again["differences"]), (True, []))

    def test_D17_a_merged_contact_is_found(self):
        self.mdock("verify")
        into, merged = [row[0] for row in self.rows("SELECT contact_id FROM entries WHERE contact_id IS NOT NULL GROUP BY contact_id ORDER BY count(*)")][:2]
        self.sandbox.behind(merge_contacts=[merged, into])
        report = self.json("verify")
        self.assertTrue(report["equal"])
        self.assertIn(("contacts", merged, "ghost"), self.found(report))
        self.expect_equal()

    def test_what_has_no_lookup_by_id_waits_for_a_second_look(self):
        self.mdock("verify")
        expense = self.rows("SELECT min(expense_id) FROM expenses")[0][0]
        self.sandbox.behind(delete_expense=expense)
        report = self.json("verify", code=9)
        self.assertEqual([(one["resource"], one["rows"]) for one in report["unsettled"]], [("expenses", 1)])
        said = self.mdock("verify", code=9).stdout
        self.assertIn("Not settled:", said)
        self.assertIn("looks again", said)
        self.environment["MDOCK_SYNC_SECOND_READ_AFTER"] = "1s"
        ended = []

        def is_settled():
            ended.append(json.loads(self.run_mdock("verify", "--json").stdout))
            return ended[-1]["equal"]
        self.wait_until("the second look", is_settled)
        self.assertEqual(self.found(ended[-1]), {("expenses", expense, "ghost")})
        self.expect_equal()

    def test_what_since_brings_is_no_difference(self):
        self.mdock("verify")
        self.sandbox.control("/as/admin/entries", "POST", {"entry": {"description": "New", "duration": 60, "date": "2024-01-05"}})
        self.assertEqual(self.json("verify")["differences"], [])
        self.expect_equal()


class Held(Verify):
    def test_D09_so_much_at_once_is_held_until_a_person_accepts(self):
        self.mdock("verify")
        tasks = [row[0] for row in self.rows("SELECT task_id FROM tasks WHERE presence = 'present' ORDER BY task_id")]
        for task in tasks[:max(6, len(tasks) // 2)]:
            self.delete("tasks", task)
        report = self.json("verify", code=9)
        self.assertFalse(report["equal"])
        self.assertEqual([one["resource"] for one in report["held"]], ["tasks"])
        self.assertEqual(set(report["held"][0]), {"resource", "rows", "reason"})
        said = self.mdock("verify", code=9).stdout
        self.assertIn("Held back", said)
        self.assertIn("mdock verify --accept", said)

        status = self.json("status")
        self.assertEqual([one["resource"] for one in status["held"]], ["tasks"])
        self.assertEqual({one["resource"]: one["state"] for one in status["resources"]}["tasks"], "held")
        self.assertIn("mdock verify --accept", self.mdock("status").stdout)
        self.mdock("status", "--check", code=9)
        checks = {one["name"]: one for one in self.json("doctor", code=9)["checks"]}
        self.assertEqual(checks["held"]["state"], "error")
        self.assertIn("--accept", checks["held"]["remedy"])

        self.assertTrue(self.json("verify", "--accept")["equal"])
        self.assertEqual(self.json("status")["held"], [])
        self.assertEqual({one["name"]: one["state"] for one in self.json("doctor")["checks"]}["held"], "ok")
        self.assertTrue(self.json("verify")["equal"])


class Refusals(Verify):
    def test_words_that_exclude_each_other(self):
        self.mdock("verify", "--dry-run", "--accept", code=2)
        self.assertIn("mdock verify --dry-run", self.mdock("verify", "--help").stdout)

    def test_what_stops_it_has_the_contracts_code(self):
        before = self.json("status")["resources"]
        self.assertEqual(self.json("verify", code=4, MDOCK_TOKEN="not-a-token")["error"]["code"], "unauthorized")
        self.sandbox.control("/faults", "PUT", {"faults": ["500:path=/invoices"]})
        report = self.json("verify", code=9, MDOCK_API_RETRY_MIN="1s", MDOCK_API_RETRY_MAX="1s")
        self.assertFalse(report["equal"])
        self.sandbox.control("/faults", "DELETE")
        self.assertEqual([one["row_count"] for one in self.json("status")["resources"]], [one["row_count"] for one in before])
        gone = Sandbox()
        gone.stop()
        self.json("verify", code=5, MDOCK_API_BASE_URL=gone.ready["url"], MDOCK_API_RETRY_MIN="1s", MDOCK_API_RETRY_MAX="1s")


class ThroughTheDaemon(Verify):
    def setUp(self):
        super().setUp()
        self.make_runtime_folder()
        self.child = self.start_run()
        self.wait_until("the control socket", lambda: os.path.exists(f"{self.home}/run/mdock/control.sock"))

    def test_L04_the_daemon_proves_and_mends(self):
        self.assertTrue(self.json("verify")["equal"])
        gone = self.free_entries()[5][0]
        self.delete("entries", gone)
        rehearsed = self.json("verify", "--dry-run", code=9)
        self.assertEqual(self.found(rehearsed), {("entries", gone, "ghost")})
        done = self.mdock("verify")
        self.assertIn(f"{gone}  gone on MinuteDock", done.stdout)
        self.assertIn("The daemon keeps this mirror", done.stderr)
        self.assertIn("equal to the account as of", done.stdout)
        self.expect_equal()
        self.assertIsNone(self.child.poll())
        self.child.send_signal(signal.SIGTERM)
        self.assertEqual(self.child.wait(timeout=PATIENCE), 0)


if __name__ == "__main__":
    unittest.main()
