#!/usr/bin/env python3
"""Makes C and TypeScript from spec/openapi, so that nothing about the interface is written twice.

    api.py spec/openapi --c OUTDIR              wire.gen.h wire.gen.c   structs and their field tables (src/wire/wire.h)
                                                routes.gen.h routes.gen.c  typed handler prototypes, the route table
                                                handlers.gen.c          the handlers that only forward (x-service)
                                                openapi.gen.c           the spec itself as JSON, for /api/v1/openapi.json
    api.py spec/openapi --ts FILE               schemas and paths in the shape openapi-fetch reads
    api.py spec/openapi --json FILE             the spec joined to one document, for other programs

C names: schema GapRow → struct mg_wire_gap_row, its table mg_wire_type_gap_row; enum values MG_WIRE_STAGE_BEFORE; the query of
operation listAudit → struct mg_wire_list_audit_query; its handler mg_api_list_audit.
x-service: "service/admin/audit.h:mg_audit_list" makes that handler: it calls
    mg_audit_list(ctx, path parameters…, members of the query…, body, ret, error)
each in the order of the spec, what the operation lacks left out. Without it the handler is written by hand in src/api/*.c.
How a property becomes a member is said at the top of src/wire/wire.h. What of OpenAPI isn't understood is an error here,
never ignored.
"""
import argparse
import json
import pathlib
import re
import sys

import spec as description
from spec import METHODS

C_WORDS = set("""auto break case char const continue default do double else enum extern float for goto if inline int long
register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool""".split())
FORMATS = {"email": "EMAIL", "ulid": "ULID", "date-time": "DATE_TIME", "date": "DATE"}
FREE_FORMATS = {"binary", "password", "uri"}
KEYWORDS = {"type", "enum", "properties", "required", "items", "description", "format", "default", "minimum", "maximum",
            "exclusiveMinimum", "minLength", "maxLength", "minItems", "maxItems", "additionalProperties", "$ref", "example",
            "examples", "title", "deprecated", "explode", "x-lend"}
KINDS = {"string": "TEXT", "integer": "INTEGER", "number": "NUMBER", "boolean": "BOOLEAN"}
MEMBER = {"TEXT": "const char *", "INTEGER": "int64_t ", "NUMBER": "double ", "BOOLEAN": "bool ", "JSON": "const char *",
          "JSON_MAP": "const char *", "LENT": "const json_t *"}
ROLES = ["viewer", "agent", "trainer", "analyst", "owner"]
SCOPES = ["read", "write", "intake"]
RATES = ["read", "write", "heavy", "login", "intake"]
POOLS = ["quick", "slow", "login"]
SERVICE = re.compile(r"(service/[a-z0-9_/]+\.h):(mg_[a-z0-9_]+)")
LIMITS = {"upload": 4 << 30, "intake": 256 << 10, "json": 4 << 20}


def fail(where, why):
    sys.exit(f"gen_api: {where}: {why}")


def snake(name):
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    name = re.sub(r"[^0-9a-zA-Z]+", "_", name).lower()
    return name + "_" if name in C_WORDS else name


def c_string(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def comment(text):
    return " ".join(str(text).split()).replace("*/", "* /")


class Field:
    """One member of a struct: its place in C and its rules."""

    def __init__(self, name, schema, required):
        self.name, self.member = name, snake(name)
        self.description = schema.get("description", "")
        self.required, self.schema = required, schema
        self.array = self.nullable = self.nullable_items = self.pointer = self.comma = False
        self.kind = self.target = None  # target: snake name of the enum or struct
        self.least_items, self.most_items = 0, None

    @property
    def optional(self):
        return not self.required and "default" not in self.schema

    @property
    def has(self):
        scalar = not self.array and self.kind in ("INTEGER", "NUMBER", "BOOLEAN", "ENUM")
        return scalar and (self.optional or (self.nullable and self.kind != "NUMBER"))


class Struct:
    def __init__(self, name, description="", bare=False, opened=False):
        self.name, self.description, self.bare, self.open = name, description, bare, opened
        self.fields = []


class Api:
    """The spec, resolved into enums, structs (in an order in which C accepts them) and routes."""

    def __init__(self, spec):
        self.spec, self.schemas = spec, spec.get("components", {}).get("schemas", {})
        self.enums, self.structs, self.routes = {}, {}, []
        for name in sorted(self.schemas):
            if self.schemas[name].get("enum"):
                self.add_enum(snake(name), self.schemas[name])
        for name in self.schemas:
            self.component(name)
        for path, item in spec["paths"].items():
            for method in METHODS:
                if method in item:
                    self.add_route(path, method, item[method], item.get("parameters", []))

    def deref(self, node):
        while "$ref" in node:
            target = self.spec
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def add_enum(self, name, schema):
        values = [str(value) for value in schema["enum"]]
        if schema.get("type") != "string":
            fail(name, "only texts can be enumerated")
        if self.enums.get(name, values) != values:
            fail(name, "two enums of this name differ")
        self.enums[name] = values
        return name

    def component(self, name):
        """The struct of a component; made with all it holds by value first."""
        schema, short = self.schemas[name], snake(name)
        if short in self.structs or schema.get("enum"):
            return short
        if schema.get("type") == "array":
            return self.add_bare(short, schema)
        if schema.get("type") != "object" or "properties" not in schema:
            fail(name, "a component must be an object with properties, an array, or an enum")
        return self.add_struct(short, schema)

    def add_struct(self, name, schema):
        struct = Struct(name, schema.get("description", ""), opened=schema.get("additionalProperties") is True)
        self.structs[name] = None  # being made: a second visit means recursion
        required = set(schema.get("required", []))
        unknown = required - set(schema["properties"])
        if unknown:
            fail(name, f"required but not declared: {', '.join(sorted(unknown))}")
        for key, prop in schema["properties"].items():
            struct.fields.append(self.make_field(name, key, prop, key in required))
        self.finish(struct)
        return name

    def add_bare(self, name, schema):
        struct = Struct(name, schema.get("description", ""), bare=True)
        self.structs[name] = None
        struct.fields.append(self.make_field(name, "items", schema, True))
        self.finish(struct)
        return name

    def finish(self, struct):
        members = []
        for field in struct.fields:
            members += [field.member] + ["has_" + field.member] * field.has + ["n_" + field.member] * field.array
        twice = {member for member in members if members.count(member) > 1}
        if twice:
            fail(struct.name, f"two members would be called {', '.join(twice)}")
        del self.structs[struct.name]
        self.structs[struct.name] = struct

    def make_field(self, parent, name, schema, required):
        field = Field(name, schema, required)
        self.fill(field, parent, schema)
        return field

    def fill(self, field, parent, schema, inside_array=False):
        unknown = set(schema) - KEYWORDS
        if unknown:
            fail(f"{parent}.{field.name}", f"not understood: {', '.join(sorted(unknown))}")
        if "$ref" in schema:
            self.fill_reference(field, schema, inside_array)
            return
        types = schema.get("type", [])
        types = types if isinstance(types, list) else [types]
        nullable, types = "null" in types, [t for t in types if t != "null"]
        if inside_array:
            field.nullable_items = nullable
        else:
            field.nullable = nullable
        self.fill_plain(field, parent, schema, types, inside_array)

    def fill_reference(self, field, schema, inside_array):
        target = schema["$ref"].rsplit("/", 1)[1]
        if self.schemas[target].get("enum"):
            field.kind, field.target = "ENUM", snake(target)
            return
        recursive = self.structs.get(snake(target), False) is None
        if not recursive:
            self.component(target)
        field.kind, field.target = "OBJECT", snake(target)
        field.pointer = not inside_array and (not field.required or recursive)

    def fill_plain(self, field, parent, schema, types, inside_array):
        if len(types) != 1:
            field.kind = "JSON"
        elif schema.get("enum"):
            field.kind, field.target = "ENUM", self.add_enum(f"{parent}_{snake(field.name)}", schema)
        elif types[0] in KINDS:
            field.kind = KINDS[types[0]]
            if types[0] == "string" and schema.get("format") not in (None, *FORMATS, *FREE_FORMATS):
                fail(f"{parent}.{field.name}", f"format {schema['format']} is not known")
        elif types[0] == "object" and "properties" in schema:
            field.kind, field.target = "OBJECT", self.add_struct(f"{parent}_{snake(field.name)}", schema)
            field.pointer = not inside_array and (not field.required or field.nullable)
        elif types[0] == "object":
            field.kind = "LENT" if schema.get("x-lend") else "JSON_MAP"
        elif types[0] == "array" and inside_array:
            field.kind, field.target = "OBJECT", self.add_bare(f"{parent}_{snake(field.name)}_row", schema)
        elif types[0] == "array":
            field.array = True
            field.least_items, field.most_items = schema.get("minItems", 0), schema.get("maxItems")
            items = schema["items"]
            self.fill(field, parent, items, inside_array=True)
            field.schema = {**items, **{k: v for k, v in schema.items() if k in ("default", "description")}}
        else:
            fail(f"{parent}.{field.name}", f"type {types[0]} is not known")

    def add_route(self, path, method, operation, shared):
        route = Route(path, method, operation)
        query = Struct(route.name + "_query", f"Query of {method.upper()} {path}")
        for parameter in [self.deref(p) for p in shared + operation.get("parameters", [])]:
            if parameter["in"] == "path":
                route.path_schemas[parameter["name"]] = parameter["schema"]
            elif parameter["in"] == "query":
                query.fields.append(self.query_field(query.name, parameter))
            else:
                fail(route.name, f"parameters in {parameter['in']} are not understood")
        if query.fields:
            self.structs[query.name] = None
            self.finish(query)
            route.query = query
        if set(re.findall(r"{(\w+)}", path)) != set(route.path_schemas):
            fail(path, "path and declared path parameters differ")
        route.set_body(self, operation.get("requestBody"))
        route.set_response(self, operation["responses"])
        route.check()
        self.routes.append(route)

    def query_field(self, name, parameter):
        schema = dict(parameter["schema"])
        schema.setdefault("description", parameter.get("description", ""))
        field = self.make_field(name, parameter["name"], schema, parameter.get("required", False))
        field.comma = field.array and parameter.get("explode") is False
        return field


class Route:
    def __init__(self, path, method, operation):
        self.path, self.method, self.operation = path, method, operation
        self.id, self.name = operation["operationId"], snake(operation["operationId"])
        self.roles, self.rate = self.role_set(operation.get("x-role")), operation.get("x-rate")
        self.scope, self.body_kind = operation.get("x-scope"), operation.get("x-body", "json")
        if self.rate not in RATES or self.scope not in [None, *SCOPES]:
            fail(self.id, "x-rate or x-scope is missing or unknown")
        self.pool, self.needs, self.cache = operation.get("x-pool"), operation.get("x-needs"), operation.get("x-cache")
        if self.pool not in POOLS or self.needs not in [None, "engine"] or self.cache not in [None, "data"]:
            fail(self.id, "x-pool, x-needs or x-cache is missing or unknown")
        self.path_schemas, self.query, self.body, self.response = {}, None, None, None
        self.status, self.media = 200, None
        self.service = self.find_service(operation.get("x-service"))

    def role_set(self, given):
        """["none"]: nobody has to be signed in. An empty set would let nobody in: a mistake."""
        if given == "none":
            return ["none"]
        if not isinstance(given, list) or not given or set(given) - set(ROLES) or len(set(given)) < len(given):
            fail(self.id, f"x-role must be none or a set of {', '.join(ROLES)}")
        return given

    def find_service(self, given):
        """(header, function), or None: the handler is written by hand."""
        match = SERVICE.fullmatch(given or "")
        if given and not match:
            fail(self.id, "x-service must be “service/….h:mg_…”")
        return match and match.groups()

    @property
    def parameters(self):
        return re.findall(r"{(\w+)}", self.path)

    def set_body(self, api, body):
        self.has_body = body is not None
        if not body:
            self.body_kind = "none"
        elif self.body_kind == "json":
            self.body = snake(api.deref(body["content"]["application/json"])["schema"]["$ref"].rsplit("/", 1)[1])
        default = LIMITS.get(self.rate, LIMITS["json"]) if self.body_kind == "json" else LIMITS.get(self.body_kind, 0)
        self.limit = self.operation.get("x-limit", default)

    def check(self):
        """What the server takes for granted of the attributes together."""
        if self.cache and not (self.method == "get" and self.needs and self.response and self.path.startswith("/studies/{id}/")):
            fail(self.id, "x-cache is for a JSON answer to GET /studies/{id}/…, and x-needs the engine")
        if self.body_kind == "upload" and self.pool != "slow":
            fail(self.id, "an upload is answered by the slow pool, which may touch the disk")
        odd = [field.name for field in self.query.fields if field.has or field.array] if self.query else []
        if self.service and odd:
            fail(self.id, f"x-service can't hand down {', '.join(odd)}, which may be absent or several: write the handler")
        if self.service and (self.body_kind == "upload" or (self.media and not self.response)):
            fail(self.id, "x-service is for JSON")

    def set_response(self, api, responses):
        good = [code for code in responses if str(code).startswith("2")]
        if len(good) != 1:
            fail(self.id, "exactly one 2xx response is expected")
        self.status = int(good[0])
        content = api.deref(responses[good[0]]).get("content", {})
        for media, value in content.items():
            self.media = media
            if media == "application/json":
                self.response = snake(value["schema"]["$ref"].rsplit("/", 1)[1])


# --- C -----------------------------------------------------------------------------------------------------------------

def member_type(field):
    if field.kind == "ENUM":
        return f"enum mg_wire_{field.target} "
    if field.kind == "OBJECT":
        return f"struct mg_wire_{field.target} "
    return MEMBER[field.kind]


def member_lines(field):
    note = f" /* {comment(field.description)} */" if field.description else ""
    kind = member_type(field)
    if field.array:
        element = kind if kind.startswith("const char") else "const " + kind
        star = "const *" if kind.startswith("const char") else "*"
        return [f"    {element}{star}{field.member};{note}", f"    size_t n_{field.member};"]
    if field.pointer:
        return [f"    const {kind}*{field.member};{note}"]
    lines = [f"    {kind}{field.member};{note}"]
    return lines + [f"    bool has_{field.member};"] * field.has


def enum_lines(name, values):
    upper = name.upper()
    constants = ", ".join(f"MG_WIRE_{upper}_{snake(value).upper().rstrip('_')}" for value in values)
    return [f"enum mg_wire_{name} {{ {constants} }};", f"extern const struct mg_wire_enum mg_wire_enum_{name};",
            f"const char *mg_wire_{name}_text(enum mg_wire_{name} value);",
            "/* False and nothing written when the text is none of them. */",
            f"bool mg_wire_{name}_parse(const char *text, enum mg_wire_{name} *ret_value);", ""]


def struct_lines(struct):
    lines = [f"/* {comment(struct.description)} */"] if struct.description else []
    lines.append(f"struct mg_wire_{struct.name} {{")
    for field in struct.fields:
        lines += member_lines(field)
    return lines + ["};", f"extern const struct mg_wire_type mg_wire_type_{struct.name};"]


def writer_lines(name):
    return [f"static inline void mg_wire_write_{name}(struct mg_json_writer *out, const struct mg_wire_{name} *value)", "{",
            f"    mg_wire_write(out, &mg_wire_type_{name}, value);", "}", ""]


def reader_lines(name):
    return [f"MG_CHECKED static inline int mg_wire_read_{name}(struct mg_arena *arena, const json_t *json,",
            f"                                                 struct mg_wire_{name} *ret_value, struct mg_error *error)", "{",
            f"    return mg_wire_read(arena, &mg_wire_type_{name}, json, ret_value, error);", "}", ""]


def wire_header(api):
    lines = ["/* Generated by tools/gen/api.py from spec/openapi. */", "#ifndef MG_WIRE_GEN_H", "#define MG_WIRE_GEN_H", "",
             '#include "wire/wire.h"', ""]
    for name in sorted(api.enums):
        lines += enum_lines(name, api.enums[name])
    bodies = {route.body for route in api.routes}
    for struct in api.structs.values():
        lines += struct_lines(struct)
        lines += writer_lines(struct.name) if not struct.name.endswith("_query") else [""]
        lines += reader_lines(struct.name) if struct.name in bodies else []
    lines += ["/* The types of all request bodies, for tests and fuzzers. */",
              "extern const struct mg_wire_type *const mg_wire_body_types[];", "extern const size_t mg_wire_body_types_count;", ""]
    return "\n".join(lines + ["#endif", ""])


def flag_text(field):
    schema = field.schema
    flags = [name for name, on in [
        ("REQUIRED", field.required), ("NULLABLE", field.nullable), ("ARRAY", field.array), ("POINTER", field.pointer),
        ("NULLABLE_ITEMS", field.nullable_items), ("OVER", "exclusiveMinimum" in schema), ("COMMA", field.comma)] if on]
    return " | ".join("MG_WIRE_" + flag for flag in flags) or "0"


def number_text(value, default):
    return default if value is None else repr(float(value))


def field_row(struct, field):
    schema, where = field.schema, f"struct mg_wire_{struct.name}"
    offset = lambda member, on: f"offsetof({where}, {member})" if on else "MG_WIRE_NOWHERE"
    fallback = c_string(json.dumps(schema["default"])) if "default" in schema else "NULL"
    low = schema.get("exclusiveMinimum", schema.get("minimum"))
    most = schema.get("maxLength")
    values = f"&mg_wire_enum_{field.target}" if field.kind == "ENUM" else "NULL"
    target = f"&mg_wire_type_{field.target}" if field.kind == "OBJECT" else "NULL"
    return (f"    {{{c_string(field.name)}, MG_WIRE_{field.kind}, {flag_text(field)}, {offset(field.member, True)}, "
            f"{offset('has_' + field.member, field.has)}, {offset('n_' + field.member, field.array)},\n"
            f"     {number_text(low, '-INFINITY')}, {number_text(schema.get('maximum'), 'INFINITY')}, "
            f"{schema.get('minLength', 0)}, {'SIZE_MAX' if most is None else most}, "
            f"{field.least_items}, {'SIZE_MAX' if field.most_items is None else field.most_items}, "
            f"MG_WIRE_FORMAT_{FORMATS.get(schema.get('format'), 'NONE')}, {values}, {target}, {fallback}}},")


def wire_source(api):
    lines = ["/* Generated by tools/gen/api.py from spec/openapi. */", '#include "wire.gen.h"', "", "#include <math.h>", ""]
    for name in sorted(api.enums):
        texts = ", ".join(c_string(value) for value in api.enums[name])
        lines += [f"static const char *const texts_{name}[] = {{{texts}}};",
                  f"const struct mg_wire_enum mg_wire_enum_{name} = {{texts_{name}, {len(api.enums[name])}}};",
                  f"const char *mg_wire_{name}_text(enum mg_wire_{name} value)", "{",
                  f"    return texts_{name}[value];", "}",
                  f"bool mg_wire_{name}_parse(const char *text, enum mg_wire_{name} *ret_value)", "{",
                  f"    int index = mg_wire_enum_find(&mg_wire_enum_{name}, text);",
                  "    if (index >= 0)", f"        *ret_value = (enum mg_wire_{name})index;",
                  "    return index >= 0;", "}", ""]
    for struct in api.structs.values():
        lines.append(f"static const struct mg_wire_field fields_{struct.name}[] = {{")
        lines += [field_row(struct, field) for field in struct.fields]
        lines += ["};", f"const struct mg_wire_type mg_wire_type_{struct.name} = {{{c_string(struct.name)}, "
                  f"sizeof(struct mg_wire_{struct.name}), fields_{struct.name}, {len(struct.fields)}, "
                  f"{'true' if struct.bare else 'false'}, {'true' if struct.open else 'false'}}};", ""]
    bodies = sorted({route.body for route in api.routes if route.body})
    lines += ["const struct mg_wire_type *const mg_wire_body_types[] = {",
              *(f"    &mg_wire_type_{name}," for name in bodies), "};",
              f"const size_t mg_wire_body_types_count = {len(bodies)};", ""]
    return "\n".join(lines)


def handler_arguments(route):
    """The typed arguments of a handler, and how its thunk casts them."""
    typed, passed = ["struct mg_request *request"], ["request"]
    for index, name in enumerate(route.parameters):
        typed.append(f"const char *{snake(name)}")
        passed.append(f"call->path[{index}]")
    if route.query:
        typed.append(f"const struct mg_wire_{route.query.name} *query")
        passed.append("call->query")
    if route.body:
        typed.append(f"const struct mg_wire_{route.body} *body")
        passed.append("call->body")
    if route.response:
        typed.append(f"struct mg_wire_{route.response} *ret")
        passed.append("call->ret")
    return ", ".join(typed + ["struct mg_error *error"]), ", ".join(passed + ["error"])


def routes_header(api):
    lines = ["/* Generated by tools/gen/api.py from spec/openapi. One handler an operation: it fills *ret (zeroed), or answers by itself",
             " * where there is no ret, and returns 0 or an error. */", "#ifndef MG_ROUTES_GEN_H", "#define MG_ROUTES_GEN_H", "",
             '#include "api/door/route.h"', '#include "wire.gen.h"', "", "struct mg_request;", ""]
    for route in api.routes:
        lines += [f"/* {route.method.upper()} {route.path}: {comment(route.operation.get('summary', ''))} */",
                  f"int mg_api_{route.name}({handler_arguments(route)[0]});", ""]
    return "\n".join(lines + ["#endif", ""])


def truth(value):
    return "true" if value else "false"


def route_row(route):
    kind = lambda name: f"&mg_wire_type_{name}" if name else "NULL"
    roles = " | ".join(f"1u << MG_ROLE_{role.upper()}" for role in route.roles)
    ulids = sum(1 << i for i, name in enumerate(route.parameters) if route.path_schemas[name].get("format") == "ulid")
    scope = f"MG_KEY_{route.scope.upper()}" if route.scope else "MG_KEY_REFUSED"
    return (f"    {{{c_string(route.method.upper())}, {c_string(route.path)}, {c_string(route.id)}, {roles}, "
            f"{scope}, MG_RATE_{route.rate.upper()}, MG_BODY_{route.body_kind.upper()}, MG_POOL_{route.pool.upper()}, "
            f"{truth(route.needs)}, {truth(route.cache)},\n     {route.limit}, {ulids}, {route.status}, {kind(route.query and route.query.name)}, {kind(route.body)}, "
            f"{kind(route.response)}, call_{route.name}}},")


def routes_source(api):
    lines = ["/* Generated by tools/gen/api.py from spec/openapi. */", '#include "routes.gen.h"', ""]
    for route in api.routes:
        lines += [f"static int call_{route.name}(struct mg_request *request, const struct mg_call *call, struct mg_error *error)",
                  "{"] + ([] if "call->" in handler_arguments(route)[1] else ["    (void)call;"]) + [
                  f"    return mg_api_{route.name}({handler_arguments(route)[1]});", "}", ""]
    lines += ["const struct mg_route mg_routes[] = {"] + [route_row(route) for route in api.routes]
    return "\n".join(lines + ["};", f"const size_t mg_routes_count = {len(api.routes)};", ""])


def forwarded(route):
    """What a forwarding handler hands to its service."""
    query = [f"query->{field.member}" for field in route.query.fields] if route.query else []
    body, result = ["body"] if route.body else [], ["ret"] if route.response else []
    return ", ".join(["&request->ctx"] + [snake(name) for name in route.parameters] + query + body + result + ["error"])


def handlers_source(api):
    routes = [route for route in api.routes if route.service]
    lines = ["/* Generated by tools/gen/api.py from spec/openapi: the handlers that only forward. */", '#include "routes.gen.h"', "",
             '#include "api/http/request.h"', *(f'#include "{header}"' for header in sorted({r.service[0] for r in routes})), ""]
    for route in routes:
        lines += [f"int mg_api_{route.name}({handler_arguments(route)[0]})", "{",
                  f"    return {route.service[1]}({forwarded(route)});", "}", ""]
    return "\n".join(lines)


def spec_source(spec):
    """The spec as JSON in a C array; in pieces, as C compilers limit the length of one literal."""
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    rows = [", ".join(str(byte) for byte in text[i:i + 40]) for i in range(0, len(text), 40)]
    return "\n".join(["/* Generated by tools/gen/api.py from spec/openapi. */", '#include "api/door/route.h"', "",
                      "const unsigned char mg_openapi_json[] = {", ",\n".join(rows), "};",
                      f"const size_t mg_openapi_json_size = {len(text)};", ""])


# --- TypeScript --------------------------------------------------------------------------------------------------------

def ts_type(schema, depth):
    if "$ref" in schema:
        return f'components["schemas"]["{schema["$ref"].rsplit("/", 1)[1]}"]'
    if schema.get("enum"):
        return " | ".join(json.dumps(value) for value in schema["enum"])
    types = schema.get("type", [])
    return " | ".join(ts_single(schema, t, depth) for t in (types if isinstance(types, list) else [types])) or "unknown"


def ts_single(schema, kind, depth):
    if kind == "array":
        inner = ts_type(schema["items"], depth)
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if kind == "object":
        return ts_object(schema, depth) if "properties" in schema else "Record<string, unknown>"
    if schema.get("format") == "binary":
        return "Blob | ArrayBuffer | string"
    return {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}[kind]


def ts_object(schema, depth):
    pad, lines = "  " * (depth + 1), ["{"]
    required = set(schema.get("required", []))
    for key, prop in schema["properties"].items():
        if prop.get("description"):
            lines.append(f"{pad}/** {comment(prop['description'])} */")
        name = key if re.fullmatch(r"[A-Za-z_]\w*", key) else json.dumps(key)
        lines.append(f"{pad}{name}{'' if key in required else '?'}: {ts_type(prop, depth + 1)};")
    return "\n".join(lines + ["  " * depth + "}"])


def ts_parameters(api, operation, shared):
    groups = {"query": {}, "path": {}}
    required = {"query": set(), "path": set()}
    for parameter in [api.deref(p) for p in shared + operation.get("parameters", [])]:
        groups[parameter["in"]][parameter["name"]] = {**parameter["schema"], "description": parameter.get("description", "")}
        if parameter.get("required"):
            required[parameter["in"]].add(parameter["name"])
    lines = ["      parameters: {"]
    for where, schemas in groups.items():
        mark = "" if required[where] else "?"
        shape = ts_object({"properties": schemas, "required": list(required[where])}, 4) if schemas else "never"
        lines.append(f"        {where}{mark}: {shape};")
    return lines + ["        header?: never;", "        cookie?: never;", "      };"]


def ts_content(api, node):
    content = api.deref(node).get("content", {})
    if not content:
        return "{ headers: Record<string, unknown>; content?: never }"
    inner = "; ".join(f"{json.dumps(media)}: {ts_type(value['schema'], 4)}" for media, value in content.items())
    return f"{{ headers: Record<string, unknown>; content: {{ {inner} }} }}"


def ts_operation(api, method, operation, shared):
    lines = [f"    /** {comment(operation.get('summary', ''))} */", f"    {method}: {{"] + ts_parameters(api, operation, shared)
    body = operation.get("requestBody")
    if body:
        inner = "; ".join(f"{json.dumps(m)}: {ts_type(v['schema'], 4)}" for m, v in api.deref(body)["content"].items())
        lines.append(f"      requestBody: {{ content: {{ {inner} }} }};")
    else:
        lines.append("      requestBody?: never;")
    lines.append("      responses: {")
    lines += [f"        {code}: {ts_content(api, node)};" for code, node in operation["responses"].items()]
    return lines + ["      };", "    };"]


def ts_roles(routes):
    """The set of roles of each operation, for the client to hide what would be refused; what anybody may call isn't in it."""
    rows = [f"  {route.id}: {json.dumps(route.roles)}," for route in routes if route.roles != ["none"]]
    return ["/** Who may call what: a set of roles each. */", "export const callers = {", *rows, "} as const;"]


def typescript(api):
    lines = ["// Generated by tools/gen/api.py from spec/openapi.", "export interface components {", "  schemas: {"]
    for name, schema in api.schemas.items():
        if schema.get("description"):
            lines.append(f"    /** {comment(schema['description'])} */")
        lines.append(f"    {name}: {ts_type(schema, 2)};")
    lines += ["  };", "}", "", "export interface paths {"]
    for path, item in api.spec["paths"].items():
        lines.append(f'  "{path}": {{')
        for method in METHODS:
            if method in item:
                lines += ts_operation(api, method, item[method], item.get("parameters", []))
            else:
                lines.append(f"    {method}?: never;")
        lines += ["    parameters: { query?: never; path?: never; header?: never; cookie?: never };", "  };"]
    lines += ["}", ""] + ts_roles(api.routes) + [""]
    lines += [f'export type {name} = components["schemas"]["{name}"];' for name in api.schemas if name.isidentifier()]
    return "\n".join(lines + [""])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("spec")
    parser.add_argument("--c", metavar="OUTDIR")
    parser.add_argument("--ts", metavar="FILE")
    parser.add_argument("--json", metavar="FILE")
    args = parser.parse_args()
    spec = description.load(args.spec)
    api = Api(spec)
    if args.c:
        out = pathlib.Path(args.c)
        out.mkdir(parents=True, exist_ok=True)
        for name, text in [("wire.gen.h", wire_header(api)), ("wire.gen.c", wire_source(api)), ("routes.gen.h", routes_header(api)),
                           ("routes.gen.c", routes_source(api)), ("handlers.gen.c", handlers_source(api)),
                           ("openapi.gen.c", spec_source(spec))]:
            (out / name).write_text(text, "utf-8")
    if args.ts:
        pathlib.Path(args.ts).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(args.ts).write_text(typescript(api), "utf-8")
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(spec, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
