#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The running daemon's control socket: `mdock sync` and `mdock verify` go through it, nobody else gets in. Arguments: MDOCK SANDBOX."""
import http.client
import json
import os
import signal
import socket
import stat
import unittest

from case import PATIENCE, Case


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("mdock", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


class Control(Case):
    def setUp(self):
        super().setUp()
        self.socket = self.make_runtime_folder()
        self.init()

    def begin(self):
        child = self.start_run()
        self.wait_until("the first round", lambda: os.path.exists(self.database) and self.is_current())
        return child

    def end(self, child):
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=PATIENCE), 0)

    def ask(self, method, target, body=""):
        connection = UnixConnection(self.socket)
        connection.request(method, target, body)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        connection.close()
        return answer.status, said

    def test_L04_one_writer_and_sync_goes_through_it(self):
        child = self.begin()
        second = self.mdock("run", code=8)
        self.assertIn(str(child.pid), second.stderr)
        report = self.json("sync", "--full")
        self.assertEqual({one["resource"]: one["state"] for one in report["resources"]}["entries"], "current")
        self.assertEqual(report["errors"], [])
        self.assertGreater(report["requests"], 3)
        shown = self.mdock("sync", "entries")
        self.assertIn("entries", shown.stdout)
        self.assertIn("daemon", shown.stderr)
        self.assertIsNone(child.poll())
        self.end(child)

    def test_L01_socket_is_the_users_alone_and_goes_with_the_daemon(self):
        child = self.begin()
        self.assertEqual(stat.S_IMODE(os.stat(self.socket).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(self.socket)).st_mode), 0o700)
        self.end(child)
        self.assertFalse(os.path.exists(self.socket))

    def test_X13_a_folder_that_others_share_keeps_its_mode(self):
        del self.environment["XDG_RUNTIME_DIR"]
        folder = f"{self.home}/shared"
        os.mkdir(folder)
        os.chmod(folder, 0o750)
        self.database = self.environment["MDOCK_DATABASE_PATH"] = f"{folder}/mirror.db"
        child = self.begin()
        self.assertTrue(stat.S_ISSOCK(os.stat(f"{folder}/control.sock").st_mode))
        self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o750)
        self.json("sync")
        self.end(child)

    def test_what_is_not_understood_is_refused_and_the_daemon_goes_on(self):
        child = self.begin()
        good = json.dumps({"database": os.path.realpath(self.database), "resources": ["entries"]})
        self.assertEqual(self.ask("POST", "/mdock/v1/sync", good)[0], 200)
        status, report = self.ask("POST", "/mdock/v1/verify", good)
        self.assertEqual((status, report["equal"], report["sync"]["errors"]), (200, True, []))
        self.assertEqual(self.ask("GET", "/mdock/v1/sync")[0], 405)
        self.assertEqual(self.ask("POST", "/mdock/v1/other", good)[0], 404)
        self.assertEqual(self.ask("POST", "/mdock/v1/sync", "nonsense")[0], 400)
        self.assertEqual(self.ask("POST", "/mdock/v1/sync", '{"database":"/elsewhere"}')[0], 409)
        self.assertEqual(self.ask("GET", "/mdock/v1/verify")[0], 405)
        self.assertEqual(self.ask("POST", "/mdock/v1/verify", '{"database":"/elsewhere"}')[0], 409)
        both = json.dumps({"database": os.path.realpath(self.database), "dry_run": True, "accept": True})
        self.assertEqual(self.ask("POST", "/mdock/v1/verify", both)[0], 400)
        unknown = json.dumps({"database": os.path.realpath(self.database), "resources": ["cheese"]})
        self.assertEqual(self.ask("POST", "/mdock/v1/sync", unknown)[0], 400)
        self.assertIsNone(child.poll())
        self.end(child)

    def test_a_stale_socket_is_taken_over(self):
        os.mkdir(os.path.dirname(self.socket), 0o700)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left_behind:
            left_behind.bind(self.socket)
        child = self.begin()
        self.json("sync")
        self.end(child)


if __name__ == "__main__":
    unittest.main()
