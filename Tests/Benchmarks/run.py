#!/usr/bin/env python3
"""Runs one area's benchmarks beside their peers: medians of alternating runs.

    run.py AREA                 a table with the spread, and under it what else was measured
    run.py AREA --json          one object a line
    run.py AREA --only TEXT     the rows whose name holds TEXT

`./dev bench AREA` calls it. A row's aim and peer stand in aims.json; a row without its peer fails.
"""
import argparse
import json
import os
import statistics
import sys
import time

import approval
import intake
import life
import notification
import registry
import rpc
import storage
from machine import HERE, say

AREAS = {"approval": approval, "intake": intake, "life": life, "notification": notification,
         "registry": registry, "rpc": rpc, "storage": storage}


def judge(row, values):
    """The row as one object; met is computed, never written down."""
    result = {"name": row["name"], "unit": row["unit"], "ours": None, "peer": row["peer"],
              "peer_value": None, "ratio": None, "aim": row["aim"], "met": False}
    found, peers = values.get(row["name"], ([], []))
    if found:
        result["ours"] = round(statistics.median(found), 2)
    if peers:
        result["peer_value"] = round(statistics.median(peers), 2)
    if found and peers and statistics.median(peers):
        ratio = statistics.median(found) / statistics.median(peers)
        result["ratio"] = round(ratio, 3)
        # An aim in the row's own unit is one for ours alone; the peer stands beside it.
        judged = result["ours"] if row.get("aim_is") == "absolute" else ratio
        result["met"] = judged >= row["aim"] if row["better"] == "higher" else judged <= row["aim"]
    return result


def spread(values):
    return f"{min(values):.1f}..{max(values):.1f}" if values else "-"


def show(rows, results, values):
    table = [("row", "ours", "spread", "peer", "value", "spread", "ratio", "aim", "met")]
    for row, result in zip(rows, results):
        found, peers = values.get(row["name"], ([], []))
        sign = ">=" if row["better"] == "higher" else "<="
        unit = f" {row['unit']}" if row.get("aim_is") == "absolute" else ""
        table.append((
            f"{result['name']} ({result['unit']})", str(result["ours"]), spread(found),
            result["peer"], str(result["peer_value"]), spread(peers), str(result["ratio"]),
            f"{sign} {result['aim']}{unit}", "yes" if result["met"] else "NO"))
    show_table(table)


def show_figures(figures):
    """All that was measured, a table for each set of columns."""
    for head in dict.fromkeys(tuple(each) for each in figures):
        print()
        show_table([head] + [
            tuple(str(value) for value in each.values()) for each in figures
            if tuple(each) == head])


def show_table(table):
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("area", choices=sorted(AREAS))
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--only", default="", metavar="TEXT", help="rows whose name holds TEXT")
    options = parser.parse_args()
    with open(os.path.join(HERE, "aims.json"), encoding="utf-8") as file:
        rows = [row for row in json.load(file)
                if row["area"] == options.area and options.only in row["name"]]
    area = AREAS[options.area]
    area.build(rows)
    began = time.monotonic()
    values, figures = area.measure(rows)
    results = [judge(row, values) for row in rows]
    say(f"measured in {time.monotonic() - began:.0f} s")
    if options.json:
        for each in results + figures:
            print(json.dumps(each, ensure_ascii=False))
    else:
        show(rows, results, values)
        show_figures(figures)
    without_peer = [result["name"] for result in results if result["ratio"] is None]
    for name in without_peer:
        say(f"no figure, or no peer: {name}")
    return 1 if without_peer or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
