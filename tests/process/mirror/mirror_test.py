#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The binary mirrors 20,000 entries over TLS, and the file is compared field by field with the service's own state:
for ten drawings of what its documentation leaves open, and after kills at random moments of a first load.

Arguments: MDOCK SANDBOX [KILLS]; as many kills as are asked for, eight when not."""
import collections
import json
import os
import random
import shutil
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

MDOCK, SANDBOX = sys.argv.pop(1), sys.argv.pop(1)
KILLS = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 8
ENTRIES = 20_000
DRAWINGS = 10
PATIENCE = 300
KEYS = {"accounts": "account_id", "users": "user_account_id", "contacts": "contact_id", "projects": "project_id",
        "tasks": "task_id", "items": "item_id", "entries": "entry_id", "expenses": "expense_id",
        "invoices": "invoice_id", "invoice_line_items": "line_item_id", "dock": "user_account_id"}
UNSEEN = ("users", "contacts", "projects", "tasks", "items")


class Service:
    """A sandbox and its control path."""

    def __init__(self, *words):
        command = [SANDBOX, "--entries", str(ENTRIES), "--years", "6", *words]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.trust = ssl.create_default_context(cafile=self.ready["ca_file"])

    def control(self, path, method="GET"):
        request = urllib.request.Request(self.ready["control_url"] + path, method=method,
                                         headers={"Authorization": "Bearer " + self.ready["control_token"]})
        with urllib.request.urlopen(request, context=self.trust, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "null")

    def requests(self):
        log = self.control("/requests")["log"]
        return collections.Counter((one["method"], one["target"]) for one in log)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()


def text_of(value):
    if isinstance(value, float):
        return "%.17g" % value
    return None if value is None else str(value)


def differences(database, wanted):
    """At most a dozen lines; empty when the file holds what the account holds."""
    found = []
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    for table, rows in wanted["tables"].items():
        key = KEYS[table]
        seen = {}
        for row in db.execute(f"SELECT * FROM {table}" + (" WHERE presence = 'present'" if table in UNSEEN else "")):
            seen[str(row[key])] = row
        found += [f"{table} {row_id}: only in the mirror" for row_id in seen if row_id not in rows]
        for row_id, columns in rows.items():
            if row_id not in seen:
                found.append(f"{table} {row_id}: not in the mirror")
                continue
            found += [f"{table} {row_id} {name}: mirror {seen[row_id][name]!r}, account {text!r}"
                      for name, text in columns.items() if text_of(seen[row_id][name]) != text]
    links = collections.defaultdict(list)
    for entry, task in db.execute("SELECT entry_id, task_id FROM entry_tasks ORDER BY entry_id, task_id"):
        links[str(entry)].append(task)
    found += [f"entry_tasks of {entry} differ" for entry, tasks in wanted["entry_tasks"].items()
              if links.pop(entry, []) != tasks]
    found += [f"entry_tasks of {entry}: no such entry" for entry in links]
    for table, state in wanted["states"].items():
        is_now = db.execute("SELECT state FROM mirror_status WHERE resource = ?", (table,)).fetchone()
        if is_now is not None and is_now[0] != state:
            found.append(f"{table} is {is_now[0]}, not {state}")
    found += [f"foreign key: {tuple(row)}" for row in db.execute("PRAGMA foreign_key_check")]
    found += [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    db.close()
    return found[:12]


class Mirror(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="mdock-mirror-test-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.addCleanup(shutil.rmtree, self.folder)
        self.database = f"{self.folder}/mirror.db"

    def environment(self, service, token):
        return {"HOME": self.folder, "PATH": os.environ["PATH"], "MDOCK_TOKEN": service.ready["tokens"][token],
                "MDOCK_API_BASE_URL": service.ready["url"], "MDOCK_API_CA_FILE": service.ready["ca_file"],
                "MDOCK_API_MAX_REQUESTS_PER_MINUTE": "6000", "MDOCK_DATABASE_PATH": self.database}

    def sync(self, service, token):
        done = subprocess.run([MDOCK, "sync", "--json"], capture_output=True, text=True, timeout=PATIENCE, check=False,
                              env=self.environment(service, token))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def fresh(self):
        for end in ("", "-wal", "-shm", ".lock"):
            if os.path.exists(self.database + end):
                os.unlink(self.database + end)

    def known_switches(self):
        text = subprocess.run([SANDBOX, "--help"], capture_output=True, text=True, check=True).stdout
        listed = text.split("Switches, the default first:\n")[1].split("\n\n")[0]
        return [(line.split("=")[0].strip(), line.strip().split("=")[1].split("|")) for line in listed.splitlines()]

    def test_ten_drawings_of_the_service_over_tls(self):
        known = self.known_switches()
        self.assertGreater(len(known), 30)
        for seed in range(1, DRAWINGS + 1):
            dice = random.Random(seed)
            drawn = [f"--switch={name}={dice.choice(values)}" for name, values in known if dice.random() < 0.5]
            token = dice.choice(["admin", "admin", "member", "limited", "invoices"])
            service = Service("--seed", str(seed), *drawn)
            self.addCleanup(lambda s=service: s.process.poll() is None and s.stop())
            with self.subTest(seed=seed, token=token, drawn=drawn):
                self.fresh()
                self.sync(service, token)
                self.assertEqual(differences(self.database, service.control(f"/expected/{token}")), [])
                again = self.sync(service, token)
                self.assertEqual([one for one in again["resources"] if one["inserted"] + one["updated"]], [])
            service.stop()

    def test_kills_at_random_moments_of_a_first_load(self):
        service = Service("--seed", "31", "--latency", "3ms")
        self.addCleanup(service.stop)
        began = time.monotonic()
        self.sync(service, "admin")
        length = time.monotonic() - began
        clean = service.requests()
        wanted = service.control("/expected/admin")
        repeated = 0
        dice = random.Random(5)
        for kill in range(KILLS):
            service.control("/requests", "DELETE")
            self.fresh()
            child = subprocess.Popen([MDOCK, "sync", "-q"], stderr=subprocess.DEVNULL,
                                     env=self.environment(service, "admin"))
            try:
                child.wait(timeout=dice.uniform(0.02, length))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            self.sync(service, "admin")
            self.assertEqual(differences(self.database, wanted), [], f"after kill {kill}")
            repeated += (service.requests() - clean).total()
        print(f"{KILLS} kills: {clean.total()} requests for one load, {repeated} asked again in all")
        self.assertLess(repeated, 0.1 * clean.total() * KILLS)


if __name__ == "__main__":
    unittest.main()
