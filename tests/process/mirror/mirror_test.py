#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The binary mirrors 20,000 entries over TLS, and the file is compared field by field with the service's own state:
for ten drawings of what its documentation leaves open, and after kills at random moments of a first load.

Arguments: MDOCK SANDBOX [KILLS]; as many kills as are asked for, eight when not."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from service import MDOCK, Mirror, Service, as_words, differences, draw_switches

KILLS = int(sys.argv.pop(1)) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 8
SIZE = ("--entries", "20000", "--years", "6")
DRAWINGS = 10


class Loaded(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="mdock-mirror-test-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.addCleanup(shutil.rmtree, self.folder)

    def sync(self, mirror):
        done = mirror.run("sync", "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def test_ten_drawings_of_the_service_over_tls(self):
        for seed in range(1, DRAWINGS + 1):
            drawn = draw_switches(seed)
            token = random.Random(seed).choice(["admin", "admin", "member", "limited", "invoices"])
            service = Service(*SIZE, "--seed", str(seed), *as_words(drawn))
            self.addCleanup(service.stop)
            with self.subTest(seed=seed, token=token, drawn=drawn):
                mirror = Mirror(service, token, self.folder)
                mirror.forget()
                self.sync(mirror)
                self.assertEqual(differences(mirror.database, mirror.expected()), [])
                again = self.sync(mirror)
                self.assertEqual([one for one in again["resources"] if one["inserted"] + one["updated"]], [])
            service.stop()

    def test_kills_at_random_moments_of_a_first_load(self):
        service = Service(*SIZE, "--seed", "31", "--latency", "3ms")
        self.addCleanup(service.stop)
        mirror = Mirror(service, "admin", self.folder)
        began = time.monotonic()
        self.sync(mirror)
        length = time.monotonic() - began
        clean = service.requests()
        wanted = mirror.expected()
        repeated = 0
        dice = random.Random(5)
        for kill in range(KILLS):
            service.control("/requests", "DELETE")
            mirror.forget()
            child = subprocess.Popen([MDOCK, "sync", "-q"], stderr=subprocess.DEVNULL, env=mirror.environment)
            try:
                child.wait(timeout=dice.uniform(0.02, length))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            self.sync(mirror)
            self.assertEqual(differences(mirror.database, wanted), [], f"after kill {kill}")
            repeated += (service.requests() - clean).total()
        print(f"{KILLS} kills: {clean.total()} requests for one load, {repeated} asked again in all")
        self.assertLess(repeated, 0.1 * clean.total() * KILLS)


if __name__ == "__main__":
    unittest.main()
