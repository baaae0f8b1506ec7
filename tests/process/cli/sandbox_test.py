#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The binary against mdock-sandbox, over TLS on loopback: from `init` to `run`. Arguments: MDOCK SANDBOX."""
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
import unittest

MDOCK, SANDBOX = sys.argv.pop(1), sys.argv.pop(1)
PATIENCE = 120


class Sandbox:
    def __init__(self, *words):
        self.process = subprocess.Popen([SANDBOX, "--entries", "300", "--years", "2", "--seed", "7", *words], stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox()

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.stop()

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="mdock-sandbox-test-")
        self.addCleanup(shutil.rmtree, self.home)
        self.token = self.sandbox.ready["tokens"]["admin"]
        self.database = f"{self.home}/.local/share/mdock/mirror.db"
        self.environment = {"HOME": self.home, "PATH": os.environ["PATH"], "TERM": "dumb",
                            "MDOCK_API_BASE_URL": self.sandbox.ready["url"], "MDOCK_API_CA_FILE": self.sandbox.ready["ca_file"],
                            "MDOCK_API_MAX_REQUESTS_PER_MINUTE": "6000"}

    def mdock(self, *words, stdin="", code=0, **variables):
        done = subprocess.run([MDOCK, *words], input=stdin, capture_output=True, text=True, timeout=PATIENCE,
                              env={**self.environment, **variables})
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}{done.stderr}")
        self.assertNotIn(self.token, done.stdout + done.stderr, "X06")
        return done

    def json(self, *words, **more):
        document = json.loads(self.mdock(*words, "--json", **more).stdout)
        self.assertEqual(document["schema"], 1)
        return document

    def init(self):
        return self.mdock("init", "--with-token", stdin=self.token + "\n")

    def start_run(self, **variables):
        child = subprocess.Popen([MDOCK, "run"], stderr=subprocess.PIPE, text=True, env={**self.environment, **variables})
        self.addCleanup(lambda: child.poll() is None and child.kill())
        self.addCleanup(child.stderr.close)
        return child

    def wait_until(self, what, is_true):
        end = time.monotonic() + PATIENCE
        while not is_true():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.05)


class Journey(Case):
    def test_from_init_to_sql(self):
        done = self.init()
        self.assertIn("mdock sync", done.stderr)
        config = f"{self.home}/.config/mdock"
        for name, mode in (("config.toml", 0o600), ("token", 0o600), (".", 0o700)):
            self.assertEqual(stat.S_IMODE(os.stat(f"{config}/{name}").st_mode), mode, name)
        del self.environment["MDOCK_API_BASE_URL"], self.environment["MDOCK_API_CA_FILE"]    # init kept them

        first = self.json("sync")
        counts = {one["resource"]: one for one in first["resources"]}
        self.assertEqual(counts["entries"]["state"], "current")
        self.assertGreater(counts["entries"]["inserted"], 100)
        self.assertEqual(first["errors"], [])
        self.assertEqual(stat.S_IMODE(os.stat(self.database).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(self.database)).st_mode), 0o700)

        second = self.json("sync")
        self.assertEqual([(one["resource"], one["inserted"], one["updated"]) for one in second["resources"] if one["inserted"] + one["updated"]], [])
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            self.assertEqual(db.execute("SELECT count(*) FROM changes").fetchone()[0], 0)
        db.close()
        self.assertEqual(self.mdock("sync", "-q").stdout, "")

        status = self.json("status")
        self.assertEqual(set(status), {"schema", "account", "user", "daemon", "resources", "outbox", "conflicts", "timer", "requests", "wal_bytes"})
        self.assertEqual(set(status["resources"][0]), {"resource", "state", "row_count", "complete_as_of", "verified_as_of", "last_error"})
        self.assertEqual(set(status["outbox"]), {"queued", "held", "sending", "unknown", "parked"})
        self.assertEqual(set(status["timer"]), {"running", "description", "duration_seconds"})
        self.assertEqual(set(status["requests"]), {"last_hour", "allowed_per_minute", "paused_until"})
        self.assertEqual(status["daemon"], {"running": False, "pid": None})
        self.assertIsInstance(status["account"]["id"], int)
        self.assertGreater(status["requests"]["last_hour"], 0)
        self.mdock("status")
        self.mdock("status", "--check")
        self.mdock("db", "check")

    def test_lists_and_shows(self):
        self.mdock("sync", MDOCK_TOKEN=self.token)
        entries = self.json("entry", "list")["entries"]
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as db:
            self.assertEqual(len(entries), db.execute("SELECT count(*) FROM entries").fetchone()[0])
        db.close()
        one = self.json("entry", "show", str(entries[0]["entry_id"]))["entry"]
        self.assertEqual(one, entries[0])
        self.assertRegex(one["updated_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertIsInstance(one["task_ids"], list)
        rated = [e["amount"] for e in entries if e["amount"] is not None]
        for amount in rated:
            self.assertRegex(amount, r"^-?\d+\.\d\d$")
        self.assertEqual(len(self.json("entry", "list", "--limit", "5")["entries"]), 5)
        day = entries[len(entries) // 2]["entry_date"]
        some = self.json("entry", "list", "--from", day, "--to", day)["entries"]
        self.assertEqual([e for e in entries if e["entry_date"] == day], some)
        contacts = self.json("contact", "list")["contacts"]
        shown = self.json("contact", "show", str(contacts[0]["contact_id"]))["contact"]
        self.assertEqual(shown, contacts[0])
        of_contact = self.json("entry", "list", "--contact", str(contacts[0]["contact_id"]))["entries"]
        self.assertEqual(of_contact, [e for e in entries if e["contact_id"] == contacts[0]["contact_id"]])
        for noun in ("project", "task", "expense", "invoice", "user", "item", "account"):
            self.json(noun, "list")
            self.mdock(noun, "list")
        for noun in ("project", "task", "expense", "invoice"):
            rows = self.json(noun, "list")[noun + "s"]
            if rows:
                self.json(noun, "show", str(rows[0][noun + "_id"]))
                self.mdock(noun, "show", str(rows[0][noun + "_id"]))
        self.mdock("entry", "show", "8999999999999999", code=3)
        self.mdock("contact", "show", "no such name", code=3)
        self.mdock("entry", "show", "x", code=2)
        self.assertIn("--limit 0", self.mdock("entry", "list").stderr)
        self.assertEqual(set(self.json("today")), {"schema", "date", "time_zone", "entries", "total_seconds", "timer"})
        self.assertEqual(len(self.json("week")["days"]), 7)
        self.mdock("today")
        self.mdock("week", MDOCK_BI_WEEK_START="sunday")

    def test_auth_status_and_doctor(self):
        self.init()
        status = self.json("auth", "status")
        self.assertEqual(status["token"]["source"], "file")
        self.assertEqual({one["name"] for one in status["rights"]}, {"invoices", "expenses", "items", "rates"})
        self.assertEqual(status["mirror"], "no mirror yet")
        self.mdock("sync")
        self.assertEqual(self.json("auth", "status")["mirror"], "matches")
        self.assertIn("plain text", self.mdock("auth", "status").stdout)
        checks = self.json("doctor")["checks"]
        self.assertEqual([one for one in checks if one["state"] == "error"], [])
        self.assertLessEqual({"config", "token", "tls", "clock", "token accepted", "database", "disk", "file modes", "sqlite"},
                             {one["name"] for one in checks})

    def test_init_keeps_what_is_there(self):
        os.makedirs(f"{self.home}/.config/mdock", mode=0o700)
        config = f"{self.home}/.config/mdock/config.toml"
        with open(config, "w", encoding="utf-8") as file:
            file.write("# mine\n[sync]\ninterval = \"2m\"\n")
        self.init()
        with open(config, encoding="utf-8") as file:
            text = file.read()
        self.assertTrue(text.startswith("# mine\n[sync]\ninterval = \"2m\"\n"), text)
        self.init()    # the same token again is no change
        self.mdock("auth", "status")

    def test_X06_the_token_is_in_no_line_at_the_most_talkative_level(self):
        done = self.mdock("sync", "-v", "-v", MDOCK_TOKEN=self.token)    # mdock() looks for it
        self.assertIn("GET /", done.stderr)
        self.assertIn("warning: ", done.stderr)
        self.mdock("auth", "status", "-vv", MDOCK_TOKEN=self.token)
        self.mdock("doctor", "-vv", MDOCK_TOKEN=self.token)
        with open(self.database, "rb") as file:
            self.assertNotIn(self.token.encode(), file.read())


class Refusals(Case):
    def test_a_wrong_token_is_exit_4_and_writes_nothing(self):
        for words in (["sync"], ["auth", "status"]):
            self.mdock(*words, MDOCK_TOKEN="not-a-token", code=4)
        self.mdock("sync", MDOCK_TOKEN=self.sandbox.ready["tokens"]["revoked"], code=4)
        self.mdock("init", "--with-token", stdin="not-a-token", code=4)
        self.assertFalse(os.path.exists(f"{self.home}/.config"))
        error = json.loads(self.mdock("sync", "--json", MDOCK_TOKEN="not-a-token", code=4).stdout)["error"]
        self.assertEqual((error["code"], error["retryable"]), ("unauthorized", False))

    def test_D11_another_accounts_token_is_exit_4_and_writes_nothing(self):
        self.mdock("sync", MDOCK_TOKEN=self.token)
        with open(self.database, "rb") as file:
            before = file.read()
        for name, code in (("neighbour", "wrong_account"), ("member", "wrong_user")):
            theirs = self.sandbox.ready["tokens"][name]
            error = json.loads(self.mdock("sync", "--json", MDOCK_TOKEN=theirs, code=4).stdout)["error"]
            self.assertEqual((error["code"], error["retryable"]), (code, False))
            self.mdock("auth", "status", MDOCK_TOKEN=theirs, code=4)
        with open(self.database, "rb") as file:
            self.assertEqual(file.read(), before)

    def test_X01_an_unknown_certificate_is_exit_4_and_the_token_is_not_sent(self):
        del self.environment["MDOCK_API_CA_FILE"]
        error = json.loads(self.mdock("sync", "--json", MDOCK_TOKEN=self.token, code=4).stdout)["error"]
        self.assertEqual(error["code"], "certificate_refused")

    def test_a_server_that_is_not_there_is_exit_5(self):
        gone = Sandbox()
        gone.stop()
        error = json.loads(self.mdock("sync", "--json", MDOCK_TOKEN=self.token, MDOCK_API_BASE_URL=gone.ready["url"],
                                      MDOCK_API_RETRY_MIN="1s", MDOCK_API_RETRY_MAX="1s", code=5).stdout)["error"]
        self.assertTrue(error["retryable"])


class Daemon(Case):
    def test_L01_run_keeps_current_and_ends_on_SIGTERM_within_ten_seconds(self):
        self.init()
        child = self.start_run()
        self.wait_until("the first round", lambda: os.path.exists(self.database) and self.is_current())
        status = self.json("status")
        self.assertEqual(status["daemon"], {"running": True, "pid": child.pid})
        busy = self.mdock("sync", code=8)    # L04
        self.assertIn("mdock run", busy.stderr)
        began = time.monotonic()
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=PATIENCE), 0)
        self.assertLess(time.monotonic() - began, 10)
        said = child.stderr.read()
        self.assertIn("stopped", said)
        self.assertNotIn(self.token, said)
        self.assertFalse(self.json("status")["daemon"]["running"])
        self.mdock("db", "check")

    def is_current(self):
        done = subprocess.run([MDOCK, "status", "--check", "--json"], capture_output=True, env=self.environment, timeout=PATIENCE, check=False)
        return done.returncode == 0

    def test_run_once_is_one_round(self):
        self.init()
        self.mdock("run", "--once")
        self.assertTrue(self.is_current())

    def test_SIGINT_during_a_first_load_is_130_and_loses_nothing(self):
        self.init()
        child = subprocess.Popen([MDOCK, "sync"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                                 env={**self.environment, "MDOCK_API_MAX_REQUESTS_PER_MINUTE": "20"})
        self.wait_until("a file", lambda: os.path.exists(self.database))
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=PATIENCE)
        self.assertEqual(child.returncode, 130, said)
        self.assertIn("Nothing is lost", said)
        self.mdock("sync")
        self.mdock("db", "check")


if __name__ == "__main__":
    unittest.main(verbosity=1)
