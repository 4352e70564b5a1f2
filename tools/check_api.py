#!/usr/bin/env python3
"""Checks the API's description against the server's sources: every operation has one handler, generated (x-service) or written,
and every handler an operation; functions that x-service names are there; names are told once; every operation says who may call
it and how errors look; nothing is declared that isn't used; and both generators accept the description.

What is asked of the description alone is what `npx @redocly/cli lint` asks of the joined one (api.py --json): it is repeated here
in a few lines, so that the check needs no program of 15 MB that looks for news of itself on the network.

usage: check_api.py [ROOT]      prints a line per problem; exit 1 if there is any
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent / "gen"))
from spec import METHODS, load  # noqa: E402

HANDLER = re.compile(r"^int (mg_api_\w+)\(struct mg_request \*request", re.M)
USED = ("schemas", "parameters", "responses")  # securitySchemes are used by name


def operations(spec):
    for path, item in spec["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def check_document(spec):
    licence, told = spec["info"].get("license", {}), {tag["name"] for tag in spec.get("tags", []) if tag.get("description")}
    problems = [] if licence.get("url") or licence.get("identifier") else ["the license has neither url nor identifier"]
    if not spec.get("servers"):
        problems.append("no server is named")
    for path, method, operation in operations(spec):
        unknown = set(operation.get("tags", [])) - told
        if unknown or not operation.get("tags"):
            problems.append(f"{method.upper()} {path} has no tag that is described" + f" ({', '.join(sorted(unknown))})" * bool(unknown))
    return problems


def references(node):
    """All $ref below a node."""
    if isinstance(node, dict):
        yield from [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        node = list(node.values())
    for value in node if isinstance(node, list) else []:
        yield from references(value)


def check_unused(spec):
    components = spec.get("components", {})
    used = set(references(spec))
    problems = [f"components/{kind}/{name} isn't used" for kind in USED for name in components.get(kind, {})
                if f"#/components/{kind}/{name}" not in used]
    named = {name for _, _, operation in operations(spec) for scheme in operation.get("security", []) for name in scheme}
    declared = set(components.get("securitySchemes", {}))
    problems += [f"components/securitySchemes/{name} isn't used" for name in sorted(declared - named)]
    return problems + [f"security scheme {name} isn't there" for name in sorted(named - declared)]


def check_operations(spec):
    counts = collections.Counter(operation["operationId"] for _, _, operation in operations(spec))
    problems = [f"operationId {name} is used {n} times" for name, n in counts.items() if n > 1]
    for path, method, operation in operations(spec):
        name = f"{method.upper()} {path}"
        if not operation.get("summary"):
            problems.append(f"{name} has no summary")
        if "default" not in operation["responses"]:
            problems.append(f"{name} doesn't say how errors look")
        if "security" not in operation:
            problems.append(f"{name} doesn't say how a caller proves itself")
        if not any(code.startswith("4") for code in operation["responses"]):
            problems.append(f"{name} has no 4xx answer")
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
    made = set(HANDLER.findall((out / "handlers.gen.c").read_text("utf-8")))
    written = collections.Counter()
    for source in sorted((root / "src/api").glob("*.c")):
        text = source.read_text("utf-8")
        written.update(HANDLER.findall(text) if '#include "routes.gen.h"' in text else [])
    problems = [f"no handler {name}" for name in sorted(wanted - set(written) - made)]
    problems += [f"handler {name} is for no operation" for name in sorted(set(written) - wanted)]
    problems += [f"handler {name} is written, and generated for its x-service" for name in sorted(set(written) & made)]
    return problems + [f"handler {name} is defined {n} times" for name, n in written.items() if n > 1]


def check_services(spec, root):
    """The functions that x-service names; their arguments are for the compiler."""
    problems = []
    for path, method, operation in operations(spec):
        header, _, function = operation.get("x-service", "").partition(":")
        if not header:
            continue
        file = root / "src" / header
        if not file.is_file():
            problems.append(f"{method.upper()} {path}: there is no src/{header}")
        elif not re.search(rf"^MG_CHECKED int {re.escape(function)}\(", file.read_text("utf-8"), re.M):
            problems.append(f"{method.upper()} {path}: src/{header} has no {function}")
    return problems


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    spec_path = root / "spec/openapi"
    spec = load(spec_path)
    problems = check_document(spec) + check_operations(spec) + check_unused(spec) + check_services(spec, root)
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
