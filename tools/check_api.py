#!/usr/bin/env python3
"""Checks the API's description against the server's sources: every operation has a handler and every handler an operation,
names are told once, every operation says who may call it and how errors look, and both generators accept the description.

usage: check_api.py [ROOT]      prints a line per problem; exit 1 if there is any
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "gen"))
from spec import load  # noqa: E402

HANDLER = re.compile(r"^int (mg_api_\w+)\(struct mg_request \*request", re.M)
METHODS = ("get", "post", "put", "patch", "delete")


def operations(spec):
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def check_operations(spec):
    counts = collections.Counter(operation["operationId"] for _, _, operation in operations(spec))
    problems = [f"operationId {name} is used {n} times" for name, n in counts.items() if n > 1]
    for path, method, operation in operations(spec):
        name = f"{method.upper()} {path}"
        if not operation.get("summary"):
            problems.append(f"{name} has no summary")
        if "default" not in operation["responses"]:
            problems.append(f"{name} doesn't say how errors look")
        if operation["x-role"] == "none" and operation.get("x-scope"):
            problems.append(f"{name} wants a scope, but anybody may call it")
    return problems


def check_nodes(node, spec, problems):
    if isinstance(node, dict):
        target = spec
        for part in node["$ref"].removeprefix("#/").split("/") if "$ref" in node else []:
            target = target.get(part) if isinstance(target, dict) else None
        if target is None:
            problems.append(f"{node['$ref']} isn't there")
        for key, value in node.items():
            if value is None:  # an unquoted comma inside { }
                problems.append(f"“{key}” has no value")
            check_nodes(value, spec, problems)
    elif isinstance(node, list):
        for value in node:
            check_nodes(value, spec, problems)


def check_handlers(root, out):
    wanted = set(re.findall(r"^int (mg_api_\w+)\(", (out / "routes.gen.h").read_text("utf-8"), re.M))
    found = collections.Counter()
    for source in sorted((root / "src/api").glob("*.c")):
        found.update(HANDLER.findall(source.read_text("utf-8")))
    problems = [f"no handler {name}" for name in sorted(wanted - set(found))]
    problems += [f"handler {name} is for no operation" for name in sorted(set(found) - wanted)]
    return problems + [f"handler {name} is defined {n} times" for name, n in found.items() if n > 1]


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    spec_path = root / "spec/openapi"
    spec = load(spec_path)
    problems = check_operations(spec)
    check_nodes(spec, spec, problems)
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([sys.executable, str(root / "tools/gen/api.py"), str(spec_path), "--c", folder, "--ts",
                               f"{folder}/schema.gen.ts"], capture_output=True, text=True)
        if made.returncode:
            problems.append(made.stderr.strip())
        else:
            problems += check_handlers(root, pathlib.Path(folder))
    print("\n".join(problems) if problems else "api: description and server agree")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
