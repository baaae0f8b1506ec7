#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a person sees and types, on a real terminal (tmux): questions and their answers, Ctrl-C at them, --no-input, the
bar of a first load, and no escape codes where none belong. Arguments: MDOCK SANDBOX."""
import itertools
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import time
import unittest

from case import MDOCK, Case
from offline_case import Offline

PATIENCE = 30
WIDTH, HEIGHT = 100, 30
NUMBERS = itertools.count(1)


class Screen:
    """A terminal of its own with a plain shell in it. Each command is typed; its end is known by the prompt after it."""

    def __init__(self, environment):
        self.socket = f"mdock-test-{os.getpid()}-{next(NUMBERS)}"
        self.folder = tempfile.mkdtemp(prefix="mdock-screen-")
        variables = {name: value for name, value in environment.items() if name not in ("TERM", "PATH")}
        variables |= {"PATH": f"{os.path.dirname(MDOCK)}:{environment['PATH']}", "TMUX_TMPDIR": self.folder}
        with open(f"{self.folder}/rc", "w", encoding="utf-8") as file:
            file.write("unset HISTFILE\nPS1='ended$N=$?\\n> '\n")
        shell = f"bash --noprofile --noediting --rcfile {self.folder}/rc"
        words = ["tmux", "-L", self.socket, "-f", "/dev/null", "new-session", "-d", "-x", str(WIDTH), "-y", str(HEIGHT), shell]
        subprocess.run(words, env=variables, check=True, timeout=PATIENCE)
        self.number = 0

    def tmux(self, *words):
        return subprocess.run(["tmux", "-L", self.socket, *words], env={**os.environ, "TMUX_TMPDIR": self.folder}, capture_output=True,
                              text=True, timeout=PATIENCE, check=True).stdout

    def shown(self, *words):
        return self.tmux("capture-pane", "-p", *words)

    def key(self, *names):
        self.tmux("send-keys", *names)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def begin(self, command, first="clear"):
        """The shell's next prompt says that this one has ended, and how."""
        self.number += 1
        self.type(f"N={self.number}; {first}; {command}")
        self.key("Enter")

    def until(self, is_true, what):
        """What the screen shows when it is true of it."""
        end = time.monotonic() + PATIENCE
        while True:
            shown = self.shown()
            if is_true(shown):
                return shown
            if time.monotonic() > end:
                raise AssertionError(f"{what} was not seen within {PATIENCE} s on:\n{shown}")
            time.sleep(0.02)

    def sees(self, text):
        return self.until(lambda shown: text in shown, repr(text))

    def ended(self):
        """The code, and the screen; the prompt begins where the cursor was left."""
        mark = re.compile(rf"ended{self.number}=(\d+)")
        shown = self.until(mark.search, "the end")
        return int(mark.search(shown).group(1)), shown

    def run(self, command):
        self.begin(command)
        return self.ended()

    def is_usable(self):
        """Typed text is shown, lines are edited, and commands run."""
        code, shown = self.run("stty -a | tr ' ;' '\\n\\n' | grep -xE -e '-?(echo|icanon|isig)'")
        return code == 0 and not re.search(r"^-", shown, re.MULTILINE)

    def stop(self):
        self.tmux("kill-server")
        shutil.rmtree(self.folder, ignore_errors=True)


class OnScreen:
    def open_screen(self, **variables):
        screen = Screen({**self.environment, **variables})
        self.addCleanup(screen.stop)
        return screen

    def on_a_fresh_line(self, screen, shown):
        self.assertRegex(shown, re.compile(rf"^ended{screen.number}=", re.MULTILINE))


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed")
class Questions(Offline, OnScreen):
    def setUp(self):
        super().setUp()
        self.screen = self.open_screen()

    def asked(self, command, question="[y/N]"):
        self.screen.begin(command)
        return self.screen.sees(question)

    def answered(self, *keys):
        self.screen.key(*keys)
        code, shown = self.screen.ended()
        self.on_a_fresh_line(self.screen, shown)
        return code, shown

    def test_a_delete_asks_and_only_yes_deletes(self):
        entry = self.my_entry()
        before = self.everything()
        for keys in (("n", "Enter"), ("Enter",), ("C-d",), ("x", "Enter"), ("Y", "e", "Enter")):
            self.assertIn(str(entry), self.asked(f"mdock entry delete {entry}"))
            code, shown = self.answered(*keys)
            self.assertEqual((code, self.everything() == before), (1, True), f"{keys}\n{shown}")
            self.assertIn("Nothing was changed", shown)
        self.asked(f"mdock entry delete {entry}")
        code, shown = self.answered("y", "Enter")
        self.assertEqual((code, self.waiting()), (0, [("delete", "entries", entry, "queued")]), shown)

    def test_other_losses_ask_too(self):
        self.mdock("timer", "start", "something else")
        self.add("one more")
        newest, = self.one("SELECT max(outbox_id) FROM outbox")
        before = self.everything()
        for command in ("mdock undo", f"mdock outbox discard {newest}", "mdock timer discard"):
            self.asked(command)
            code, shown = self.answered("n", "Enter")
            self.assertEqual((code, self.everything() == before), (1, True), f"{command}\n{shown}")
        waited = len(self.waiting())
        self.asked("mdock undo")
        self.assertEqual(self.answered("y", "Enter")[0], 0)
        self.assertEqual(len(self.waiting()), waited - 1)

    def test_sql_says_what_it_would_queue_before_it_asks(self):
        entry = self.my_entry()
        sql = f"UPDATE entries SET duration_seconds = 4321 WHERE entry_id = {entry}; INSERT INTO contacts (name) VALUES ('On A Screen')"
        command = f"mdock sql --write {shlex.quote(sql)}"
        before = self.everything()
        shown = self.asked(command)
        for word in ("2 rows changed, 2 changes", f"{entry}", "create contacts"):
            self.assertLess(shown.index(word), shown.index("Do it?"), word)
        code, shown = self.answered("Enter")
        self.assertEqual((code, self.everything() == before), (1, True), shown)
        self.asked(command)
        code, shown = self.answered("y", "Enter")
        self.assertEqual((code, [row[:2] for row in self.waiting()]), (0, [("update", "entries"), ("create", "contacts")]), shown)

    def test_a_question_keeps_nobody_else_from_writing(self):
        entry = self.my_entry()
        for command in (f"mdock entry delete {entry}", f"mdock sql --write 'DELETE FROM entries WHERE entry_id = {entry}'"):
            self.asked(command)
            self.mdock("entry", "add", "meanwhile, from elsewhere")
            code, shown = self.answered("n", "Enter")
            self.assertEqual(code, 1, shown)
        self.assertEqual([row[0] for row in self.waiting()], ["create", "create"])

    def test_an_ambiguous_name_is_asked_about_and_refused_without_input(self):
        for name in ("Twin", "Twin"):
            self.mdock("contact", "add", name)
        ids = [row[0] for row in self.rows("SELECT contact_id FROM contacts WHERE name = 'Twin' ORDER BY 1")]
        before = self.everything()
        code, shown = self.screen.run("mdock entry add 'call @twin' --no-input")
        self.assertEqual((code, self.everything() == before), (2, True), shown)
        code, shown = self.screen.run("MDOCK_NO_INPUT=1 mdock entry add 'call @twin' </dev/null")
        self.assertEqual((code, self.everything() == before), (2, True), shown)
        for one in ids:
            self.assertIn(str(one), shown.replace("\n", ""))
        shown = self.asked("mdock entry add 'call @twin'", "1 to 2")
        for one in ids:
            self.assertIn(str(one), shown)
        code, shown = self.answered("3", "Enter")
        self.assertEqual((code, self.everything() == before), (2, True), shown)
        self.asked("mdock entry add 'call @twin'", "1 to 2")
        code, shown = self.answered("C-c")
        self.assertEqual((code, self.everything() == before), (130, True), shown)
        self.asked("mdock entry add 'call @twin'", "1 to 2")
        self.assertEqual(self.answered("1", "Enter")[0], 0)
        self.assertEqual(self.rows("SELECT contact_id FROM entries WHERE description = 'call'"), [(ids[0],)])

    def test_no_input_refuses_instead_of_asking(self):
        entry = self.my_entry()
        self.add("waits")
        newest, = self.one("SELECT max(outbox_id) FROM outbox")
        before = self.everything()
        for command in (f"mdock --no-input entry delete {entry}", f"mdock entry delete {entry} --no-input", "mdock undo --no-input",
                        f"mdock outbox discard {newest} --no-input", f"mdock --no-input sql --write 'DELETE FROM entries WHERE entry_id = {entry}'",
                        f"MDOCK_NO_INPUT=1 mdock entry delete {entry}", f"mdock entry delete {entry} </dev/null", "mdock init --no-input"):
            code, shown = self.screen.run(command)
            self.assertEqual((code, self.everything() == before), (2, True), f"{command}\n{shown}")
            self.assertNotIn("[y/N]", shown, command)
            self.on_a_fresh_line(self.screen, shown)
        code, shown = self.screen.run(f"mdock --no-input entry delete {entry} --yes")
        self.assertEqual(code, 0, shown)

    def test_ctrl_c_at_a_question_changes_nothing_and_the_terminal_is_usable(self):
        entry = self.my_entry()
        self.add("waits")
        before = self.everything()
        for command in (f"mdock entry delete {entry}", f"mdock sql --write 'DELETE FROM entries WHERE entry_id = {entry}'", "mdock undo"):
            self.asked(command)
            self.screen.type("y")
            code, shown = self.answered("C-c")
            self.assertEqual((code, self.everything() == before), (130, True), f"{command}\n{shown}")
            self.assertTrue(self.screen.is_usable(), self.screen.shown())

    def test_ctrl_c_where_the_token_is_typed_shows_typing_again(self):
        self.asked("mdock init", "1 or 2 [1]")
        self.screen.key("1", "Enter")
        self.screen.sees("(it is not shown):")
        self.screen.type("never-to-be-seen")
        code, shown = self.answered("C-c")
        self.assertEqual(code, 130, shown)
        self.assertNotIn("never-to-be-seen", shown)
        self.assertTrue(self.screen.is_usable(), self.screen.shown())
        self.assertFalse(os.path.exists(f"{self.home}/.config/mdock/token"))


@unittest.skipUnless(shutil.which("tmux"), "tmux is not installed")
class Showing(Case, OnScreen):
    def setUp(self):
        super().setUp()
        self.environment["MDOCK_TOKEN"] = self.token
        self.addCleanup(self.slow, 0)

    def slow(self, milliseconds=150):
        """And in pages of a hundred, so that the bar has steps, each of which can be seen."""
        self.sandbox.control("/settings", "PUT", {"latency_ms": milliseconds})
        self.sandbox.control("/switches", "PUT", {"page_clamp": "100" if milliseconds else "none"})

    def test_a_first_load_shows_a_bar_and_ends_on_a_fresh_line(self):
        screen = self.open_screen()
        self.slow()
        screen.begin("mdock sync")
        shown = screen.until(re.compile(r"entries +\[#+-*\] [\d,]+ of [\d,]+ +\d+%|ended\d=\d").search, "the bar")
        self.assertRegex(shown, r"\[#+-*\] [\d,]+ of [\d,]+ +\d+%")
        self.assertTrue(all(len(line) < WIDTH for line in shown.splitlines()), shown)
        code, shown = screen.ended()
        self.assertEqual(code, 0, shown)
        self.on_a_fresh_line(screen, shown)
        self.assertNotIn("#", shown, "nothing of the bar is left behind")
        self.assertIn("Up to date", shown)

    def test_ctrl_c_in_a_first_load_ends_on_a_fresh_line_and_the_next_goes_on(self):
        screen = self.open_screen()
        self.slow()
        screen.begin("mdock sync")
        screen.sees(" of ")
        screen.key("C-c")
        code, shown = screen.ended()
        self.assertEqual(code, 130, shown)
        self.on_a_fresh_line(screen, shown)
        self.assertTrue(screen.is_usable(), screen.shown())
        code, shown = screen.run("mdock sync")
        self.assertEqual(code, 0, shown)

    def test_no_color_and_pipes_have_no_escape_codes(self):
        self.mdock("sync")
        screen = self.open_screen()
        self.assertIn("\x1b[", self.raw(screen, "mdock status"), "on a terminal there is colour")
        commands = ("mdock status", "mdock doctor", "mdock entry delete 1", "mdock entry list", "mdock outbox list", "mdock sync --full")
        for command in commands:
            for quiet in (f"{command} 2>&1 | cat", f"{command} --json 2>&1 | cat", f"{command} >$HOME/out 2>&1; cat $HOME/out"):
                self.assertNotIn("\x1b", self.raw(screen, quiet), quiet)
            for plain in (f"NO_COLOR=1 {command}", f"{command} --no-color"):
                self.assertNotRegex(self.raw(screen, plain), r"\x1b\[[0-9;]*m", plain)
            self.assertNotIn("\x1b", self.raw(screen, f"TERM=dumb {command}"), command)

    def raw(self, screen, command):
        """Every byte that the command writes to the terminal."""
        path = f"{self.home}/raw"
        screen.run("true")
        screen.tmux("pipe-pane", "-o", f"cat > {path}.part; mv {path}.part {path}")
        screen.begin(command, ":")
        screen.ended()
        screen.tmux("pipe-pane")
        self.wait_until("the bytes", lambda: os.path.exists(path))
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        os.unlink(path)
        return text


if __name__ == "__main__":
    unittest.main()
