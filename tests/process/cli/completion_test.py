#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What shells complete: the bash script in a real bash, the others by their text, each against the help of every command,
so that no command or flag can be missing. Arguments: MDOCK."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

MDOCK = sys.argv.pop(1)

ASK = """
set -u
. "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_mdock
printf '%s\\n' "${COMPREPLY[@]+"${COMPREPLY[@]}"}"
"""


def section(text, title):
    """The lines of a part of the help."""
    found = re.search(rf"(?ms)^{title}:\n(.*?)(?:^\n|\Z)", text)
    return found.group(1).splitlines() if found else []


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="mdock-completion-")
        cls.environment = {"HOME": cls.home, "PATH": os.environ["PATH"]}
        cls.files = {}
        for shell in ("bash", "zsh", "fish"):
            cls.files[shell] = os.path.join(cls.home, shell)
            with open(cls.files[shell], "w", encoding="utf-8") as file:
                file.write(cls.mdock("completion", shell).stdout)
        cls.commands = dict(cls.walk([]))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.home)

    @classmethod
    def mdock(cls, *words, code=0, **variables):
        done = subprocess.run([MDOCK, *words], capture_output=True, text=True, timeout=60, check=False, env={**cls.environment, **variables})
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    @classmethod
    def walk(cls, words):
        """(words, (children, flags)) of this command and of all below it, as their help has them."""
        text = cls.mdock(*words, "--help").stdout
        children = [line.split()[0] for line in section(text, "Subcommands") if re.match(r"  \S", line)]
        flags = [flag for line in section(text, "Options") if re.match(r"  -", line) for flag in line.split()[0].split(",")]
        yield " ".join(["mdock", *words]), (children, flags)
        for child in children:
            yield from cls.walk([*words, child])

    def candidates(self, *words):
        done = subprocess.run(["bash", "--norc", "-c", ASK, "ask", self.files["bash"], *words], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        return done.stdout.split()

    def text(self, shell):
        with open(self.files[shell], encoding="utf-8") as file:
            return file.read()

    def test_bash_completes_what_a_person_begins(self):
        self.assertEqual(self.candidates("mdock", "ou"), ["outbox"])
        self.assertEqual(self.candidates("mdock", "outbox", ""), ["list", "show", "retry", "discard", "hold", "release", "plan"])
        flags = self.candidates("mdock", "sync", "--")
        for flag in ("--full", "--json", "--config", "--help"):
            self.assertIn(flag, flags)
        self.assertNotIn("--dry-run", flags)
        self.assertEqual(self.candidates("mdock", "completion", "z"), ["zsh"])
        self.assertEqual(self.candidates("mdock", "nonsense", "--fu"), [])

    def test_a_flags_value_is_not_taken_for_a_command(self):
        self.assertEqual(self.candidates("mdock", "--timeout", "sync", "outbox", "sh"), ["show"])
        self.assertEqual(self.candidates("mdock", "--config", "=", "x.toml", "ou"), ["outbox"])
        self.assertEqual(self.candidates("mdock", "--timeout", ""), [])
        self.assertEqual(self.candidates("mdock", "--config", os.path.join(self.home, "zs")), [self.files["zsh"]])

    def test_bash_knows_every_command_and_flag_of_the_help(self):
        self.assertGreater(len(self.commands), 60)
        for path, (children, flags) in self.commands.items():
            self.assertEqual(self.candidates(*path.split(), ""), children, path)
            offered = self.candidates(*path.split(), "-")
            for flag in flags:
                self.assertIn(flag, offered, path)

    def test_zsh_and_fish_know_them_too(self):
        zsh, fish = self.text("zsh"), self.text("fish")
        self.assertTrue(zsh.startswith("#compdef mdock\n"))
        for path, (children, flags) in self.commands.items():
            part = zsh[zsh.index(f"        '{path}')\n"):].split(";;", 1)[0]
            condition = f"complete -c mdock -n '__mdock_at {path}'"
            for child in children:
                self.assertIn(f"'{child}:", part, path)
                self.assertIn(f"{condition} -a {child} -d ", fish)
            for flag in (one for one in flags if one.startswith("--") and one != "--help" and path != "mdock"):
                self.assertIn(f"'{flag}:", part, path)
                self.assertRegex(fish, rf"(?m)^{re.escape(condition)}( -s \w)? -l {flag[2:]} ")
        for flag in self.commands["mdock"][1]:
            self.assertIn(f"'{flag}:", zsh.split("        'mdock')")[0])
            self.assertRegex(fish, rf"(?m)^complete -c mdock( -s \w)? {'-l ' + flag[2:] if flag.startswith('--') else '-s ' + flag[1:]} ")

    def test_shells_that_are_there_accept_their_script(self):
        for shell, path in self.files.items():
            if shutil.which(shell):
                done = subprocess.run([shell, "-n", path], capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""), shell)

    def test_it_needs_no_configuration_and_minds_no_broken_one(self):
        broken = os.path.join(self.home, "broken.toml")
        with open(broken, "w", encoding="utf-8") as file:
            file.write("[nope]\n")
        self.assertEqual(self.mdock("completion", "bash", MDOCK_CONFIG=broken).stdout, self.text("bash"))
        document = json.loads(self.mdock("completion", "fish", "--json").stdout)
        self.assertEqual((document["schema"], document["shell"], document["script"]), (1, "fish", self.text("fish")))
        self.assertIn("bash, zsh, fish", self.mdock("completion", code=2).stderr)
        self.assertIn("mdock completion bash", self.mdock("completion", "bsah", code=2).stderr)


if __name__ == "__main__":
    unittest.main(verbosity=1)
