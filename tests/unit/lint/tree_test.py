# SPDX-License-Identifier: MIT
"""The tree keeps its own rules: arrows between folders, a core that asks only its ports, and the await rule."""
import pathlib
import unittest

import arrows
import await_rule
import catalogue
import purity
import source

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Tree(unittest.TestCase):
    def findings(self, check):
        return [str(f) for path, text in source.files(ROOT) for f in check(path, text)]

    def test_there_is_a_core_to_check(self):
        self.assertGreater(len(list(source.files(ROOT, ("core",)))), 10)

    def test_includes_follow_the_arrows(self):
        self.assertEqual(self.findings(arrows.check), [])

    def test_core_asks_the_world_only_through_its_ports(self):
        self.assertEqual(self.findings(purity.check), [])

    def test_every_await_has_a_shape_that_the_compiler_gets_right(self):
        self.assertEqual(self.findings(await_rule.check), [])

    def test_the_failure_catalogue_and_the_tests_name_each_other(self):
        self.assertEqual([str(f) for f in catalogue.check(ROOT)], [])


if __name__ == "__main__":
    unittest.main()
