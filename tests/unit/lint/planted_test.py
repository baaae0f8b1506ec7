# SPDX-License-Identifier: MIT
"""Proof that each check can fail: a planted violation is found, and its neighbour that is allowed is not."""
import pathlib
import tempfile
import unittest

import arrows
import await_rule
import catalogue
import lengths
import purity
import words

COROUTINE = "asio::awaitable<void> f() {{\n  {}\n}}\n"


def awaits(statement):
    return await_rule.check("x.cpp", COROUTINE.format(statement))


class AwaitRule(unittest.TestCase):
    def test_plain_shapes_pass(self):
        for statement in (
            "co_await g();",
            "const auto x = co_await g(a, h(b), \"{?}\");",
            "auto [ec, n] = co_await g(use_awaitable);",
            "mdock::result<std::vector<int>> x = co_await g<int, 4>(std::move(y));",
            "if (ready) co_await g();",
            "for (int i = 0; i < 3; ++i) co_await g();",
            "if (a) { co_await g(); } else co_await h();",
            "switch (n) { case 1: co_await g(); break; default: co_await h(); }",
            "auto x = co_await (g() || h());",
            "auto run = []() -> asio::awaitable<void> { co_await g(); };",
            "rows[i] = 3; co_await g();",
            "a();\n#ifdef __linux__\nb();\n#endif\nco_await g();",
        ):
            self.assertEqual(awaits(statement), [], statement)

    def test_miscompiled_shapes_are_found(self):
        for statement in (
            "if (co_await g()) h();",
            "while (co_await g()) {}",
            "for (auto x : co_await g()) {}",
            "switch (co_await g()) {}",
            "co_await g(T{a, b});",
            "co_await g({.a = 1});",
            "co_await g(c ? a() : b());",
            "co_await g([x] { return x; });",
            "co_await R{a}.go();",
            "T x{co_await g()};",
            "h(co_await g());",
            "auto x = 1 + co_await g();",
            "auto x = co_await g() + 1;",
            "x = co_await g();",
            "co_return co_await g();",
            "auto x = co_await g(co_await h());",
            "auto run = [this]() -> asio::awaitable<void> { co_await g(); };",
            "auto run = [x]() -> asio::awaitable<int> { co_return 1; };",
        ):
            self.assertNotEqual(awaits(statement), [], statement)

    def test_comments_and_literals_do_not_count(self):
        self.assertEqual(awaits('// if (co_await g())\n  log("co_await x ? y : z");'), [])


class Arrows(unittest.TestCase):
    def test_arrows_that_point_up_or_across_are_found(self):
        for path, header in (
            ("core/base/x.h", '"core/model/resource.h"'),
            ("core/engine/x.cpp", '"daemon/net/client.h"'),
            ("core/api/x.cpp", '"core/store/open.h"'),
            ("core/store/x.cpp", '"core/api/decode.h"'),
            ("core/sync/x.cpp", '"core/ports.h"'),
            ("core/sync/x.cpp", "<boost/asio/post.hpp>"),
            ("core/sync/x.cpp", "<SQLiteCpp/SQLiteCpp.h>"),
            ("core/sync/x.cpp", "<boost/json.hpp>"),
            ("core/engine/x.cpp", "<boost/beast/http.hpp>"),
            ("daemon/cli/x.cpp", "<openssl/ssl.h>"),
            ("core/api/x.cpp", "<openssl/evp.h>"),
            ("tests/minutedock/x.cpp", "<openssl/ssl.h>"),
            ("daemon/main.cpp", '"tests/support/world.h"'),
            ("tests/unit/x.cpp", '"error.h"'),
        ):
            self.assertNotEqual(arrows.check(path, f"#include {header}\n"), [], (path, header))

    def test_arrows_of_the_architecture_pass(self):
        for path, header in (
            ("core/engine/x.cpp", '"core/store/open.h"'),
            ("core/store/x.cpp", "<SQLiteCpp/SQLiteCpp.h>"),
            ("daemon/net/x.cpp", "<boost/beast/ssl.hpp>"),
            ("tests/scenario/x.cpp", '"core/sync/cursor.h"'),
            ("core/sync/x.cpp", '"core/model/description.h"'),
            ("core/sync/x.cpp", "<vector>"),
            ("tests/minutedock/x.cpp", "<openssl/evp.h>"),
        ):
            self.assertEqual(arrows.check(path, f"#include {header}\n"), [], (path, header))

    def test_a_commented_include_does_not_count(self):
        self.assertEqual(arrows.check("core/base/x.h", '// #include "daemon/main.h"\n'), [])


class Purity(unittest.TestCase):
    def test_each_way_out_of_the_ports_is_found(self):
        for line in (
            "auto t = std::chrono::system_clock::now();",
            "auto t = std::chrono::steady_clock::now();",
            "auto t = time(nullptr);",
            "clock_gettime(CLOCK_REALTIME, &t);",
            "asio::steady_timer timer(executor);",
            'auto v = std::getenv("HOME");',
            "int n = rand();",
            "std::random_device seed;",
            "std::mt19937 dice;",
            "std::thread worker(f);",
            "std::jthread worker(f);",
            "if (fork() == 0) return;",
            "int s = ::socket(AF_INET, SOCK_STREAM, 0);",
            "asio::ip::tcp::resolver r(executor);",
            "#include <sys/socket.h>",
            "#include <random>",
            "#include <boost/asio/ip/tcp.hpp>",
            "auto sql = \"SELECT datetime('now')\";",
            'auto sql = "INSERT INTO a VALUES (random())";',
            'auto sql = R"(SELECT CURRENT_TIMESTAMP)";',
            "std::unordered_map<int, int> seen; for (auto& [a, b] : seen) use(a);",
            "std::unordered_set<int> seen; auto i = seen.begin();",
        ):
            self.assertNotEqual(purity.check("core/engine/x.cpp", line + "\n"), [], line)

    def test_the_ports_and_what_only_looks_alike_pass(self):
        for line in (
            "auto t = m.world.clock.monotonic();",
            "auto n = m.world.random.next();",
            "// never system_clock::now()",
            'log("rand() and getenv are words here");',
            "auto strand(asio::make_strand(executor));",
            "std::unordered_map<int, int> seen; auto i = seen.find(3);",
            "std::map<int, int> seen; for (auto& [a, b] : seen) use(a);",
            "virtual asio::awaitable<void> sleep_until(step_name step, monotonic_time until) = 0;",
        ):
            self.assertEqual(purity.check("core/engine/x.cpp", line + "\n"), [], line)

    def test_outside_core_the_world_is_free(self):
        self.assertEqual(purity.check("daemon/main.cpp", "auto t = std::chrono::steady_clock::now();\n"), [])


class Words(unittest.TestCase):
    def test_unfinished_work_and_bare_files_are_found(self):
        head = "// SPDX-License-Identifier: MIT\n// What it is for.\n"
        self.assertEqual(words.check("core/x.h", head + "int a;\n"), [])
        self.assertNotEqual(words.check("core/x.h", head + "// TODO more\n"), [])
        self.assertNotEqual(words.check("tests/x.cpp", head + "GTEST_SKIP();\n"), [])
        self.assertNotEqual(words.check("tests/x.cpp", head + "std::this_thread::sleep_for(1s);\n"), [])
        self.assertNotEqual(words.check("core/x.h", "// What it is for.\n"), [])
        bare = "// SPDX-License-Identifier: MIT\nint a;\n"
        self.assertNotEqual(words.check("core/x.h", bare), [])
        self.assertEqual(words.check("core/x.cpp", bare, has_header=True), [])


class Lengths(unittest.TestCase):
    def test_functions_are_measured(self):
        text = "namespace a {\nstruct b {\n  b() : c_{1} {\n    d();\n  }\n};\nint f(int x) {\n  if (x) {\n    g();\n  }\n}\n}\n"
        self.assertEqual(sorted(lengths.functions("x.cpp", text)), [(3, "x.cpp:3 b"), (5, "x.cpp:7 f")])


class Catalogue(unittest.TestCase):
    def check(self, document, test):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "docs").mkdir()
            (root / "tests").mkdir()
            (root / "docs/failures.md").write_text(document, encoding="utf-8")
            (root / "tests/x_test.cpp").write_text(test, encoding="utf-8")
            return catalogue.check(root)

    def test_rows_and_tests_must_meet(self):
        row, test = "| N04 | cut short | `Transport.N04_Cut` |\n", "TEST(Transport, N04_Cut) {}\n"
        self.assertEqual(self.check(row, test), [])
        self.assertNotEqual(self.check(row, ""), [], "a row without its test")
        self.assertNotEqual(self.check("", test), [], "a test without its row")
        self.assertNotEqual(self.check("| N04 | cut short | by hand |\n", ""), [], "a row that names none")
        self.assertNotEqual(self.check("| N05 | other | `Transport.N04_Cut` |\n", test), [], "the test of another row")


if __name__ == "__main__":
    unittest.main()
