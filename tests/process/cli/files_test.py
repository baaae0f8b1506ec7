#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The file among other programs: readers, writers, copies, and what happens to it and to the daemon while it is open.
Arguments: MDOCK SANDBOX."""
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import unittest

from case import MDOCK, PATIENCE, Case

HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
db.execute(sys.argv[2])
print(db.execute("SELECT count(*) FROM entries").fetchone()[0], flush=True)
sys.stdin.readline()
print(db.execute("SELECT count(*) FROM entries WHERE description = 'since'").fetchone()[0], flush=True)
"""


class Files(Case):
    def setUp(self):
        super().setUp()
        self.make_runtime_folder()
        self.init()
        self.mdock("sync")

    def hold(self, sql="BEGIN"):
        """Another program in a transaction of its own; it has read once."""
        child = subprocess.Popen([sys.executable, "-c", HOLD, self.database, sql], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.stdin.close)
        self.addCleanup(child.wait)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        self.seen = int(child.stdout.readline())
        return child

    def let_go(self, child):
        """What it saw in the end of what was changed meanwhile."""
        child.stdin.write("\n")
        child.stdin.flush()
        seen = int(child.stdout.readline())
        child.wait(timeout=PATIENCE)
        return seen

    def edit_there(self, text="since"):
        entry = self.rows("SELECT max(entry_id) FROM entries WHERE invoice_id IS NULL")[0][0]
        self.sandbox.control(f"/as/admin/entries/{entry}", "PUT", {"entry": {"description": text}})
        self.addCleanup(self.sandbox.control, f"/as/admin/entries/{entry}", "PUT", {"entry": {"description": "before"}})

    def begin(self, **variables):
        child = self.start_run(MDOCK_SYNC_INTERVAL="1s", **variables)
        self.wait_until("the daemon", lambda: os.path.exists(f"{self.home}/run/mdock/control.sock"))
        return child

    def end(self, child):
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=PATIENCE), 0)

    def test_R01_a_reader_keeps_its_picture_and_is_in_nobodys_way(self):
        reader = self.hold()
        self.edit_there()
        self.mdock("sync")
        self.assertEqual(self.rows("SELECT count(*) FROM entries WHERE description = 'since'"), [(1,)])
        said = self.json("status")
        self.assertEqual([one["pid"] for one in said["readers"]], [reader.pid])
        finding = {one["name"]: one for one in self.json("doctor")["checks"]}["readers"]
        self.assertIn(f"(process {reader.pid})", finding["message"])
        self.assertEqual(self.let_go(reader), 0)
        self.assertEqual(self.json("status")["readers"], [])

    def test_R02_a_program_that_holds_the_write_lock_puts_a_round_off(self):
        browser = self.hold("BEGIN IMMEDIATE")
        self.edit_there()
        self.assertIn("in use", self.mdock("sync", code=8).stderr)
        self.let_go(browser)
        self.mdock("sync")
        self.assertEqual(self.rows("SELECT count(*) FROM entries WHERE description = 'since'"), [(1,)])

    def test_R02_the_daemon_goes_on_when_it_is_free_again(self):
        child = self.begin()
        browser = self.hold("BEGIN IMMEDIATE")
        self.edit_there()
        self.let_go(browser)
        self.wait_until("the change", lambda: self.rows("SELECT count(*) FROM entries WHERE description = 'since'") == [(1,)])
        self.end(child)

    def test_R03_another_program_cannot_change_the_mirror_by_mistake(self):
        db = sqlite3.connect(self.database)
        self.addCleanup(db.close)
        for sql in ("UPDATE entries SET description = 'mine'", "DELETE FROM contacts", "INSERT INTO tasks (name) VALUES ('x')"):
            with self.assertRaisesRegex(sqlite3.DatabaseError, "mdock: this connection takes no local changes"):
                db.execute(sql)
            db.rollback()

    def test_R03_what_was_changed_by_force_is_mended(self):
        db = sqlite3.connect(self.database)
        for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE entries SET description = 'by force'")
        db.commit()
        db.close()
        self.mdock("sync", "--full")
        self.assertEqual(self.rows("SELECT count(*) FROM entries WHERE description = 'by force'"), [(0,)])
        with sqlite3.connect(self.database) as again, self.assertRaisesRegex(sqlite3.DatabaseError, "takes no local changes"):
            again.execute("UPDATE entries SET description = 'mine'")

    def test_R04_writing_by_other_programs_is_off_and_the_doctor_says_what_is_at_stake(self):
        self.assertEqual(self.rows("SELECT max(is_open) FROM _gate"), [(0,)])
        sqlite = {one["name"]: one for one in self.json("doctor")["checks"]}["sqlite"]
        if sqlite["state"] == "warning":
            self.assertIn("writes.direct_sql off", sqlite["remedy"])

    def test_R06_readers_have_the_old_file_until_the_new_one_is_whole(self):
        self.sandbox.control("/settings", "PUT", {"latency_ms": 20})
        self.addCleanup(self.sandbox.control, "/settings", "PUT", {"latency_ms": 0})
        before = self.rows("SELECT count(*) FROM entries")
        child = subprocess.Popen([MDOCK, "db", "rebuild", "--yes"], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        looks = 0
        while child.poll() is None:
            self.assertEqual(self.rows("SELECT count(*) FROM entries"), before)
            looks += 1
        out, messages = child.communicate()
        self.assertEqual(child.returncode, 0, messages)
        self.assertGreater(looks, 3)
        self.assertIn("is made anew", out)
        self.assertEqual(self.rows("SELECT count(*) FROM entries"), before)
        self.assertTrue(os.path.exists(f"{self.database}.before-rebuild"))
        self.assertEqual([name for name in os.listdir(os.path.dirname(self.database)) if ".rebuild" in name], [])
        self.mdock("verify")

    def test_R06_a_reader_in_the_way_is_named_and_nothing_is_changed(self):
        reader = self.hold()
        done = self.mdock("db", "rebuild", "--yes", code=8)
        self.assertIn(f"(process {reader.pid})", done.stderr)
        self.let_go(reader)
        self.assertFalse(os.path.exists(f"{self.database}.before-rebuild"))
        self.mdock("db", "check")

    def test_S05_a_damaged_file_is_made_anew_and_what_waits_is_kept(self):
        self.mdock("entry", "add", "never sent", "--date", "yesterday")
        self.mdock("outbox", "hold")
        size = os.path.getsize(self.database)
        with open(self.database, "r+b") as file:
            file.seek(size - 8 * 4096)
            file.write(b"\xff" * 4096 * 3)
        self.mdock("db", "check", code=8)
        done = self.mdock("db", "rebuild", "--yes")
        self.assertIn("1 changes that wait are carried over", done.stderr)
        self.mdock("db", "check")
        self.assertEqual(self.rows("SELECT state FROM outbox"), [("held",)])
        self.assertEqual(self.rows("SELECT count(*) FROM entries WHERE description = 'never sent'"), [(1,)])
        self.mdock("outbox", "discard", "1", "--yes")
        self.mdock("verify")

    def test_rebuild_asks_and_a_dry_run_does_nothing(self):
        before = self.everything()
        self.mdock("db", "rebuild", code=2)
        self.assertIn("Nothing was done", self.mdock("db", "rebuild", "--dry-run").stdout)
        self.assertEqual(self.everything(), before)

    def test_rebuild_without_network_leaves_the_mirror(self):
        before = self.everything()
        self.mdock("db", "rebuild", "--yes", code=5, MDOCK_API_BASE_URL="https://127.0.0.1:9/api/v1")
        self.assertEqual(self.everything(), before)

    def test_R07_the_last_to_close_may_be_a_reader(self):
        child = self.begin()
        reader = self.hold()
        self.end(child)
        self.let_go(reader)
        self.mdock("db", "check")
        self.mdock("sync")

    def test_R08_S09_a_backup_can_be_put_back(self):
        child = self.begin()
        copy = f"{self.home}/backup.db"
        self.mdock("db", "backup", copy)
        self.assertIn("never written over", self.mdock("db", "backup", copy, code=2).stderr)
        self.end(child)
        self.edit_there()
        self.mdock("sync")
        for end in ("", "-wal", "-shm"):
            os.remove(self.database + end)
        shutil.copy(copy, self.database)
        self.mdock("sync")
        self.assertEqual(self.rows("SELECT count(*) FROM entries WHERE description = 'since'"), [(1,)])
        self.mdock("verify")

    def test_S09_a_backup_that_is_put_back_sends_nothing_a_second_time(self):
        self.mdock("entry", "add", "sent once", "--date", "yesterday")
        copy = f"{self.home}/backup.db"
        self.mdock("db", "backup", copy)
        self.mdock("sync")
        for end in ("", "-wal", "-shm"):
            os.remove(self.database + end)
        shutil.copy(copy, self.database)
        self.mdock("sync", code=6)
        self.assertIn("from a copy", self.mdock("outbox", "list").stdout)
        sent = [one for one in self.sandbox.control("/expected/admin")["tables"]["entries"].values() if one["description"] == "sent once"]
        self.assertEqual(len(sent), 1)

    def test_S09_a_snapshot_takes_the_place_of_the_one_before(self):
        copy = f"{self.home}/published.db"
        self.mdock("snapshot", copy)
        with sqlite3.connect(f"file:{copy}?mode=ro", uri=True) as reader:
            before = reader.execute("SELECT count(*) FROM fact_time_entry").fetchone()
            self.edit_there()
            self.mdock("sync")
            said = self.json("snapshot", copy)
            self.assertEqual(said["path"], copy)
            self.assertEqual(reader.execute("SELECT count(*) FROM fact_time_entry").fetchone(), before)
        with sqlite3.connect(f"file:{copy}?mode=ro", uri=True) as again:
            self.assertEqual(again.execute("SELECT count(*) FROM entries WHERE description = 'since'").fetchone(), (1,))

    def test_S08_a_file_that_is_replaced_under_the_daemon_ends_it_so_that_it_is_started_anew(self):
        copy = f"{self.home}/other.db"
        self.mdock("snapshot", copy)
        child = self.begin()
        os.chmod(copy, 0o600)
        os.rename(copy, self.database)
        self.assertEqual(child.wait(timeout=PATIENCE), 1)
        self.assertIn("is another file now", child.stderr.read())
        for end in ("-wal", "-shm"):
            os.remove(self.database + end)
        self.mdock("sync")
        self.mdock("db", "check")

    def test_S13_a_trigger_of_somebody_elses_is_found(self):
        db = sqlite3.connect(self.database)
        db.execute("CREATE TRIGGER mine AFTER INSERT ON changes BEGIN SELECT 1; END")
        db.commit()
        db.close()
        finding = {one["name"]: one for one in self.json("doctor", code=9)["checks"]}["additions"]
        self.assertEqual(finding["state"], "error")
        self.assertIn("trigger mine", finding["message"])

    def test_S15_no_child_inherits_the_file(self):
        child = self.begin()
        folder = f"/proc/{child.pid}/fd"
        open_files = [name for name in os.listdir(folder) if os.readlink(f"{folder}/{name}").startswith(self.database)]
        self.assertGreater(len(open_files), 1)
        for name in open_files:
            with open(f"/proc/{child.pid}/fdinfo/{name}", encoding="ascii") as info:
                flags = next(int(line.split()[1], 8) for line in info if line.startswith("flags:"))
            self.assertTrue(flags & os.O_CLOEXEC, os.readlink(f"{folder}/{name}"))
        self.end(child)

    def test_L06_a_network_that_is_down_is_waited_for(self):
        child = self.begin(MDOCK_API_BASE_URL="https://127.0.0.1:9/api/v1", MDOCK_API_RETRY_MIN="1s", MDOCK_API_RETRY_MAX="1s")
        self.wait_until("it is said why", lambda: "accounts" in str(self.rows("SELECT resource FROM mirror_status WHERE last_error IS NOT NULL")))
        self.assertIsNone(child.poll())
        self.end(child)
        # Once, however often it was tried.
        self.assertEqual(child.stderr.read().count("warning round: "), 1)

    def test_L09_a_log_that_nobody_reads_stops_nothing(self):
        ours, theirs = socket.socketpair()
        child = subprocess.Popen([MDOCK, "run"], stderr=theirs, stdout=theirs, env={**self.environment, "MDOCK_SYNC_INTERVAL": "1s", "MDOCK_LOG_LEVEL": "trace"})
        self.addCleanup(child.wait)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        theirs.close()
        ours.close()
        self.edit_there()
        self.wait_until("the change", lambda: self.rows("SELECT count(*) FROM entries WHERE description = 'since'") == [(1,)])
        self.end(child)

    def test_L11_without_descriptors_it_waits_and_goes_on(self):
        child = self.begin(MDOCK_API_RETRY_MIN="1s", MDOCK_API_RETRY_MAX="1s")
        self.wait_until("the first round", self.is_current)
        _, most = resource.prlimit(child.pid, resource.RLIMIT_NOFILE)
        in_use = len(os.listdir(f"/proc/{child.pid}/fd"))
        resource.prlimit(child.pid, resource.RLIMIT_NOFILE, (in_use - 1, most))
        self.edit_there()
        resource.prlimit(child.pid, resource.RLIMIT_NOFILE, (most, most))
        self.wait_until("the change", lambda: self.rows("SELECT count(*) FROM entries WHERE description = 'since'") == [(1,)])
        self.end(child)

    def test_probe_says_what_it_learned_and_keeps_it(self):
        said = self.json("doctor", "--probe")
        answers = {one["name"]: one["answer"] for one in said["probes"]}
        self.assertEqual(answers["Date header"], "yes")
        self.assertIn(answers["since and a row of that second"], ("shown", "left out"))
        self.assertEqual(answers["answer to an id that never was"], "404")
        self.assertTrue(said["kept"])
        self.assertEqual(dict(self.rows("SELECT name, answer FROM _probe")), answers)
        child = self.begin()
        self.assertFalse(self.json("doctor", "--probe")["kept"])
        self.end(child)

    def test_status_says_where_the_token_is_and_what_is_wrong_with_it(self):
        place = self.json("status")["token"]
        self.assertIsNone(place["problem"])
        file = place["place"].split(" ", 1)[1]
        os.chmod(file, 0o644)
        self.assertIn("has mode 0644", self.json("status")["token"]["problem"])
        self.assertIn("chmod 600", self.mdock("status").stdout)


if __name__ == "__main__":
    unittest.main()
