"""mindgap user, org, backup, restore and check, as a person would run them."""
import os
import pathlib
import pty
import select
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MINDGAP = os.environ.get("MINDGAP", str(ROOT / "build/mindgap"))
PASSWORD = "correct horse battery\n"


class Administration(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = os.path.join(self.folder.name, "data")

    def run_it(self, *words, given="", lang="en", data=None):
        return subprocess.run([MINDGAP, *words, "--data", data or self.data, "--lang", lang], input=given, text=True,
                              capture_output=True, timeout=60)

    def succeed(self, *words, **options):
        done = self.run_it(*words, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done)
        return done.stdout

    def refuse(self, status, said, *words, **options):
        done = self.run_it(*words, **options)
        self.assertEqual(done.returncode, status, done)
        self.assertIn(said, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, "one sentence")

    def test_users_of_two_organisations(self):
        first = self.succeed("org", "add", "北辰热力").strip()
        self.assertEqual(len(first), 26)
        self.succeed("user", "add", "Boss@Example.com", "--role", "owner", given=PASSWORD)
        self.succeed("org", "add", "Second")
        self.refuse(2, "Which organisation?", "user", "add", "b@example.com", given=PASSWORD)
        self.succeed("user", "add", "b@example.com", "--org", "Second", "--name", "Bea", given=PASSWORD)
        self.refuse(1, "already", "user", "add", "b@example.com", "--org", first, given=PASSWORD)
        self.assertEqual(self.succeed("user", "list"),
                         "boss@example.com\towner\tactive\t北辰热力\tBoss@Example.com\n"
                         "b@example.com\tviewer\tactive\tSecond\tBea\n")
        self.succeed("user", "role", "b@example.com", "analyst")
        self.succeed("user", "disable", "b@example.com")
        self.assertIn("b@example.com\tanalyst\tdisabled", self.succeed("user", "list", "--org", "Second"))
        self.succeed("user", "enable", "b@example.com")
        self.assertIn("b@example.com\tanalyst\t正常", self.succeed("user", "list", lang="zh-CN"))
        self.succeed("user", "password", "b@example.com", given="another good password\n")

    def test_what_is_refused(self):
        self.refuse(1, "no data folder", "user", "list")
        self.assertFalse(os.path.exists(self.data), "looking makes no folder")
        self.succeed("org", "add", "One")
        self.succeed("user", "add", "boss@example.com", "--role", "owner", given=PASSWORD)
        self.refuse(2, "fewer than 10", "user", "add", "a@example.com", given="short\n")
        self.refuse(2, "密码少于 10 个字符", "user", "add", "a@example.com", given="short\n", lang="zh-CN")
        self.refuse(2, "No password", "user", "add", "a@example.com", given="")
        self.refuse(2, "not an e-mail address", "user", "add", "a", given=PASSWORD)
        self.refuse(2, "owner, analyst", "user", "role", "boss@example.com", "king")
        self.refuse(1, "last owner", "user", "role", "boss@example.com", "viewer")
        self.refuse(1, "nobody@example.com", "user", "disable", "nobody@example.com")
        self.refuse(2, "--help", "user")
        self.refuse(2, "--help", "org", "remove", "x")

    def test_a_password_typed_at_a_terminal_is_not_shown(self):
        self.succeed("org", "add", "One")
        keyboard, terminal = pty.openpty()
        child = subprocess.Popen([MINDGAP, "user", "add", "a@example.com", "--data", self.data, "--lang", "en"],
                                 stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, text=True)
        os.close(terminal)
        self.addCleanup(child.kill)
        shown = b""
        for question in (b"Password: ", b"again: "):
            while question not in shown:
                self.assertTrue(select.select([keyboard], [], [], 30)[0], f"{question} was not asked: {shown}")
                shown += os.read(keyboard, 1000)
            os.write(keyboard, PASSWORD.encode())
        self.assertIn("a@example.com", child.communicate(timeout=30)[0])
        self.assertNotIn(b"horse", shown)
        os.close(keyboard)

    def test_backup_restore_check(self):
        self.succeed("org", "add", "One")
        self.succeed("user", "add", "a@example.com", given=PASSWORD)
        copy = os.path.join(self.folder.name, "copy.mgb")
        restored = os.path.join(self.folder.name, "restored")
        self.assertIn("blake2b", self.succeed("backup", copy))
        self.assertEqual(os.stat(copy).st_mode & 0o077, 0, "nobody else may read it")
        self.refuse(1, "holds a record already", "restore", copy)
        self.succeed("restore", copy, data=restored)
        self.assertIn("a@example.com", self.succeed("user", "list", data=restored))
        self.assertIn("sound", self.succeed("check", data=restored))
        with open(copy, "r+b") as file:
            file.seek(9000)
            file.write(b"!")
        self.refuse(2, "copy.mgb", "restore", copy, data=os.path.join(self.folder.name, "third"))
        os.unlink(copy + ".manifest.json")
        self.refuse(1, "manifest", "restore", copy, data=os.path.join(self.folder.name, "third"))

    def test_a_damaged_record_is_found(self):
        self.succeed("org", "add", "One")
        path = os.path.join(self.data, "record.sqlite")
        size = os.path.getsize(path)
        with open(path, "r+b") as file:
            file.seek(size - 6 * 4096)
            file.write(b"\xff" * 4096 * 5)
        done = self.run_it("check")
        self.assertEqual(done.returncode, 1, done)
        self.assertTrue(done.stdout or done.stderr)


if __name__ == "__main__":
    unittest.main()
