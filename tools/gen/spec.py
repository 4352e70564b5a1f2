"""The API's description, which lies in spec/openapi as a file a stage; joined here, and completed by what follows from it:
who may call is told once (x-role, x-scope), and `security` and the answers of the door are made from that.
"""
import pathlib

import yaml

METHODS = ("get", "post", "put", "patch", "delete")
STAGES = ("common", "admin", "record", "listen", "measure")


class Clash(Exception):
    """The same name in two files."""


def join(into, more, where):
    for name, value in more.items():
        if name in into and not (isinstance(value, dict) and name in ("paths", "components", "schemas", "parameters", "responses", "securitySchemes")):
            raise Clash(f"{where}: {name} is told in another file already")
        if name in into:
            join(into[name], value, where)
        else:
            into[name] = value


def security(operation):
    """A session for whom x-role lets in, a key where x-scope names one; nothing where anybody may call."""
    if operation.get("x-role") == "none":
        return []
    return [{"session": []}] + [{"key": []}] * ("x-scope" in operation)


def refusals(operation, parameters):
    """{status: component} of what the server answers before, or instead of, the handler."""
    found = {} if operation.get("x-role") == "none" else {"401": "Unauthenticated", "403": "Forbidden"}
    places = {parameter["in"] for parameter in parameters}
    if "path" in places:
        found["404"] = "NotFound"
    if "query" in places or "requestBody" in operation:
        found["422"] = "Invalid"
    return found if operation.get("x-rate") == "intake" else {**found, "429": "TooMany"}


def complete(spec):
    """Adds to every operation its `security` and its 4xx answers, which it may also tell itself."""
    named = spec["components"]["parameters"]
    for item in spec["paths"].values():
        for operation in (item[method] for method in METHODS if method in item):
            given = item.get("parameters", []) + operation.get("parameters", [])
            parameters = [named[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in given]
            answers = operation["responses"]
            good = {code: answer for code, answer in answers.items() if code.startswith("2")}
            made = {code: {"$ref": f"#/components/responses/{name}"} for code, name in refusals(operation, parameters).items()}
            operation["security"] = security(operation)
            operation["responses"] = {**good, **made, **answers}


def files(folder):
    """In the order in which they are joined."""
    return [pathlib.Path(folder, f"{stage}.yaml") for stage in STAGES]


def load(folder):
    """The whole description as one document, from its folder or (a small one) from one file."""
    if pathlib.Path(folder).is_file():
        return yaml.safe_load(pathlib.Path(folder).read_text("utf-8"))
    unknown = {path.name for path in pathlib.Path(folder).glob("*.yaml")} - {path.name for path in files(folder)}
    if unknown:
        raise Clash(f"{folder}: {', '.join(sorted(unknown))} isn't one of the stages")
    spec = {}
    for path in files(folder):
        join(spec, yaml.safe_load(path.read_text("utf-8")), path.name)
    complete(spec)
    return spec
