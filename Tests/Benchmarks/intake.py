"""The area `intake`: submissions, with the services that they concern, beside bare writes; and uploads
into the intake service alone, beside `dd` onto the same disk (see README.md)."""
import contextlib
import datetime
import functools
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import storage
from machine import BUILD, HERE, RELEASE, RUNS, cpu_seconds, resident_bytes, say, swift_build

ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "Tests", "EndToEnd"))
from cluster import SERVICES, Cluster  # noqa: E402

LOAD = os.path.join(RELEASE, "anju-bench-intake")
MATERIAL_BYTES = 2 * 1024 * 1024
# So many materials a run, of 2 MiB each.
MATERIALS = int(os.environ.get("ANJU_BENCH_MATERIALS", "200"))
# A platform has at most 8 uploads at once.
CALLERS = 8
# So many submissions a run, by so many callers at once.
SUBMISSIONS = int(os.environ.get("ANJU_BENCH_SUBMISSIONS", "4000"))
SUBMITTING = 64
# At half of the rate, for so long.
HALF_SECONDS = 5
# A declaration of so long ago makes the half year.
REGISTERED_DAYS_AGO = 400
SETTLE_SECONDS_MAX = 120
# What a commit of the store writes at a time.
FSYNC_BYTES = 65_536


def build(_):
    say("building the services and their load (release), and the bare loop in C")
    for product in SERVICES.values():
        swift_build(product, package=ROOT)
    swift_build("anju-bench-intake")
    storage.build(None)


def load(token, *arguments):
    said = subprocess.run(
        [LOAD, *map(str, arguments)], check=True, stdout=subprocess.PIPE,
        env=os.environ | {"ANJU_BENCH_TOKEN": token})
    return json.loads(said.stdout)


class Intake(Cluster):
    """Intake as a process; drafts and uploads need none of its peers."""

    def __init__(self, folder):
        super().__init__(Path(folder))
        self.bin = Path(ROOT, ".build", "release")
        self.names = ["intake"]

    @property
    def pid(self):
        return self.processes["intake"].pid

    def upload(self, count, callers):
        """Uploads so many materials; the client's figures, the processor time of the server for each,
        and by how much its memory was larger meanwhile."""
        token = self.signer().token("integrator", "bench")
        forget_peak(self.pid)
        before, cpu = resident_bytes(self.pid), cpu_seconds(self.pid)
        found = load(token, self.ports["intake"], "upload", count, callers, MATERIAL_BYTES)
        found["mb_per_second"] = found["per_second"] * MATERIAL_BYTES / 1e6
        found["cpu_ms"] = (cpu_seconds(self.pid) - cpu) * 1e3 / count
        found["grown_mb"] = max(0, peak_bytes(self.pid) - before) / 1e6
        return found


class Services(Cluster):
    """All four as processes: what is submitted goes on to approval, and is told."""

    def __init__(self, folder):
        super().__init__(Path(folder))
        self.bin = Path(ROOT, ".build", "release")
        self.drafts = os.path.join(folder, "drafts.txt")

    @functools.cached_property
    def token(self):
        """Of an integrator; the keys are there once the services have started."""
        return self.signer().token("integrator", "bench")

    def prepare(self, first, count):
        """Drafts of so many persons more."""
        since = datetime.date.today() - datetime.timedelta(days=REGISTERED_DAYS_AGO)
        return load(self.token, self.ports["intake"], "prepare", self.ports["registry"], self.drafts,
                    first, count, CALLERS, since)

    def submit(self, command, first, count, pace):
        """Submits so many; the client's figures, each service's processor time for one, and how long
        intake's outbox had work after the last answer."""
        before = self.cpu()
        found = load(
            self.token, self.ports["intake"], command, self.drafts, first, count, pace)
        found["backlog_s"] = self.settled("intake")
        # What is taken on is still written down, told and sent: it is paid for, too.
        for name in SERVICES:
            self.settled(name)
        self.delivered_all(first + count)
        found["cpu_us"] = {
            name: round((after - before[name]) * 1e6 / count) for name, after in self.cpu().items()}
        return found

    def cpu(self):
        return {name: cpu_seconds(self.processes[name].pid) for name in SERVICES}

    def settled(self, name):
        """How long it takes from now until a service owes nothing to another."""
        return self.until(name, "SELECT 1 FROM outbox LIMIT 1", lambda rows: not rows)

    def delivered_all(self, count):
        query = "SELECT count(*) FROM message WHERE state = 'delivered'"
        self.until("notification", query, lambda rows: rows[0][0] >= count)

    def cases(self):
        return self.rows("approval", "SELECT count(*) FROM approval_case")[0][0]

    def until(self, name, query, holds):
        began = time.monotonic()
        while not holds(self.rows(name, query)):
            if time.monotonic() - began > SETTLE_SECONDS_MAX:
                raise TimeoutError(f"{name} does not settle: {query}")
            time.sleep(0.01)
        return time.monotonic() - began

    def rows(self, name, query):
        file = f"file:{self.folder}/data/{name}.db?mode=ro"
        with contextlib.closing(sqlite3.connect(file, uri=True)) as database:
            return database.execute(query).fetchall()


def forget_peak(pid):
    """From now on the kernel notes the highest resident memory anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def peak_bytes(pid):
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


@contextlib.contextmanager
def running(cluster):
    try:
        cluster.start_all()
        yield cluster
    finally:
        cluster.stop_all()


def dd(folder, count):
    """Megabytes a second of as many bytes written to a file, and synchronised once at the end."""
    file = os.path.join(folder, "dd")
    said = subprocess.run(
        ["dd", "if=/dev/zero", f"of={file}", f"bs={MATERIAL_BYTES}", f"count={count}",
         "conv=fdatasync"],
        check=True, stderr=subprocess.PIPE, text=True, env=os.environ | {"LC_ALL": "C"}).stderr
    os.unlink(file)
    written, seconds = re.search(r"(\d+) bytes.*copied, ([\d.e-]+) s", said).groups()
    return int(written) / float(seconds) / 1e6


def measure(rows):
    """Each row's own values and its peer's; then what else was found."""
    wanted = {row["run"]["what"] for row in rows}
    found, figures = {}, []
    if wanted & {"submit", "submit_p99", "backlog"}:
        with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
            with running(Services(folder)) as services:
                found |= submitting(services, figures)
    if wanted & {"upload", "upload_memory"}:
        with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
            with running(Intake(folder)) as intake:
                found |= uploading(intake, folder, figures)
    return {row["name"]: found[row["run"]["what"]] for row in rows}, figures


def submitting(services, figures):
    """Submissions a second beside bare writes, in turn; then the latency at half of that rate."""
    warm_up = SUBMISSIONS // 4
    count = warm_up + RUNS * SUBMISSIONS
    prepared = services.prepare(0, count)
    figures.append({"drafts prepared": count, "seconds": round(prepared["seconds"], 1)})
    services.submit("submit", 0, warm_up, SUBMITTING)
    speeds, peers, backlogs = [], [], []
    for number in range(RUNS):
        run = services.submit("submit", warm_up + number * SUBMISSIONS, SUBMISSIONS, SUBMITTING)
        speeds.append(run["per_second"])
        backlogs.append(run["backlog_s"])
        peers.append(storage.loop_in_c(SUBMITTING // 2))
        say(f"  submitting, run {number + 1} of {RUNS}: {speeds[-1]:.0f}/s, {run['cpu_us']} us each; "
            f"bare writes {peers[-1]:.0f}/s")
        figures.append(row_of_submissions(run))
    late = at_half(services, statistics.median(speeds) / 2, count, figures)
    return {"submit": (speeds, peers), "backlog": (backlogs, [1.0] * RUNS), "submit_p99": late}


def at_half(services, rate, first, figures):
    """The p99 of so many a second, beside that of a bare fdatasync."""
    rate = round(rate)
    each = rate * HALF_SECONDS
    services.prepare(first, RUNS * each)
    ours, peers = [], []
    for number in range(RUNS):
        run = services.submit("submit-at", first + number * each, each, rate)
        ours.append(run["p99_ms"])
        peers.append(storage.fsync(FSYNC_BYTES))
        figures.append(row_of_submissions(run) | {"asked for": rate})
    if services.cases() != first + RUNS * each:
        raise ValueError("not every application that was submitted has its case")
    return ours, peers


def row_of_submissions(run):
    return {"submitted": run["count"], "a second": round(run["per_second"]),
            "p50 ms": round(run["p50_ms"], 1), "p99 ms": round(run["p99_ms"], 1),
            "backlog s": round(run["backlog_s"], 2), "us each": run["cpu_us"]}


def uploading(intake, folder, figures):
    """Uploads beside dd, and the memory of each under way."""
    speeds, peers, memory = [], [], []
    # Until memory that is kept for the next upload is there.
    intake.upload(4 * CALLERS, CALLERS)
    for number in range(RUNS):
        run = intake.upload(MATERIALS, CALLERS)
        speeds.append(run["mb_per_second"])
        memory.append(run["grown_mb"] / CALLERS)
        peers.append(dd(folder, MATERIALS))
        say(f"  uploading, run {number + 1} of {RUNS}: {speeds[-1]:.0f} MB/s, "
            f"{run['cpu_ms']:.1f} ms of the server each; dd {peers[-1]:.0f} MB/s")
        figures.append({
            "uploads": run["count"], "seconds": round(run["seconds"], 1),
            "p50 ms": round(run["p50_ms"], 1), "p99 ms": round(run["p99_ms"], 1),
            "ms of the server": round(run["cpu_ms"], 2),
            "grown MB": round(run["grown_mb"], 2),
            "resident MB": round(resident_bytes(intake.pid) / 1e6, 1)})
    return {"upload": (speeds, peers), "upload_memory": (memory, [MATERIAL_BYTES / 1e6] * RUNS)}
