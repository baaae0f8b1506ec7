# SPDX-License-Identifier: MIT
"""Each file begins with its licence and its purpose, and none carries the words of unfinished work."""
import re

from source import Finding, line_of

_WORDS = re.compile(
    r"\b(?:TODO|FIXME|HACK|GTEST_SKIP)\b|\b(?:for now|not implemented|not yet implemented)\b|\bDISABLED_\w+")
_COMMENT = {".h": "//", ".cpp": "//", ".py": "#", ".sql": "--", ".cmake": "#", "": "#"}
# Sleeping until something is probably true; a person who watches is another matter (daemon/cli).
_WAITING = re.compile(r"\bsleep_for\b|\bu?sleep\s*\(")


def check(path, text, has_header=False):
    """`has_header`: a header of the same name stands beside the file and says what both are for."""
    findings = []
    # These checks must name what they look for.
    if not path.startswith("tests/unit/lint/"):
        for match in _WORDS.finditer(text):
            findings.append(Finding(path, line_of(text, match.start()), f"unfinished: {match.group(0)}"))
        for match in _WAITING.finditer(text) if path.startswith(("core/", "tests/")) and path.endswith((".h", ".cpp")) else ():
            findings.append(Finding(path, line_of(text, match.start()), f"waits blindly: {match.group(0)}"))
    lines = text.split("\n")
    if lines and lines[0].startswith("#!"):
        lines = lines[1:]
    name = path.rsplit("/", 1)[-1]
    mark = _COMMENT.get("." + name.rsplit(".", 1)[-1] if "." in name else "")
    if mark is None or name == "CMakeLists.txt":
        return findings
    if not lines or lines[0] != f"{mark} SPDX-License-Identifier: MIT":
        findings.append(Finding(path, 1, f"the first line is not '{mark} SPDX-License-Identifier: MIT'"))
    if has_header:
        return findings
    purpose = lines[1] if len(lines) > 1 else ""
    if not (purpose.startswith(mark + " ") or purpose.startswith('"""')):
        findings.append(Finding(path, 2, "no comment says what the file is for"))
    return findings
