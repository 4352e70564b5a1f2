"""A PostgreSQL for one test: of the machine's own package, run by an ordinary user in a temporary folder, on a socket there and
no port. Its texts sort as people's do, not as bytes, so that a column which forgot to say so is noticed."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

FOLDERS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
START_SECONDS = 60
SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=16MB",
            "max_connections=20", "autovacuum=off", "log_min_messages=error")


class Postgres:
    def __init__(self):
        self.server = None
        if not FOLDERS:
            raise FileNotFoundError("there is no PostgreSQL under /usr/lib/postgresql: script/test installs postgresql-15")
        self.programs = FOLDERS[0]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mg-postgres-"))
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def as_ordinary(self, command):
        """The server refuses to be root's: then it is the package's own user's. It ends with the test, however that ends."""
        user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        return ["setpriv", "--pdeathsig=INT", *user, *command]

    def start(self):
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        data = str(self.folder / "data")
        made = subprocess.run(self.as_ordinary([str(self.programs / "initdb"), "-D", data, "-U", "mindgap", "-A", "trust", "-E", "UTF8",
                                                "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en", "--no-sync"]),
                              cwd=self.folder, capture_output=True, text=True)
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stdout}{made.stderr}")
        command = [str(self.programs / "postgres"), "-D", data, "-k", str(self.folder)]
        for setting in SETTINGS:
            command += ["-c", setting]
        with open(self.folder / "log", "wb") as log:
            self.server = subprocess.Popen(self.as_ordinary(command), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log,
                                           stderr=subprocess.STDOUT)
        self.wait_ready()

    def wait_ready(self):
        ready = [str(self.programs / "pg_isready"), "-q", "-h", str(self.folder), "-d", "postgres", "-U", "mindgap"]
        until = time.monotonic() + START_SECONDS
        while subprocess.run(ready).returncode:
            if self.server.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text('utf-8', 'replace')}")
            time.sleep(0.05)

    def command(self, *options):
        return [str(self.programs / "psql"), "-X", "-q", "-A", "-t", "-h", str(self.folder), "-U", "mindgap", "-d", "postgres",
                *options]

    def run(self, script, *options):
        """What psql prints of a script, errors among it."""
        run = subprocess.run(self.command(*options, "-f", "-"), input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, timeout=120)
        return run.returncode, run.stdout

    def session(self):
        return Session(self.command())

    def close(self):
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)  # ends its sessions and stops
            try:
                self.server.wait(30)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Session:
    """One connection that goes on, so that two can get in each other's way."""

    def __init__(self, command):
        self.psql = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.sent = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.psql.stdin.close()
        self.psql.wait(30)
        self.psql.stdout.close()

    def send(self, statement):
        """Without waiting for the answer: it may come only when another session lets go."""
        self.sent += 1
        self.psql.stdin.write(f"{statement};\n\\echo @@{self.sent} :ROW_COUNT :SQLSTATE\n")
        self.psql.stdin.flush()

    def answer(self):
        """(rows as text, how many rows the statement changed or gave, its state: 00000 where it went well)."""
        lines = []
        while not (line := self.psql.stdout.readline()).startswith("@@"):
            if not line:
                raise EOFError("\n".join(lines))
            lines.append(line.rstrip("\n"))
        _, count, state = line.split()
        return lines, int(count), state

    def run(self, statement):
        self.send(statement)
        return self.answer()
