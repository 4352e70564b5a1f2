"""tools/gen/spec.py: the files of the stages become one document, completed by what follows from who may call."""
import pathlib
import sys
import tempfile
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/gen"))
import spec  # noqa: E402

ID = {"name": "id", "in": "path"}


def completed(operation, shared=()):
    operation = {"responses": {"200": {}, "default": {}}, "x-role": ["owner"], "x-rate": "read", **operation}
    document = {"paths": {"/things": {"parameters": list(shared), "get": operation}},
                "components": {"parameters": {"Id": ID, "Limit": {"name": "limit", "in": "query"}}}}
    spec.complete(document)
    return operation


class Completed(unittest.TestCase):
    def test_security_follows_from_role_and_scope(self):
        self.assertEqual(completed({"x-role": "none"})["security"], [])
        self.assertEqual(completed({})["security"], [{"session": []}])
        self.assertEqual(completed({"x-scope": "read"})["security"], [{"session": []}, {"key": []}])

    def test_refusals_follow_from_what_the_operation_takes(self):
        def codes(*given, **more):
            return list(completed(*given, **more)["responses"])
        self.assertEqual(codes({}), ["200", "401", "403", "429", "default"])
        self.assertEqual(codes({"x-role": "none"}), ["200", "429", "default"])
        self.assertEqual(codes({"x-rate": "intake"}), ["200", "401", "403", "default"])
        self.assertEqual(codes({}, shared=[{"$ref": "#/components/parameters/Id"}]), ["200", "401", "403", "404", "429", "default"])
        self.assertEqual(codes({"parameters": [{"$ref": "#/components/parameters/Limit"}]}), ["200", "401", "403", "422", "429", "default"])
        self.assertEqual(codes({"requestBody": {}}), ["200", "401", "403", "422", "429", "default"])

    def test_what_an_operation_tells_itself_stays(self):
        own = {"description": "In use"}
        self.assertEqual(completed({"responses": {"204": {}, "401": own, "409": own}})["responses"]["401"], own)


class Joined(unittest.TestCase):
    def load(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            for name in (*spec.STAGES, *files):
                content = files.get(name, {})
                if name == "common":
                    content = {"components": {"parameters": {}}, **content}
                pathlib.Path(folder, f"{name}.yaml").write_text(yaml.safe_dump({"paths": {}, "components": {}, **content}))
            return spec.load(folder)

    def test_paths_of_all_files_are_there(self):
        operation = {"responses": {}, "x-role": "none", "x-rate": "read"}
        made = self.load(admin={"paths": {"/a": {"get": operation}}}, measure={"paths": {"/b": {"get": operation}}})
        self.assertEqual(sorted(made["paths"]), ["/a", "/b"])
        self.assertEqual(made["paths"]["/b"]["get"]["security"], [])

    def test_a_name_twice_and_a_file_too_many_are_refused(self):
        with self.assertRaisesRegex(spec.Clash, "/a is told in another file"):
            self.load(admin={"paths": {"/a": {}}}, listen={"paths": {"/a": {}}})
        with self.assertRaisesRegex(spec.Clash, "other.yaml isn't one of the stages"):
            self.load(other={})


if __name__ == "__main__":
    unittest.main()
