# SPDX-License-Identifier: MIT
"""What the tests of a whole mirror share: a sandbox with its control path, a mirror of it, and the comparison of the two
field by field. The test program's arguments are MDOCK SANDBOX."""
import collections
import json
import os
import random
import signal
import sqlite3
import ssl
import subprocess
import sys
import urllib.error
import urllib.request

MDOCK, SANDBOX = sys.argv.pop(1), sys.argv.pop(1)
PATIENCE = 300
KEYS = {"accounts": "account_id", "users": "user_account_id", "contacts": "contact_id", "projects": "project_id",
        "tasks": "task_id", "items": "item_id", "entries": "entry_id", "expenses": "expense_id",
        "invoices": "invoice_id", "invoice_line_items": "line_item_id", "dock": "user_account_id"}
UNSEEN = ("users", "contacts", "projects", "tasks", "items")
# MinuteDock computes them as it answers, and stamps no row for it.
VOLATILE = {("contacts", "budget_progress"), ("projects", "budget_progress"), ("tasks", "entries_count"),
            ("entries", "billing_rate_cents")}


class Service:
    def __init__(self, *words):
        self.process = subprocess.Popen([SANDBOX, *words], stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.trust = ssl.create_default_context(cafile=self.ready["ca_file"])

    def control(self, path, method="GET", body=None):
        """Its control path, which no fault or limit touches."""
        request = urllib.request.Request(self.ready["control_url"] + path, method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Authorization": "Bearer " + self.ready["control_token"],
                                                  "Content-Type": "application/json"})
        with urllib.request.urlopen(request, context=self.trust, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "null")

    def as_admin(self, path, method, body=None):
        """What another client does with the admin's token; False where the service refuses it, as for a locked entry."""
        try:
            self.control(f"/as/admin{path}", method, body)
        except urllib.error.HTTPError as refusal:
            if refusal.code not in (403, 422):
                raise
            return False
        return True

    def behind(self, **what):
        return self.control("/behind", "POST", what)

    def requests(self):
        log = self.control("/requests")["log"]
        return collections.Counter((one["method"], one["target"]) for one in log)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()


class Mirror:
    """One token's file in `folder`, and the program that keeps it."""

    def __init__(self, service, token, folder, **settings):
        self.service, self.token, self.database = service, token, f"{folder}/{token}.db"
        self.environment = {"HOME": folder, "PATH": os.environ["PATH"], "MDOCK_TOKEN": service.ready["tokens"][token],
                            "MDOCK_API_BASE_URL": service.ready["url"], "MDOCK_API_CA_FILE": service.ready["ca_file"],
                            "MDOCK_API_MAX_REQUESTS_PER_MINUTE": "6000", "MDOCK_DATABASE_PATH": self.database, **settings}

    def run(self, *words):
        return subprocess.run([MDOCK, *words], capture_output=True, text=True, timeout=PATIENCE, check=False, env=self.environment)

    def rows(self, sql):
        db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def expected(self):
        return self.service.control(f"/expected/{self.token}")

    def forget(self):
        for end in ("", "-wal", "-shm", ".lock"):
            if os.path.exists(self.database + end):
                os.unlink(self.database + end)


def draw_switches(seed, rarely=()):
    """NAME: VALUE for about half of what the service's documentation leaves open; of `rarely` a fifth."""
    dice = random.Random(seed)
    text = subprocess.run([SANDBOX, "--help"], capture_output=True, text=True, check=True).stdout
    listed = text.split("Switches, the default first:\n")[1].split("\n\n")[0].splitlines()
    if len(listed) < 30:
        raise RuntimeError(f"the sandbox's help names only {len(listed)} switches")
    drawn = {}
    for line in listed:
        name, values = line.strip().split("=")
        if dice.random() < (0.2 if name in rarely else 0.5):
            drawn[name] = dice.choice(values.split("|"))
    return drawn


def as_words(switches):
    return [f"--switch={name}={value}" for name, value in switches.items()]


def text_of(value):
    if isinstance(value, float):
        return "%.17g" % value
    return None if value is None else str(value)


def _of_rows(db, wanted, ignored):
    for table, rows in wanted["tables"].items():
        key = KEYS[table]
        seen = {}
        for row in db.execute(f"SELECT * FROM {table}" + (" WHERE presence = 'present'" if table in UNSEEN else "")):
            seen[str(row[key])] = row
        yield from (f"{table} {row_id}: only in the mirror" for row_id in seen if row_id not in rows)
        for row_id, columns in rows.items():
            if row_id not in seen:
                yield f"{table} {row_id}: not in the mirror"
                continue
            yield from (f"{table} {row_id} {name}: mirror {seen[row_id][name]!r}, account {text!r}" for name, text in columns.items()
                        if (table, name) not in ignored and text_of(seen[row_id][name]) != text)


def _of_links(db, wanted):
    links = collections.defaultdict(list)
    for entry, task in db.execute("SELECT entry_id, task_id FROM entry_tasks ORDER BY entry_id, task_id"):
        links[str(entry)].append(task)
    yield from (f"entry_tasks of {entry} differ" for entry, tasks in wanted["entry_tasks"].items() if links.pop(entry, []) != tasks)
    yield from (f"entry_tasks of {entry}: no such entry" for entry in links)


def differences(database, wanted, ignored=()):
    """At most a dozen lines; empty when the file holds what the account holds."""
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    found = [*_of_rows(db, wanted, ignored), *_of_links(db, wanted)]
    for table, state in wanted["states"].items():
        is_now = db.execute("SELECT state FROM mirror_status WHERE resource = ?", (table,)).fetchone()
        if is_now is not None and is_now[0] != state:
            found.append(f"{table} is {is_now[0]}, not {state}")
    found += [f"foreign key: {tuple(row)}" for row in db.execute("PRAGMA foreign_key_check")]
    found += [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    db.close()
    return found[:12]
