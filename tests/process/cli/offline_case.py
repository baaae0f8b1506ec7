# SPDX-License-Identifier: MIT
"""What tests of commands that change something share: a mirror that was made once, copied for each test, and no MinuteDock.
The test program's arguments are MDOCK SANDBOX."""
import json
import os
import shutil
import tempfile

from case import Case, Sandbox

NOWHERE = {"MDOCK_API_BASE_URL": "https://127.0.0.1:1/api/v1"}


class Offline(Case):
    """A mirror that was made once, copied for each test, and no MinuteDock."""

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox()
        cls.template = tempfile.mkdtemp(prefix="mdock-writes-")
        maker = cls("run_mdock")
        maker.setUp_home(cls.template)
        maker.mdock("sync", MDOCK_TOKEN=maker.token)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.template)
        cls.sandbox.stop()

    def setUp_home(self, home):
        self.home = home
        self.token = self.sandbox.ready["tokens"]["admin"]
        self.database = f"{home}/.local/share/mdock/mirror.db"
        self.environment = {"HOME": home, "PATH": os.environ["PATH"], "TERM": "dumb", "TZ": "UTC",
                            "MDOCK_API_BASE_URL": self.sandbox.ready["url"], "MDOCK_API_CA_FILE": self.sandbox.ready["ca_file"],
                            "MDOCK_API_MAX_REQUESTS_PER_MINUTE": "6000"}

    def setUp(self):
        super().setUp()
        shutil.rmtree(self.home)
        shutil.copytree(self.template, self.home)
        self.setUp_home(self.home)
        self.environment.update(NOWHERE)

    def one(self, sql):
        return self.rows(sql)[0]

    def waiting(self):
        return self.rows("SELECT operation, resource, row_id, state FROM outbox ORDER BY outbox_id")

    def values(self):
        return json.loads(self.one("SELECT new_values FROM outbox ORDER BY outbox_id DESC LIMIT 1")[0])

    def my_entry(self):
        return self.one("SELECT entry_id FROM entries JOIN users USING (user_account_id) WHERE is_me AND invoice_id IS NULL"
                        " ORDER BY entry_date DESC, entry_id LIMIT 1")[0]

    def contact(self):
        return self.one("SELECT contact_id, name, short_code FROM contacts WHERE presence = 'present' AND is_active AND short_code IS NOT NULL"
                        " AND (SELECT count(*) FROM contacts o WHERE o.short_code = contacts.short_code OR o.name = contacts.name) = 1 LIMIT 1")

    def add(self, *words):
        return self.json("entry", "add", *words)["entry_id"]

    def refused(self, *words, code=2, **more):
        """The error document of a command that changes nothing."""
        before = self.everything()
        error = json.loads(self.mdock(*words, "--json", code=code, **more).stdout)["error"]
        self.assertEqual(self.everything(), before)
        return error["message"]
