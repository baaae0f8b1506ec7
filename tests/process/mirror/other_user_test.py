#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Another user of the machine reads the mirror with sqlite3, Python and ODBC, by the group of the file: while the daemon
runs, when it has stopped, and when it was killed. Who is not in the group reads nothing, and nobody of them writes.

Arguments: MDOCK SANDBOX. Needs root for the other user; ends with 77 without."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from service import MDOCK, PATIENCE, Mirror, Service

GROUP, READER, STRANGER = 54321, 54322, 54323
SQL = "SELECT count(*) FROM fact_time_entry"
BY_PYTHON = "import sqlite3, sys; print(sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True).execute(sys.argv[2]).fetchone()[0])"
BY_ODBC = ("import pyodbc, sys; db = pyodbc.connect(f'Driver=SQLite3;Database={sys.argv[1]};Timeout=2000', autocommit=True); "
           "print(db.execute(sys.argv[2]).fetchone()[0])")
WRITE = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('DELETE FROM entries'); db.commit()"


def as_user(user, group, words):
    return subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False, user=user, group=group, extra_groups=[],
                          cwd="/", env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"})


class OtherUser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service("--entries", "300", "--years", "2", "--seed", "5")
        cls.folder = tempfile.mkdtemp(prefix="mdock-others-")
        os.chmod(cls.folder, 0o755)
        # As systemd/mdock.service and its tmpfiles make it.
        state = f"{cls.folder}/state"
        os.mkdir(state)
        os.chown(state, 0, GROUP)
        os.chmod(state, 0o2750)
        cls.mirror = Mirror(cls.service, "admin", state, MDOCK_DATABASE_FILE_MODE="0640", MDOCK_SYNC_INTERVAL="1s")
        if cls.mirror.run("sync").returncode != 0:
            raise RuntimeError("no mirror")
        cls.count = str(cls.mirror.rows(SQL)[0][0])

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        shutil.rmtree(cls.folder)

    def begin(self):
        child = subprocess.Popen([MDOCK, "run"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.mirror.environment)
        self.addCleanup(child.wait)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        end = time.monotonic() + PATIENCE
        while not os.path.exists(os.path.dirname(self.mirror.database) + "/control.sock"):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        return child

    def read_by_all(self):
        for words in (["sqlite3", f"file:{self.mirror.database}?mode=ro", SQL], ["sqlite3", "-readonly", self.mirror.database, SQL],
                      ["/usr/bin/python3", "-c", BY_PYTHON, self.mirror.database, SQL], ["/usr/bin/python3", "-c", BY_ODBC, self.mirror.database, SQL]):
            with self.subTest(words[0] + words[1][:20]):
                done = as_user(READER, GROUP, words)
                self.assertEqual((done.stdout.strip(), done.returncode), (self.count, 0), done.stderr)
        stranger = as_user(STRANGER, STRANGER, ["sqlite3", f"file:{self.mirror.database}?mode=ro", SQL])
        self.assertNotEqual(stranger.returncode, 0)
        writer = as_user(READER, GROUP, ["/usr/bin/python3", "-c", WRITE, self.mirror.database])
        self.assertNotEqual(writer.returncode, 0)
        self.assertEqual(str(self.mirror.rows(SQL)[0][0]), self.count)

    def test_R01_while_the_daemon_runs(self):
        child = self.begin()
        self.read_by_all()
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=PATIENCE), 0)

    def test_what_mdock_says_to_a_reader_is_true(self):
        config = f"{self.folder}/config.toml"
        with open(config, "w", encoding="utf-8") as file:
            file.write(f'[database]\npath = "{self.mirror.database}"\n[api]\nbase_url = "{self.service.ready["url"]}"\n')
        os.chmod(config, 0o644)
        doctor = as_user(READER, GROUP, [MDOCK, "--config", config, "doctor"])
        self.assertEqual(doctor.returncode, 0, doctor.stdout + doctor.stderr)
        self.assertIn("none of yours", doctor.stdout)
        change = as_user(READER, GROUP, [MDOCK, "--config", config, "entry", "add", "by a reader"])
        self.assertEqual(change.returncode, 8)
        self.assertIn("members of the group mdock-write", change.stderr)

    def test_R07_when_it_has_stopped(self):
        child = self.begin()
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=PATIENCE), 0)
        self.read_by_all()

    def test_R07_when_it_was_killed(self):
        child = self.begin()
        child.kill()
        child.wait(timeout=PATIENCE)
        self.read_by_all()

    def test_R08_a_snapshot_is_read_like_the_mirror(self):
        copy = os.path.dirname(self.mirror.database) + "/published.db"
        self.assertEqual(self.mirror.run("snapshot", copy).returncode, 0)
        for words in (["sqlite3", f"file:{copy}?mode=ro", SQL], ["sqlite3", f"file:{copy}?immutable=1", SQL], ["/usr/bin/python3", "-c", BY_ODBC, copy, SQL]):
            done = as_user(READER, GROUP, words)
            self.assertEqual(done.stdout.strip(), self.count, done.stderr)

    def test_after_a_rebuild_it_is_read_as_before(self):
        self.assertEqual(self.mirror.run("db", "rebuild", "--yes").returncode, 0)
        self.read_by_all()


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("other users need root: skipped")
        sys.exit(77)
    unittest.main()
