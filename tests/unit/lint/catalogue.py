# SPDX-License-Identifier: MIT
"""docs/failures.md and the tests say the same: each row names tests that exist, each test named after a row is listed."""
import pathlib
import re

from source import Finding, line_of

_CPP = re.compile(r"\bTEST(?:_F|_P)?\s*\(\s*(\w+)\s*,\s*(([A-Z]\d\d)_\w+)\s*\)")
_PYTHON = re.compile(r"\bdef\s+test_(([A-Z]\d\d)_\w+)\s*\(")
_ROW = re.compile(r"^\|\s*([A-Z]\d\d)\s*\|(.*)$", re.M)
_NAMED = re.compile(r"`(?:\w+\.)?(?:test_)?(([A-Z]\d\d)_\w+)`")


def tests(root):
    """{name with the row's id at its front: where it stands}"""
    found = {}
    for path in sorted(pathlib.Path(root, "tests").rglob("*")):
        if path.suffix not in (".cpp", ".py") or "lint" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        for match in _CPP.finditer(text):
            found[match.group(2)] = (path.relative_to(root).as_posix(), line_of(text, match.start()))
        for match in _PYTHON.finditer(text):
            found[match.group(1)] = (path.relative_to(root).as_posix(), line_of(text, match.start()))
    return found


def check(root, document="docs/failures.md"):
    text = pathlib.Path(root, document).read_text(encoding="utf-8")
    present, findings, listed = tests(root), [], set()
    for row in _ROW.finditer(text):
        line = line_of(text, row.start())
        names = _NAMED.findall(row.group(2))
        if not names:
            findings.append(Finding(document, line, f"{row.group(1)} names no test"))
        for name, identity in names:
            listed.add(name)
            if identity != row.group(1):
                findings.append(Finding(document, line, f"{row.group(1)} names the test of another row, {name}"))
            if name not in present:
                findings.append(Finding(document, line, f"{row.group(1)} names {name}, which is no test here"))
    for name, (path, line) in sorted(present.items()):
        if name not in listed:
            findings.append(Finding(path, line, f"{name} keeps a catalogue row and is not in {document}"))
    return findings
