"""tools/gen/assets.py: what is packed, in which forms, and what stands in for a client that isn't built."""
import gzip
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/gen/assets.py"
ROW = re.compile(r'\{"([^"]+)", "([^"]+)", "\\"(\w+)\\"", \{\{(\d+), (\d+)\}, \{(\d+), (\d+)\}, \{(\d+), (\d+)\}\}, (true|false)\}')


class Assets(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "notice").mkdir()
        (self.folder / "notice/index.html").write_text("not built")

    def pack(self):
        out = self.folder / "out"
        out.mkdir(exist_ok=True)
        subprocess.run([sys.executable, str(TOOL), "--out", str(out), "--depfile", str(out / "d"), "--root", "/",
                        str(self.folder / "dist"), str(self.folder / "notice")], check=True)
        blob = (out / "assets.bin").read_bytes()
        rows = {}
        for match in ROW.finditer((out / "assets.gen.c").read_text()):
            numbers = [int(n) for n in match.groups()[3:9]]
            forms = [blob[at:at + size] for at, size in zip(numbers[::2], numbers[1::2])]
            rows[match[1]] = {"type": match[2], "forms": forms, "immutable": match[10] == "true"}
        return rows, (out / "d").read_text()

    def test_built_client(self):
        script = b"console.log('hello');\n" * 200
        (self.folder / "dist/assets").mkdir(parents=True)
        (self.folder / "dist/index.html").write_text("<!doctype html>")
        (self.folder / "dist/assets/main-Ab3dEf9_.js").write_bytes(script)
        (self.folder / "dist/assets/main-Ab3dEf9_.js.map").write_text("{}")
        rows, depends = self.pack()
        self.assertEqual(list(rows), ["/assets/main-Ab3dEf9_.js", "/index.html"])
        packed = rows["/assets/main-Ab3dEf9_.js"]
        self.assertEqual(packed["forms"][0], script)
        self.assertEqual(gzip.decompress(packed["forms"][1]), script)
        self.assertEqual((packed["type"], packed["immutable"]), ("text/javascript; charset=utf-8", True))
        self.assertFalse(rows["/index.html"]["immutable"])
        self.assertIn(str(self.folder / "dist/assets"), depends)

    def test_without_a_client_a_notice_stands_in(self):
        rows, depends = self.pack()
        self.assertEqual(rows["/index.html"]["forms"][0], b"not built")
        self.assertIn(f" {self.folder} ", depends)

    def test_what_does_not_shrink_is_kept_plain_only(self):
        (self.folder / "dist").mkdir()
        (self.folder / "dist/index.html").write_text("x")
        (self.folder / "dist/font.woff2").write_bytes(bytes(1000))
        rows, _ = self.pack()
        self.assertEqual([len(form) for form in rows["/font.woff2"]["forms"]], [1000, 0, 0])


if __name__ == "__main__":
    unittest.main()
