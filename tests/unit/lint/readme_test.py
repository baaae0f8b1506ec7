# SPDX-License-Identifier: MIT
"""Each question that the README asks in SQL can be asked of the schema that the program builds in."""
import pathlib
import re
import sqlite3
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCHEMA = ("0001_tables", "0001_private", "views")


class Readme(unittest.TestCase):
    def test_every_question_can_be_asked(self):
        questions = re.findall(r"```sql\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
        self.assertGreater(len(questions), 5)
        db = sqlite3.connect(":memory:")
        for name in SCHEMA:
            db.executescript((ROOT / f"schema/{name}.sql").read_text(encoding="utf-8"))
        for question in questions:
            with self.subTest(question):
                db.execute(question).fetchall()


if __name__ == "__main__":
    unittest.main()
