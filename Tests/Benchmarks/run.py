#!/usr/bin/env python3
"""Runs one area's benchmarks beside their peers: medians of alternating runs.

    run.py storage            a table with the spread
    run.py storage --json     one object a line

`./dev bench AREA` calls it. A row's aim and peer stand in aims.json; a row without its peer fails.
Each run lasts about RUN_SECONDS; one that takes RUN_SECONDS_MAX ends the benchmark with an error.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, ".build")
WORKLOAD = os.path.join(HERE, "submission.txt")
RUNS = 5
RUN_SECONDS = 2.0
RUN_SECONDS_MAX = 10.0


def say(text):
    print(text, file=sys.stderr, flush=True)


def build_storage():
    say("building the storage benchmark (release) and its peer")
    subprocess.run(
        ["swift", "build", "-c", "release", "--package-path", HERE, "--product",
         "anju-bench-storage"],
        check=True, stdout=sys.stderr)
    subprocess.run(
        ["cc", "-O2", "-o", os.path.join(BUILD, "bare-storage"),
         os.path.join(HERE, "bare", "storage.c"), "-lsqlite3"],
        check=True)


def run_once(folder, program, *arguments):
    """One run on the folder's file; what it prints."""
    command = [os.path.join(BUILD, program), os.path.join(folder, "store.sqlite"), WORKLOAD]
    command += [str(argument) for argument in arguments]
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, timeout=RUN_SECONDS_MAX).stdout


OURS = os.path.join("release", "anju-bench-storage")


def new_folder():
    return tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-")


def ours(*arguments):
    with new_folder() as folder:
        return json.loads(run_once(folder, OURS, *arguments))


def loop_in_c(batch):
    """Submissions a second of the bare loop, on a file with the services' own schema."""
    with new_folder() as folder:
        run_once(folder, OURS, "make", 0, 0)
        return json.loads(
            run_once(folder, "bare-storage", "commit", batch, RUN_SECONDS))["per_second"]


def fsync(size):
    """The 99th percentile of one fdatasync after `size` bytes, in milliseconds."""
    with new_folder() as folder:
        return json.loads(run_once(folder, "bare-storage", "fsync", size, RUN_SECONDS))["p99_ms"]


def alternate(callers):
    found, peers = [], []
    for number in range(RUNS):
        found.append(ours("callers", callers, RUN_SECONDS))
        batch = max(1, round(found[-1]["mean_batch"]))
        peers.append(loop_in_c(batch))
        say(f"  {callers} callers, run {number + 1} of {RUNS}: {found[-1]['per_second']:.0f}/s, "
            f"C loop at the same {batch} a commit: {peers[-1]:.0f}/s")
    return found, peers


def measure_storage(rows):
    """Each row's own values and its peer's."""
    values, runs = {}, {}
    for row in rows:
        run = row["run"]
        if "callers" in run:
            found, peers = alternate(run["callers"])
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


def judge(row, values):
    """The row as one object; met is computed, never written down."""
    result = {"name": row["name"], "unit": row["unit"], "ours": None, "peer": row["peer"],
              "peer_value": None, "ratio": None, "aim": row["aim"], "met": False}
    found, peers = values.get(row["name"], ([], []))
    if found:
        result["ours"] = round(statistics.median(found), 2)
    if peers:
        result["peer_value"] = round(statistics.median(peers), 2)
    if found and peers and result["peer_value"]:
        ratio = statistics.median(found) / statistics.median(peers)
        result["ratio"] = round(ratio, 3)
        result["met"] = ratio >= row["aim"] if row["better"] == "higher" else ratio <= row["aim"]
    return result


def spread(values):
    return f"{min(values):.1f}..{max(values):.1f}" if values else "-"


def show(rows, results, values):
    head = ("row", "ours", "spread", "peer", "value", "spread", "ratio", "aim", "met")
    table = [head]
    for row, result in zip(rows, results):
        found, peers = values.get(row["name"], ([], []))
        sign = ">=" if row["better"] == "higher" else "<="
        table.append((
            f"{result['name']} ({result['unit']})", str(result["ours"]), spread(found),
            result["peer"], str(result["peer_value"]), spread(peers), str(result["ratio"]),
            f"{sign} {result['aim']}", "yes" if result["met"] else "NO"))
    widths = [max(len(line[column]) for line in table) for column in range(len(head))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


AREAS = {"storage": (build_storage, measure_storage)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("area", choices=sorted(AREAS))
    parser.add_argument("--json", action="store_true", help="one object a line")
    options = parser.parse_args()
    with open(os.path.join(HERE, "aims.json"), encoding="utf-8") as file:
        rows = [row for row in json.load(file) if row["area"] == options.area]
    build, measure = AREAS[options.area]
    build()
    began = time.monotonic()
    values = measure(rows)
    results = [judge(row, values) for row in rows]
    say(f"measured in {time.monotonic() - began:.0f} s")
    if options.json:
        for result in results:
            print(json.dumps(result, ensure_ascii=False))
    else:
        show(rows, results, values)
    without_peer = [result["name"] for result in results if result["ratio"] is None]
    for name in without_peer:
        say(f"no figure, or no peer: {name}")
    return 1 if without_peer else 0


if __name__ == "__main__":
    sys.exit(main())
