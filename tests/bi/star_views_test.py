# SPDX-License-Identifier: MIT
"""Python and ODBC read every column of every star view with the right type and value, as a user who may only read, while
the writer has the WAL open and after the writer was killed. A missing driver is a failure: script/bootstrap installs it."""
import multiprocessing
import os
import pathlib
import pwd
import shutil
import sys
import tempfile
import traceback
import unittest

sys.dont_write_bytecode = True
import readers  # noqa: E402
import star_rows  # noqa: E402

PROCESSES = multiprocessing.get_context("fork")
READY_CONNECTION = pathlib.Path(__file__).resolve().parents[2] / "config/odbc.ini"
DATABASE_OF_THE_SERVICE = "/var/lib/mdock/mirror.db"
PATIENCE = 60
IS_ROOT = os.geteuid() == 0


def write(path, pipe):
    """The writer: its file stays open, with everything still in the WAL, until it is told to end, and then it ends
    without closing, as a killed process does."""
    db = star_rows.build(path)
    pipe.send("ready")
    pipe.recv()
    os._exit(0 if db else 1)


def read(work, pipe):
    """A reader without write permission: another user where we are root, else the permission bits alone say so."""
    try:
        if IS_ROOT:
            nobody = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
        work()
        pipe.send("")
    except BaseException:
        pipe.send(traceback.format_exc())


class StarViews(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mdock-bi-"))
        self.path = self.folder / "mirror.db"
        self.pipe, far_end = PROCESSES.Pipe()
        self.writer = PROCESSES.Process(target=write, args=(str(self.path), far_end))
        self.writer.start()
        far_end.close()
        self.assertTrue(self.pipe.poll(PATIENCE), "the writer did not make the file")
        self.assertEqual(self.pipe.recv(), "ready")
        self.assertGreater((self.folder / "mirror.db-wal").stat().st_size, 0)
        text = READY_CONNECTION.read_text(encoding="utf-8")
        self.assertIn(DATABASE_OF_THE_SERVICE, text)
        (self.folder / "odbc.ini").write_text(text.replace(DATABASE_OF_THE_SERVICE, str(self.path)), encoding="utf-8")
        self.take_write_permission()

    def tearDown(self):
        self.end_writer()
        os.chmod(self.folder, 0o700)
        shutil.rmtree(self.folder)

    def take_write_permission(self):
        for path in [*self.folder.iterdir(), self.folder]:
            if path.name == "odbc.ini":
                os.chmod(path, 0o666)  # unixODBC passes over a person's own odbc.ini that they cannot write
                continue
            if IS_ROOT:
                os.chown(path, -1, pwd.getpwnam("nobody").pw_gid)
                os.chmod(path, 0o750 if path.is_dir() else 0o640)
            else:
                os.chmod(path, 0o550 if path.is_dir() else 0o440)

    def end_writer(self):
        if self.writer.is_alive():
            self.pipe.send("end")
            self.writer.join(PATIENCE)

    def as_reader(self, work, *arguments):
        pipe, far_end = PROCESSES.Pipe()

        def guarded():
            assert not os.access(self.path, os.W_OK), "the reader of this test must not be able to write"
            work(*arguments)

        process = PROCESSES.Process(target=read, args=(guarded, far_end))
        process.start()
        far_end.close()
        self.assertTrue(pipe.poll(PATIENCE), "the reader did not come to an end")
        report = pipe.recv()
        process.join(PATIENCE)
        if report:
            self.fail(report)

    def connection_text(self):
        return f"Driver=SQLite3;Database=file:{self.path}?mode=ro;BigInt=1;NoCreat=1;Timeout=5000"

    def read_with_ready_connection(self):
        os.environ["ODBCINI"] = str(self.folder / "odbc.ini")
        readers.read_with_odbc("DSN=mdock")

    def test_python_reads_while_the_writer_works(self):
        self.as_reader(readers.read_with_python, self.path)

    def test_odbc_reads_while_the_writer_works(self):
        self.as_reader(readers.read_with_odbc, self.connection_text())

    def test_odbc_reads_through_the_ready_connection(self):
        self.as_reader(self.read_with_ready_connection)

    def test_both_read_after_the_writer_was_killed(self):
        self.end_writer()
        self.assertGreater((self.folder / "mirror.db-wal").stat().st_size, 0)
        self.as_reader(readers.read_with_python, self.path)
        self.as_reader(readers.read_with_odbc, self.connection_text())


if __name__ == "__main__":
    unittest.main()
