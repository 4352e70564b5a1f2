"""The API's description, which lies in spec/openapi as a file a stage; joined here."""
import pathlib

import yaml

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
    return spec
