#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The daemon left running while everything goes wrong: faults of the service, edits there and here, a reader that is
parked on an old state, SIGSTOP, SIGKILL, SIGHUP. In the end the mirror is equal to the account, the daemon's memory is
what it was, and the log of the file stayed under its limit. Loopback only, one process each.

Arguments: MDOCK SANDBOX. MDOCK_SOAK_SECONDS says how long (30), MDOCK_SOAK_SEED draws other ones. Ends with 0 or says what
was wrong; the last line has the figures."""
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from service import MDOCK, PATIENCE, VOLATILE, Mirror, Service, differences

SECONDS = float(os.environ.get("MDOCK_SOAK_SECONDS", "30"))
SEED = int(os.environ.get("MDOCK_SOAK_SEED", "1"))
LOG_LIMIT = 64 * 1024 * 1024
MOST_DRIFT = 0.02 if SECONDS >= 600 else 0.10     # of half a minute much is still the first minute's growing
SETTINGS = {"MDOCK_SYNC_INTERVAL": "1s", "MDOCK_SYNC_BILLING_INTERVAL": "3s", "MDOCK_SYNC_REFERENCE_INTERVAL": "2s",
            "MDOCK_SYNC_VERIFY_INTERVAL": "7s", "MDOCK_DOCK_ACTIVE_INTERVAL": "1s", "MDOCK_DOCK_IDLE_INTERVAL": "1s",
            "MDOCK_API_RETRY_MIN": "1s", "MDOCK_API_RETRY_MAX": "2s", "MDOCK_API_RATE_LIMIT_PAUSE": "1s",
            "MDOCK_API_CONNECT_TIMEOUT": "2s", "MDOCK_API_REQUEST_TIMEOUT": "2s", "MDOCK_WRITES_SETTLE_TIME": "1s",
            "MDOCK_WRITES_DIRECT_SQL": "true", "MDOCK_WRITES_ON_CONFLICT": "theirs", "MDOCK_LOG_LEVEL": "warning",
            "MDOCK_SYNC_SECOND_READ_AFTER": "1s"}
FAULTS = ("500:p=0.05", "reset:p=0.05", "lost:method=PUT:p=0.2", "lost:method=POST:p=0.2")


class Soak:
    def __init__(self, service, folder):
        self.service, self.dice = service, random.Random(SEED)
        os.mkdir(f"{folder}/run", 0o700)
        self.mirror = Mirror(service, "admin", folder, XDG_RUNTIME_DIR=f"{folder}/run", **SETTINGS)
        self.log = open(f"{folder}/daemon.log", "w+b")
        self.daemon, self.reader = None, None
        self.counts = dict.fromkeys(("kills", "stops", "reloads", "edits", "local writes"), 0)
        self.largest_log = 0
        self.new_entries = 0

    def begin(self):
        self.daemon = subprocess.Popen([MDOCK, "run"], stdin=subprocess.DEVNULL, stderr=self.log, env=self.mirror.environment)

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait(timeout=PATIENCE)
        self.counts["kills"] += 1
        self.begin()

    def stop_for_a_moment(self):
        self.daemon.send_signal(signal.SIGSTOP)
        time.sleep(self.dice.uniform(0.1, 0.6))     # what is tested: a process that stands still for so long
        self.daemon.send_signal(signal.SIGCONT)
        self.counts["stops"] += 1

    def reload(self):
        self.daemon.send_signal(signal.SIGHUP)
        self.counts["reloads"] += 1

    def edit_there(self):
        rows = self.mirror.rows("SELECT entry_id FROM entries WHERE invoice_id IS NULL AND description NOT LIKE 'made here %' AND entry_id < 9000000000000000 ORDER BY random() LIMIT 1")
        for (entry,) in rows:
            self.service.as_admin(f"/entries/{entry}", "PUT", {"entry": {"description": f"there {self.dice.random()}"}})
        self.service.as_admin("/entries", "POST", {"entry": {"description": "new there", "duration": 900, "date": "2026-01-05"}})
        self.counts["edits"] += 1

    def write_here(self):
        """By plain SQL, as a person's other program."""
        try:
            db = sqlite3.connect(self.mirror.database, timeout=5)
            with db:
                db.execute("UPDATE entries SET description = ? WHERE entry_id = (SELECT entry_id FROM entries WHERE sync_state = 'synced' AND "
                           "invoice_id IS NULL AND description NOT LIKE 'made here %' AND entry_date IN (SELECT DISTINCT entry_date FROM entries "
                           "ORDER BY entry_date DESC LIMIT 8) AND user_account_id = (SELECT user_account_id FROM _identity) ORDER BY random() LIMIT 1)",
                           (f"here {self.dice.random()}",))
                if self.new_entries < 50:
                    db.execute("INSERT INTO entries (description, duration_seconds, entry_date) VALUES (?, 600, '2026-01-06')", (f"made here {self.new_entries}",))
                    self.new_entries += 1
            db.close()
            self.counts["local writes"] += 1
        except sqlite3.OperationalError:
            pass    # the writer had it for long; a person would try again

    def park_reader(self):
        if self.reader is not None:
            self.reader.close()
        self.reader = sqlite3.connect(f"file:{self.mirror.database}?mode=ro", uri=True, isolation_level=None)
        self.reader.execute("BEGIN")
        self.reader.execute("SELECT count(*) FROM entries").fetchone()

    def look(self):
        code = self.daemon.poll()
        if code is not None:
            raise SystemExit(f"soak: the daemon ended by itself with {code}:\n{self.said()}")
        path = self.mirror.database + "-wal"
        if os.path.exists(path):
            self.largest_log = max(self.largest_log, os.path.getsize(path))

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-3000:]

    def memory(self):
        """KiB of its own that the daemon has in memory."""
        with open(f"/proc/{self.daemon.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("RssAnon:"))

    def trouble(self, until, acts):
        """The daemon's memory in the middle of it."""
        seen = []
        while time.monotonic() < until:
            self.dice.choice(acts)()
            self.look()
            seen.append(self.memory())
            time.sleep(self.dice.uniform(0.05, 0.3))    # between two of a person's, or fate's, moves
        return statistics.median(seen)

    def wait_until(self, what, is_so):
        end = time.monotonic() + PATIENCE
        while not is_so():
            self.look()
            if time.monotonic() > end:
                raise SystemExit(f"soak: not reached: {what}\n{self.said()}")
            time.sleep(0.1)

    def run(self):
        began = time.monotonic()
        self.begin()
        self.wait_until("the first load", lambda: self.mirror.run("status", "--check").returncode == 0)
        self.service.control("/faults", "PUT", {"faults": list(FAULTS)})
        # Half of the time with deaths; the other half is one life, whose memory is looked at.
        self.trouble(began + SECONDS / 2, [self.kill, self.stop_for_a_moment, self.edit_there, self.write_here, self.write_here, self.park_reader, self.reload])
        steady = [self.stop_for_a_moment, self.edit_there, self.edit_there, self.write_here, self.park_reader]
        self.trouble(began + SECONDS * 0.7, steady)
        before = self.trouble(began + SECONDS * 0.8, steady)
        self.trouble(began + SECONDS * 0.9, steady)
        drift = (self.trouble(began + SECONDS, steady) - before) / before
        self.service.control("/faults", "DELETE")
        self.reader.close()
        self.wait_until("an empty outbox", lambda: not self.mirror.rows("SELECT 1 FROM outbox WHERE state <> 'parked' LIMIT 1"))
        self.daemon.send_signal(signal.SIGTERM)
        if self.daemon.wait(timeout=PATIENCE) != 0:
            raise SystemExit(f"soak: SIGTERM ended it with {self.daemon.returncode}\n{self.said()}")
        self.judge(drift, before)

    def judge(self, drift, before):
        end = time.monotonic() + PATIENCE
        done = self.mirror.run("verify")
        # What was changed a moment ago is proven when MinuteDock's counts show it.
        while done.returncode == 9 and "counts do not show yet" in done.stdout + done.stderr and time.monotonic() < end:
            time.sleep(1)
            done = self.mirror.run("verify")
        wrong = differences(self.mirror.database, self.mirror.expected(), VOLATILE) if done.returncode in (0, 6) else [f"verify: {done.returncode}", *(done.stdout + done.stderr).splitlines()]
        lost = self.new_entries - self.mirror.rows("SELECT count(DISTINCT description) FROM entries WHERE description LIKE 'made here %'")[0][0]
        twice = self.mirror.rows("SELECT count(*) - count(DISTINCT description) FROM entries WHERE description LIKE 'made here %'")[0][0]
        if lost or twice:
            wrong.append(f"of {self.new_entries} entries made here {lost} are lost and {twice} doubled")
        if self.largest_log > LOG_LIMIT:
            wrong.append(f"the log had {self.largest_log} bytes")
        if drift > MOST_DRIFT:
            wrong.append(f"memory grew by {100 * drift:.1f}% from {before} KiB")
        print(f"soak: {SECONDS:.0f} s, " + ", ".join(f"{number} {what}" for what, number in self.counts.items()) +
              f"; log at most {self.largest_log / 1048576:.1f} MiB; memory {before} KiB, {100 * drift:+.1f}%")
        for one in wrong[:20]:
            print("soak:", one)
        if wrong:
            print(self.said())
            sys.exit(1)


def main():
    folder = tempfile.TemporaryDirectory(prefix="mdock-soak-")
    service = Service("--entries", "3000", "--years", "2", "--seed", str(SEED))
    soak = Soak(service, folder.name)
    try:
        soak.run()
    finally:
        if soak.daemon is not None and soak.daemon.poll() is None:
            soak.daemon.kill()
            soak.daemon.wait()
        soak.log.close()
        service.stop()
        folder.cleanup()


if __name__ == "__main__":
    main()
