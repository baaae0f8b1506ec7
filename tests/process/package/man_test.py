#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The manual pages: roff without a complaint, and everything that the program has is in them. Arguments: MDOCK, the folder of
the made pages."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

MDOCK, PAGES = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1))
ROOT = pathlib.Path(__file__).resolve().parents[3]
NAMES = ("mdock.1", "mdock-sandbox.1", "mdock-config.5", "mdock-schema.7", "mdock-sync.7")


def plain(text):
    """roff without its marks."""
    return re.sub(r"\\f[BIR]|\\&", "", text).replace("\\-", "-").replace("\\(aq", "'")


class Man(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp(prefix="mdock-man-test-")
        cls.environment = {"HOME": cls.home, "PATH": os.environ["PATH"], "MDOCK_TOKEN": "none", "LC_ALL": "C.UTF-8",
                           "MDOCK_API_BASE_URL": "https://127.0.0.1:1/api/v1"}
        cls.pages = {name: plain((PAGES / name).read_text(encoding="ascii")) for name in NAMES}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.home)

    def mdock(self, *words, codes=(0,)):
        done = subprocess.run([MDOCK, *words], capture_output=True, text=True, timeout=120, check=False, env=self.environment)
        self.assertIn(done.returncode, codes, (words, done.stderr))
        return done.stdout

    def section(self, words, title):
        found = re.search(rf"(?ms)^{title}:\n(.*?)(?:^\n|\Z)", self.mdock(*words, "--help"))
        return [line.split() for line in found.group(1).splitlines() if re.match(r"  \S", line)] if found else []

    def commands(self, words=()):
        yield words
        for row in self.section(words, "Subcommands"):
            yield from self.commands((*words, row[0]))

    def test_the_formatters_have_nothing_to_say(self):
        for name in NAMES:
            for command in (["groff", "-ww", "-man", "-z"], ["man", "--warnings", "-E", "UTF-8", "-l"]):
                if shutil.which(command[0]):
                    done = subprocess.run([*command, str(PAGES / name)], capture_output=True, text=True, timeout=120, check=False, env=self.environment)
                    self.assertEqual((done.returncode, done.stderr), (0, ""), (name, command))

    def test_no_place_in_a_template_is_left_open(self):
        for name, text in self.pages.items():
            self.assertNotRegex(text, r"(?m)^@[A-Z_]+@|@VERSION@", name)
        self.assertEqual(sorted(NAMES), sorted(path.stem for path in (ROOT / "docs/man").glob("*.in")))

    def test_mdock_1_has_every_command_flag_and_exit_code(self):
        page = self.pages["mdock.1"]
        all_ = list(self.commands())
        self.assertGreater(len(all_), 60)
        for words in all_:
            if self.section(words, "Subcommands") and "[SUBCOMMAND]" not in self.mdock(*words, "--help"):
                continue
            part = re.search(rf"(?ms)^\.TP\nmdock {' '.join(words)}(?: [^\n]*)?\n(.*?)^\.RE$", page)
            self.assertTrue(part, words)
            for row in self.section(words, "Options"):
                self.assertTrue(row[0] == "-h,--help" or row[0].replace(",", ", ") in part.group(1), (words, row))
        header = (ROOT / "daemon/exit_codes.h").read_text(encoding="utf-8")
        codes = re.findall(r"constexpr int (?!interrupted)\w+ = (\d+);", header) + ["130", "143"]
        self.assertGreater(len(codes), 10)
        for name in ("mdock.1", "mdock-sync.7"):
            status = self.pages[name].split("EXIT STATUS")[1]
            for code in codes:
                self.assertIn(f".TP\n{code}\n", status, (name, code))

    def test_mdock_config_5_has_every_setting_and_its_default(self):
        page = self.pages["mdock-config.5"]
        example = (ROOT / "config/mdock.example.toml").read_text(encoding="utf-8")
        for one in json.loads(self.mdock("config", "show", "--json"))["settings"]:
            if one["key"] in ("auth.token_file", "api.base_url", "api.ca_file"):  # set by this test, or shown as a path
                continue
            found = re.search(rf"(?m)^{re.escape(one['key'])}( = (.*))?$", page)
            self.assertTrue(found, one)
            self.assertIn(f"MDOCK_{one['key'].upper().replace('.', '_')}", page)
            if found.group(2):
                self.assertIn(f"{one['key'].split('.')[1]} = {found.group(2)}", example)

    def test_mdock_schema_7_has_every_table_and_column_of_a_new_mirror(self):
        page = self.pages["mdock-schema.7"]
        self.mdock("sync", "--timeout", "5s", codes=(5,))
        rows = json.loads(self.mdock("sql", "--json", "SELECT table_name, column_name FROM dict_columns"))["rows"]
        self.assertGreater(len(rows), 300)
        for row in rows:
            table, column = row["table_name"], row["column_name"]
            part = page.split(f"\n.SS {table}\n", 1)[1].split("\n.SS ")[0]
            self.assertRegex(part, rf"(?m)^{column} ", (table, column))
        statements = (PAGES / "schema.sql").read_text(encoding="utf-8")
        for table in {row["table_name"] for row in rows}:
            self.assertRegex(statements, rf"(?m)^CREATE (TABLE|VIEW) {table}\b")


if __name__ == "__main__":
    unittest.main(verbosity=1)
