#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A token that can be told from everything else: after a full run at trace level it is in no file but its own, in no log,
argument, environment, core or answer. Arguments: MDOCK SANDBOX."""
import base64
import http.client
import os
import resource
import signal
import socket
import subprocess
import unittest

from case import MDOCK, PATIENCE, Case


class Secret(Case):
    def setUp(self):
        super().setUp()
        self.make_runtime_folder()
        self.init()
        token = self.token.encode()
        self.forms = [token, token[::-1], base64.b64encode(token).rstrip(b"="), token.hex().encode()]

    def assert_free(self, where, content):
        for form in self.forms:
            self.assertNotIn(form, content, f"X06: the token is in {where}")

    def test_X06_the_token_is_nowhere_but_in_its_file_and_on_the_wire(self):
        # The service says it back where it can, as a body that quotes the request.
        self.sandbox.control("/faults", "PUT", {"faults": ["422:method=PUT:times=2", "500:times=2"]})
        log = f"{self.home}/log"
        with open(log, "wb") as out:
            child = subprocess.Popen([MDOCK, "run"], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=self.home,
                                     env={**self.environment, "MDOCK_LOG_LEVEL": "trace", "MDOCK_SYNC_INTERVAL": "1s"},
                                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
        self.addCleanup(child.wait)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        socket_path = f"{self.home}/run/mdock/control.sock"
        self.wait_until("the first round", lambda: os.path.exists(socket_path) and self.is_current())
        self.mdock("entry", "add", "a change that is sent", "--date", "yesterday")
        self.run_mdock("sync", "-v", "-v")
        self.run_mdock("verify")
        for name in ("cmdline", "environ"):
            with open(f"/proc/{child.pid}/{name}", "rb") as content:
                self.assert_free(name, content.read())
        with open(f"/proc/{child.pid}/limits", encoding="ascii") as limits:
            self.assertIn("Max core file size        0                    0", limits.read())
        for target in ("/mdock/v1/sync", "/mdock/v1/nonsense", "/mdock/v1/outbox"):
            connection = http.client.HTTPConnection("mdock", timeout=PATIENCE)
            connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.sock.connect(socket_path)
            connection.request("POST", target, '{"database": "' + self.database + '"}')
            self.assert_free(target, connection.getresponse().read())
            connection.close()
        child.send_signal(signal.SIGABRT)    # where a core would be written
        self.assertEqual(child.wait(timeout=PATIENCE), -signal.SIGABRT)
        for words in (("status", "--json"), ("doctor", "--json"), ("config", "show"), ("auth", "status"), ("doctor", "--probe", "--json")):
            done = self.run_mdock(*words)
            self.assert_free(words, (done.stdout + done.stderr).encode())
        self.mdock("snapshot", f"{self.home}/copy.db")
        self.mdock("db", "backup", f"{self.home}/backup.db")
        files = 0
        for folder, _, names in os.walk(self.home):
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and name != "token":
                    files += 1
                    with open(path, "rb") as content:
                        self.assert_free(path, content.read())
        self.assertGreater(files, 5)
        self.assertGreater(os.path.getsize(log), 10_000, "trace says little")


if __name__ == "__main__":
    unittest.main()
