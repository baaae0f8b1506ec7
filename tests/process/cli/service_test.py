#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The daemon under a service manager: what it tells systemd, the socket that is passed to it, SIGHUP, SIGSTOP, and
`mdock service` with a make-believe systemctl. Arguments: MDOCK SANDBOX."""
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import unittest

from case import MDOCK, PATIENCE, Case


class Notified(Case):
    """A daemon with a notify socket of ours."""

    def setUp(self):
        super().setUp()
        self.control = self.make_runtime_folder()
        self.notify = f"{self.home}/notify"
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(self.notify)
        self.manager.settimeout(PATIENCE)
        self.addCleanup(self.manager.close)
        self.said = []
        self.init()

    def begin(self, **variables):
        return self.start_run(NOTIFY_SOCKET=self.notify, **variables)

    def hear(self, wanted):
        """What was said up to and with the first message that has the line."""
        end = time.monotonic() + PATIENCE
        while True:
            lines = self.manager.recv(65536).decode().split("\n")
            self.said.append(lines)
            if any(line.startswith(wanted) for line in lines):
                return lines
            self.assertLess(time.monotonic(), end, f"{wanted} was not said: {self.said}")

    def end(self, child):
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=PATIENCE), 0)

    def is_answered(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.connect(self.control)

    def test_L01_ready_comes_when_callers_are_answered_and_stopping_at_the_end(self):
        child = self.begin()
        ready = self.hear("READY=1")
        self.is_answered()
        self.assertIn(f"STATUS=mirroring into {self.database}", ready)
        self.hear("STATUS=in sync")
        child.send_signal(signal.SIGTERM)
        self.hear("STOPPING=1")
        self.assertEqual(child.wait(timeout=PATIENCE), 0)

    def test_status_says_what_waits(self):
        self.mdock("sync")
        self.mdock("entry", "add", "waits for its client", "--date", "yesterday")
        self.mdock("outbox", "hold")
        child = self.begin()
        self.assertIn("STATUS=in sync, 1 queued", self.hear("STATUS=in sync"))
        self.end(child)

    def test_L05_the_watchdog_is_fed_and_a_stopped_process_goes_on(self):
        child = self.begin(WATCHDOG_USEC="900000")
        self.hear("READY=1")
        for _ in range(5):
            self.hear("WATCHDOG=1")
        child.send_signal(signal.SIGSTOP)
        self.manager.setblocking(False)
        while True:
            try:
                self.manager.recv(65536)
            except BlockingIOError:
                break
        self.manager.settimeout(PATIENCE)
        child.send_signal(signal.SIGCONT)
        self.hear("WATCHDOG=1")
        self.end(child)

    def test_L05_a_watchdog_of_another_process_is_none_of_ours(self):
        child = self.begin(WATCHDOG_USEC="900000", WATCHDOG_PID="1")
        self.hear("STATUS=in sync")
        self.assertFalse(any("WATCHDOG=1" in lines for lines in self.said), self.said)
        self.end(child)

    def test_L03_stopped_and_continued_it_syncs_again(self):
        child = self.begin(MDOCK_SYNC_INTERVAL="1s")
        self.hear("STATUS=in sync")
        child.send_signal(signal.SIGSTOP)
        before = self.rows("SELECT max(seq) FROM changes")
        entry = self.rows("SELECT max(entry_id) FROM entries WHERE invoice_id IS NULL")[0][0]
        self.sandbox.control(f"/as/admin/entries/{entry}", "PUT", {"entry": {"description": "while it stood still"}})
        child.send_signal(signal.SIGCONT)
        self.wait_until("what was changed meanwhile", lambda: self.rows("SELECT max(seq) FROM changes") != before)
        self.end(child)

    def test_L12_a_reload_takes_over_what_may_change_and_keeps_the_file(self):
        child = self.begin()
        self.hear("READY=1")
        config = f"{self.home}/.config/mdock/config.toml"
        with open(config, "a", encoding="utf-8") as more:
            more.write('\n[log]\nlevel = "debug"\n[database]\npath = "/elsewhere/mirror.db"\n')
        child.send_signal(signal.SIGHUP)
        self.hear("RELOADING=1")
        self.assertTrue(any(line.startswith("MONOTONIC_USEC=") for line in self.said[-1]))
        self.assertIn(f"STATUS=mirroring into {self.database}", self.hear("READY=1"))
        self.is_answered()
        self.hear("STATUS=in sync")
        self.end(child)
        log = child.stderr.read()
        self.assertIn("/elsewhere/mirror.db now; that takes effect at the next start", log)
        self.assertIn("debug", log)

    def test_L12_a_reload_of_a_wrong_configuration_changes_nothing(self):
        child = self.begin()
        self.hear("READY=1")
        with open(f"{self.home}/.config/mdock/config.toml", "a", encoding="utf-8") as more:
            more.write("\nnonsense = [\n")
        child.send_signal(signal.SIGHUP)
        self.hear("RELOADING=1")
        self.hear("READY=1")
        self.end(child)
        self.assertIn("the configuration stays as it was", child.stderr.read())

    def test_L10_a_keychain_that_is_locked_asks_for_more_time(self):
        tool = f"{self.home}/keychain"
        with open(tool, "w", encoding="utf-8") as script:
            script.write(f"#!/bin/sh\n[ -e {self.home}/unlocked ] || exit 1\ncat {self.home}/unlocked\n")
        os.chmod(tool, 0o700)
        child = self.begin(MDOCK_AUTH_TOKEN_COMMAND=json.dumps([tool]))
        self.hear("STATUS=waiting")
        self.hear("EXTEND_TIMEOUT_USEC=")
        with open(f"{self.home}/unlocked", "w", encoding="utf-8") as key:
            key.write(self.token + "\n")
        child.send_signal(signal.SIGHUP)    # looks again at once
        self.hear("READY=1")
        self.end(child)

    def pass_socket(self, name="control"):
        self.control = f"{self.home}/passed.sock"
        passed = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(passed.close)
        passed.bind(self.control)
        passed.listen()
        script = f'exec 3<&{passed.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES={name} exec "{MDOCK}" run'
        child = subprocess.Popen(["bash", "-c", script], pass_fds=[passed.fileno()], stderr=subprocess.PIPE, text=True,
                                 env={**self.environment, "NOTIFY_SOCKET": self.notify})
        self.addCleanup(child.stderr.close)
        self.addCleanup(child.wait)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        return child

    def ask_for_a_round(self):
        body = json.dumps({"database": self.database}).encode()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.settimeout(PATIENCE)
            caller.connect(self.control)
            caller.sendall(b"POST /mdock/v1/sync HTTP/1.1\r\nHost: mdock\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            return caller.recv(65536).split(b"\r\n")[0]

    def test_the_socket_that_is_passed_is_the_control_and_stays(self):
        child = self.pass_socket()
        self.hear("READY=1")
        self.assertEqual(self.ask_for_a_round(), b"HTTP/1.1 200 OK")
        child.send_signal(signal.SIGHUP)
        self.hear("READY=1")
        self.assertEqual(self.ask_for_a_round(), b"HTTP/1.1 200 OK")
        self.assertFalse(os.path.exists(f"{self.home}/run/mdock/control.sock"))
        self.end(child)
        self.assertTrue(os.path.exists(self.control))

    @unittest.skipUnless(shutil.which("systemd-socket-activate"), "no systemd-socket-activate")
    def test_systemd_socket_activate_starts_it_with_the_first_caller(self):
        self.control = f"{self.home}/activated.sock"
        words = ["systemd-socket-activate", "-l", self.control, "--fdname=control"]
        for name in {**self.environment, "NOTIFY_SOCKET": self.notify}:
            words += ["-E", name]
        child = subprocess.Popen([*words, MDOCK, "run"], stderr=subprocess.DEVNULL,
                                 env={**self.environment, "NOTIFY_SOCKET": self.notify})
        self.addCleanup(child.wait)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        self.wait_until("the socket", lambda: os.path.exists(self.control))
        self.assertEqual(self.ask_for_a_round(), b"HTTP/1.1 200 OK")
        self.hear("READY=1")
        self.end(child)


class Personal(Case):
    """`mdock service` with a systemctl that writes down what it is asked."""

    def setUp(self):
        super().setUp()
        tools = f"{self.home}/tools"
        os.mkdir(tools)
        self.asked = f"{self.home}/asked"
        self.state = f"{self.home}/state"
        with open(f"{tools}/systemctl", "w", encoding="utf-8") as script:
            script.write(f"""#!/bin/sh
echo "$*" >>{self.asked}
env >{self.home}/seen
case "$2" in
    is-active) cat {self.state} 2>/dev/null || {{ echo inactive; exit 3; }} ;;
    is-enabled) [ -e {self.state} ] && echo enabled || {{ echo disabled; exit 1; }} ;;
    restart) [ ! -e {self.home}/broken ] || {{ echo "no user manager" >&2; exit 1; }}; echo active >{self.state} ;;
    disable) rm -f {self.state} ;;
esac
""")
        os.chmod(f"{tools}/systemctl", 0o755)
        self.environment["PATH"] = f"{tools}:{self.environment['PATH']}"
        self.unit = f"{self.home}/.config/systemd/user/mdock.service"
        self.init()

    def words(self):
        with open(self.asked, encoding="utf-8") as lines:
            return lines.read().split("\n")[:-1]

    def test_L15_install_status_uninstall(self):
        self.assertIn("No service is installed", self.mdock("service", "status", code=3).stdout)
        done = self.mdock("service", "install", MDOCK_TOKEN="mdt-secret-of-nobody")
        self.assertIn("loginctl enable-linger", done.stderr)
        with open(f"{self.home}/seen", encoding="utf-8") as seen:
            self.assertNotIn("MDOCK_", seen.read())
        self.assertEqual(self.words(), ["--user daemon-reload", "--user enable mdock.service", "--user restart mdock.service"])
        with open(self.unit, encoding="utf-8") as unit:
            text = unit.read()
        self.assertIn(f'ExecStart="{os.path.realpath(MDOCK)}" "run"', text)
        self.assertIn(f'ReadWritePaths=-"{os.path.dirname(self.database)}"', text)
        said = self.json("service", "status")
        self.assertEqual((said["installed"], said["enabled"], said["running"]), (True, True, True))
        self.mdock("service", "install")    # once more: replaced
        self.mdock("service", "uninstall")
        self.assertFalse(os.path.exists(self.unit))
        self.assertTrue(os.path.exists(f"{self.home}/.config/mdock/config.toml"))
        self.mdock("service", "uninstall")

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_the_unit_is_one_that_systemd_takes_with_a_configuration_of_odd_name(self):
        odd = f"{self.home}/my % \"config\" $HOME.toml"
        shutil.copy(f"{self.home}/.config/mdock/config.toml", odd)
        os.chmod(odd, 0o600)
        text = self.mdock("--config", odd, "service", "install", "--dry-run").stdout
        self.assertFalse(os.path.exists(self.unit))
        unit = f"{self.home}/mdock.service"
        with open(unit, "w", encoding="utf-8") as out:
            out.write(text)
        said = subprocess.run(["systemd-analyze", "verify", "--user", unit], capture_output=True, text=True, check=False, timeout=PATIENCE,
                              env={**os.environ, "XDG_RUNTIME_DIR": self.home})
        self.assertNotIn(unit, said.stdout + said.stderr)
        self.assertIn("my %% \\\"config\\\" $$HOME.toml", text)

    def test_a_unit_of_ones_own_is_not_touched(self):
        os.makedirs(os.path.dirname(self.unit))
        with open(self.unit, "w", encoding="utf-8") as unit:
            unit.write("[Service]\nExecStart=/bin/true\n")
        for word in ("install", "uninstall"):
            self.assertIn("was not written by mdock", self.mdock("service", word, code=2).stderr)
        with open(self.unit, encoding="utf-8") as unit:
            self.assertIn("/bin/true", unit.read())

    def test_a_service_manager_that_refuses_is_said(self):
        with open(f"{self.home}/broken", "w", encoding="utf-8"):
            pass
        done = self.mdock("service", "install", code=1)
        self.assertIn("`systemctl --user restart mdock.service` did not do it", done.stderr)
        self.assertEqual(self.json("service", "status", code=7)["running"], False)

    def test_L15_without_a_service_manager_the_unit_is_removed_all_the_same(self):
        self.mdock("service", "install")
        with open(f"{self.home}/tools/systemctl", "w", encoding="utf-8") as script:
            script.write("#!/bin/sh\necho 'no bus' >&2\nexit 1\n")
        done = self.mdock("service", "uninstall")
        self.assertIn("did not do it", done.stderr)
        self.assertFalse(os.path.exists(self.unit))

    def test_without_a_configuration_nothing_is_installed(self):
        self.mdock("--config", f"{self.home}/none.toml", "service", "install", code=2)
        self.assertFalse(os.path.exists(self.unit))


if __name__ == "__main__":
    unittest.main()
