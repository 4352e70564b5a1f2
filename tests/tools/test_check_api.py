"""tools/check_api.py finds each fault that it is for, and says nothing about a sound description."""
import copy
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_api  # noqa: E402

SOUND = {
    "info": {"license": {"identifier": "MIT"}},
    "servers": [{"url": "/"}],
    "tags": [{"name": "things", "description": "Things"}],
    "paths": {"/things": {"get": {
        "operationId": "listThings", "tags": ["things"], "summary": "Things", "x-role": ["owner"], "security": [{"key": []}],
        "responses": {"200": {}, "403": {}, "default": {"$ref": "#/components/responses/Problem"}}}}},
    "components": {"securitySchemes": {"key": {}}, "responses": {"Problem": {}}},
}


def problems(change):
    spec = copy.deepcopy(SOUND)
    change(spec, spec["paths"]["/things"]["get"])
    return check_api.check_document(spec) + check_api.check_operations(spec) + check_api.check_unused(spec)


class Description(unittest.TestCase):
    def test_a_sound_one_passes(self):
        self.assertEqual(problems(lambda spec, operation: None), [])

    def test_each_fault_is_named(self):
        cases = {
            "GET /things doesn't say how a caller proves itself": lambda s, o: (o.pop("security"), s["components"].pop("securitySchemes")),
            "GET /things has no 4xx answer": lambda s, o: o["responses"].pop("403"),
            "GET /things has no summary": lambda s, o: o.update(summary=""),
            "GET /things has no tag that is described (others)": lambda s, o: o.update(tags=["others"]),
            "GET /things has no tag that is described": lambda s, o: o.update(tags=[]),
            "the license has neither url nor identifier": lambda s, o: s["info"].pop("license"),
            "no server is named": lambda s, o: s.pop("servers"),
            "components/securitySchemes/cookie isn't used": lambda s, o: s["components"]["securitySchemes"].update(cookie={}),
            "security scheme badge isn't there": lambda s, o: o["security"].append({"badge": []}),
            "components/schemas/Lost isn't used": lambda s, o: s["components"].update(schemas={"Lost": {}}),
            "operationId listThings is used 2 times": lambda s, o: s["paths"].update({"/more": {"get": o}}),
        }
        for said, change in cases.items():
            self.assertIn(said, problems(change))


class Handlers(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.root = pathlib.Path(self.temporary.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def check(self, wanted=(), made=(), written=()):
        def code(names):
            return "".join(f"int mg_api_{name}(struct mg_request *request)\n" for name in names)
        self.write("routes.gen.h", code(wanted))
        self.write("handlers.gen.c", code(made))
        self.write("src/api/a.c", '#include "routes.gen.h"\n' + code(written))
        self.write("src/api/engines.c", code(["wait_engines"]))  # no handlers here
        return check_api.check_handlers(self.root, self.root)

    def test_one_handler_an_operation(self):
        self.assertEqual(self.check(["a", "b"], ["a"], ["b"]), [])
        self.assertEqual(self.check(["a"]), ["no handler mg_api_a"])
        self.assertEqual(self.check([], [], ["a"]), ["handler mg_api_a is for no operation"])
        self.assertEqual(self.check(["a"], ["a"], ["a"]), ["handler mg_api_a is written, and generated for its x-service"])
        self.assertEqual(self.check(["a"], [], ["a", "a"]), ["handler mg_api_a is defined 2 times"])

    def test_the_service_must_be_there(self):
        self.write("src/service/thing.h", "MG_CHECKED int mg_thing_list(const struct mg_ctx *ctx);\nint mg_thing_listing(void);\n")
        for service, said in [("service/thing.h:mg_thing_list", []), ("service/thing.h:mg_thing_li", ["GET /things: src/service/thing.h has no mg_thing_li"]),
                              ("service/no.h:mg_thing_list", ["GET /things: there is no src/service/no.h"])]:
            spec = {"paths": {"/things": {"get": {"x-service": service}}}}
            self.assertEqual(check_api.check_services(spec, self.root), said)


if __name__ == "__main__":
    unittest.main()
