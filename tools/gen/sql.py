#!/usr/bin/env python3
"""Turns SQL text into typed C functions, so that no query is ever built at run time.

Input: src/store/sql/<stage>/*.sql. Each query follows a comment header, on one line or more:

    -- name: user_by_email  kind: one
    -- params: email text, now int
    -- result: id text, name text, disabled_at int?
    SELECT id, name, disabled_at FROM "user" WHERE email = :email AND created_at <= :now;

kind    one   a row, or MG_E_NOT_FOUND
        many  rows as an array; the text must hold ORDER BY and LIMIT
        exec  no rows; tells how many rows changed
types   text, int, real, blob; with a `?` the value may be NULL
row     name of the result's structure, mg_sql_NAME_row; without it the query's own. Queries that return the same name it:
        the first holds `result:`, those after it only `row:`.

Every parameter is used as :name and every :name is declared. Up to five parameters become arguments of the function;
six or more a structure `…_params`, so that calls name their values.

One text serves SQLite (?1) and PostgreSQL ($1). What only SQLite knows, or what the two understand differently, is refused;
what PostgreSQL alone would refuse its own parser finds (tests/tools/test_sql_postgres.py prepares every query there). Where one
text can't be, two stand side by side, each after a line of its own:

    -- sqlite:
    SELECT …;
    -- postgres:
    SELECT …;

Schema files are one text too: types are mapped, and `-- sqlite:` or `-- postgres:` opens a part for one of them that
`-- both:` ends (old steps moved data that no other engine ever held).

Output: one header and one C file for all queries, and (--migrations) the numbered schema files as a C table.
"""
import argparse
import pathlib
import re
import sys

ENGINES = ("sqlite", "postgres")
FIELD = re.compile(r"\b(name|kind|params|result|row):\s*")
COLUMN = re.compile(r"^([a-z][a-z0-9_]*) (text|int|real|blob)(\?)?$")
TOKEN = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|--[^\n]*|::|:([a-z][a-z0-9_]*)")
ARGUMENTS_MAX = 5
MARK = re.compile(r"(sqlite|postgres|both):")
QUOTED = {'"user"'}  # names that are words of the language

# What may not stand in a text for both engines: pattern, what it is, what to write. Strings and comments are left out before.
UNPORTABLE = [(re.compile(pattern, re.I), what, instead) for pattern, what, instead in (
    (r"\b(INSERT|UPDATE) OR \w+|\bREPLACE INTO\b", "OR IGNORE, OR REPLACE and the like", "ON CONFLICT (…) DO …"),
    (r"\bIFNULL\s*\(", "ifnull()", "coalesce()"),
    (r"\bIIF\s*\(", "iif()", "CASE"),
    (r"\b(_?rowid_?|oid)\b", "the row's number", "a column of the table"),
    (r"\b(datetime|date|time|julianday|strftime|unixepoch|timediff)\s*\(", "a time made in SQL", "a parameter `now`"),
    (r"\b(GLOB|REGEXP|MATCH)\b", "GLOB, REGEXP and MATCH", "a range of texts"),
    (r"\bI?LIKE\b", "LIKE, which minds the case in one engine only", "a range of texts"),
    (r"\bjson_\w+\s*\(|->", "JSON functions", "a column, or C"),
    (r"\b(random|randomblob|last_insert_rowid|changes|total_changes)\s*\(", "random() and changes()", "a parameter, or RETURNING"),
    (r"\b(group_concat|total|typeof|printf|instr|hex|unhex|quote|char|unicode|zeroblob|likely|unlikely)\s*\(",
     "a function of SQLite's own", "what both have"),
    (r"==|`|\[", "== and names in ` or []", "= and plain names"),
    (r"\bIS\s+(?!NOT\b|NULL\b|DISTINCT\b)|\bIS\s+NOT\s+(?!NULL\b|DISTINCT\b)", "IS as an equals sign",
     "IS NOT DISTINCT FROM"),
    (r"\bCOLLATE\s+(NOCASE|RTRIM|BINARY)\b", "collations of SQLite's own", "texts that sort as bytes, as all do"),
    (r"\bINDEXED BY\b|\bNOT INDEXED\b", "INDEXED BY", "nothing: let the engine choose"),
    (r"\bLIMIT\s+(-|[\w:]+\s*,)", "LIMIT with a comma or a minus", "LIMIT … OFFSET …"),
    (r"\b(PRAGMA|ATTACH|DETACH|VACUUM)\b", "commands of SQLite's own", "what both have"),
)]
TYPES = {"INTEGER": "BIGINT", "REAL": "DOUBLE PRECISION", "BLOB": "BYTEA", "TEXT": 'TEXT COLLATE "C"'}

C_TYPES = {
    ("text", False): "const char *", ("text", True): "const char *",
    ("int", False): "int64_t ", ("int", True): "const int64_t *",
    ("real", False): "double ", ("real", True): "const double *",
    ("blob", False): "struct mg_blob ", ("blob", True): "struct mg_blob ",
}


class Problem(Exception):
    """Something wrong in an input file; the message says where."""


def bare(text):
    """The text without what strings, names in quotes and comments hold."""
    return TOKEN.sub(lambda match: match[0] if match[0].startswith(":") else "''" if match[0][0] in "'\"" else " ", text)


def has_scalar_max(text):
    """max(a, b): SQLite takes it for the larger one. A comma one parenthesis deep tells."""
    for match in re.finditer(r"\b(max|min)\s*\(", text, re.I):
        depth = 1
        for letter in text[match.end():]:
            depth += (letter == "(") - (letter == ")")
            if depth == 0:
                break
            if depth == 1 and letter == ",":
                return True
    return False


def check_portable(where, text):
    """Refuses what the two engines don't both understand, alike."""
    plain = bare(text)
    for pattern, what, instead in UNPORTABLE:
        if pattern.search(plain):
            raise Problem(f"{where}: {what}: not in a text for both engines; write {instead}, or two texts side by side")
    if has_scalar_max(plain):
        raise Problem(f"{where}: max() or min() of several values: not in a text for both engines; write CASE")
    for match in TOKEN.finditer(text):
        if match[0].startswith('"') and match[0] not in QUOTED:
            raise Problem(f"{where}: {match[0]}: texts stand in single quotes, and only {', '.join(sorted(QUOTED))} needs them")


class Column:
    def __init__(self, name, kind, nullable):
        self.name, self.kind, self.nullable = name, kind, nullable

    @property
    def declaration(self):
        return f"{C_TYPES[self.kind, self.nullable]}{self.name}"

    @property
    def field_type(self):
        return f"MG_VALUE_{self.kind.upper()}" + (" | MG_VALUE_NULLABLE" if self.nullable else "")

    def value(self, prefix):
        """The C expression that makes a struct mg_value of this parameter."""
        maker = f"mg_value_{self.kind}" + ("_or_null" if self.nullable and self.kind in ("int", "real") else "")
        return f"{maker}({prefix}{self.name})"


class Query:
    def __init__(self, where, fields, texts):
        self.where, self.texts = where, texts
        self.name, self.kind = fields.get("name", ""), fields.get("kind", "")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.name):
            raise Problem(f"{where}: the header needs a name in lower case, as in `-- name: user_by_email`")
        if self.kind not in ("one", "many", "exec"):
            raise Problem(f"{where}: {self.name}: kind must be one, many or exec")
        self.params = self.columns(fields.get("params", ""))
        self.result = self.columns(fields.get("result", ""))
        self.row, self.declares = fields.get("row", self.name), "result" in fields
        if not re.fullmatch(r"[a-z][a-z0-9_]*", self.row):
            raise Problem(f"{where}: {self.name}: a row has a name in lower case, as in `row: user`")
        self.shared = "row" in fields
        for text in texts.values():
            self.check(text)
        if "both" in texts:
            check_portable(f"{where}: {self.name}", texts["both"])
        elif set(texts) != set(ENGINES):
            raise Problem(f"{where}: {self.name}: where the engines have texts of their own, both need one")

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

    def check(self, sql):
        if (self.kind == "exec") == (self.declares or self.shared):
            raise Problem(f"{self.where}: {self.name}: one and many need `result:` or `row:`, exec must not have them")
        if self.kind == "many" and not re.search(r"\bORDER BY\b.*\bLIMIT\b", sql, re.S):
            raise Problem(f"{self.where}: {self.name}: a query of many rows needs an ORDER BY and a LIMIT")
        if ";" in TOKEN.sub("", sql):
            raise Problem(f"{self.where}: {self.name}: one statement is run, not what follows its semicolon")
        used = {match[1] for match in TOKEN.finditer(sql) if match[1]}
        declared = {param.name for param in self.params}
        for name in sorted(used - declared):
            raise Problem(f"{self.where}: {self.name}: `:{name}` is not among params")
        for name in sorted(declared - used):
            raise Problem(f"{self.where}: {self.name}: parameter `{name}` is never used")

    def text(self, engine):
        """The engine's text with :name written as its mark and the parameter's number, without comments."""
        mark = {"sqlite": "?", "postgres": "$"}[engine]
        order = {param.name: number for number, param in enumerate(self.params, 1)}

        def replace(match):
            if match[1]:
                return f"{mark}{order[match[1]]}"
            return "" if match[0].startswith("--") else match[0]

        return TOKEN.sub(replace, self.texts.get("both") or self.texts[engine])

    @property
    def signature(self):
        row = f"struct mg_sql_{self.row}_row"
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
    queries, header, bodies, engine, start = [], {}, {}, "both", 0

    def finish():
        if header:
            texts = {name: "\n".join(lines).strip().rstrip(";").strip() for name, lines in bodies.items()}
            if not texts or not all(texts.values()):
                raise Problem(f"{path.name}:{start}: the header has no query under it")
            queries.append(Query(f"{path.name}:{start}", header, texts))

    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        comment = line[2:].strip() if line.startswith("--") else None
        if comment is not None and comment.startswith("name:"):
            finish()
            header, bodies, engine, start = {}, {}, "both", number
        if comment is not None and header and MARK.fullmatch(comment):
            engine = comment[:-1]
            bodies[engine] = []
        elif comment is not None and header is not None and not bodies and FIELD.match(comment):
            parts = FIELD.split(comment)[1:]
            for key, text in zip(parts[::2], parts[1::2]):
                header[key] = (header.get(key, "") + " " + text).strip()
        elif comment is None and (header or line.strip()):
            if not header:
                raise Problem(f"{path.name}:{number}: text before the first `-- name:` header")
            if line.strip() or bodies:
                bodies.setdefault(engine, []).append(line)
        elif comment is not None and header and not bodies and comment:
            last = list(header)[-1]
            header[last] += " " + comment
    finish()
    return queries


def share_rows(queries):
    """Gives queries that name a row the columns that the first of its name declared."""
    declared = {}
    for _, query in queries:
        if query.declares and query.row in declared:
            raise Problem(f"{query.where}: {query.name}: the row {query.row} is declared already at {declared[query.row].where}")
        if query.declares:
            declared[query.row] = query
        elif query.shared and query.row not in declared:
            raise Problem(f"{query.where}: {query.name}: no query before this one declares the row {query.row}")
        elif query.shared:
            query.result = declared[query.row].result


def read_folder(folder):
    queries, places = [], {}
    for path in sorted(pathlib.Path(folder).rglob("*.sql")):
        for query in read_queries(path):
            if query.name in places:
                raise Problem(f"{query.where}: {query.name} is defined already at {places[query.name]}")
            places[query.name] = query.where
            queries.append((path.relative_to(folder).as_posix(), query))
    share_rows(queries)
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
        lines.append(f"/* {' '.join(query.text('sqlite').replace('*/', '* /').split())[:104]} */")
        if query.declares:
            lines += structure(f"mg_sql_{query.row}_row", query.result)
        if len(query.params) > ARGUMENTS_MAX:
            lines += structure(f"mg_sql_{query.name}_params", query.params)
        lines += ["MG_CHECKED " + query.signature + ";", ""]
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
        if query.declares:
            row = f"struct mg_sql_{query.row}_row"
            lines.append(f"static const struct mg_query_field {query.row}_fields[] = {{")
            lines += [f"    {{{column.field_type}, offsetof({row}, {column.name})}}," for column in query.result]
            lines += ["};", ""]
    lines.append("const struct mg_query mg_queries[MG_QUERY_COUNT + 1] = {")
    for index, (_, query) in enumerate(queries):
        lines += ["    {", f'        .name = "{query.name}", .index = {index}, .n_params = {len(query.params)},']
        if query.result:
            lines.append(f"        .fields = {query.row}_fields, .n_fields = {len(query.result)}, "
                         f".row_size = sizeof(struct mg_sql_{query.row}_row),")
        lines += ["        .sqlite =", c_text(query.text("sqlite"), "            ") + ",", "    },"]
    lines += ["    {.name = NULL},", "};", ""]
    for index, (_, query) in enumerate(queries):
        lines += make_function(index, query)
    return "\n".join(lines)


def parts_of(path, engine):
    """What of a schema file is for the engine: (its own or both's, text)."""
    parts = [("both", [])]
    for line in path.read_text("utf-8").splitlines():
        mark = MARK.fullmatch(line[2:].strip()) if line.startswith("--") else None
        if mark:
            parts.append((mark[1], []))
        else:
            parts[-1][1].append(line)
    return [(owner, "\n".join(lines)) for owner, lines in parts if owner in ("both", engine)]


def to_postgres(text):
    """A part of the schema for both, as PostgreSQL has it: types, numbering, bytes' order; what it checks itself goes."""
    def outside(plain):
        plain = re.sub(r"\bINTEGER NOT NULL PRIMARY KEY AUTOINCREMENT\b",
                       "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY", plain)
        plain = re.sub(r"\) STRICT(, WITHOUT ROWID)?;", ");", plain)
        plain = re.sub(r"\bjson_valid\((\w+)\)", r"(\1::json IS NOT NULL)", plain)
        return re.sub(r"\b(INTEGER|REAL|BLOB|TEXT)\b", lambda match: TYPES[match[1]], plain)

    pieces, at = [], 0
    for token in TOKEN.finditer(text):
        pieces += [outside(text[at:token.start()]), "" if token[0].startswith("--") else token[0]]
        at = token.end()
    return "".join(pieces + [outside(text[at:])])


def schema_paths(folder):
    """The schema files, which must be numbered 0001, 0002, … without holes."""
    paths = sorted(pathlib.Path(folder).glob("*.sql"))
    for number, path in enumerate(paths, 1):
        if not path.name.startswith(f"{number:04d}_"):
            raise Problem(f"{path.name}: expected a file that starts with {number:04d}_")
        for owner, text in parts_of(path, "sqlite"):
            if owner == "both":
                check_portable(path.name, re.sub(r"\bWITHOUT ROWID\b|\bjson_valid\(", "", text))
    return paths


def make_step(path, engine):
    """The text of one schema file for an engine."""
    parts = parts_of(path, engine)
    return "\n".join(to_postgres(text) if engine == "postgres" and owner == "both" else text for owner, text in parts)


def make_migrations(folder):
    """SQLite's steps as a C table."""
    lines = ["/* Generated by tools/gen/sql.py from src/store/schema/. */", "#include <stddef.h>", "",
             "struct mg_migration {", "    int number;", "    const char *name, *sql;", "};", "",
             "static const struct mg_migration mg_migrations[] = {"]
    paths = schema_paths(folder)
    for number, path in enumerate(paths, 1):
        lines += [f'    {{{number}, "{path.stem}",', c_text(make_step(path, "sqlite"), "     ") + "},"]
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
