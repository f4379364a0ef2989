"""The area `approval`: the approval service alone, as a process with the settings services get, between
an intake and a registry that the load stands in for (see README.md)."""
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
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
        folder = self.folder / "data"
        return sum(each.stat().st_size for each in folder.glob("approval.db*"))


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
        with running(Approval(folder)) as approval:
            if "decide" in wanted:
                found["decide"] = deciding(approval, figures)
            if wanted - {"decide"}:
                # Those before are decided by now.
                approval.open(FEW)
                few = looks(approval, FEW, figures)
                found["open"] = opening(approval, figures)
                found["list"] = (looks(approval, MANY, figures), few)
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
