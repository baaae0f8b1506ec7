#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""`mdock verify` against whatever people do in a web application, over TLS: for six drawings of what the service's
documentation leaves open and three tokens each, random acts and faults, then a quiet proof; the file is compared field by
field with the service's own state, and no row that the account still shows was taken away. Then what a proof costs.

Arguments: MDOCK SANDBOX."""
import collections
import concurrent.futures
import datetime
import json
import os
import random
import shutil
import tempfile
import time
import unittest

from service import KEYS, UNSEEN, VOLATILE, Mirror, Service, as_words, differences, draw_switches

DRAWINGS = 6
CYCLES = 2
TOKENS = ("admin", "member", "limited")
CLOSING = ("items", "expenses", "reports", "all_users_denied")
FAULTS = ("500:p=0.15", "lost:p=0.1", "cut:p=0.1", "array:p=0.1", "truncated:p=0.1", "404:p=0.05", "html:p=0.1")
# A fault is waited out for at most two seconds, and a second look a second after the first is taken for late enough.
HASTE = {"MDOCK_API_RETRY_MIN": "1s", "MDOCK_API_RETRY_MAX": "2s", "MDOCK_SYNC_SECOND_READ_AFTER": "1s"}
MOST_PROOFS = 5


class WebApplication:
    """People at work on the account, at random; the API's part of it as another client with the admin's token."""

    def __init__(self, service, dice, is_long):
        self.service, self.dice, self.is_long = service, dice, is_long
        self.done = collections.Counter()
        self.reports_on_others = {"member": False, "limited": True}

    def look(self):
        self.tables = self.service.control("/expected/admin")["tables"]

    def any(self, table):
        return int(self.dice.choice(sorted(self.tables[table])))

    def free_entry(self):
        return int(self.dice.choice(sorted(key for key, row in self.tables["entries"].items() if row["invoice_id"] is None)))

    def of_some_entry(self, act):
        """One of them may be locked; that all of them are is a mistake of the test."""
        if not any(act(self.free_entry()) for _ in range(50)):
            raise AssertionError("the service refuses to change any entry")

    def earlier(self, entry):
        day = datetime.date.fromisoformat(self.tables["entries"][str(entry)]["entry_date"])
        return str(day - datetime.timedelta(days=self.dice.randint(1, 40)))

    def act(self):
        # With more entries than are read whole for a person, what nobody stamps and no count shows is the sweep's to find.
        silent = () if self.is_long else (self.move_in_silence, self.edit_in_silence)
        acts = (self.delete, self.delete, self.move, self.create, self.strip, self.merge, self.archive, self.delete_expense,
                self.delete_invoice, self.permit, *silent)
        what = self.dice.choice(acts)
        self.look()
        what()
        self.done[what.__name__] += 1

    def delete(self):
        self.of_some_entry(lambda entry: self.service.as_admin(f"/entries/{entry}", "DELETE"))

    def move(self):
        self.of_some_entry(lambda entry: self.service.as_admin(f"/entries/{entry}", "PUT", {"entry": {"date": self.earlier(entry)}}))

    def create(self):
        fresh = {"description": "New", "duration": 900, "date": self.earlier(self.free_entry())}
        self.service.control("/as/admin/entries", "POST", {"entry": fresh})

    def move_in_silence(self):
        entry = self.free_entry()
        self.service.behind(edit_entry=entry, date=self.earlier(entry))

    def edit_in_silence(self):
        self.service.behind(edit_entry=self.any("entries"), description="Another text", duration=self.dice.randint(60, 9000))

    def strip(self):
        self.service.behind(strip_task=self.any("tasks"))

    def merge(self):
        merged, into = self.any("contacts"), self.any("contacts")
        if merged != into:
            self.service.behind(merge_contacts=[merged, into])

    def archive(self):
        self.service.control(f"/as/admin/contacts/{self.any('contacts')}", "PUT", {"contact": {"active": self.dice.random() < 0.3}})

    def delete_expense(self):
        if len(self.tables["expenses"]) > 2:
            self.service.behind(delete_expense=self.any("expenses"))

    def delete_invoice(self):
        if self.tables["invoices"]:
            self.service.behind(delete_invoice=self.any("invoices"))

    def permit(self):
        token = self.dice.choice(sorted(self.reports_on_others))
        self.reports_on_others[token] = not self.reports_on_others[token]
        self.service.behind(rights_of=int(self.ids[token]), report_on_others=self.reports_on_others[token])


def wrongly_gone(mirror, whole, hidden_is_403):
    """Rows marked as gone that MinuteDock still shows this token, or says by 403 that it has."""
    mine = mirror.expected()["tables"]
    found = []
    gone = mirror.rows("SELECT resource, row_id, evidence FROM gone_rows WHERE evidence <> 'hidden'")
    for table in UNSEEN:
        gone += mirror.rows(f"SELECT '{table}', {KEYS[table]}, '404' FROM {table} WHERE presence = 'gone'")
    for table, row_id, evidence in gone:
        is_shown = str(row_id) in mine.get(table, {})
        is_known = hidden_is_403 and evidence == "404" and str(row_id) in whole.get(table, {})
        if is_shown or is_known:
            found.append(f"{table} {row_id} is gone by {evidence}")
    return found


class Drawing:
    def __init__(self, seed, folder):
        # Every second account is long: three windows of entries, pages of a hundred, so that counts are what proves it.
        self.seed, self.is_long = seed, seed % 2 == 1
        self.dice = random.Random(seed)
        self.drawn = draw_switches(seed, CLOSING) | {"commit_lag": "none", "page_clamp": "100" if self.is_long else "none"}
        size = ("--entries", "700" if self.is_long else "250", "--years", "2")
        self.service = Service(*size, "--seed", str(seed), *as_words(self.drawn))
        self.mirrors = [Mirror(self.service, token, folder, **HASTE) for token in TOKENS]
        self.wrong, self.proofs = [], 0

    def blame(self, mirror, when, lines):
        self.wrong += [f"{mirror.token}, {when}: {line}" for line in lines]

    def prove(self, mirror, *words):
        self.proofs += 1
        done = mirror.run("verify", "--json", *words)
        return done.returncode, json.loads(done.stdout) if done.stdout else {"said": done.stderr}

    def prove_until_equal(self, mirror, when):
        """In quiet: at once, but where the guard or the second read asks for more."""
        words = ()
        for _ in range(MOST_PROOFS):
            code, report = self.prove(mirror, *words)
            if code == 0 or not (report.get("held") or report.get("unsettled")):
                break
            words = ("--accept",)
            time.sleep(1.1)
        if code != 0 or not report["equal"]:
            self.blame(mirror, when, [f"exit {code}: {json.dumps(report)}"])
            return
        wanted, ignored = mirror.expected(), set(VOLATILE)
        # What a token may not read any more is kept as it was.
        for table, state in wanted["states"].items():
            if state != "current":
                wanted["tables"].pop(table, None)
        if self.is_long:
            ignored |= self.left_to_the_sweep(mirror, wanted)
        self.blame(mirror, when, differences(mirror.database, wanted, ignored))

    def left_to_the_sweep(self, mirror, wanted):
        """Who cannot see that an invoice was deleted, or that a contact was merged, is told by nothing of their entries."""
        entries = wanted["tables"]["entries"]
        for entry, in mirror.rows("SELECT entry_id FROM entries JOIN contacts USING (contact_id) WHERE presence = 'placeholder'"):
            entries.get(str(entry), {}).pop("contact_id", None)
        return set() if wanted["states"]["invoices"] == "current" else {("entries", "invoice_id")}

    def look_for_wrongs(self, mirror, when):
        whole = self.service.control("/expected/admin")["tables"]
        self.blame(mirror, when, wrongly_gone(mirror, whole, self.drawn.get("invisible_id") == "403"))

    def run(self):
        try:
            for mirror in self.mirrors:
                self.prove_until_equal(mirror, "first")
            web = WebApplication(self.service, self.dice, self.is_long)
            web.ids = {mirror.token: mirror.rows("SELECT user_account_id FROM users WHERE is_me")[0][0] for mirror in self.mirrors}
            for cycle in range(CYCLES):
                self.cycle(web, f"cycle {cycle}")
            return web.done
        finally:
            self.service.stop()

    def cycle(self, web, when):
        for _ in range(self.dice.randint(2, 6)):
            web.act()
        fault = self.dice.choice(FAULTS)
        self.service.control("/faults", "PUT", {"faults": [fault]})
        for mirror in self.mirrors:
            code, _ = self.prove(mirror)
            if code not in (0, 4, 5, 9):
                self.blame(mirror, f"{when} under {fault}", [f"exit {code}"])
            self.look_for_wrongs(mirror, f"{when} under {fault}")
        self.service.control("/faults", "DELETE")
        for mirror in self.mirrors:
            self.prove_until_equal(mirror, f"{when} after {fault}")
            self.look_for_wrongs(mirror, when)


class InFolder(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="mdock-proof-test-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.addCleanup(shutil.rmtree, self.folder)

    def subfolder(self, name):
        path = f"{self.folder}/{name}"
        os.mkdir(path)
        return path


class AfterAnyActs(InFolder):
    def test_the_next_quiet_proof_finds_all_and_takes_nothing_that_is_there(self):
        drawings = [Drawing(seed, self.subfolder(seed)) for seed in range(1, DRAWINGS + 1)]
        for one in drawings:
            self.addCleanup(one.service.stop)
        with concurrent.futures.ThreadPoolExecutor(DRAWINGS) as pool:
            acts = sum(pool.map(Drawing.run, drawings), collections.Counter())
        print(f"{DRAWINGS} drawings x {len(TOKENS)} tokens: {sum(one.proofs for one in drawings)} proofs over TLS; acts:",
              ", ".join(f"{count} {name}" for name, count in sorted(acts.items())))
        for one in drawings:
            with self.subTest(seed=one.seed, drawn=one.drawn):
                self.assertEqual(one.wrong, [])


class Hidden(InFolder):
    def test_D07_hidden_rows_carry_what_was_answered_and_come_back(self):
        for status, evidence, presence in (("404", "404", "gone"), ("403", "hidden", "hidden")):
            service = Service("--tidy", "--entries", "300", "--years", "2", "--seed", "7", "--switch", f"invisible_id={status}")
            self.addCleanup(service.stop)
            mirror = Mirror(service, "limited", self.subfolder(status))
            self.assertEqual(mirror.run("verify").returncode, 0)
            me = mirror.rows("SELECT user_account_id FROM users WHERE is_me")[0][0]
            allowed = [row[0] for row in mirror.rows("SELECT contact_id FROM contacts WHERE presence = 'present'")]
            hidden, _ = mirror.rows(f"""SELECT contact_id, count(*) FROM entries JOIN contacts USING (contact_id)
                                        WHERE presence = 'present' AND user_account_id <> {me} GROUP BY 1 ORDER BY 2""")[0]
            service.behind(rights_of=me, contacts=[one for one in allowed if one != hidden])
            # How many of its entries there are is the account's; so many at once may want a person's word.
            self.assertEqual(mirror.run("verify", "--accept").returncode, 0)
            self.assertEqual(mirror.rows("SELECT DISTINCT evidence FROM gone_rows"), [(evidence,)])
            self.assertEqual(mirror.rows(f"SELECT presence FROM contacts WHERE contact_id = {hidden}"), [(presence,)])
            self.assertEqual(differences(mirror.database, mirror.expected(), VOLATILE), [])
            service.behind(rights_of=me, contacts=allowed)
            self.assertEqual(mirror.run("verify").returncode, 0)
            self.assertEqual(mirror.rows("SELECT * FROM gone_rows"), [])
            self.assertEqual(differences(mirror.database, mirror.expected(), VOLATILE), [])


class Cost(InFolder):
    def proof_cost(self, mirror, service):
        """(requests to entries and reports, of any kind, differences) of one verification."""
        service.control("/requests", "DELETE")
        done = mirror.run("verify", "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        paths = [one["target"].split("?")[0].split("/api/v1")[-1] for one in service.control("/requests")["log"]]
        return sum(path.startswith(("/entries", "/reports")) for path in paths), len(paths), len(json.loads(done.stdout)["differences"])

    def delete_some(self, service, mirror, count):
        """As many entries, far apart; the ids of those that went."""
        free = [row[0] for row in mirror.rows("SELECT entry_id FROM entries WHERE invoice_id IS NULL ORDER BY entry_date, entry_id")]
        gone = set()
        for i in range(count):
            at = len(free) * (i + 1) // (count + 2)
            gone.add(next(entry for entry in free[at:at + 50] if service.as_admin(f"/entries/{entry}", "DELETE")))
        return gone

    def measure(self, entries):
        service = Service("--tidy", "--entries", str(entries), "--years", "10", "--seed", "5")
        self.addCleanup(service.stop)
        mirror = Mirror(service, "admin", self.subfolder(entries))
        self.assertEqual(mirror.run("sync").returncode, 0)
        self.assertEqual(mirror.run("verify").returncode, 0)
        before = mirror.rows("SELECT count(*) FROM entries")[0][0]
        lines, gone = [], set()
        for deletions in (0, 1, 5):
            gone |= self.delete_some(service, mirror, deletions)
            lines.append((entries, deletions, *self.proof_cost(mirror, service)))
        self.assertEqual({row[0] for row in mirror.rows("SELECT row_id FROM gone_rows")}, gone)
        self.assertEqual(mirror.rows("SELECT count(*) FROM entries")[0][0], before - len(gone))
        return lines

    def test_requests_of_a_proof_are_what_the_protocol_says(self):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            lines = [line for of_one in pool.map(self.measure, (2_000, 20_000, 100_000)) for line in of_one]
        print(f"{'entries':>8} {'deletions':>10} {'requests to entries and reports':>32} {'protocol, at most':>18} {'of any kind':>12}")
        for entries, deletions, priced, all_of_them, found in lines:
            # Delta, count, the days on which a running timer may be counted, delta; for each deletion its day and its id.
            protocol = 4 + 2 * deletions
            print(f"{entries:>8,} {deletions:>10} {priced:>32} {protocol:>18} {all_of_them:>12}")
            with self.subTest(entries=entries, deletions=deletions):
                self.assertEqual(found, deletions)
                self.assertLessEqual(priced, min(protocol, 25))
                self.assertLessEqual(all_of_them, 60)


if __name__ == "__main__":
    unittest.main()
