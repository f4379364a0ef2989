"""The area `life`: the four services as processes, loaded with whole lives and with reads by the harness
that the README tells people of, beside what the machine can do bare (see README.md)."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import echo_servers
import rpc
import storage
from intake import ROOT, running
from machine import BUILD, HERE, say, swift_build
from registry import sm2_signatures

sys.path.insert(0, os.path.join(ROOT, "Tests", "EndToEnd"))
from cluster import SERVICES, Cluster  # noqa: E402

LOAD = os.path.join(ROOT, ".build", "release", "anju-load")
CALLERS = 64
# For so long each run loads, and so many times.
SECONDS = int(os.environ.get("ANJU_BENCH_SECONDS", "20"))
RUNS = 3
# How late the generator may begin one arrival in a hundred: it shares the processors. Latencies count
# from when they should have begun.
LAG_MS = 5_000
RUN_SECONDS_MAX = 900
# What one life may come to, the aim of the row beside.
ROWS_A_LIFE = 64
# The bare loop in C writes so many rows at a time, and commits so many times of them.
ROWS_A_WRITE, BATCH = 4, 256
FSYNC_BYTES = 65_536
OPINIONS = [f"Approval.RecordOpinion ({stage})" for stage in ("accept", "review", "approve")]
# The harness's exits of a run that was measured: held, or an aim of the scenario missed.
MEASURED = (0, 1)


def build(_):
    say("building the services and anju-load (release), the echo server and the bare loop in C")
    for product in [*SERVICES.values(), "anju-load"]:
        swift_build(product, package=ROOT)
    echo_servers.build({echo_servers.OURS})
    storage.build(None)


class System(Cluster):
    """All four as processes, and what the harness says of them."""

    def __init__(self, folder):
        super().__init__(Path(folder))
        self.bin = Path(ROOT, ".build", "release")

    def load(self, scenario, *arguments):
        """One run; the result as the harness writes it down. Who breaks an invariant or fails a call
        has no figures."""
        with tempfile.TemporaryDirectory() as out:
            command = [LOAD, "run", scenario, "--out", out, "--keys", self.keys, "--lag-ms", LAG_MS]
            for name in SERVICES:
                command += [f"--{name}", self.addresses(name)]
                command += [f"--{name}-metrics", f"127.0.0.1:{self.admin_ports[name]}"]
            ran = subprocess.run(
                [str(word) for word in [*command, *arguments]], cwd=ROOT, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=RUN_SECONDS_MAX)
            files = list(Path(out).glob("*.json"))
            if ran.returncode not in MEASURED or not files:
                raise RuntimeError(ran.stdout[-3000:])
            result = json.loads(files[0].read_text(encoding="utf-8"))
        broken = [check for check in result["invariants"] if not check["held"]]
        failed = {each["name"]: each["errors"] for each in result["operations"] if each["errors"]}
        if broken or failed:
            raise RuntimeError(f"{broken} {failed}")
        return result


def per_second(result):
    rates = result["rates"]
    return rates["completed"] * 1e6 / rates["took_us"]


def a_life(result, figure):
    costs = result["costs"]
    return sum(service[figure] for service in costs["services"]) / costs["units"]


def p99_ms(result, names):
    """The slowest of some operations' 99th percentiles."""
    return max(quantile(each["latencies"], 0.99) for each in result["operations"]
               if each["name"] in names) / 1e3


def quantile(latencies, part):
    """Of a histogram whose buckets are told by where they begin."""
    left = part * sum(latencies["calls"])
    for calls, begin in zip(latencies["calls"], latencies["from_us"]):
        left -= calls
        if left <= 0:
            return begin
    return latencies["max_us"]


def measure(rows):
    """Each row's own values and its peer's; then what else was found."""
    wanted = {row["run"]["what"] for row in rows}
    found, figures = {}, []
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        with running(System(folder)) as system:
            if wanted - {"reads"}:
                found |= living(system, figures)
            if "reads" in wanted:
                found["reads"] = reading(system, figures)
    return {row["name"]: found[row["run"]["what"]] for row in rows}, figures


def living(system, figures):
    """Whole lives a second by as many callers as fill the machine, beside what it does bare, in turn;
    then officers' opinions at half of that rate."""
    runs, bare, signatures = [], [], []
    for number in range(RUNS):
        runs.append(system.load("life", "--closed", CALLERS, "--seconds", SECONDS))
        bare.append(storage.loop_in_c(BATCH) * ROWS_A_WRITE / ROWS_A_LIFE)
        signatures.append(sm2_signatures())
        say(f"  whole lives, run {number + 1} of {RUNS}: {per_second(runs[-1]):.1f}/s, "
            f"{a_life(runs[-1], 'cpu_us') / 1e3:.1f} ms of the four services each; bare writes of "
            f"{ROWS_A_LIFE} rows {bare[-1]:.0f}/s, SM2 {signatures[-1]:.0f}/s")
        figures += [cost(service, runs[-1]["costs"]["units"]) for service in runs[-1]["costs"]["services"]]
    speeds = [per_second(run) for run in runs]
    half = sorted(speeds)[RUNS // 2] / 2
    halves, fsyncs = [], []
    for number in range(RUNS):
        run = system.load("life", "--rate", f"{half:.1f}", "--seconds", SECONDS)
        halves.append(p99_ms(run, OPINIONS))
        fsyncs.append(storage.fsync(FSYNC_BYTES))
        say(f"  at {half:.1f}/s, run {number + 1} of {RUNS}: p99 of the slowest opinion {halves[-1]:.1f} ms")
    return {
        "lives": (speeds, bare), "signed": (speeds, signatures), "p99": (halves, fsyncs),
        "cpu": ([a_life(run, "cpu_us") / 1e3 for run in runs],
                [1e3 / rate for rate in bare]),
        "rows": ([a_life(run, "rows") for run in runs], [ROWS_A_LIFE]),
        "calls": ([a_life(run, "calls_made") for run in runs], [1])}


def cost(service, lives):
    return {
        "of": service["service"], "lives": lives, "us a life": round(service["cpu_us"] / lives),
        "statements": round(service["statements"] / lives), "rows": round(service["rows"] / lives),
        "calls made": round(service["calls_made"] / lives, 1),
        "waits for the disk": round(service["fsyncs"] / lives, 1),
        "KB written": round(service["written_bytes"] / lives / 1e3),
        "resident MB": round(service["memory_bytes_max"] / 1e6, 1)}


def reading(system, figures):
    """Looks at permits a second by as many callers as fill the machine, beside the bare echo RPC."""
    speeds, echoes = [], []
    scenario = os.path.join(HERE, "life-reads.json")
    for number in range(RUNS):
        run = system.load(scenario, "--closed", CALLERS, "--seconds", SECONDS)
        speeds.append(per_second(run))
        echoes.append(rpc.under_load(echo_servers.OURS, "unary", None)["rate"])
        say(f"  reads, run {number + 1} of {RUNS}: {speeds[-1]:.0f}/s; echo {echoes[-1]:.0f}/s")
        figures.append({
            "reads": run["rates"]["completed"],
            "us of the registry each": round(a_life(run, "cpu_us"))})
    return speeds, echoes
