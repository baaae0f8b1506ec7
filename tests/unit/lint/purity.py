# SPDX-License-Identifier: MIT
"""The engine asks the world only through core/ports.h: no socket, clock, environment, chance, thread or process.

Every simulation rests on it: what the engine does must be a function of what the ports answer.
"""
import re

from source import Finding, code_only, line_of, without_comments

_IMPURE = {
    "a clock": r"\b(?:system|steady|high_resolution|utc|tai|gps|file)_clock::now|\bclock_gettime\b|\bgettimeofday\b"
               r"|\b(?:local|gm)time(?:_r)?\s*\(|\btime\s*\(\s*(?:nullptr|NULL|0|&)|\bcurrent_zone\b"
               r"|\b(?:steady|system|high_resolution|deadline)_timer\b",
    "the environment": r"\b(?:secure_)?getenv\b|\benviron\b|\bsetenv\b|\bcurrent_path\s*\(\s*\)|\bsetlocale\b",
    "chance": r"\b(?:std::)?s?rand\s*\(|\bs?random\s*\(|\b[dlm]rand48\b|\brandom_device\b|\bmt19937\b|\bRAND_\w+"
              r"|\bgetrandom\b|\bgetentropy\b|\barc4random\w*|\bsqlite3_randomness\b",
    "a thread": r"\bstd::j?thread\b|\bstd::async\b|\bpthread_create\b|\bthread_pool\b|\bsleep_for\b|\bsleep_until\s*\(\s*std",
    "a process": r"\bfork\s*\(|\bpopen\s*\(|\bposix_spawn\w*|\bexec[lv]p?e?\s*\(|\bstd::system\b|\bkill\s*\(",
    "a socket": r"\bsocket\s*\(|\bgetaddrinfo\b|\bip::tcp\b|\bstream_protocol\b|\bip::address",
}
_PATTERNS = {what: re.compile(pattern) for what, pattern in _IMPURE.items()}
_HEADERS = re.compile(
    r"^[ \t]*#[ \t]*include[ \t]*<(sys/socket\.h|netdb\.h|netinet/[^>]*|arpa/[^>]*|sys/un\.h|poll\.h|sys/epoll\.h|thread"
    r"|random|future|boost/asio/ip/[^>]*|boost/asio/local/[^>]*|boost/asio/(?:steady|system|deadline)_timer[^>]*"
    r"|boost/process[^>]*|spawn\.h)>", re.M)
# SQLite has a clock and a die of its own.
_SQL = re.compile(r"'now'|\bCURRENT_(?:TIMESTAMP|DATE|TIME)\b|\brandom\(\)|\brandomblob\(|\bunixepoch\(\)", re.I)
_UNORDERED = re.compile(r"\bunordered_(?:multi)?(?:map|set)\s*<[^;{}()]*>[&\s]+(\w+)\s*[;={(,)]")


def check(path, text):
    if not path.startswith("core/"):
        return []
    findings = []
    code = code_only(text)
    for what, pattern in _PATTERNS.items():
        if path == "core/ports.h" and what == "a clock":
            continue
        for match in pattern.finditer(code):
            findings.append(Finding(path, line_of(code, match.start()), f"reads or makes {what}: {match.group(0)}"))
    for match in _HEADERS.finditer(code):
        findings.append(Finding(path, line_of(code, match.start()), f"includes <{match.group(1)}>"))
    with_literals = without_comments(text)
    for match in _SQL.finditer(with_literals):
        findings.append(Finding(path, line_of(text, match.start()), f"SQL that is no function of its data: {match.group(0)}"))
    for name in set(_UNORDERED.findall(code)):
        loop = re.compile(rf"\bfor\s*\([^;()]*:\s*(?:\w+[.>-]+)*{name}\s*\)|\b{name}\s*\.\s*c?begin\s*\(")
        for match in loop.finditer(code):
            findings.append(Finding(path, line_of(code, match.start()), f"walks {name}, whose order is chance"))
    return findings
