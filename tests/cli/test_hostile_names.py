"""Names are names: whatever a file is called, that file is read or none is, and nothing goes out over the network."""
import gzip
import io
import os
import shutil
import subprocess
import unittest
import zipfile

from survey_support import MINDGAP, SurveyCase, run

TABLE = "id,E1,P1\n" + "".join(f"{i},{i % 7 + 1},{i % 5 + 1}\n" for i in range(30))
NAMES = ["*.csv", "?.csv", "[a-z].csv", "{a,b}.csv", "a;b.csv", "a'b\".csv", "$(id).csv", "x.csv?y=1", "-.csv", "C:\\a.csv", "%2e%2e.csv",
         " .csv", "期望\u3000.csv", "*.parquet", "a.parquet?b"]
ADDRESSES = ["http://127.0.0.1:9/a.csv", "https://127.0.0.1:9/a.parquet", "s3://bucket/a.parquet", "s3://127.0.0.1:9/a.csv", "gs://b/a.csv",
             "hf://datasets/a/b.parquet", "ftp://127.0.0.1/a.csv", "file:///etc/hostname"]


def pack_zip(name, content):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


class Names(SurveyCase):
    def bytes(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_a_name_is_no_pattern(self):
        self.file("a.csv", TABLE)
        plain = self.folder / "plain.parquet"
        self.assertEqual(run("convert", self.folder / "a.csv", plain).returncode, 0)
        for name in NAMES:
            with self.subTest(name):
                path = self.folder / name
                self.assertIn("can't be opened", self.refuse(1, "look", path))
                shutil.copy(plain if "parquet" in name else self.folder / "a.csv", path)
                self.assertIn("E1", self.succeed("look", path))
                back = self.folder / f"to {name}.csv"
                self.assertEqual(run("convert", path, back).returncode, 0)
                self.assertTrue(back.exists())
                path.unlink()
                back.unlink()

    @unittest.skipUnless(shutil.which("strace"), "skipped: strace isn't installed")
    def test_addresses_are_never_fetched(self):
        study = self.file("study.json", self.succeed("study", "init", self.file("a.csv", TABLE)))
        log = self.folder / "calls"
        for address in ADDRESSES:
            for words in (["look", address], ["gap", address, "--study", study], ["convert", address, self.folder / "to.csv"],
                          ["convert", self.folder / "a.csv", address]):
                with self.subTest(words):
                    done = subprocess.run(["strace", "-f", "-qq", "-e", "trace=network", "-o", log, MINDGAP, *map(str, words)],
                                          capture_output=True, text=True, cwd=self.folder, timeout=60, check=False)
                    if "ptrace" in done.stderr:
                        self.skipTest("skipped: programs can't be traced here")
                    self.assertNotEqual(done.returncode, 0)
                    self.assertNotRegex(log.read_text(), r"\b(connect|sendto|sendmsg|socket\(AF_INET)")
        self.assertIn("never fetched", run("look", ADDRESSES[0]).stderr)

    def test_links_are_followed_and_rings_are_not(self):
        link, ring = self.folder / "link.csv", self.folder / "ring.csv"
        link.symlink_to(self.file("a.csv", TABLE))
        ring.symlink_to(ring)
        self.assertIn("E1", self.succeed("look", link))
        self.assertIn("can't be opened", self.refuse(1, "look", ring))

    def test_what_is_no_file_says_so(self):
        pipe = self.folder / "pipe.csv"
        os.mkfifo(pipe)
        for path, said in ((pipe, "pipe"), ("/dev/zero", "device"), (self.folder, "folder"), ("/dev/null", "device")):
            for command in (["look"], ["study", "init"]):
                self.assertIn(said, self.refuse(1, *command, path))

    def test_what_is_packed_twice(self):
        once, table = gzip.compress(TABLE.encode()), TABLE.encode()
        self.assertIn("E1", self.succeed("look", self.bytes("a.csv.gz", once)))
        for name, content in (("a.gz.gz", gzip.compress(once)), ("a.zip.gz", gzip.compress(pack_zip("a.csv", table))),
                              ("a.gz.zip", pack_zip("a.csv.gz", once)), ("a.zip.zip", pack_zip("a.zip", pack_zip("a.csv", table)))):
            self.assertIn("packed twice", self.refuse(1, "look", self.bytes(name, content)), name)

    def test_a_packed_parquet_is_read(self):
        plain = self.folder / "p.parquet"
        self.assertEqual(run("convert", self.file("a.csv", TABLE), plain).returncode, 0)
        for name, content in (("p.gz", gzip.compress(plain.read_bytes())), ("p.zip", pack_zip("p.parquet", plain.read_bytes()))):
            self.assertIn("E1", self.succeed("look", self.bytes(name, content)), name)


if __name__ == "__main__":
    unittest.main()
