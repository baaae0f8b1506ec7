#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The binary against mdock-sandbox over TLS: from `init` to `run`. Arguments: MDOCK SANDBOX."""
import json
import os
import pty
import signal
import socket
import sqlite3
import stat
import subprocess
import time
import unittest

from case import MDOCK, PATIENCE, SANDBOX, Case, Sandbox


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
        contract = {"schema", "account", "user", "daemon", "resources", "outbox", "conflicts", "timer", "requests", "wal_bytes"}
        self.assertEqual(set(status), contract | {"held", "incidents", "report_counts", "readers", "token"})
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


class OnATerminal(Case):
    def on_terminal(self, *words, answers=()):
        """What stands on the terminal when each of `answers` was typed after the question before it."""
        leader, follower = pty.openpty()
        child = subprocess.Popen([MDOCK, *words], stdin=follower, stdout=follower, stderr=follower, start_new_session=True,
                                 env={**self.environment, "TERM": "xterm"})
        os.close(follower)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        text, waiting = "", list(answers)
        while True:
            if waiting and text.rstrip().endswith(waiting[0][0]):
                os.write(leader, waiting.pop(0)[1].encode() + b"\n")
            try:
                piece = os.read(leader, 4096)
            except OSError:
                break
            if not piece:
                break
            text += piece.decode()
        os.close(leader)
        self.assertEqual(waiting, [], text)
        return child.wait(timeout=PATIENCE), text

    def test_init_asks_and_never_shows_the_token(self):
        code, text = self.on_terminal("init", answers=[("1 or 2 [1]", "1"), ("(it is not shown):", self.token), ("Go on? [y/N]", "y")])
        self.assertEqual(code, 0, text)
        self.assertNotIn(self.token, text)
        self.assertIn("plain text", text)
        self.mdock("auth", "status")

    def test_init_writes_no_plain_text_that_was_not_agreed_to(self):
        code, _ = self.on_terminal("init", answers=[("1 or 2 [1]", ""), ("(it is not shown):", self.token), ("Go on? [y/N]", "n")])
        self.assertEqual(code, 2)
        self.assertFalse(os.path.exists(f"{self.home}/.config"))

    def test_init_takes_a_program(self):
        with open(f"{self.home}/keychain", "w", encoding="utf-8") as file:
            file.write(self.token)
        code, text = self.on_terminal("init", answers=[("1 or 2 [1]", "2"), ("pass show minutedock", f"cat {self.home}/keychain")])
        self.assertEqual(code, 0, text)
        self.assertEqual(self.json("auth", "status")["token"]["source"], "command")
        self.assertFalse(os.path.exists(f"{self.home}/.config/mdock/token"))

    def test_a_first_load_shows_a_bar_that_knows_the_total(self):
        self.init()
        code, text = self.on_terminal("sync")
        self.assertEqual(code, 0, text)
        self.assertRegex(text, r"entries +\[#*-*\] [\d,]+ of [\d,]+  \d+%")


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
        before = self.everything()
        for name, code in (("neighbour", "wrong_account"), ("member", "wrong_user")):
            theirs = self.sandbox.ready["tokens"][name]
            error = json.loads(self.mdock("sync", "--json", MDOCK_TOKEN=theirs, code=4).stdout)["error"]
            self.assertEqual((error["code"], error["retryable"]), (code, False))
            self.mdock("auth", "status", MDOCK_TOKEN=theirs, code=4)
        self.assertEqual(self.everything(), before)

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
        began = time.monotonic()
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=PATIENCE), 0)
        self.assertLess(time.monotonic() - began, 10)
        said = child.stderr.read()
        self.assertIn("stopped", said)
        self.assertNotIn(self.token, said)
        self.assertFalse(self.json("status")["daemon"]["running"])
        self.mdock("db", "check")

    def test_the_service_manager_is_told(self):
        self.init()
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(f"{self.home}/notify")
            manager.settimeout(PATIENCE)
            child = self.start_run(NOTIFY_SOCKET=f"{self.home}/notify")
            self.wait_until("ready", lambda: manager.recv(4096).startswith(b"READY=1"))
            self.wait_until("in sync", lambda: b"in sync" in manager.recv(4096))
            child.send_signal(signal.SIGTERM)
            self.wait_until("stopping", lambda: b"STOPPING=1" in manager.recv(4096))
            self.assertEqual(child.wait(timeout=PATIENCE), 0)

    def test_L10_a_locked_keychain_is_waited_for(self):
        child = self.start_run(MDOCK_AUTH_TOKEN_COMMAND=f"cat {self.home}/keychain")
        self.wait_until("it says what it waits for", lambda: "auth.token_command" in child.stderr.readline())
        with open(f"{self.home}/new", "w", encoding="utf-8") as file:
            file.write(self.token)
        os.rename(f"{self.home}/new", f"{self.home}/keychain")
        self.wait_until("the first round", lambda: os.path.exists(self.database) and self.is_current())
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=PATIENCE), 0)

    def test_without_a_token_run_ends_with_4_and_logs_for_the_journal(self):
        child = self.start_run(MDOCK_LOG_FORMAT="journal")
        self.assertEqual(child.wait(timeout=PATIENCE), 4)
        said = child.stderr.read()
        self.assertIn("mdock init", said)
        self.assertTrue(all(line.startswith("<3>") for line in said.splitlines()), said)

    def test_X24_files_are_ours_alone_under_any_umask(self):
        self.init()
        before = os.umask(0)
        try:
            child = self.start_run()
        finally:
            os.umask(before)
        self.wait_until("the first round", lambda: os.path.exists(self.database) and self.is_current())
        folder = os.path.dirname(self.database)
        for name in os.listdir(folder):
            self.assertEqual(stat.S_IMODE(os.stat(f"{folder}/{name}").st_mode), 0o600, name)
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=PATIENCE), 0)

    def test_watch_is_one_document_a_line(self):
        self.mdock("sync", MDOCK_TOKEN=self.token)
        child = subprocess.Popen([MDOCK, "status", "--watch", "--json"], stdout=subprocess.PIPE, text=True, env=self.environment)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.wait)
        self.addCleanup(child.terminate)
        for _ in range(2):
            self.assertEqual(json.loads(child.stdout.readline())["schema"], 1)

    def test_run_once_is_one_round(self):
        self.init()
        self.mdock("run", "--once")
        self.assertTrue(self.is_current())

    def test_SIGINT_during_a_first_load_is_130_and_loses_nothing(self):
        self.init()
        child = subprocess.Popen([MDOCK, "sync"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                                 env={**self.environment, "MDOCK_API_MAX_REQUESTS_PER_MINUTE": "20"})
        self.wait_until("the first rows", self.has_contacts)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=PATIENCE)
        self.assertEqual(child.returncode, 130, said)
        self.assertIn("Nothing is lost", said)
        self.mdock("sync")
        self.mdock("db", "check")

    def has_contacts(self):
        if not os.path.exists(self.database):
            return False
        db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return db.execute("SELECT count(*) FROM contacts").fetchone()[0] > 0
        except sqlite3.OperationalError:
            return False    # not migrated yet
        finally:
            db.close()


if __name__ == "__main__":
    unittest.main(verbosity=1)
