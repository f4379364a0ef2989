"""The area `storage`: durable writes beside a bare loop in C and beside pgbench (see README.md)."""
import json
import os
import statistics
import subprocess
import tempfile

import pgbench
from machine import BUILD, HERE, RELEASE, RUNS, RUN_SECONDS, say, swift_build

WORKLOAD = os.path.join(HERE, "rows.txt")
RUN_SECONDS_MAX = 10.0
OURS = os.path.join(RELEASE, "anju-bench-storage")
PEER = os.path.join(BUILD, "bare-storage")


def build(_):
    say("building the storage benchmark (release) and its peer")
    swift_build("anju-bench-storage")
    subprocess.run(
        ["cc", "-O2", "-o", PEER, os.path.join(HERE, "bare", "storage.c"), "-lsqlite3"],
        check=True)


def run_once(folder, program, *arguments):
    """One run on the folder's file; what it prints."""
    command = [program, os.path.join(folder, "store.sqlite"), WORKLOAD]
    command += [str(argument) for argument in arguments]
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, timeout=RUN_SECONDS_MAX).stdout


def new_folder():
    return tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-")


def ours(*arguments):
    with new_folder() as folder:
        return json.loads(run_once(folder, OURS, *arguments))


def loop_in_c(batch):
    """Writes a second of the bare loop, on a file with the same schema."""
    with new_folder() as folder:
        run_once(folder, OURS, "make", 0, 0)
        return json.loads(run_once(folder, PEER, "commit", batch, RUN_SECONDS))["per_second"]


def fsync(size):
    """The 99th percentile of one fdatasync after `size` bytes, in milliseconds."""
    with new_folder() as folder:
        return json.loads(run_once(folder, PEER, "fsync", size, RUN_SECONDS))["p99_ms"]


def alternate(callers, batch):
    found, peers = [], []
    for number in range(RUNS):
        found.append(ours("callers", callers, RUN_SECONDS))
        peers.append(loop_in_c(batch))
        say(f"  {callers} callers, run {number + 1} of {RUNS}: {found[-1]['per_second']:.0f}/s, "
            f"C loop at {batch} a commit: {peers[-1]:.0f}/s")
    return found, peers


def measure(rows):
    """Each row's own values and its peer's; on PostgreSQL also what a write costs."""
    values = measure_sqlite([row for row in rows if "clients" not in row["run"]])
    on_postgres = [row for row in rows if "clients" in row["run"]]
    if not on_postgres:
        return values, []
    found, figures = pgbench.measure(on_postgres, OURS, WORKLOAD)
    return values | found, figures


def measure_sqlite(rows):
    values, runs = {}, {}
    for row in rows:
        run = row["run"]
        if "callers" in run:
            found, peers = alternate(run["callers"], run["batch"])
            runs[run["callers"]] = found
            values[row["name"]] = ([each["per_second"] for each in found], peers)
    for row in rows:
        run = row["run"]
        if run.get("batch_of") in runs:
            callers = run["batch_of"]
            batches = [each["mean_batch"] for each in runs[callers]]
            values[row["name"]] = (batches, [float(callers)])
        if "p99_at_half_of_peak" in run and runs:
            peak = max(
                statistics.median(each["per_second"] for each in found)
                for found in runs.values())
            latencies, peers = [], []
            for number in range(RUNS):
                latencies.append(ours("rate", peak / 2, RUN_SECONDS)["p99_ms"])
                peers.append(fsync(run["fsync_bytes"]))
                say(f"  {peak / 2:.0f}/s, run {number + 1} of {RUNS}: p99 {latencies[-1]:.1f} ms, "
                    f"of fdatasync alone {peers[-1]:.1f} ms")
            values[row["name"]] = (latencies, peers)
    return values
