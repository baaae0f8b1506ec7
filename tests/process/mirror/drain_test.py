#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill -9 at random moments of sending 200 mixed local writes over TLS while answers are lost: each has its effect on the
service exactly once, nothing is parked or in conflict, and the mirror is proven equal in the end.

Arguments: MDOCK SANDBOX. MDOCK_DRAIN_KILLS says how many kills there are (200), MDOCK_DRAIN_SECONDS after how long fewer
will do (never), MDOCK_DRAIN_SEED draws other ones."""
import collections
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
import unittest

from service import MDOCK, Mirror, Service, differences

KILLS = int(os.environ.get("MDOCK_DRAIN_KILLS", "200"))
SEED = int(os.environ.get("MDOCK_DRAIN_SEED", "1"))
SECONDS = float(os.environ.get("MDOCK_DRAIN_SECONDS", "inf"))
LEAST = 40      # kills, however slow the machine is
WRITES = 200
STOCK = 160
LONGEST = 900  # seconds for everything; what is not done by then never ends
SETTINGS = {"MDOCK_WRITES_SETTLE_TIME": "1s", "MDOCK_WRITES_MAX_CREATES_PER_MINUTE": "6000", "MDOCK_WRITES_HOLD_ABOVE": "100000",
            "MDOCK_API_RETRY_MIN": "1s", "MDOCK_API_RETRY_MAX": "1s"}
LOST = [f"lost:method={method}:p=0.1" for method in ("POST", "PUT", "DELETE")]
ITS_OWN = ("updated_at", "billing_rate_cents")  # what the service sets by itself
LATENCY_MS = 10
A_WRITE = 0.04  # seconds, about; what is wrong with it is made up for from kill to kill
NOWHERE = "https://127.0.0.1:1/api/v1"


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class Wanted:
    """What the service must hold in the end: how many entries of each text, what each changed entry says, and what is gone."""

    def __init__(self):
        self.made = collections.Counter()       # (text, seconds, day, task ids) of entries made here
        self.timed = collections.Counter()      # text of entries that were on the timer
        self.fields = {}                        # entry_id: {column: text}
        self.tasks = {}                         # entry_id: task ids
        self.gone = set()
        self.names = {"contacts": collections.Counter(), "projects": collections.Counter()}
        self.parents = {}                       # text or project name: name of what it must hang on
        self.dock = None


class Person:
    """Writes offline what a person might, and notes in `wanted` what must come of it."""

    def __init__(self, mirror, wanted, dice, batch):
        self.mirror, self.wanted, self.dice, self.batch = mirror, wanted, dice, batch
        self.tasks = [row[0] for row in mirror.rows("SELECT task_id FROM tasks WHERE presence = 'present' ORDER BY task_id")]
        self.entries = [row[0] for row in mirror.rows(f"SELECT entry_id FROM entries WHERE description LIKE 'stock {batch} %' ORDER BY 1")]
        self.statements = []

    def offline(self, *words):
        done = subprocess.run([MDOCK, *words], capture_output=True, text=True, timeout=60, check=False,
                              env={**self.mirror.environment, "MDOCK_API_BASE_URL": NOWHERE})
        if done.returncode != 0:
            raise RuntimeError(f"{words}: {done.returncode} {done.stdout}{done.stderr}")

    def day(self):
        return f"2026-{self.dice.randint(1, 10):02}-{self.dice.randint(1, 28):02}"

    def create(self, number):
        text, twice = f"drain {self.batch} new {number}", self.dice.random() < 0.2
        seconds, day = 60 * self.dice.randint(1, 300), self.day()
        tasks = [self.dice.choice(self.tasks)] if self.dice.random() < 0.2 else []
        for _ in range(2 if twice else 1):
            self.statements.append(f"INSERT INTO entries (description, duration_seconds, entry_date) VALUES ({quoted(text)}, {seconds}, '{day}')")
            for task in tasks:
                self.statements.append(f"INSERT INTO entry_tasks (entry_id, task_id) SELECT max(entry_id), {task} FROM entries")
            self.wanted.made[text, str(seconds), day, tuple(tasks)] += 1
        return 2 if twice else 1

    def update(self, number):
        entry = self.entries.pop(self.dice.randrange(len(self.entries)))
        fields = {"description": f"drain {self.batch} edit {number}"}
        if self.dice.random() < 0.5:
            fields["duration_seconds"] = str(60 * self.dice.randint(301, 900))
        if self.dice.random() < 0.3:
            fields["entry_date"] = self.day()
        if self.dice.random() < 0.5:
            del fields["description"]
            fields["duration_seconds"] = str(60 * self.dice.randint(901, 1200))
        values = ", ".join(f"{name} = {quoted(value) if name != 'duration_seconds' else value}" for name, value in fields.items())
        self.statements.append(f"UPDATE entries SET {values} WHERE entry_id = {entry}")
        self.wanted.fields[entry] = fields
        return 1

    def link(self, _):
        entry = self.entries.pop(self.dice.randrange(len(self.entries)))
        had = {row[0] for row in self.mirror.rows(f"SELECT task_id FROM entry_tasks WHERE entry_id = {entry}")}
        task = self.dice.choice([one for one in self.tasks if one not in had])
        self.statements.append(f"INSERT INTO entry_tasks (entry_id, task_id) VALUES ({entry}, {task})")
        if had and self.dice.random() < 0.5:
            away = had.pop()
            self.statements.append(f"DELETE FROM entry_tasks WHERE entry_id = {entry} AND task_id = {away}")
        self.wanted.tasks[entry] = sorted(had | {task})
        return 1

    def delete(self, _):
        entry = self.entries.pop(self.dice.randrange(len(self.entries)))
        self.statements.append(f"DELETE FROM entries WHERE entry_id = {entry}")
        self.wanted.gone.add(entry)
        return 1

    def family(self, number):
        client, project = f"Drain {self.batch} client {number}", f"Drain {self.batch} project {number}"
        its_id = f"(SELECT contact_id FROM contacts WHERE name = '{client}')"
        self.statements.append(f"INSERT INTO contacts (name) VALUES ('{client}')")
        self.statements.append(f"INSERT INTO projects (contact_id, name) VALUES ({its_id}, '{project}')")
        for entry in range(2):
            text, day = f"drain {self.batch} of client {number} {entry}", self.day()
            self.statements.append("INSERT INTO entries (description, duration_seconds, entry_date, contact_id, project_id) VALUES ("
                                   f"'{text}', 600, '{day}', {its_id}, (SELECT project_id FROM projects WHERE name = '{project}'))")
            self.wanted.made[text, "600", day, ()] += 1
            self.wanted.parents[text] = (client, project)
        self.wanted.names["contacts"][client] += 1
        self.wanted.names["projects"][project] += 1
        return 4

    def timer(self):
        """What is on the timer is logged; the last text stays on it."""
        for turn in range(2):
            if self.wanted.dock:
                self.wanted.timed[self.wanted.dock] += 1
            self.wanted.dock = f"drain {self.batch} timed {turn}"
            self.offline("timer", "start", self.wanted.dock)
        return 4

    def write(self):
        """200 writes or a few more, mixed; returns their outbox_ids."""
        made = self.timer()
        kinds = [self.create] * 8 + [self.update] * 6 + [self.link] * 2 + [self.delete] * 2 + [self.family]
        number = 0
        while made < WRITES:
            number += 1
            made += self.dice.choice(kinds)(number)
            if len(self.statements) > 60:
                self.flush()
        self.flush()
        return {row[0] for row in self.mirror.rows("SELECT outbox_id FROM outbox")}

    def edit_what_is_under_way(self):
        """Another text for an entry whose create or update was cut off; says how many."""
        found = self.mirror.rows("SELECT entry_id, description, duration_seconds, entry_date FROM outbox JOIN entries ON entry_id = row_id"
                                 " WHERE resource = 'entries' AND state IN ('sending', 'unknown') AND operation IN ('create', 'update')"
                                 f" AND (description LIKE 'drain {self.batch} new %' OR description LIKE 'drain {self.batch} edit %')")
        if not found:
            return 0
        entry, text, seconds, day = self.dice.choice(found)
        if entry in self.wanted.fields:
            self.wanted.fields[entry]["description"] = text + " again"
        else:
            tasks = tuple(row[0] for row in self.mirror.rows(f"SELECT task_id FROM entry_tasks WHERE entry_id = {entry} ORDER BY 1"))
            self.wanted.made[text, str(seconds), day, tasks] -= 1
            self.wanted.made[text + " again", str(seconds), day, tasks] += 1
        self.statements = [f"UPDATE entries SET description = {quoted(text + ' again')} WHERE entry_id = {entry}"]
        self.flush()
        return 1

    def flush(self):
        self.offline("sql", "--write", "--yes", "; ".join(self.statements))
        self.statements = []


class Drain(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="mdock-drain-test-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.addCleanup(shutil.rmtree, self.folder)
        self.service = Service("--entries", "500", "--years", "2", "--seed", "11", "--tidy")
        self.addCleanup(self.service.stop)
        self.mirror = Mirror(self.service, "admin", self.folder, **SETTINGS)
        self.began = time.monotonic()
        self.end = self.began + LONGEST
        self.tally = collections.Counter()

    def stock(self, first, batch):
        """Entries that are free to be changed, made by somebody else and read by the mirror."""
        tasks = [int(one) for one in first["tasks"]]
        for number in range(STOCK):
            entry = {"description": f"stock {batch} {number}", "duration": 900, "date": f"2026-10-{number % 28 + 1:02}",
                     "task_ids": tasks[:number % 3]}
            self.service.control("/as/admin/entries", "POST", {"entry": entry})
        for key, row in self.mirror.expected()["tables"]["entries"].items():
            if row["description"].startswith(f"stock {batch} "):
                first["entries"][key] = row
        done = self.mirror.run("sync")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def left(self):
        return self.mirror.rows("SELECT count(*) FROM outbox")[0][0]

    def is_enough(self):
        return self.tally["kills"] >= (KILLS if time.monotonic() < self.began + SECONDS else min(KILLS, LEAST))

    def idle(self):
        """How long a sync takes that has nothing to send."""
        began = time.monotonic()
        self.mirror.run("sync", "-q")
        return time.monotonic() - began

    def drain_with_kills(self, person, dice, idle):
        """Until nothing waits or all kills are done: so late that the kills are spread over the writes."""
        while not self.is_enough() and self.left():
            self.assertLess(time.monotonic(), self.end, self.mirror.rows("SELECT * FROM outbox LIMIT 5"))
            child = subprocess.Popen([MDOCK, "sync", "-q"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=self.mirror.environment)
            try:
                writes = self.left() / max(1, KILLS - self.tally["kills"])
                child.wait(timeout=dice.uniform(0.4 * idle, idle + 2 * writes * A_WRITE))
                self.tally["ended by itself"] += 1
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
                self.tally["kills"] += 1
                self.tally["kills with a request under way"] += self.mirror.rows("SELECT count(*) FROM outbox WHERE state = 'sending'")[0][0] > 0
                if dice.random() < 0.5:
                    self.tally["edits of what was cut off"] += person.edit_what_is_under_way()

    def drain_to_the_end(self):
        while self.left():
            done = self.mirror.run("sync")
            self.assertIn(done.returncode, (0, 6), done.stdout + done.stderr)
            self.assertEqual(self.mirror.rows("SELECT * FROM outbox WHERE state IN ('parked', 'held')"), [])
            self.assertLess(time.monotonic(), self.end, self.mirror.rows("SELECT * FROM outbox LIMIT 5"))

    def test_kills_and_lost_answers_neither_lose_nor_double_a_write(self):
        wanted, dice, batch, queued = Wanted(), random.Random(SEED), 0, set()
        first = self.mirror.expected()["tables"]
        docked = first["dock"][str(self.service.ready["user_account_id"])]
        wanted.dock = docked["description"] or None
        while not self.is_enough():
            batch += 1
            self.stock(first, batch)
            self.service.control("/settings", "PUT", {"latency_ms": LATENCY_MS})
            idle = self.idle()
            person = Person(self.mirror, wanted, dice, batch)
            queued |= person.write()
            self.service.control("/faults", "PUT", {"faults": LOST})
            self.drain_with_kills(person, dice, idle)
            self.tally["left to the quiet end"] += self.left()
            self.tally["answers lost"] += sum(rule["hits"] for rule in self.service.control("/faults")["faults"])
            self.service.control("/faults", "DELETE")
            self.service.control("/settings", "PUT", {"latency_ms": 0})
            self.drain_to_the_end()
            self.check(first, wanted)
        outcomes = dict(self.mirror.rows("SELECT outcome, count(*) FROM outbox_done GROUP BY 1"))
        self.assertLessEqual(set(outcomes), {"applied", "adopted", "merged_equal"})
        self.assertLessEqual(queued, {row[0] for row in self.mirror.rows("SELECT outbox_id FROM outbox_done")})
        verified = self.mirror.run("verify", "--json")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        self.assertTrue(json.loads(verified.stdout)["equal"])
        self.assertEqual(differences(self.mirror.database, self.mirror.expected()), [])
        print(f"seed {SEED}, {len(queued)} writes in {batch} batches: 0 lost, 0 doubled; {dict(self.tally)}; outcomes {outcomes}")

    def check(self, first, wanted):
        """Exactly the wanted effects on the service, and no other."""
        state = self.mirror.expected()
        now, links = state["tables"], state["entry_tasks"]
        entries = now["entries"]
        new = {key: row for key, row in entries.items() if key not in first["entries"]}
        timed = collections.Counter(row["description"] for row in new.values() if row["description"] in wanted.timed)
        self.assertEqual(timed, wanted.timed)
        made = collections.Counter((row["description"], row["duration_seconds"], row["entry_date"], tuple(sorted(links.get(key, []))))
                                   for key, row in new.items() if row["description"] not in wanted.timed)
        self.assertEqual(made, +wanted.made)
        self.assertEqual({int(key) for key in first["entries"]} - {int(key) for key in entries}, wanted.gone)
        for key, row in first["entries"].items():
            if int(key) not in wanted.gone:
                changed = {name: value for name, value in entries[key].items() if value != row[name] and name not in ITS_OWN}
                meant = {name: value for name, value in wanted.fields.get(int(key), {}).items() if value != row[name]}
                self.assertEqual(changed, meant, f"entry {key}")
        for entry, tasks in wanted.tasks.items():
            self.assertEqual(sorted(links.get(str(entry), [])), tasks, f"tasks of {entry}")
        for table, names in wanted.names.items():
            made = collections.Counter(row["name"] for key, row in now[table].items() if key not in first[table])
            self.assertEqual(made, names, table)
        for row in new.values():
            if row["description"] in wanted.parents:
                self.assertEqual((now["contacts"][row["contact_id"]]["name"], now["projects"][row["project_id"]]["name"]),
                                 wanted.parents[row["description"]])
        self.assertEqual(now["dock"][str(self.service.ready["user_account_id"])]["description"], wanted.dock)
        self.assertEqual(self.mirror.rows("SELECT * FROM conflicts WHERE resolved_at IS NULL"), [])


if __name__ == "__main__":
    unittest.main()
