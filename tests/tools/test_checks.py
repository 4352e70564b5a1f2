"""Each check of the sources finds what it is for, and says nothing about sound files."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_layers  # noqa: E402
import check_links  # noqa: E402
import check_results  # noqa: E402
import check_tidy  # noqa: E402

LAYERS = """# folder | may use | external headers
system | | stdio.h sys/*
base | | jansson.h
model | base |
store | base model |
store/sqlite | base model store | sqlite3.h
"""


class Folder(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.temporary.name)
        self.addCleanup(self.temporary.cleanup)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


class Results(Folder):
    def check(self, file, text):
        self.write(file, text)
        return check_results.check(self.root)

    def test_an_unmarked_prototype_is_found_with_its_line(self):
        text = "/* Opens. */\nint mg_open(const char *path,\n            struct mg_error *error);\n"
        self.assertEqual(self.check("src/base/a.h", text), ["src/base/a.h:2: mg_open can fail: declare it MG_CHECKED"])

    def test_a_marked_one_and_one_that_only_reads_the_error_pass(self):
        text = ("MG_CHECKED int mg_open(struct mg_error *error);\n"
                "int mg_report(const struct mg_error *error, int status);\nint mg_say(const struct mg_error *error);\n")
        self.assertEqual(self.check("src/base/a.h", text), [])

    def test_a_dropped_result_of_the_file_s_own_function_is_found(self):
        text = "static int put(struct mg_error *error)\n{\n    return 0;\n}\n\nvoid all(void)\n{\n    if (on)\n        put(NULL);\n    mg_ignore(put(NULL));\n}\n"
        self.assertEqual(self.check("src/base/a.c", text),
                         ["src/base/a.c:9: the result of put is dropped; look at it, or say mg_ignore(…)"])


class Layers(Folder):
    def check(self, file, text):
        self.write("layers.txt", LAYERS)
        self.write(file, text)
        return check_layers.check(self.root)

    def test_allowed_includes_pass(self):
        text = '#include <stdio.h>\n#include <sys/stat.h>\n#include <sqlite3.h>\n#include "base/err.h"\n#include "store/store.h"\n'
        self.assertEqual(self.check("src/store/sqlite/writer.c", text), [])

    def test_upward_include_is_found_with_its_line(self):
        self.assertEqual(self.check("src/model/gap.c", '\n#include "store/store.h"\n'),
                         ["src/model/gap.c:2: model may not use store (store/store.h)"])

    def test_a_backend_is_closed_to_the_layer_above_it(self):
        self.assertEqual(len(self.check("src/store/open.c", '#include "store/sqlite/writer.h"\n')), 1)

    def test_foreign_external_header_is_found(self):
        self.assertEqual(self.check("src/model/gap.c", "#include <sqlite3.h>\n"),
                         ["src/model/gap.c:1: model may not use <sqlite3.h>"])

    def test_folder_without_a_row_is_found(self):
        self.assertEqual(len(self.check("src/extra/a.c", "")), 1)

    def test_header_beside_the_file_passes(self):
        self.write("src/model/parts.h", "")
        self.assertEqual(self.check("src/model/gap.c", '#include "parts.h"\n'), [])

    def test_row_that_uses_an_unknown_folder_is_refused(self):
        self.write("layers.txt", "system | |\nbase | nowhere |\n")
        with self.assertRaises(SystemExit):
            check_layers.check(self.root)


@unittest.skipUnless(shutil.which("clang"), "there is no clang")
class Clang(Folder):
    def check(self, text):
        self.write("a.c", text)
        command = "cc -Wall -Wextra -Werror -MD -MQ a.o -MF a.d -o a.o -c a.c"
        self.write("build/compile_commands.json", json.dumps([{"directory": str(self.root), "file": "a.c", "command": command}]))
        return subprocess.run([sys.executable, str(ROOT / "tools/check_clang.py"), "build"], cwd=self.root, capture_output=True, text=True)

    def test_sound_file_passes_and_leaves_nothing(self):
        self.assertEqual(self.check("int f(void);\nint f(void) { return 0; }\n").returncode, 0)
        self.assertFalse((self.root / "a.o").exists())

    def test_what_only_clang_warns_of_is_found(self):
        found = self.check('const char *const words[] = {"a", "b" "c", "d", "e", "f"};\n')
        self.assertEqual(found.returncode, 1)
        self.assertIn("concatenation", found.stdout)


class Tidy(Folder):
    def check(self, file, text):
        self.write(file, text)
        return check_tidy.check(self.root)

    def test_sound_file_passes(self):
        self.assertEqual(self.check("src/a.c", "int f(void)\n{\n    return 0;\n}\n"), [])

    def test_seventy_lines_pass_and_one_more_does_not(self):
        body = "    g();\n"
        self.assertEqual(self.check("src/a.c", "int f(void)\n{\n" + body * 70 + "}\n"), [])
        self.assertEqual(self.check("src/a.c", "int f(void)\n{\n" + body * 71 + "}\n"),
                         ["src/a.c:2: function of 71 lines; at most 70"])

    def test_long_file_is_found(self):
        self.assertEqual(self.check("src/a.c", "int x;\n" * 800), [])
        self.assertEqual(len(self.check("src/a.c", "int x;\n" * 801)), 1)

    def test_unfinished_mark_is_found(self):
        self.assertEqual(self.check("src/a.c", "/* TO" + "DO: later */\n"), ["src/a.c:1: unfinished mark"])

    def test_trailing_whitespace_is_found(self):
        self.assertEqual(self.check("src/a.c", "int x; \n"), ["src/a.c:1: trailing whitespace or tab"])

    def test_half_width_mark_in_chinese_is_found(self):
        self.assertEqual(self.check("po/a.po", 'msgstr "差距：%s"\n'), [])
        self.assertEqual(self.check("po/a.po", 'msgstr "差距:%s"\n'), ["po/a.po:1: half-width punctuation in Chinese text"])

    def test_sql_is_found_outside_the_store_only(self):
        line = 'const char *q = "SELECT id FROM user";\n'
        self.assertEqual(self.check("src/service/a.c", line), ["src/service/a.c:1: SQL outside src/store and src/column"])
        (self.root / "src/service/a.c").unlink()
        self.assertEqual(self.check("src/store/sqlite/a.c", line), [])

    def test_download_address_in_a_lock_file_is_found(self):
        self.assertEqual(len(self.check("deps/package-lock.json", '{"resolved": "https://example.org/a.tgz"}')), 1)

    def test_large_file_is_found(self):
        self.assertEqual(len(self.check("a.bin", "x" * 1_000_001)), 1)


class Links(Folder):
    def test_dead_links_and_paths_are_found(self):
        self.write("docs/there.md", "")
        self.write("README.md", "[a](docs/there.md) [b](docs/gone.md#x) [c](https://example.org/)\n`src/gone.c` `docs/there.md`\n")
        self.assertEqual(check_links.check(self.root), ["README.md:1: links to docs/gone.md, which isn't there",
                                                        "README.md:2: names src/gone.c, which isn't there"])

    def test_dead_names_are_found(self):
        self.write("src/a.h", "int mg_there(void);\n")
        self.write("docs/adr/old.md", "`mg_gone`\n")
        self.write("README.md", "`mg_there` `mg_gone(…)` `mg_<name>_new`\n`struct mg_lost` mg_said\n")
        self.assertEqual(check_links.check(self.root), ["README.md:1: names mg_gone, which isn't there",
                                                        "README.md:2: names mg_lost, which isn't there"])


class Messages(Folder):
    def check(self):
        return subprocess.run([sys.executable, ROOT / "tools/gen/messages.py", self.root / "po", "--check", self.root / "src"],
                              capture_output=True, text=True)

    def test_untranslated_message_is_found(self):
        self.write("po/a.po", 'msgid "known"\nmsgstr "已知"\n')
        self.write("src/a.c", 'mg_fail(error, MG_E_IO, "known"); mg_fail(error, MG_E_IO, "unknown");')
        result = self.check()
        self.assertEqual(result.returncode, 1)
        self.assertIn("unknown", result.stdout)
        self.assertNotIn("'known'", result.stdout)

    def test_differing_specifiers_are_found(self):
        self.write("po/a.po", 'msgid "%d rows"\nmsgstr "%s 行"\n')
        self.write("src/a.c", 'mg_fail(error, MG_E_IO, "%d rows", n);')
        self.assertEqual(self.check().returncode, 1)

    def test_translated_messages_pass(self):
        self.write("po/a.po", 'msgid "%d rows"\nmsgstr "%d 行"\n')
        self.write("src/a.c", 'mg_fail(error, MG_E_IO, "%d rows", n);')
        self.assertEqual(self.check().returncode, 0)


class Format(Folder):
    def test_unformatted_source_is_found(self):
        self.write("a.c", "int f( void ){return 0;}\n")
        self.write(".clang-format", (ROOT / ".clang-format").read_text())
        result = subprocess.run([ROOT / "script/fmt", "--check", self.root / "a.c"], capture_output=True, text=True)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("not formatted", result.stdout)

    def test_formatted_source_passes(self):
        self.write("a.c", "int x;\n")
        self.write(".clang-format", (ROOT / ".clang-format").read_text())
        result = subprocess.run([ROOT / "script/fmt", "--check", self.root / "a.c"], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, ""))


if __name__ == "__main__":
    unittest.main()
