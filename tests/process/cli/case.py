# SPDX-License-Identifier: MIT
"""What tests of the binary over TLS share: a sandbox, a home folder of one's own, the binary's answers.
The test program's arguments are MDOCK SANDBOX."""
import json
import os
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
PATIENCE = 120


class Sandbox:
    def __init__(self, *words):
        self.process = subprocess.Popen([SANDBOX, "--entries", "300", "--years", "2", "--seed", "7", *words], stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())

    def control(self, path, method="GET", body=None):
        """Its control path, which no fault or limit touches."""
        request = urllib.request.Request(self.ready["control_url"] + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Authorization": "Bearer " + self.ready["control_token"], "Content-Type": "application/json"})
        trust = ssl.create_default_context(cafile=self.ready["ca_file"])
        with urllib.request.urlopen(request, context=trust, timeout=PATIENCE) as answer:
            text = answer.read()
        return json.loads(text) if text.strip() else None

    def behind(self, **what):
        return self.control("/behind", "POST", what)

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

    def make_runtime_folder(self):
        """As a login has one: the daemon's control socket is below it. Returns the socket's path."""
        os.mkdir(f"{self.home}/run", 0o700)
        self.environment["XDG_RUNTIME_DIR"] = f"{self.home}/run"
        return f"{self.home}/run/mdock/control.sock"

    def run_mdock(self, *words, stdin="", **variables):
        return subprocess.run([MDOCK, *words], input=stdin, capture_output=True, text=True, timeout=PATIENCE, check=False,
                              env={**self.environment, **variables})

    def mdock(self, *words, stdin="", code=0, **variables):
        done = self.run_mdock(*words, stdin=stdin, **variables)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}{done.stderr}")
        self.assertNotIn(self.token, done.stdout + done.stderr, "X06")
        return done

    def json(self, *words, **more):
        document = json.loads(self.mdock(*words, "--json", **more).stdout)
        self.assertEqual(document["schema"], 1)
        return document

    def rows(self, sql):
        db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def everything(self):
        """Every row of the mirror, but for how many requests were sent and how fast."""
        db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        rows = [line for line in db.iterdump() if "_requests" not in line and "_pace" not in line]
        db.close()
        return rows

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
