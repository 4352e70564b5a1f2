"""tools/gen/api.py on small descriptions: what it makes of each kind of property, and what it refuses."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def spec(schemas, paths=None):
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths or {}, "components": {"schemas": schemas}}


def generate(document):
    """The generated files by name; the error text where it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "spec.yaml").write_text(json.dumps(document))
        made = subprocess.run([sys.executable, str(ROOT / "tools/gen/api.py"), str(folder / "spec.yaml"), "--c", str(folder / "c"),
                               "--ts", str(folder / "s.ts")], capture_output=True, text=True)
        if made.returncode:
            return made.stderr
        return {path.name: path.read_text() for path in [*(folder / "c").iterdir(), folder / "s.ts"]}


def members(header, name):
    body = re.search(rf"struct mg_wire_{name} \{{\n(.*?)\n\}};", header, re.S)[1]
    return [re.sub(r"\s*/\*.*?\*/", "", line).strip() for line in body.splitlines()]


class Structs(unittest.TestCase):
    def test_members_of_every_kind(self):
        made = generate(spec({
            "Colour": {"type": "string", "enum": ["red", "light-blue"]},
            "Point": {"type": "object", "required": ["x"], "properties": {"x": {"type": "number"}}},
            "Thing": {"type": "object", "required": ["id", "at", "points", "n"], "properties": {
                "id": {"type": "string"}, "at": {"$ref": "#/components/schemas/Point"},
                "near": {"$ref": "#/components/schemas/Point"},
                "points": {"type": "array", "items": {"$ref": "#/components/schemas/Point"}},
                "n": {"type": ["number", "null"]}, "size": {"type": "integer"}, "colour": {"$ref": "#/components/schemas/Colour"},
                "mode": {"type": "string", "enum": ["a", "b"], "default": "a"}, "default": {"type": "boolean"},
                "rows": {"type": "array", "items": {"type": "array", "items": {"type": ["string", "null"]}}},
                "free": {"type": "object", "additionalProperties": True}}}}))
        self.assertEqual(members(made["wire.gen.h"], "thing"), [
            "const char *id;", "struct mg_wire_point at;", "const struct mg_wire_point *near;",
            "const struct mg_wire_point *points;", "size_t n_points;", "double n;", "int64_t size;", "bool has_size;",
            "enum mg_wire_colour colour;", "bool has_colour;", "enum mg_wire_thing_mode mode;", "bool default_;", "bool has_default_;",
            "const struct mg_wire_thing_rows_row *rows;", "size_t n_rows;", "const char *free;"])
        self.assertIn("MG_WIRE_COLOUR_RED, MG_WIRE_COLOUR_LIGHT_BLUE", made["wire.gen.h"])
        self.assertIn('"a"', made["wire.gen.c"])

    def test_what_is_held_by_value_comes_first(self):
        made = generate(spec({
            "Outer": {"type": "object", "required": ["inner"], "properties": {"inner": {"$ref": "#/components/schemas/Inner"}}},
            "Inner": {"type": "object", "properties": {"a": {"type": "string"}}}}))
        header = made["wire.gen.h"]
        self.assertLess(header.index("struct mg_wire_inner {"), header.index("struct mg_wire_outer {"))

    def test_what_is_not_understood_is_refused(self):
        self.assertIn("not understood: pattern", generate(spec({"A": {"type": "object", "properties": {
            "a": {"type": "string", "pattern": "x"}}}})))
        self.assertIn("required but not declared: b", generate(spec({"A": {"type": "object", "required": ["b"], "properties": {
            "a": {"type": "string"}}}})))
        self.assertIn("format zip is not known", generate(spec({"A": {"type": "object", "properties": {
            "a": {"type": "string", "format": "zip"}}}})))
        self.assertIn("two members would be called n_a", generate(spec({"A": {"type": "object", "properties": {
            "a": {"type": "array", "items": {"type": "string"}}, "n_a": {"type": "integer"}}}})))


class Routes(unittest.TestCase):
    def operation(self, **more):
        return {"operationId": "getThing", "x-role": ["viewer", "owner"], "x-rate": "read", "x-scope": "read", "x-pool": "quick",
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}, **more}

    def paths(self, operation):
        return {"/things/{id}": {"parameters": [{"name": "id", "in": "path", "required": True,
                                                 "schema": {"type": "string", "format": "ulid"}}], "get": operation}}

    schemas = {"A": {"type": "object", "properties": {"a": {"type": "string"}}}}

    def test_handler_takes_what_the_operation_has(self):
        query = {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 5, "maximum": 9}}
        made = generate(spec(self.schemas, self.paths(self.operation(parameters=[query]))))
        self.assertIn("int mg_api_get_thing(struct mg_request *request, const char *id, const struct mg_wire_get_thing_query *query, "
                      "struct mg_wire_a *ret, struct mg_error *error);", made["routes.gen.h"])
        self.assertIn('{"GET", "/things/{id}", "getThing", 1u << MG_ROLE_VIEWER | 1u << MG_ROLE_OWNER, MG_KEY_READ, MG_RATE_READ, MG_BODY_NONE, MG_POOL_QUICK, false, false', made["routes.gen.c"])

    def test_typescript_has_paths_and_schemas(self):
        made = generate(spec(self.schemas, self.paths(self.operation())))
        self.assertIn('"/things/{id}": {', made["s.ts"])
        self.assertIn('200: { headers: Record<string, unknown>; content: { "application/json": components["schemas"]["A"] } };', made["s.ts"])
        self.assertIn("a?: string;", made["s.ts"])

    def test_typescript_says_who_may_call_what_needs_a_role(self):
        made = generate(spec(self.schemas, self.paths(self.operation())))
        self.assertIn('export const callers = {\n  getThing: ["viewer", "owner"],\n} as const;', made["s.ts"])
        made = generate(spec(self.schemas, self.paths(self.operation(**{"x-role": "none", "x-scope": None}))))
        self.assertIn("export const callers = {\n} as const;", made["s.ts"])

    def test_operations_must_say_who_may_call(self):
        operation = self.operation()
        del operation["x-role"]
        self.assertIn("x-role", generate(spec(self.schemas, self.paths(operation))))
        for wrong in ([], "viewer", ["none"], ["viewer", "boss"], ["viewer", "viewer"]):
            self.assertIn("x-role must be", generate(spec(self.schemas, self.paths(self.operation(**{"x-role": wrong})))), wrong)
        self.assertIn('"getThing", 1u << MG_ROLE_NONE, ',
                      generate(spec(self.schemas, self.paths(self.operation(**{"x-role": "none"}))))["routes.gen.c"])

    def test_what_a_route_needs_is_said_apart(self):
        good = {"x-pool": "slow", "x-needs": "engine", "x-cache": "data"}
        cases = [({"x-pool": "heavy"}, "x-pool"), ({"x-needs": "luck"}, "x-needs"), ({"x-cache": "always"}, "x-cache"),
                 (good, "x-cache is for")]
        for more, said in cases:
            self.assertIn(said, generate(spec(self.schemas, self.paths(self.operation(**more)))), more)
        studies = {"/studies/{id}/x": self.paths(self.operation(**good))["/things/{id}"]}
        self.assertIn("MG_POOL_SLOW, true, true", generate(spec(self.schemas, studies))["routes.gen.c"])
        del studies["/studies/{id}/x"]["get"]["x-pool"]
        self.assertIn("x-pool", generate(spec(self.schemas, studies)))

    def forwarded(self, **more):
        made = generate(spec(self.schemas, self.paths(self.operation(**{"x-service": "service/record/thing.h:mg_thing_get", **more}))))
        return made if isinstance(made, str) else made["handlers.gen.c"]

    def test_a_handler_that_only_forwards_is_made(self):
        limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 5}}
        word = {"name": "q", "in": "query", "schema": {"type": "string"}}
        body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}
        plain = self.forwarded()
        self.assertIn('#include "service/record/thing.h"\n', plain)
        self.assertIn("int mg_api_get_thing(struct mg_request *request, const char *id, struct mg_wire_a *ret, struct mg_error *error)\n"
                      "{\n    return mg_thing_get(&request->ctx, id, ret, error);\n}\n", plain)
        self.assertIn("mg_thing_get(&request->ctx, id, query->q, query->limit, ret, error);", self.forwarded(parameters=[word, limit]))
        self.assertIn("mg_thing_get(&request->ctx, id, body, ret, error);", self.forwarded(requestBody=body))
        self.assertIn("mg_thing_get(&request->ctx, id, error);", self.forwarded(responses={"204": {"description": "gone"}}))
        self.assertNotIn("mg_api_get_thing(", generate(spec(self.schemas, self.paths(self.operation())))["handlers.gen.c"])

    def test_what_cannot_be_forwarded_is_refused(self):
        maybe = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
        several = {"name": "q", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}}
        csv = {"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}}
        upload = {"content": {"application/octet-stream": {"schema": {"type": "string"}}}}
        self.assertIn("can't hand down limit", self.forwarded(parameters=[maybe]))
        self.assertIn("can't hand down q", self.forwarded(parameters=[several]))
        self.assertIn("x-service is for JSON", self.forwarded(responses=csv))
        self.assertIn("x-service is for JSON", self.forwarded(requestBody=upload, **{"x-body": "upload", "x-pool": "slow"}))
        for wrong in ("mg_thing_get", "api/thing.h:mg_thing_get", "service/thing.h:thing_get", "service/thing.c:mg_thing"):
            self.assertIn("x-service must be", self.forwarded(**{"x-service": wrong}), wrong)

    def test_path_parameters_must_be_declared(self):
        paths = {"/things/{id}": {"get": self.operation()}}
        self.assertIn("path parameters differ", generate(spec(self.schemas, paths)))


class Description(unittest.TestCase):
    def test_ours_is_generated_and_agrees_with_the_server(self):
        checked = subprocess.run([sys.executable, str(ROOT / "tools/check_api.py"), str(ROOT)], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    unittest.main()
