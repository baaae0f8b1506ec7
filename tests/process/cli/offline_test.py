#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The binary without a network: words, help, configuration, exit codes, JSON, colours, files. Arguments: MDOCK."""
import json
import os
import pty
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest

MDOCK = sys.argv.pop(1)
TOKEN = "md_SESAME_0123456789abcdef"


class Case(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="mdock-offline-")
        self.addCleanup(shutil.rmtree, self.home)
        self.environment = {"HOME": self.home, "PATH": os.environ["PATH"], "TERM": "xterm"}

    def mdock(self, *words, stdin="", **variables):
        return subprocess.run([MDOCK, *words], input=stdin, capture_output=True, text=True, timeout=60,
                              env={**self.environment, **variables})

    def write(self, name, text, mode=0o600):
        path = os.path.join(self.home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def config(self, text):
        return self.write(".config/mdock/config.toml", text)

    def fails(self, code, *words, **more):
        done = self.mdock(*words, **more)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done


class Words(Case):
    def test_help_starts_with_examples_everywhere(self):
        for words in ([], ["sync"], ["verify"], ["entry"], ["entry", "list"], ["config", "show"], ["run"], ["init"], ["entry", "add"],
                      ["timer"], ["timer", "start"], ["outbox", "list"], ["conflict", "resolve"], ["undo"], ["sql"]):
            done = self.mdock(*words, "--help")
            self.assertEqual(done.returncode, 0, words)
            self.assertTrue(done.stdout.startswith("Examples:\n  mdock"), words)

    def test_help_names_only_what_is_there(self):
        listed = self.mdock("--help").stdout
        for word in ("report", "feed", "connect", "schema"):
            self.assertNotRegex(listed, rf"(?m)^  {word} ")
        for word in ("init", "auth", "sync", "verify", "run", "status", "doctor", "today", "week", "entry", "contact", "project", "task",
                     "expense", "invoice", "user", "item", "account", "timer", "outbox", "conflict", "undo", "sql", "db", "snapshot", "service", "config", "completion",
                     "version"):
            self.assertRegex(listed, rf"(?m)^  {word} ")

    def test_a_wrong_word_is_answered_with_the_right_one(self):
        for words, right in ((["statsu"], "mdock status"), (["entry", "lsit"], "mdock entry list"), (["config", "shwo"], "mdock config show"),
                             (["--version"], "mdock version"), (["status", "--jsno"], "--json"), (["entry", "list", "--form", "x"], "--from")):
            done = self.fails(2, *words)
            self.assertIn("Did you mean", done.stderr)
            self.assertIn(right, done.stderr, words)

    def test_nothing_and_half_a_command_are_usage_errors(self):
        self.fails(2)
        self.assertIn("list, show, add, edit, delete", self.fails(2, "entry").stderr)
        self.fails(2, "entry", "show")
        self.fails(2, "entry", "list", "--limit", "many")
        self.assertIn("did you mean entries", self.fails(2, "sync", "entrys").stderr)
        self.fails(2, "status", "--timeout", "soon", "--check", "--max-age", "never")

    def test_flags_are_accepted_before_and_after_the_command(self):
        before = json.loads(self.mdock("--json", "version").stdout)
        after = json.loads(self.mdock("version", "--json").stdout)
        self.assertEqual(before, after)
        self.assertEqual(before["schema"], 1)

    def test_an_error_is_a_json_document_too(self):
        for words in (["--json", "statsu"], ["status", "--json", "--nope"]):
            error = json.loads(self.fails(2, *words).stdout)["error"]
            self.assertEqual(set(error), {"code", "message", "hint", "retryable"})
            self.assertEqual((error["code"], error["retryable"]), ("usage", False))

    def test_a_reader_that_leaves_early_and_a_full_disk_are_noticed(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([MDOCK, "version"], stdout=full, env=self.environment, check=False)
        self.assertEqual(done.returncode, 1)


class Configuration(Case):
    def test_the_place_of_a_mistake_is_named(self):
        path = self.config("[sync]\n  intervall = \"60s\"\n")
        done = self.fails(2, "config", "check")
        self.assertIn(f"{path}:2:3: unknown key sync.intervall; did you mean sync.interval?", done.stderr)
        self.fails(2, "status")
        self.assertEqual(json.loads(self.fails(2, "sync", "--json").stdout)["error"]["code"], "bad_config")

    def test_show_says_where_each_value_comes_from(self):
        self.config("[sync]\ninterval = \"2m\"\n")
        shown = json.loads(self.mdock("config", "show", "--json", MDOCK_LOG_LEVEL="debug").stdout)
        by_key = {one["key"]: one for one in shown["settings"]}
        self.assertEqual((by_key["sync.interval"]["value"], by_key["sync.interval"]["origin"]), ("2m", "file"))
        self.assertEqual((by_key["log.level"]["value"], by_key["log.level"]["origin"]), ("debug", "environment"))
        self.assertEqual(by_key["api.base_url"]["origin"], "default")
        self.assertEqual(by_key["auth.token_file"]["value"], None)
        flagged = json.loads(self.mdock("-v", "config", "show", "--json").stdout)
        self.assertEqual([one["origin"] for one in flagged["settings"] if one["key"] == "log.level"], ["flag"])

    def test_paths_follow_xdg_and_what_is_named(self):
        self.assertEqual(self.mdock("config", "path").stdout.strip(), f"{self.home}/.config/mdock/config.toml")
        self.assertEqual(self.mdock("config", "path", XDG_CONFIG_HOME="/x").stdout.strip(), "/x/mdock/config.toml")
        self.assertEqual(self.mdock("config", "path", MDOCK_CONFIG="/y.toml").stdout.strip(), "/y.toml")
        self.assertEqual(self.mdock("db", "path").stdout.strip(), f"{self.home}/.local/share/mdock/mirror.db")
        self.assertEqual(self.mdock("db", "path", XDG_DATA_HOME="/x").stdout.strip(), "/x/mdock/mirror.db")
        self.assertEqual(self.mdock("db", "path", STATE_DIRECTORY="/var/lib/mdock").stdout.strip(), "/var/lib/mdock/mirror.db")
        self.assertEqual(self.mdock("db", "path", MDOCK_DATABASE_PATH="/z.db").stdout.strip(), "/z.db")

    def test_a_named_file_must_exist(self):
        self.assertIn("does not exist", self.fails(2, "--config", "/no/such.toml", "config", "check").stderr)

    def test_a_token_in_the_file_is_refused_without_showing_it(self):
        self.config(f"[auth]\ntoken = \"{TOKEN}\"\n")
        for words in (["config", "check"], ["config", "show", "--json"], ["sync", "-v", "-v"]):
            done = self.fails(2, *words)
            self.assertIn("auth.token_file", done.stderr)
            self.assertNotIn("SESAME", done.stdout + done.stderr)


class Token(Case):
    def test_none_is_exit_4_with_the_next_step(self):
        for words in (["sync"], ["auth", "status"], ["run"]):
            self.assertIn("mdock init", self.fails(4, *words).stderr)
        self.assertFalse(os.path.exists(f"{self.home}/.local"), "nothing was made")

    def test_X08_a_file_that_others_may_read_is_exit_2_with_its_remedy(self):
        path = self.write("token", TOKEN, 0o644)
        for words in (["sync"], ["auth", "status"], ["run"]):
            done = self.fails(2, *words, MDOCK_AUTH_TOKEN_FILE=path)
            self.assertIn("chmod 600", done.stderr)
            self.assertNotIn("SESAME", done.stdout + done.stderr)

    def test_X25_a_line_break_in_a_token_is_exit_2(self):
        path = self.write("token", TOKEN + "\r\nX-Evil: 1\n")
        self.fails(2, "sync", MDOCK_AUTH_TOKEN_FILE=path)
        self.fails(2, "sync", MDOCK_TOKEN=TOKEN + "\x01")

    def test_init_does_not_ask_when_nobody_is_there(self):
        self.assertIn("--with-token", self.fails(2, "init").stderr)
        self.assertIn("--with-token", self.fails(2, "init", "--no-input").stderr)
        self.fails(2, "init", "--with-token", stdin="")

    def test_init_writes_nothing_when_the_server_is_not_there(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"https://127.0.0.1:{free.getsockname()[1]}/api/v1"
        done = self.fails(5, "init", "--with-token", stdin=TOKEN, MDOCK_API_BASE_URL=url, MDOCK_API_CONNECT_TIMEOUT="2s")
        self.assertNotIn("SESAME", done.stdout + done.stderr)
        self.assertFalse(os.path.exists(f"{self.home}/.config"))


class Database(Case):
    def path(self):
        return f"{self.home}/.local/share/mdock/mirror.db"

    def put(self, text=b"", application_id=0, version=0):
        os.makedirs(os.path.dirname(self.path()), mode=0o700, exist_ok=True)
        if text:
            with open(self.path(), "wb") as file:
                file.write(text)
        else:
            with sqlite3.connect(self.path()) as db:
                db.execute(f"PRAGMA application_id = {application_id}")
                db.execute(f"PRAGMA user_version = {version}")
                db.execute("CREATE TABLE t (x)")
            db.close()
        with open(self.path(), "rb") as file:
            return file.read()

    def is_untouched(self, before):
        with open(self.path(), "rb") as file:
            self.assertEqual(file.read(), before)

    def test_none_yet_is_exit_3_with_the_next_step(self):
        for words in (["status"], ["today"], ["week"], ["entry", "list"], ["entry", "show", "1"], ["db", "check"]):
            done = self.fails(3, *words)
            self.assertIn("mdock sync", done.stderr)
        self.fails(9, "status", "--check")
        self.assertFalse(os.path.exists(self.path()))

    def test_L08_a_newer_one_is_exit_8_and_untouched(self):
        before = self.put(application_id=0x6D646F6B, version=9999)
        for words in (["status"], ["entry", "list"], ["db", "check"], ["sync"], ["run"]):
            done = self.fails(8, *words, MDOCK_TOKEN=TOKEN)
            self.assertIn("newer", done.stderr)
        self.is_untouched(before)

    def test_S13_anothers_is_exit_8_and_untouched(self):
        before = self.put(application_id=1)
        for words in (["status"], ["sync"]):
            self.fails(8, *words, MDOCK_TOKEN=TOKEN)
        self.is_untouched(before)

    def test_no_database_at_all_is_exit_8_and_untouched(self):
        before = self.put(text=b"hello" * 100)
        for words in (["status"], ["sync"]):
            self.fails(8, *words, MDOCK_TOKEN=TOKEN)
        self.is_untouched(before)

    def test_L14_a_disk_that_is_not_mounted_is_not_filled_with_an_empty_mirror(self):
        done = self.fails(8, "sync", MDOCK_TOKEN=TOKEN, MDOCK_DATABASE_PATH=f"{self.home}/disk/mdock/mirror.db")
        self.assertIn("mounted", done.stderr)
        self.assertFalse(os.path.exists(f"{self.home}/disk"))


class Terminal(Case):
    def on_terminal(self, *words, **variables):
        """What the program writes to a terminal, both streams joined."""
        leader, follower = pty.openpty()
        child = subprocess.Popen([MDOCK, *words], stdin=follower, stdout=follower, stderr=follower,
                                 env={**self.environment, **variables})
        os.close(follower)
        text = b""
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:
                break
            if not piece:
                break
            text += piece
        os.close(leader)
        child.wait(timeout=60)
        return text.decode()

    def test_colour_is_for_terminals_and_can_be_refused(self):
        self.assertIn("\x1b[", self.on_terminal("statsu"))
        self.assertNotIn("\x1b[", self.mdock("statsu").stderr)
        self.assertNotIn("\x1b[", self.on_terminal("statsu", NO_COLOR="1"))
        self.assertNotIn("\x1b[", self.on_terminal("statsu", TERM="dumb"))
        self.assertNotIn("\x1b[", self.on_terminal("--no-color", "config", "check", MDOCK_SYNC_INTERVAL="x"))
        self.assertIn("\x1b[", self.mdock("statsu", CLICOLOR_FORCE="1").stderr)

    def test_L13_output_is_the_same_in_every_locale(self):
        for locale in ("de_DE.UTF-8", "tr_TR.UTF-8"):
            for words in (["config", "show"], ["config", "show", "--json"], ["--help"]):
                self.assertEqual(self.mdock(*words, LC_ALL=locale).stdout, self.mdock(*words).stdout)


class Doctor(Case):
    def test_each_check_has_its_four_words_and_an_error_is_exit_9(self):
        done = self.fails(9, "doctor", "--json")
        checks = json.loads(done.stdout)["checks"]
        for one in checks:
            self.assertEqual(set(one), {"name", "state", "message", "remedy"})
            self.assertIn(one["state"], ("ok", "warning", "error"))
        names = {one["name"]: one["state"] for one in checks}
        self.assertEqual((names["config"], names["token"], names["database"]), ("ok", "error", "warning"))
        self.assertIn("sqlite", names)

    def test_a_broken_configuration_is_a_finding(self):
        self.config("[nope]\n")
        checks = json.loads(self.fails(9, "doctor", "--json").stdout)["checks"]
        self.assertEqual((checks[0]["name"], checks[0]["state"]), ("config", "error"))


if __name__ == "__main__":
    unittest.main(verbosity=1)
