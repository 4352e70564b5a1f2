#!/usr/bin/env python3
"""Turns SQL text into typed C functions, so that no query is ever built at run time.

Input: src/store/sql/<stage>/*.sql. Each query follows a comment header, on one line or more:

    -- name: user_by_email  kind: one
    -- params: email text, now int
    -- result: id text, name text, disabled_at int?
    SELECT id, name, disabled_at FROM "user" WHERE email = :email AND created_at <= :now;

kind    one   a row, or MG_E_NOT_FOUND
        many  rows as an array; the text must hold a LIMIT
        exec  no rows; tells how many rows changed
types   text, int, real, blob; with a `?` the value may be NULL

Every parameter is used as :name and every :name is declared. Up to five parameters become arguments of the function;
six or more a structure `…_params`, so that calls name their values. One text serves SQLite (?1) and PostgreSQL ($1);
where that can't be, a second query `name_postgres` will stand beside the first.

Output: one header and one C file for all queries, and (--migrations) the numbered schema files as a C table.
"""
import argparse
import pathlib
import re
import sys

FIELD = re.compile(r"\b(name|kind|params|result):\s*")
COLUMN = re.compile(r"^([a-z][a-z0-9_]*) (text|int|real|blob)(\?)?$")
TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|::|:([a-z][a-z0-9_]*)")
ARGUMENTS_MAX = 5

C_TYPES = {
    ("text", False): "const char *", ("text", True): "const char *",
    ("int", False): "int64_t ", ("int", True): "const int64_t *",
    ("real", False): "double ", ("real", True): "const double *",
    ("blob", False): "struct mg_blob ", ("blob", True): "struct mg_blob ",
}


class Problem(Exception):
    """Something wrong in an input file; the message says where."""


class Column:
    def __init__(self, name, kind, nullable):
        self.name, self.kind, self.nullable = name, kind, nullable

    @property
    def declaration(self):
        return f"{C_TYPES[self.kind, self.nullable]}{self.name}"

    @property
    def field_type(self):
        return f"MG_SQL_{self.kind.upper()}" + (" | MG_SQL_NULLABLE" if self.nullable else "")

    def value(self, prefix):
        """The C expression that makes a struct mg_value of this parameter."""
        maker = f"mg_value_{self.kind}" + ("_or_null" if self.nullable and self.kind in ("int", "real") else "")
        return f"{maker}({prefix}{self.name})"


class Query:
    def __init__(self, where, fields, sql):
        self.where, self.sql = where, sql
        self.name, self.kind = fields.get("name", ""), fields.get("kind", "")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise Problem(f"{where}: the header needs a name in lower case, as in `-- name: user_by_email`")
        if self.kind not in ("one", "many", "exec"):
            raise Problem(f"{where}: {self.name}: kind must be one, many or exec")
        self.params = self.columns(fields.get("params", ""))
        self.result = self.columns(fields.get("result", ""))
        self.check()

    def columns(self, text):
        found = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            match = COLUMN.match(" ".join(part.split()))
            if not match:
                raise Problem(f"{self.where}: {self.name}: `{part}` is not `name type`; types are text, int, real, blob")
            if match[1] in (column.name for column in found):
                raise Problem(f"{self.where}: {self.name}: `{match[1]}` is there twice")
            found.append(Column(match[1], match[2], bool(match[3])))
        return found

    def check(self):
        if (self.kind == "exec") == bool(self.result):
            raise Problem(f"{self.where}: {self.name}: one and many need `result:`, exec must not have it")
        if self.kind == "many" and not re.search(r"\bLIMIT\b", self.sql):
            raise Problem(f"{self.where}: {self.name}: a query of many rows needs a LIMIT")
        if ";" in TOKEN.sub("", self.sql):
            raise Problem(f"{self.where}: {self.name}: one statement is run, not what follows its semicolon")
        used = {match[1] for match in TOKEN.finditer(self.sql) if match[1]}
        declared = {param.name for param in self.params}
        for name in sorted(used - declared):
            raise Problem(f"{self.where}: {self.name}: `:{name}` is not among params")
        for name in sorted(declared - used):
            raise Problem(f"{self.where}: {self.name}: parameter `{name}` is never used")

    def numbered(self, mark):
        """The text with :name written as mark + number, without comments."""
        order = {param.name: number for number, param in enumerate(self.params, 1)}

        def replace(match):
            if match[1]:
                return f"{mark}{order[match[1]]}"
            return "" if match[0].startswith("--") else match[0]

        return TOKEN.sub(replace, self.sql)

    @property
    def signature(self):
        row = f"struct mg_sql_{self.name}_row"
        arguments = ["struct mg_db *db"]
        if self.kind != "exec":
            arguments.append("struct mg_arena *arena")
        if len(self.params) > ARGUMENTS_MAX:
            arguments.append(f"const struct mg_sql_{self.name}_params *params")
        else:
            arguments += [param.declaration for param in self.params]
        arguments += {"one": [f"{row} *ret_row"], "many": [f"{row} **ret_rows", "size_t *ret_n"],
                      "exec": ["int64_t *ret_changes"]}[self.kind]
        return wrap(f"int mg_sql_{self.name}(", arguments + ["struct mg_error *error"])


def wrap(head, arguments, width=110):
    """A declaration broken into lines, arguments aligned under the first."""
    lines, line = [], head
    for number, argument in enumerate(arguments):
        piece = argument + (")" if number == len(arguments) - 1 else ",")
        if line != head and len(line) + 1 + len(piece) > width:
            lines.append(line)
            line = " " * len(head) + piece
        else:
            line += piece if line == head else " " + piece
    return "\n".join(lines + [line])


def read_queries(path):
    """The queries of one file, in order."""
    queries, header, body, start = [], {}, [], 0

    def finish():
        if header:
            sql = "\n".join(body).strip().rstrip(";").strip()
            if not sql:
                raise Problem(f"{path.name}:{start}: the header has no query under it")
            queries.append(Query(f"{path.name}:{start}", header, sql))

    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        comment = line[2:].strip() if line.startswith("--") else None
        if comment is not None and comment.startswith("name:"):
            finish()
            header, body, start = {}, [], number
        if comment is not None and header is not None and not body and FIELD.match(comment):
            parts = FIELD.split(comment)[1:]
            for key, text in zip(parts[::2], parts[1::2]):
                header[key] = (header.get(key, "") + " " + text).strip()
        elif comment is None and (header or line.strip()):
            if not header:
                raise Problem(f"{path.name}:{number}: text before the first `-- name:` header")
            if line.strip() or body:
                body.append(line)
        elif comment is not None and header and not body and comment:
            last = list(header)[-1]
            header[last] += " " + comment
    finish()
    return queries


def read_folder(folder):
    queries, places = [], {}
    for path in sorted(pathlib.Path(folder).rglob("*.sql")):
        for query in read_queries(path):
            if query.name in places:
                raise Problem(f"{query.where}: {query.name} is defined already at {places[query.name]}")
            places[query.name] = query.where
            queries.append((path.relative_to(folder).as_posix(), query))
    return queries


def c_text(text, indent="    "):
    lines = []
    for line in text.split("\n"):
        escaped = line.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'{indent}"{escaped}\\n"')
    return "\n".join(lines)


def structure(name, columns):
    return [f"struct {name} {{"] + [f"    {column.declaration};" for column in columns] + ["};"]


def make_header(queries):
    lines = ["/* Generated by tools/gen/sql.py from src/store/sql/. The text of results belongs to the arena. */",
             "#ifndef MG_STORE_QUERIES_GEN_H", "#define MG_STORE_QUERIES_GEN_H", "", '#include "store/db.h"', "",
             f"#define MG_QUERY_COUNT {len(queries)}", "",
             "/* Every query, for engines that prepare and for the test that prepares them all. */",
             "extern const struct mg_query mg_queries[MG_QUERY_COUNT + 1];", ""]
    file_before = None
    for file, query in queries:
        if file != file_before:
            lines += [f"/* ---- {file} ---- */", ""]
            file_before = file
        lines += [f"/* {line} */" for line in [" ".join(query.sql.replace("*/", "* /").split())[:104]]]
        if query.result:
            lines += structure(f"mg_sql_{query.name}_row", query.result)
        if len(query.params) > ARGUMENTS_MAX:
            lines += structure(f"mg_sql_{query.name}_params", query.params)
        lines += [query.signature + ";", ""]
    return "\n".join(lines + ["#endif", ""])


def make_function(index, query):
    n = len(query.params)
    prefix = "params->" if n > ARGUMENTS_MAX else ""
    lines = [query.signature, "{"]
    values = "NULL"
    if n:
        lines.append(f"    const struct mg_value values[{n}] = {{")
        lines += [f"        {param.value(prefix)}," for param in query.params]
        lines.append("    };")
        values = "values"
    head = f"db, {'' if query.kind == 'exec' else 'arena, '}&mg_queries[{index}], {values}"
    if query.kind == "many":
        lines += ["    void *rows = NULL;", f"    int rc = mg_query_many({head}, &rows, ret_n, error);",
                  "    if (rc == 0)", "        *ret_rows = rows;", "    return rc;"]
    elif query.kind == "one":
        lines.append(f"    return mg_query_one({head}, ret_row, error);")
    else:
        lines.append(f"    return mg_query_exec({head}, ret_changes, error);")
    return lines + ["}", ""]


def make_source(queries):
    lines = ["/* Generated by tools/gen/sql.py from src/store/sql/. */", '#include "store/queries.gen.h"', "",
             "#include <stddef.h>", ""]
    for _, query in queries:
        if query.result:
            row = f"struct mg_sql_{query.name}_row"
            lines.append(f"static const struct mg_sql_field {query.name}_fields[] = {{")
            lines += [f"    {{{column.field_type}, offsetof({row}, {column.name})}}," for column in query.result]
            lines += ["};", ""]
    lines.append("const struct mg_query mg_queries[MG_QUERY_COUNT + 1] = {")
    for index, (_, query) in enumerate(queries):
        lines += ["    {", f'        .name = "{query.name}", .index = {index}, .n_params = {len(query.params)},']
        if query.result:
            lines.append(f"        .fields = {query.name}_fields, .n_fields = {len(query.result)}, "
                         f".row_size = sizeof(struct mg_sql_{query.name}_row),")
        lines += ["        .sqlite =", c_text(query.numbered("?"), "            ") + ",", "    },"]
    lines += ["    {.name = NULL},", "};", ""]
    for index, (_, query) in enumerate(queries):
        lines += make_function(index, query)
    return "\n".join(lines)


def make_migrations(folder):
    """The schema files, which must be numbered 0001, 0002, … without holes."""
    lines = ["/* Generated by tools/gen/sql.py from src/store/schema/. */", "#include <stddef.h>", "",
             "struct mg_migration {", "    int number;", "    const char *name, *sql;", "};", "",
             "static const struct mg_migration mg_migrations[] = {"]
    paths = sorted(pathlib.Path(folder).glob("*.sql"))
    for number, path in enumerate(paths, 1):
        if not path.name.startswith(f"{number:04d}_"):
            raise Problem(f"{path.name}: expected a file that starts with {number:04d}_")
        lines += [f'    {{{number}, "{path.stem}",', c_text(path.read_text("utf-8"), "     ") + "},"]
    lines += ["};", f"static const int mg_migrations_count = {len(paths)};", ""]
    return "\n".join(lines)


def write_depfile(path, target, folder):
    """The folders themselves are dependencies, so that a file that is added is noticed."""
    folders = [pathlib.Path(folder), *(found for found in sorted(pathlib.Path(folder).rglob("*")) if found.is_dir())]
    names = [str(found) for found in folders + sorted(pathlib.Path(folder).rglob("*.sql"))]
    pathlib.Path(path).write_text(f"{target}: {' '.join(names)}\n", "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="folder with the .sql files")
    parser.add_argument("--header", help="queries: the C header to write")
    parser.add_argument("--source", help="queries: the C file to write")
    parser.add_argument("--migrations", help="the folder holds the schema: the C header to write")
    parser.add_argument("--depfile", help="what the outputs depend on, for ninja")
    args = parser.parse_args()
    try:
        if args.migrations:
            pathlib.Path(args.migrations).write_text(make_migrations(args.folder), "utf-8")
        else:
            queries = read_folder(args.folder)
            pathlib.Path(args.header).write_text(make_header(queries), "utf-8")
            pathlib.Path(args.source).write_text(make_source(queries), "utf-8")
        if args.depfile:
            write_depfile(args.depfile, args.migrations or args.header, args.folder)
    except Problem as problem:
        sys.exit(f"gen_sql: {problem}")


if __name__ == "__main__":
    main()
