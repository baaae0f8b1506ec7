# SPDX-License-Identifier: MIT
"""What tests of the binary over TLS share: a sandbox, a home folder of one's own, the binary's answers.
The test program's arguments are MDOCK SANDBOX."""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

MDOCK, SANDBOX = sys.argv.pop(1), sys.argv.pop(1)
PATIENCE = 120


class Sandbox:
    def __init__(self, *words):
        self.process = subprocess.Popen([SANDBOX, "--entries", "300", "--years", "2", "--seed", "7", *words], stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=PATIENCE)
        self.process.stdout.close()


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox()

    @classmethod
    def tearDownClass(cls):
        cls.sandbox.stop()

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="mdock-sandbox-test-")
        self.addCleanup(shutil.rmtree, self.home)
        self.token = self.sandbox.ready["tokens"]["admin"]
        self.database = f"{self.home}/.local/share/mdock/mirror.db"
        self.environment = {"HOME": self.home, "PATH": os.environ["PATH"], "TERM": "dumb",
                            "MDOCK_API_BASE_URL": self.sandbox.ready["url"], "MDOCK_API_CA_FILE": self.sandbox.ready["ca_file"],
                            "MDOCK_API_MAX_REQUESTS_PER_MINUTE": "6000"}

    def mdock(self, *words, stdin="", code=0, **variables):
        done = subprocess.run([MDOCK, *words], input=stdin, capture_output=True, text=True, timeout=PATIENCE,
                              env={**self.environment, **variables})
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}{done.stderr}")
        self.assertNotIn(self.token, done.stdout + done.stderr, "X06")
        return done

    def json(self, *words, **more):
        document = json.loads(self.mdock(*words, "--json", **more).stdout)
        self.assertEqual(document["schema"], 1)
        return document

    def init(self):
        return self.mdock("init", "--with-token", stdin=self.token + "\n")

    def start_run(self, **variables):
        child = subprocess.Popen([MDOCK, "run"], stderr=subprocess.PIPE, text=True, env={**self.environment, **variables})
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.wait)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        return child

    def wait_until(self, what, is_true):
        end = time.monotonic() + PATIENCE
        while not is_true():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.05)

    def is_current(self):
        done = subprocess.run([MDOCK, "status", "--check", "--json"], capture_output=True, env=self.environment, timeout=PATIENCE, check=False)
        return done.returncode == 0
