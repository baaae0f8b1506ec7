# SPDX-License-Identifier: MIT
"""The longest files and functions, so that a second idea growing inside one is seen early."""
import re

from source import line_of, statements_only

_SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b[^()=;]*$")


def functions(path, text):
    """(lines, "path:line name") of each function body; a lambda counts with the function around it."""
    code = statements_only(text)
    found, stack, start = [], [], 0
    for match in re.finditer(r"[{};]", code):
        c, at = match.group(0), match.start()
        inside_function = any(kind == "function" for kind, _, _ in stack)
        if c == "{":
            head = code[start:at]
            if inside_function or (stack and stack[-1][0] == "other"):
                stack.append(("inner", at, ""))
                continue
            if re.search(r"\)\s*:\s.*[\w>]\s*$", head, re.S):
                stack.append(("member", at, head))     # `: a_{x}` of a constructor: its body is still to come
                continue
            kind = "scope" if _SCOPE.search(head) else "function" if "(" in head else "other"
            stack.append((kind, at, head))
            start = at + 1
        elif c == "}" and stack:
            kind, opened, head = stack.pop()
            if kind == "function":
                first = start_line = line_of(code, opened)
                name = re.search(r"([~\w:]+|operator[^\s(]*)\s*\(([\w, ]*)", head)
                label = name.group(1) if name else "?"
                if label.startswith("TEST"):
                    label = f"{label}({name.group(2)})"
                found.append((line_of(code, at) - first + 1, f"{path}:{start_line} {label}"))
            if kind in ("function", "scope", "other"):
                start = at + 1
        elif c == ";" and not inside_function:
            start = at + 1
    return found


def report(files, count=10):
    files = list(files)
    by_file = sorted(((text.count("\n"), path) for path, text in files), reverse=True)
    by_function = sorted((f for path, text in files for f in functions(path, text)), reverse=True)
    lines = []
    for title, rows in (("files", by_file), ("functions", by_function)):
        sizes = sorted(size for size, _ in rows) or [0]
        nine_tenths = sizes[min(len(sizes) - 1, len(sizes) * 9 // 10)]
        lines.append(f"{len(rows)} {title}: median {sizes[len(sizes) // 2]}, 90th percentile {nine_tenths}, longest {sizes[-1]} lines")
        lines += [f"  {size:5} {name}" for size, name in rows[:count]]
    return lines
