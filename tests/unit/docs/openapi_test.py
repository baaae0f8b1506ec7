# SPDX-License-Identifier: MIT
"""Holds docs/minutedock.openapi.yaml against every kind of request and answer of the make-believe MinuteDock.

Both ways: what is sent and answered must be described, and what is described must occur (operations, statuses,
parameters, fields). A description that promises too much or says too little fails.
"""
import json
import subprocess
import sys
from urllib.parse import parse_qs

import yaml
from jsonschema import Draft202012Validator, RefResolver

DRAWN = "8"
METHODS = ("get", "put", "post", "delete")


def close_objects(node):
    """Answers may hold described fields only, so that a misspelt one is noticed."""
    if isinstance(node, dict):
        if "properties" in node and "additionalProperties" not in node:
            node["additionalProperties"] = False
        for child in node.values():
            close_objects(child)
    elif isinstance(node, list):
        for child in node:
            close_objects(child)


class Contract:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.document = yaml.safe_load(file)
        close_objects(self.document["components"]["schemas"])
        self.resolver = RefResolver("", self.document)
        self.validators = {}
        self.checked = set()       # what was found right once need not be looked at again
        self.problems = {}
        self.exercised = {}        # (path, method) to the response keys seen
        self.parameters = set()    # (path, method, name)
        self.fields = set()        # (schema's name, field)

    def follow(self, node):
        while "$ref" in node and len(node) == 1:
            node = self.resolver.resolve(node["$ref"])[1]
        return node

    def validator(self, schema):
        key = id(schema)
        if key not in self.validators:
            self.validators[key] = Draft202012Validator(schema, resolver=self.resolver)
        return self.validators[key]

    def problem(self, call, text):
        where = f"{call['method']} {call['template']} {call['status']}"
        self.problems.setdefault((where, text), call["switches"])

    def check(self, schema, text, value, call, what):
        if (id(schema), text) in self.checked:
            return
        error = next(iter(self.validator(schema).iter_errors(value)), None)
        if error is None:
            self.checked.add((id(schema), text))
            self.note_fields(schema, value, None)
            return
        while error.context:      # the branch of an anyOf that came furthest tells most
            error = max(error.context, key=lambda one: len(one.absolute_path))
        self.problem(call, f"{what} at {'/'.join(map(str, error.absolute_path))}: {error.message[:160]}")

    def note_fields(self, schema, value, name):
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return self.note_fields(self.resolver.resolve(schema["$ref"])[1], value, name)
        for branch in schema.get("anyOf", ()):
            if self.validator(branch).is_valid(value):
                self.note_fields(branch, value, name)
        if isinstance(value, list) and "items" in schema:
            for element in value:
                self.note_fields(schema["items"], element, name)
        if isinstance(value, dict):
            for field, inner in value.items():
                described = schema.get("properties", {}).get(field)
                if described is not None:
                    self.fields.add((name, field))
                    self.note_fields(described, inner, name)
                elif isinstance(schema.get("additionalProperties"), dict):
                    self.note_fields(schema["additionalProperties"], inner, name)

    def replay(self, call):
        item = self.document["paths"].get(call["template"])
        operation = (item or {}).get(call["method"].lower())
        if operation is None:
            return self.problem(call, "the operation is not described")
        self.replay_query(call, item, operation)
        key = str(call["status"])
        if key not in operation["responses"]:
            key = f"{key[0]}XX"
        self.exercised.setdefault((call["template"], call["method"].lower()), set()).add(key)
        if key not in operation["responses"]:
            return self.problem(call, "the status is not described")
        self.replay_request(call, operation)
        self.replay_answer(call, self.follow(operation["responses"][key]))

    def replay_query(self, call, item, operation):
        described = {self.follow(one)["name"] for one in item.get("parameters", []) + operation.get("parameters", [])
                     if self.follow(one)["in"] == "query"}
        for name in parse_qs(call["query"], keep_blank_values=True):
            self.parameters.add((call["template"], call["method"].lower(), name))
            if name not in described:
                self.problem(call, f"parameter '{name}' is not described")

    def replay_request(self, call, operation):
        if not call["request"] or call["status"] >= 300:
            return
        body = self.follow(operation.get("requestBody", {}))
        kind, content = next(iter(body.get("content", {}).items()), (None, None))
        if kind is None:
            return self.problem(call, "a request body is not described")
        if kind == "application/json":
            value = json.loads(call["request"])
        else:
            value = {name: values[0] for name, values in parse_qs(call["request"]).items()}
        self.check(content["schema"], call["request"], value, call, "request")

    def replay_answer(self, call, response):
        if not call["answer"]:
            if not response.get("x-may-be-empty"):
                self.problem(call, "an empty answer is not described")
            return
        if not call["content_type"].startswith("application/json"):
            if call["status"] < 400:
                self.problem(call, f"answered as {call['content_type']}")
            return
        if "content" not in response:
            return self.problem(call, "an answer's body is not described")
        schema = response["content"]["application/json"]["schema"]
        self.check(schema, call["answer"], json.loads(call["answer"]), call, "answer")

    def find_unused(self):
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method not in item:
                    continue
                operation = item[method]
                seen = self.exercised.get((path, method), set())
                for key in operation["responses"]:
                    if key not in seen:
                        yield f"{method.upper()} {path}: no request was answered {key}"
                for one in map(self.follow, operation.get("parameters", [])):
                    if one["in"] == "query" and (path, method, one["name"]) not in self.parameters:
                        yield f"{method.upper()} {path}: parameter '{one['name']}' was never sent"
        for name, schema in self.document["components"]["schemas"].items():
            for field in schema.get("properties", {}):
                if (name, field) not in self.fields:
                    yield f"schema {name}: field '{field}' never occurred"


def main():
    contract = Contract(sys.argv[1])
    calls = subprocess.run([sys.argv[2], DRAWN], check=True, capture_output=True).stdout.splitlines()
    for line in calls:
        contract.replay(json.loads(line))
    unused = list(contract.find_unused())
    for (where, text), switches in contract.problems.items():
        print(f"{where}: {text}\n    with {switches}")
    for text in unused:
        print(text)
    print(f"{len(calls)} requests, {len(contract.exercised)} operations, {len(contract.fields)} fields,"
          f" {len(contract.problems) + len(unused)} problems")
    return 1 if contract.problems or unused or len(calls) < 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
