"""Help, completion and manual, all made from the one command table."""
import re
import shutil
import subprocess
import unittest

from survey_support import SurveyCase, run


def commands():
    return re.findall(r"^  ([a-z]+) {2,}\S", run("--help").stdout, re.M)


class CommandLine(SurveyCase):
    def test_help_of_every_command_in_both_languages(self):
        self.assertIn("gap", commands())
        for command in commands():
            english = self.succeed(command, "--help")
            chinese = self.succeed(command, "--help", "--lang", "zh-CN")
            self.assertIn(f"mindgap {command}", english)
            self.assertRegex(chinese, "[一-鿿]")
            self.assertEqual(set(re.findall(r"--[a-z-]+", english)), set(re.findall(r"--[a-z-]+", chinese)))
            self.assertEqual(self.succeed("help", command), english)

    def test_usage_names_verbs_and_options_and_ends_without_a_blank(self):
        self.assertIn("Usage: mindgap column rebuild [OPTION …]\n", self.succeed("column", "--help"))
        self.assertIn("Usage: mindgap user role ADDRESS ROLE [OPTION …]\n", self.succeed("user", "--help"))
        for command in commands():
            self.assertNotRegex(self.succeed(command, "--help"), r" \n", command)

    def test_no_command_is_wrong_usage(self):
        done = run()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("gap", done.stderr)

    def test_unknown_commands_and_options(self):
        self.assertIn("Did you mean “gap”?", self.refuse(2, "gpa"))
        self.assertIn("--help", self.refuse(2, "something-else"))
        self.assertIn("没有命令", self.refuse(2, "gpa", "--lang", "zh-CN"))
        self.assertIn("Did you mean --output?", self.refuse(2, "study", "init", "x", "--outptu", "y"))

    def test_language_of_the_environment(self):
        self.assertRegex(run("--help", env={"LC_ALL": "zh_CN.UTF-8"}).stdout, "[一-鿿]")
        self.assertNotRegex(run("--help", env={"LC_ALL": "de_DE.UTF-8"}).stdout, "[一-鿿]")

    def test_version(self):
        self.assertRegex(self.succeed("version"), r"^mindgap \d+\.\d+\.\d+\n$")
        self.assertEqual(self.succeed("--version"), self.succeed("version"))

    def test_bash_completes_commands_options_and_choices(self):
        script = self.succeed("completion", "bash")

        def complete(*words):
            line = " ".join(f"'{word}'" for word in words)
            code = (f"source /dev/stdin <<'END'\n{script}\nEND\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _mindgap; "
                    'printf "%s\\n" "${COMPREPLY[@]}"')
            done = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=True, cwd=self.folder)
            return done.stdout.split()
        self.assertEqual(complete("mindgap", "ga"), ["gap"])
        self.assertEqual(complete("mindgap", "study", "in"), ["init"])
        self.assertEqual(complete("mindgap", "gap", "--stu"), ["--study"])
        self.assertEqual(complete("mindgap", "gap", "x.csv", "--format", "h"), ["html"])
        self.assertEqual(complete("mindgap", "gap", "--lang", "z"), ["zh-CN"])
        self.file("survey.csv", "")
        self.assertEqual(complete("mindgap", "gap", "surv"), ["survey.csv"])

    def test_other_shells(self):
        self.assertTrue(self.succeed("completion", "zsh").startswith("#compdef mindgap\n"))
        fish = self.succeed("completion", "fish")
        for command in commands():
            self.assertIn(f"-a {command} ", fish)
        for shell in ("zsh", "fish"):
            if shutil.which(shell):
                subprocess.run([shell, "-n", self.file("script", self.succeed("completion", shell))], check=True)
        self.assertIn("bash", self.refuse(2, "completion", "tcsh"))

    def test_manual_names_every_command_and_option(self):
        page = self.succeed("manual")
        for command in commands():
            self.assertIn(f".SS mindgap {command}", page)
            for option in re.findall(r"--([a-z-]+)", self.succeed(command, "--help")):
                self.assertIn("\\-\\-" + option.replace("-", "\\-"), page)
        if shutil.which("groff"):
            done = subprocess.run(["groff", "-Kutf8", "-man", "-Tutf8", "-ww", "-z", self.file("mindgap.1", page)], capture_output=True, text=True)
            self.assertEqual(done.stderr, "")


if __name__ == "__main__":
    unittest.main()
