# SPDX-License-Identifier: MIT
"""The await rule: a co_await is a whole statement or the initialiser of a named local, and its operand is plain.

g++ 12.2 miscompiles a third of the other shapes (docs/decisions.md). A few harmless ones are refused too: a rule
that fits in one sentence is worth more than the freedom.
"""
import re

from source import Finding, line_of, statements_only

_TOKEN = re.compile(r"co_await|co_return|co_yield|[A-Za-z_]\w*|&&|\|\||==|!=|<=|>=|->|::|[{}()\[\];?+|]|\S")
_CONTROL = re.compile(r"^\s*(?:else\b|do\b|(?:case\b[^:]*|default|\w+)\s*:(?!:)|(?:if|for|while|switch)\b)\s*")
_LOCAL = re.compile(
    r"^\s*(?:const\s+)?(?:auto\s*&{0,2}\s*\[[\w\s,]+\]|[A-Za-z_][\w:]*(?:\s*<[^;]*>)?(?:\s+const)?[\s&*]+[A-Za-z_]\w*)\s*=\s*$"
)
_LAMBDA = re.compile(
    r"\[(?P<captures>[^\[\]]*)\]\s*(?:\((?:[^()]|\([^()]*\))*\))?\s*(?:mutable|noexcept|\s)*(?:->\s*[^{};]+)?$"
)
_LARGER = {"&&", "||", "==", "!=", "<=", ">=", "+", "|", ","}


def _without_control(prefix):
    """The prefix of a statement after `if (…)`, `else`, `case x:` and their like."""
    while True:
        match = _CONTROL.match(prefix)
        if not match:
            return prefix
        rest = prefix[match.end():]
        if rest.startswith("("):
            depth = 0
            for i, c in enumerate(rest):
                depth += (c == "(") - (c == ")")
                if depth == 0:
                    rest = rest[i + 1:]
                    break
        prefix = rest


def _operand_fault(tokens, at):
    """What is wrong with the operand that begins after tokens[at], or None."""
    depth = 0
    for kind, _ in tokens[at + 1:]:
        if kind == "{":
            return "braces or a lambda in the operand: name them first"
        if kind == "?":
            return "?: in the operand: hoist it"
        if kind == "co_await":
            return "a co_await inside the operand of another: name its result first"
        if kind in "([":
            depth += 1
        elif kind in ")]":
            depth -= 1
        elif kind == "}" or depth < 0:
            return "inside a larger expression: name the result first"
        elif kind == ";" and depth == 0:
            return None
        elif depth == 0 and kind in _LARGER and not (kind == "," and _in_template(tokens, at)):
            return "inside a larger expression: name the result first"
    return "the statement does not end"


def _in_template(tokens, at):
    # `f<a, b>(…)`: a comma between angle brackets is part of the name of what is called.
    open_angles = 0
    for kind, _ in tokens[at + 1:]:
        if kind == "<":
            open_angles += 1
        if kind in "(;":
            break
    return open_angles > 0


def check(path, text):
    code = statements_only(text)
    tokens = [(m.group(0), m.start()) for m in _TOKEN.finditer(code)]
    findings = []
    stack = []                # (opening bracket, captures of the lambda it begins or None)
    starts = [0]              # where the current statement begins, one a brace level
    for i, (kind, offset) in enumerate(tokens):
        if kind == "{":
            head = _LAMBDA.search(code, starts[-1], offset)
            is_subscript = head and re.search(r"[\w\])]\s*$", code[starts[-1]:head.start()])
            stack.append(("{", head.group("captures").strip() if head and not is_subscript else None))
            starts.append(offset + 1)
        elif kind in "([":
            stack.append((kind, None))
        elif kind in ")]}":
            if stack:
                stack.pop()
            if kind == "}":
                if len(starts) > 1:
                    starts.pop()
                starts[-1] = offset + 1
        elif kind == ";" and not (stack and stack[-1][0] == "("):
            starts[-1] = offset + 1
        elif kind in ("co_await", "co_return", "co_yield"):
            line = line_of(code, offset)
            captures = next((c for bracket, c in reversed(stack) if bracket == "{" and c is not None), None)
            if captures:
                findings.append(Finding(path, line, f"a lambda that captures [{captures}] is a coroutine"))
            if kind != "co_await":
                continue
            fault = None
            if stack and stack[-1][0] in "([":
                fault = "inside a condition, a header or a larger expression: name the result first"
            else:
                prefix = _without_control(code[starts[-1]:offset])
                if prefix.strip() and not _LOCAL.match(prefix):
                    fault = "neither a whole statement nor the initialiser of a named local"
            fault = fault or _operand_fault(tokens, i)
            if fault:
                findings.append(Finding(path, line, f"co_await: {fault}"))
    return findings
