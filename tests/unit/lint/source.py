# SPDX-License-Identifier: MIT
"""The tree as the checks see it: which files, and C++ text with comments and literals blanked out.

Blanking keeps every offset and line number, so a finding can be reported at the line where it stands.
"""
import pathlib
import re
from dataclasses import dataclass

CODE_FOLDERS = ("core", "daemon", "schema", "tests")
CPP = (".h", ".cpp")

_LITERAL = re.compile(
    r"//[^\n]*"
    r"|/\*.*?\*/"
    r'|R"(?P<mark>[^()\s\\"]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",
    re.S,
)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.M)


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


def _blank(match, keep_strings):
    text = match.group(0)
    if keep_strings and not text.startswith("/"):
        return text
    return re.sub(r"[^\n]", " ", text)


def code_only(text):
    """The text without comments and literals."""
    return _LITERAL.sub(lambda m: _blank(m, False), text)


def statements_only(text):
    """The text without comments, literals and preprocessor lines."""
    return _DIRECTIVE.sub(lambda m: _blank(m, False), code_only(text))


def without_comments(text):
    """The text without comments; literals stay, because SQL lives in them."""
    return _LITERAL.sub(lambda m: _blank(m, True), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def files(root, folders=CODE_FOLDERS, suffixes=CPP):
    """(path from the root with '/', text) of each file below the folders, in one fixed order."""
    root = pathlib.Path(root)
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
