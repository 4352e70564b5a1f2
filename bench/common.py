"""What the benchmarks in Python share: the row that they print, servers and clients, the load generator.

A row: | what | Mindgap | peer or limit | ratio | target | held |. The ratio is Mindgap's figure by the other; the target is what the
ratio should be, and the last cell says "held" or "short". Where there is nothing to compare with, the cells are empty.
"""
import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/api"))
PREFIX = "/api/v1"


def shown(value):
    return value if isinstance(value, str) else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def row(what, ours, other=None, at_most=None, at_least=None, ratio=None, held=None):
    """Prints one. `ratio` and `held`: where they are not simply ours by other, compared with the target."""
    if ratio is None and other is not None:
        ratio = ours / other
    target = f"≤ {at_most:g}" if at_most is not None else f"≥ {at_least:g}" if at_least is not None else ""
    if held is None and target:
        held = ratio <= at_most if at_most is not None else ratio >= at_least
    cells = [what, shown(ours), "" if other is None else shown(other), "" if ratio is None else f"{ratio:.2f}", target,
             "" if held is None else "held" if held else "short"]
    print("| " + " | ".join(cells) + " |", flush=True)


def limit(what, ours, most):
    """A row for what should not be above a limit."""
    row(what, ours, most, at_most=1)


def options(description, **more):
    """--build and those named, each with its default; MINDGAP is set for tests/api/support.py."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=str(ROOT / "build"))
    for name, default in more.items():
        parser.add_argument("--" + name, type=type(default), default=default)
    args = parser.parse_args()
    os.environ.setdefault("MINDGAP", f"{args.build}/mindgap")
    return args


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def key(owner, *scopes):
    answer = owner.post("/keys", {"name": "bench", "scopes": list(scopes)})
    assert answer.status == 201, answer.body
    return answer.json["secret"]


def metric(client, name):
    """The sum of a metric's lines; no counting of its labels."""
    text = client.raw("GET", "/metrics").body.decode()
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith((name + " ", name + "{")))


def memory(server, field="VmRSS"):
    """MB of the server's process; VmHWM: the most that it had."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split(field + ":")[1].split()[0]) / 1024


def reset_peak(server):
    pathlib.Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")


def wait_followed(client, seconds=600):
    """Until the columns have all that the record has."""
    for _ in range(seconds * 10):
        if metric(client, "mindgap_follower_waiting") == 0 and metric(client, "mindgap_follower_held") == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("the columns don't catch up")


def upload_file(client, path):
    answer = client.post(f"/uploads?name={pathlib.Path(path).name}", pathlib.Path(path).read_bytes(),
                         headers={"Content-Type": "application/octet-stream"})
    assert answer.status == 201, answer.body
    return answer.json["id"]


def start_import(client, study_id, path):
    """Uploads the file, and imports it with the mapping that is proposed; the import's id and its job's."""
    upload = upload_file(client, path)
    preview = client.get(f"/uploads/{upload}/preview?study={study_id}")
    assert preview.status == 200, preview.body
    mapping = [{"source": c["name"], "target": c["target"]} for c in preview.json["columns"] if "target" in c]
    answer = client.post("/imports", {"upload_id": upload, "study_id": study_id, "mapping": mapping})
    assert answer.status == 202, answer.body
    return answer.json["id"], answer.json["job_id"]


def write_survey(support, path, rows):
    """As support.survey_csv; the same 10,000 rows again and again, since making others would take longer than the benchmark."""
    head, *body = support.survey_csv(min(rows, 10_000)).decode().splitlines(keepends=True)
    with open(path, "w", encoding="ascii") as out:
        out.write(head)
        for at in range(0, rows, len(body)):
            out.writelines(body[:rows - at])


class Load:
    """bench/load with the flows given: start, stop, and what it found by the flows' names."""

    def __init__(self, args, server, folder, flows, seconds, requests=0):
        handle, plan = tempfile.mkstemp(dir=folder, suffix=".plan")
        with os.fdopen(handle, "w") as out:
            out.writelines(" ".join(map(str, flow)) + "\n" for flow in flows)
        self.process = subprocess.Popen([f"{args.build}/bench/load", str(server.port), plan, str(seconds), str(requests)],
                                        stdout=subprocess.PIPE, text=True)

    def running(self):
        return self.process.poll() is None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        printed, _ = self.process.communicate()
        assert self.process.returncode == 0, printed
        found = {}
        for line in printed.splitlines():
            name, *numbers = line.split()
            found[name] = dict(zip(("answers", "seconds", "p50", "p99", "most", "failed"), map(float, numbers)))
        return found


def flow(name, connections, rate, method, path, status=200, key="-", body="-"):
    """A line of the load generator's plan; the path without its prefix."""
    return name, connections, rate, status, method, PREFIX + path, key, body


def body_file(folder, name, content):
    path = pathlib.Path(folder) / f"{name}.json"
    path.write_text(json.dumps(content))
    return path


class Repeating(threading.Thread):
    """Calls `once` every so many seconds until it is stopped; a fault of it is raised at the end."""

    def __init__(self, once, seconds):
        super().__init__()
        self.once, self.seconds, self.ended, self.fault = once, seconds, threading.Event(), None

    def run(self):
        due = time.monotonic()
        while not self.ended.wait(max(0, due - time.monotonic())):
            due = max(due + self.seconds, time.monotonic() - self.seconds)
            try:
                self.once()
            except BaseException as fault:
                self.fault = fault
                return

    def stop(self):
        self.ended.set()
        self.join()
        if self.fault:
            raise self.fault
