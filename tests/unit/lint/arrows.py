# SPDX-License-Identifier: MIT
"""Who may include whom (docs/architecture.md). CMake's one target a folder keeps the link; this keeps the text."""
import re

from source import Finding, line_of, without_comments

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"(?P<ours>[^"]+)"|<(?P<theirs>[^>]+)>)', re.M)

# A room may include itself and the rooms named here.
ROOMS = {
    "core/base": set(),
    "core/ports": {"core/base"},
    "core/model": {"core/base"},
    "core/api": {"core/base", "core/ports", "core/model"},    # of the ports only http_request and http_answer
    "core/sync": {"core/base", "core/model"},
    "core/store": {"core/base", "core/model", "schema"},
    "core/engine": {"core/base", "core/ports", "core/model", "core/api", "core/sync", "core/store"},
    "schema": set(),
    "daemon": {"core/base", "core/ports", "core/model", "core/api", "core/sync", "core/store", "core/engine", "schema"},
}

# Outside libraries that only some folders may see; a prefix of the path includes what is below it.
_TLS = ("daemon/net", "daemon/server", "tests/sandbox", "tests/support", "tests/process/net", "tests/bench")
LIBRARIES = {
    "Beast or OpenSSL": (re.compile(r"boost/beast|boost/asio/ssl|openssl/(?!evp\.h)"), _TLS),
    "OpenSSL's digests": (re.compile(r"openssl/evp\.h"), (*_TLS, "tests/minutedock")),
    "Asio": (
        re.compile(r"boost/asio"),
        ("core/ports.h", "core/asio", "core/engine", "daemon", "tests"),
    ),
    "SQLite": (
        re.compile(r"SQLiteCpp/|sqlite3\.h"),
        ("core/store", "core/engine", "daemon", "tests"),
    ),
    "JSON": (
        re.compile(r"boost/json"),
        ("core/model", "core/api", "core/store", "core/engine", "daemon", "tests"),
    ),
}


def room_of(path):
    if path.startswith("core/"):
        return "core/ports" if path == "core/ports.h" else "/".join(path.split("/")[:2])
    return path.split("/")[0]


def _below(path, places):
    return any(path == place or path.startswith(place + "/") for place in places)


def check(path, text):
    findings = []
    room = room_of(path)
    for match in _INCLUDE.finditer(without_comments(text)):
        line = line_of(text, match.start())
        if match["ours"]:
            target = room_of(match["ours"])
            if "/" not in match["ours"] or match["ours"].startswith("."):
                findings.append(Finding(path, line, f'"{match["ours"]}": includes are relative to the root'))
            elif room != "tests" and target != room and target not in ROOMS.get(room, set()):
                findings.append(Finding(path, line, f"{room} may not include {match['ours']}"))
        for name, (pattern, places) in LIBRARIES.items():
            if pattern.match(match["theirs"] or match["ours"]) and not _below(path, places):
                findings.append(Finding(path, line, f"{name} may not be seen here: <{match['theirs']}>"))
    return findings
