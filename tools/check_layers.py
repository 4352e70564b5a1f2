#!/usr/bin/env python3
"""Checks that every #include under src/ obeys layers.txt.

usage: check_layers.py [ROOT]

Prints a line per violation ("src/model/gap.c:12: model may not use store (store/store.h)"); exit 1 if there is any.
"""
import fnmatch
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
GENERATED = re.compile(r'\.gen\.h$')


def read_table(path):
    """{folder: (folders it may use, patterns of external headers)}"""
    table = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) != 3 or not cells[0]:
            raise SystemExit(f"{path}:{number}: expected `folder | may use | external headers`")
        table[cells[0]] = (set(cells[1].split()), cells[2].split())
    for folder, (uses, _) in table.items():
        unknown = uses - table.keys()
        if unknown:
            raise SystemExit(f"{path}: {folder} may use {', '.join(sorted(unknown))}, which has no row")
    return {folder: (spelled_out(uses, table), external) for folder, (uses, external) in table.items()}


def spelled_out(uses, table):
    """With each @name replaced by what its row lists."""
    found = set()
    for use in uses:
        found |= spelled_out(table[use][0], table) if use.startswith("@") else {use}
    return found


def layer_of(file, table):
    """The longest row that the file's path is under; None outside all layers."""
    parts = file.split("/")
    for length in range(len(parts), 0, -1):
        candidate = "/".join(parts[:length])
        if candidate in table:
            return candidate
    return None


def problem(layer, bracket, header, here, root, table):
    """What is wrong with one include, or None."""
    uses, external = table[layer]
    if bracket == '"':
        target = layer_of(header, table)
        if "/" not in header and (GENERATED.search(header) or (root / "src" / here / header).exists()):
            return None  # beside the file, or generated for its own folder
        if target is None:
            return f"{header} is in no layer; write the path from src/"
        if target != layer and target not in uses:
            return f"{layer} may not use {target} ({header})"
        return None
    if any(fnmatch.fnmatch(header, pattern) for pattern in external + table["system"][1]):
        return None
    return f"{layer} may not use <{header}>"


def check(root):
    table = read_table(root / "layers.txt")
    problems = []
    for path in sorted((root / "src").rglob("*.[ch]")):
        file = path.relative_to(root / "src").as_posix()
        layer = layer_of(file, table)
        if layer is None:
            problems.append(f"src/{file}: its folder has no row in layers.txt")
            continue
        here = file.rpartition("/")[0]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            wrong = match and problem(layer, match[1], match[2], here, root, table)
            if wrong:
                problems.append(f"src/{file}:{number}: {wrong}")
    return problems


def main():
    problems = check(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    print("\n".join(problems) if problems else "layers: every include is allowed")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
