#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The Debian package, from packing to purging, in a copy-on-write copy of this machine that is gone when the test ends: the
real one has no package, user or file more. Skips (77) without root or without the tools. Argument: the build folder."""
import gzip
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PATIENCE = 600
TOOLS = ("cpack", "dpkg-deb", "dpkg-shlibdeps", "unshare", "mount", "chroot", "systemd-sysusers", "systemd-tmpfiles", "man")
# What systemd would be asked to do; it does not run in the copy.
SYSTEMCTL = '#!/bin/sh\necho "$@" >>/var/log/asked\n'


def skip(why):
    print(f"package test skipped: {why}")
    sys.exit(77)


def run(*words, codes=(0,), **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False, **more)
    assert done.returncode in codes, f"{words} ended with {done.returncode}\n{done.stdout}{done.stderr}"
    return done


class Machine:
    """A copy of this machine: its root below an overlay, so that what is written is in memory only. This process has a mount
    namespace of its own (see main), which takes everything along when it ends."""

    def __init__(self, work):
        self.root = f"{work}/root"
        run("mount", "-t", "tmpfs", "tmpfs", work)
        for folder in ("root", "upper", "work"):
            os.mkdir(f"{work}/{folder}")
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={work}/upper,workdir={work}/work", self.root)
        for folder in ("proc", "dev"):
            run("mount", "--rbind", f"/{folder}", f"{self.root}/{folder}")
        run("mount", "-t", "tmpfs", "tmpfs", f"{self.root}/run")
        run("mount", "-t", "tmpfs", "tmpfs", f"{self.root}/tmp")
        for path in ("/usr/sbin/policy-rc.d", "/var/lib/man-db/auto-update"):  # the container's own wishes, and a slow index
            self.path(path).unlink(missing_ok=True)
        self.write("/usr/bin/systemctl", SYSTEMCTL, 0o755)

    def path(self, path):
        return pathlib.Path(self.root + path)

    def write(self, path, text, mode=0o644):
        self.path(path).unlink(missing_ok=True)
        self.path(path).write_text(text, encoding="utf-8")
        self.path(path).chmod(mode)

    def do(self, *words, codes=(0,)):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        return run("chroot", self.root, *words, codes=codes, env=environment, stdin=subprocess.DEVNULL)

    def install(self, package, *how):
        shutil.copy(package, self.path("/tmp/mdock.deb"))
        return self.do("dpkg", *how, "-i", "/tmp/mdock.deb").stdout

    def asked(self):
        """What systemd was asked since the last time."""
        log = self.path("/var/log/asked")
        text = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return text

    def owner(self, path):
        return self.do("stat", "-c", "%U:%G %a", path).stdout.strip()


class Package(unittest.TestCase):
    before = ()  # files of this machine that are called so, and are not the package's

    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.mkdtemp(prefix="mdock-package-")
        cls.first = cls.pack("first", "DEB")
        cls.second = cls.pack("second", "DEB", "-D", "CPACK_PACKAGE_VERSION=99.1")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work)

    @classmethod
    def pack(cls, name, kind, *more):
        out = f"{cls.work}/{name}"
        os.umask(0o077)  # whoever packs may have a strict one
        run("cpack", "--config", f"{BUILD}/CPackConfig.cmake", "-G", kind, "-B", out, *more, cwd=BUILD)
        made = [path for path in pathlib.Path(out).iterdir() if path.is_file()]
        assert len(made) == 1, made
        return str(made[0])

    def listed(self, package):
        """path: mode and owner."""
        rows = [line.split(None, 5) for line in run("dpkg-deb", "-c", package).stdout.splitlines()]
        return {row[5].removeprefix("."): (row[0], row[1]) for row in rows}

    def test_contents_modes_and_owners(self):
        files = self.listed(self.first)
        for path, (mode, owner) in files.items():
            right = "drwxr-xr-x" if path.endswith("/") else "-rwxr-xr-x" if path.startswith("/usr/bin/") else "-rw-r--r--"
            self.assertEqual((mode, owner), (right, "root/root"), path)
        wanted = ["/usr/bin/mdock", "/usr/bin/mdock-sandbox", "/etc/mdock/config.toml", "/usr/lib/sysusers.d/mdock.conf",
                  "/usr/lib/tmpfiles.d/mdock.conf", "/usr/share/bash-completion/completions/mdock", "/usr/share/zsh/vendor-completions/_mdock",
                  "/usr/share/fish/vendor_completions.d/mdock.fish"]
        wanted += [f"/usr/share/doc/mdock/{name}" for name in ("copyright", "changelog.gz", "NEWS.md.gz", "README.md.gz", "schema.sql.gz", "examples/odbc.ini")]
        wanted += [f"/lib/systemd/system/{path.name}" for path in (ROOT / "systemd").iterdir() if path.suffix in (".service", ".socket")]
        wanted += [f"/usr/lib/systemd/user/{path.name}" for path in (ROOT / "systemd/user").iterdir()]
        wanted += [f"/usr/share/man/man{path.stem[-1]}/{path.stem}.gz" for path in (ROOT / "docs/man").glob("*.in")]
        self.assertEqual([path for path in wanted if path not in files], [])
        self.assertIn("/lib/systemd/system/mdock@.service", wanted)

    def test_fields_and_conffile(self):
        field = lambda name, package=self.first: run("dpkg-deb", "-f", package, name).stdout.strip()
        for library in ("libc6", "libsqlite3-0", "libssl3", "libstdc++6", "tzdata", "ca-certificates"):
            self.assertIn(library, field("Depends"))
        self.assertEqual(field("Version", self.second), "99.1")
        self.assertIn("_99.1_", self.second)
        folder = f"{self.work}/control"
        run("dpkg-deb", "-R", self.first, folder)
        self.assertEqual(pathlib.Path(f"{folder}/DEBIAN/conffiles").read_text(encoding="utf-8"), "/etc/mdock/config.toml\n")
        self.assertEqual(pathlib.Path(f"{folder}/etc/mdock/config.toml").read_text(encoding="utf-8"),
                         (ROOT / "config/mdock.example.toml").read_text(encoding="utf-8"))
        with gzip.open(f"{folder}/usr/share/doc/mdock/README.md.gz", "rt", encoding="utf-8") as text:
            self.assertEqual(text.read(), (ROOT / "README.md").read_text(encoding="utf-8"))
        for script in ("postinst", "prerm", "postrm"):
            run("sh", "-n", f"{folder}/DEBIAN/{script}")

    def test_lintian_finds_no_error(self):
        if shutil.which("lintian") is None:
            self.skipTest("no lintian")
        done = run("lintian", "--allow-root", "--fail-on", "error", "--no-cfg", self.first, codes=(0, 1, 2))
        self.assertEqual(done.returncode, 0, done.stdout)
        print(done.stdout, end="")

    def test_the_archive_runs_where_it_is_unpacked(self):
        archive = self.pack("archive", "TGZ")
        with tarfile.open(archive) as tar:
            tar.extractall(f"{self.work}/unpacked")
        (folder,) = pathlib.Path(f"{self.work}/unpacked").iterdir()
        self.assertTrue(run(str(folder / "bin/mdock"), "version").stdout.startswith("mdock "))
        for path in ("README.md", "LICENSE", "config/mdock.example.toml", "docs/sync.md", "docs/schema.sql", "systemd/mdock.service",
                     "share/man/man1/mdock.1.gz", "share/zsh/site-functions/_mdock"):
            self.assertTrue((folder / path).is_file(), path)
        self.assertFalse((folder / "etc").exists())

    def changed(self, package):
        """The package with another config.toml in it and a higher version."""
        folder, out = f"{self.work}/changed", f"{self.work}/changed.deb"
        run("dpkg-deb", "-R", package, folder)
        for path, old, new in (("DEBIAN/control", "99.1", "99.2"), ("etc/mdock/config.toml", "[log]", "# a newer text\n[log]")):
            file = pathlib.Path(f"{folder}/{path}")
            text = file.read_text(encoding="utf-8")
            self.assertIn(old, text)
            file.write_text(text.replace(old, new), encoding="utf-8")
        run("dpkg-deb", "--root-owner-group", "-b", folder, out)
        return out

    def test_install_upgrade_remove_purge(self):
        machine = self.machine()
        self.first_install(machine)
        self.a_person_beside_the_service(machine)
        self.upgrades(machine)
        self.removal(machine)

    def machine(self):
        folder = tempfile.mkdtemp(prefix="mdock-machine-")
        self.addCleanup(os.rmdir, folder)
        self.addCleanup(run, "umount", "-R", "-l", folder)
        try:
            return Machine(folder)
        except AssertionError as error:
            self.skipTest(f"no overlay can be mounted here: {error}")

    def first_install(self, machine):
        said = machine.install(self.first)
        self.assertIn("1. install -m 600 /dev/null /etc/mdock/token", said)
        self.assertIn("3. systemctl enable --now mdock", said)
        self.assertEqual(machine.asked(), [], "systemd does not run, and nothing is to be started")
        self.assertTrue(machine.do("mdock", "version").stdout.startswith("mdock "))
        for page in ("man1/mdock.1", "man5/mdock-config.5", "man7/mdock-schema.7", "man7/mdock-sync.7"):
            self.assertIn("mdock", machine.do("man", "--warnings", "-l", f"/usr/share/man/{page}.gz").stdout)
        machine.do("getent", "passwd", "mdock")
        self.assertEqual(machine.owner("/var/lib/mdock"), "mdock:mdock 2750")
        self.assertEqual(machine.owner("/etc/mdock"), "root:root 755")
        self.assertIn("is valid", machine.do("mdock", "--config", "/etc/mdock/config.toml", "config", "check").stdout)
        self.assertEqual(list(machine.path("/etc/systemd/system").glob("*.wants/mdock*")), [])

    def a_person_beside_the_service(self, machine):
        where = lambda: machine.do("mdock", "config", "path").stdout.strip()
        self.assertEqual(where(), "/root/.config/mdock/config.toml", "the package's file keeps nobody from mdock init")
        machine.write("/var/lib/mdock/mirror.db", "somebody's hours", 0o640)
        self.assertEqual(where(), "/etc/mdock/config.toml", "a mirror of the service that may be read is looked at")

    def upgrades(self, machine):
        config = "# mine\n[sync]\ninterval = \"2m\"\n"
        machine.write("/etc/mdock/config.toml", config)
        machine.write("/etc/mdock/token", "secret\n", 0o600)
        machine.path("/run/systemd/system").mkdir(parents=True)  # from here on systemd runs, as far as anybody can see
        said = machine.install(self.second)
        self.assertNotIn("systemctl enable", said, "that is for the first time")
        self.assertEqual([line for line in machine.asked() if "daemon-reload" not in line], ["try-restart mdock.service mdock@*.service"])
        machine.install(self.changed(self.second), "--force-confold")  # as unattended upgrades do
        self.assertEqual(machine.path("/etc/mdock/config.toml").read_text(encoding="utf-8"), config)
        self.assertIn("a newer text", machine.path("/etc/mdock/config.toml.dpkg-dist").read_text(encoding="utf-8"))
        self.assertIn("99.2", machine.do("dpkg-query", "-W", "mdock").stdout)
        machine.asked()

    def removal(self, machine):
        machine.path("/etc/systemd/system/multi-user.target.wants").mkdir(exist_ok=True)
        machine.path("/etc/systemd/system/multi-user.target.wants/mdock.service").symlink_to("/lib/systemd/system/mdock.service")
        machine.do("dpkg", "-r", "mdock")
        asked = machine.asked()
        self.assertEqual(asked[0], "stop mdock.s* mdock@*.service")
        self.assertFalse(machine.path("/usr/bin/mdock").exists())
        for kept in ("/etc/mdock/config.toml", "/etc/mdock/token", "/var/lib/mdock/mirror.db"):
            self.assertTrue(machine.path(kept).exists(), kept)
        said = machine.do("dpkg", "-P", "mdock").stdout
        self.assertIn("/var/lib/mdock is yours and was kept", said)
        self.assertFalse(machine.path("/etc/mdock").exists())
        self.assertEqual(list(machine.path("/etc/systemd/system").glob("*.wants/mdock*")), [])
        self.assertEqual(machine.path("/var/lib/mdock/mirror.db").read_text(encoding="utf-8"), "somebody's hours")
        machine.do("getent", "passwd", "mdock")
        left = machine.do("find", "/usr", "/etc", "/lib/systemd", "-name", "*mdock*").stdout.split()
        self.assertEqual([path for path in left if path not in self.before], [])


def main():
    if os.geteuid() != 0:
        skip("installing needs root")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        skip(f"no {', '.join(missing)}")
    if "MDOCK_TEST_OWN_MOUNTS" not in os.environ:
        if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
            skip("no mount namespace of one's own can be had here")
        os.environ["MDOCK_TEST_OWN_MOUNTS"] = "yes"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, "-B", *sys.argv])
    global BUILD
    BUILD = sys.argv.pop(1)
    Package.before = tuple(run("find", "/usr", "/etc", "/lib/systemd", "-name", "*mdock*").stdout.split())
    unittest.main(verbosity=1)


if __name__ == "__main__":
    main()
