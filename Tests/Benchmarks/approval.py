"""The area `approval`: the approval service alone, as a process with the settings services get, between
an intake and a registry that the load stands in for (see README.md)."""
import contextlib
import datetime
import json
import os
import shutil
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
from cluster import Cluster  # noqa: E402

LOAD = os.path.join(RELEASE, "anju-bench-approval")
FEW = 10_000
# So many are `many`.
MANY = int(os.environ.get("ANJU_BENCH_CASES", "1000000"))
CALLERS = 64
# Officers of each stage: none holds more cases at once than one may.
OFFICERS = 16
LOOKS_PER_SECOND = 200
LOOK_SECONDS = 10
STATION, BUREAU = "330106500000", "330106000000"
# The durable writes of four rows that one decided case is, for the loop in C beside it: claim, three
# opinions and the registry's answer, each with its history, answer kept and message owed, and what
# comes with them (opinions, officers, the feed, counters).
WRITES_A_CASE = 12
BATCH = 256
# So many days off are added to move dates: one of them would have been worked.
DAYS_OFF = 3
RECOUNT_SECONDS_MAX = 3_600


def build(_):
    say("building approval, its load (release) and the bare loop in C")
    swift_build("ApprovalServer", package=ROOT)
    swift_build("anju-bench-approval")
    storage.build(None)


class Approval(Cluster):
    """Approval as a process; what stands at its peers' ports is the load's."""

    def __init__(self, folder):
        super().__init__(Path(folder))
        self.bin = Path(ROOT, ".build", "release")
        self.names = ["approval"]
        self.opened = os.path.join(folder, "opened.txt")
        self.count = 0

    def follow(self, calendar):
        """From the next start on the service's calendar is these lines."""
        policies = self.folder / "policies"
        shutil.rmtree(policies, ignore_errors=True)
        shutil.copytree(Path(ROOT, "Services", "Policy"), policies)
        (policies / "calendar.tsv").write_text("".join(calendar), encoding="utf-8")
        self.settings["POLICY_DIRECTORY"] = str(policies)

    @property
    def file(self):
        return self.folder / "data" / "approval.db"

    @property
    def pid(self):
        return self.processes["approval"].pid

    def tokens(self):
        signer = self.signer()

        def officers(role, office):
            return " ".join(
                signer.token("officer", f"{role}-{number}", role=role, office=office)
                for number in range(OFFICERS))

        return {
            "ANJU_BENCH_INTAKE": signer.token("service", "intake"),
            "ANJU_BENCH_ACCEPT": officers("accept", STATION),
            "ANJU_BENCH_REVIEW": officers("review", STATION),
            "ANJU_BENCH_APPROVE": officers("approve", BUREAU),
        }

    def load(self, *arguments):
        before = cpu_seconds(self.pid)
        said = subprocess.run(
            [LOAD, str(self.ports["approval"]), self.opened, *map(str, arguments)], check=True,
            stdout=subprocess.PIPE, env=os.environ | self.tokens())
        found = json.loads(said.stdout)
        found["cpu_us"] = (cpu_seconds(self.pid) - before) * 1e6 / max(found["count"], 1)
        return found

    def open(self, count):
        found = self.load("open", self.count, count, CALLERS)
        self.count += count
        return found

    def decide(self, first, count):
        return self.load("decide", first, count, CALLERS, self.ports["intake"], self.ports["registry"])

    def list(self):
        return self.load("list", LOOKS_PER_SECOND, LOOK_SECONDS)

    def bytes_on_disk(self):
        return sum(each.stat().st_size for each in self.file.parent.glob("approval.db*"))


@contextlib.contextmanager
def running(approval):
    approval.start("approval")
    try:
        approval.wait_ready("approval")
        yield approval
    finally:
        approval.stop_all()


def measure(rows):
    """Each row's own values and its peer's; then what else was found."""
    wanted = {row["run"]["what"] for row in rows}
    found, figures = {}, []
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        approval = Approval(folder)
        if "decide" in wanted:
            with running(approval):
                found["decide"] = deciding(approval, figures)
        if wanted & {"open", "list", "confirmed", "moved"}:
            approval.follow(arrangement(is_published=False))
            with running(approval):
                # Those before are decided by now.
                approval.open(FEW)
                few = looks(approval, FEW, figures)
                found["open"] = opening(approval, figures)
                found["list"] = (looks(approval, MANY, figures), few)
            for what, days_off in (("confirmed", 0), ("moved", DAYS_OFF)):
                if what in wanted:
                    found[what] = publishing(approval, what, days_off, figures)
    return {row["name"]: found[row["run"]["what"]] for row in rows}, figures


def deciding(approval, figures):
    """Cases a second beside the bare loop in C, in turn."""
    ours, peers = [], []
    each = FEW // 5
    for number in range(RUNS + 1):
        approval.open(each)
        run = approval.decide(number * each, each)
        # The first run warms up.
        if number == 0:
            continue
        ours.append(run["per_second"])
        peers.append(storage.loop_in_c(BATCH) / WRITES_A_CASE)
        say(f"  deciding, run {number} of {RUNS}: {ours[-1]:.0f}/s, {run['cpu_us']:.0f} us of the server "
            f"each; the loop in C {peers[-1]:.0f}/s")
        figures.append({
            "decided": run["count"], "seconds": round(run["seconds"], 1),
            "us of the server": round(run["cpu_us"]), "p50 ms": round(run["p50_ms"], 1),
            "p99 ms": round(run["p99_ms"], 1)})
    return ours, peers


def opening(approval, figures):
    """Microseconds of wall clock for each case of the last tenth, beside the first tenth."""
    tenth = MANY // 10
    times = []
    for number in range(10):
        run = approval.open(tenth)
        times.append(1e6 / run["per_second"])
        figures.append({
            "opened": approval.count, "cases/s": round(run["per_second"]),
            "us of the server": round(run["cpu_us"]), "p99 ms": round(run["p99_ms"], 1)})
        say(f"  opening, tenth {number + 1}: {run['per_second']:.0f}/s")
    return [times[-1]], [times[0]]


def looks(approval, cases, figures):
    """p99 of looks at an office's work, with so many cases open there."""
    runs = [approval.list() for _ in range(3)]
    middle = {key: statistics.median(each[key] for each in runs) for key in runs[0]}
    figures.append({
        "looks, open cases": cases, "a second": LOOKS_PER_SECOND,
        "p50 ms": round(middle["p50_ms"], 2), "p99 ms": round(middle["p99_ms"], 2),
        "p99.9 ms": round(middle["p999_ms"], 2),
        "bytes each": round(approval.bytes_on_disk() / max(approval.count, 1)),
        "resident MB": round(resident_bytes(approval.pid) / 1e6, 1)})
    return [each["p99_ms"] for each in runs]


def arrangement(is_published, days_off=0):
    """The calendar's lines: without the arrangement of this year, so that whatever falls due in it is
    provisional, or with it and so many of the next days off on top."""
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    lines = Path(ROOT, "Services", "Policy", "calendar.tsv").read_text(encoding="utf-8").splitlines(True)
    if is_published:
        days = [today + datetime.timedelta(days=number + 1) for number in range(days_off)]
        listed = {line.partition("\t")[0] for line in lines}
        return lines + [f"{day}\toff\tbench\n" for day in days if str(day) not in listed]
    covered = f"coverage\t2004-01-01\t{today.year - 1}-12-31\n"
    return [
        covered if line.startswith("coverage") else line for line in lines
        if not (line.startswith(f"{today.year}-") and line.split("\t")[1] in ("off", "work"))]


def publishing(approval, what, days_off, figures):
    """Seconds from the start with the new calendar until no open case is provisional, on a copy of the
    store; beside what as many writes of the bare loop in C take."""
    data, kept = approval.folder / "data", approval.folder / "kept"
    shutil.copytree(data, kept)
    approval.follow(arrangement(is_published=True, days_off=days_off))
    loop = storage.loop_in_c(BATCH)
    began = time.monotonic()
    with running(approval):
        wait_until_settled(approval, began)
        seconds = time.monotonic() - began
        figures.append({
            f"published, {what}": approval.count, "seconds": round(seconds, 1),
            "dates moved": asked(approval, "SELECT COUNT(*) FROM due_date_move"),
            "us of the server": round(cpu_seconds(approval.pid) * 1e6 / approval.count)})
    shutil.rmtree(data)
    kept.rename(data)
    say(f"  published, {what}: {seconds:.1f} s")
    return [seconds], [approval.count / loop]


def wait_until_settled(approval, began):
    """The recount goes by ascending id, so the last open case is the last to be settled."""
    while asked(approval, """
        SELECT acceptance_provisional FROM approval_case WHERE is_closed = 0
        ORDER BY case_id DESC LIMIT 1"""):
        if time.monotonic() > began + RECOUNT_SECONDS_MAX:
            raise TimeoutError(f"not settled within {RECOUNT_SECONDS_MAX} s")
        time.sleep(0.1)


def asked(approval, question):
    with contextlib.closing(sqlite3.connect(f"file:{approval.file}?mode=ro", uri=True)) as database:
        return database.execute(question).fetchone()[0]
