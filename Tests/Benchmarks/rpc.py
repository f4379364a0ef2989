"""The area `rpc`: what a call costs our server and our client, beside their peers (README.md)."""
import json
import statistics
import subprocess
from contextlib import nullcontext

import idle
from echo_servers import CLIENTS, OURS, STREAM, STREAMED, UNARY, Server, allow_connections
from echo_servers import build as build_servers
from h2load import CONNECTIONS, STREAMS, echo_message, load
from machine import RUNS, RUN_SECONDS, say
from tls import certificate

WARM_UP_SECONDS = 0.5
# Loads by name: the method, the request's bytes, the answers to each request.
LOADS = {"unary": (UNARY, 100, 1), "stream": (STREAM, 1024, STREAMED)}


def build(rows):
    build_servers({row["peer"] for row in rows})


def measure(rows):
    """Each row's own values and its peer's, and every server's figures under load."""
    allow_connections()
    values, figures = {}, []
    for what in distinct(json.dumps(row["run"], sort_keys=True) for row in rows):
        run = json.loads(what)
        group = [row for row in rows if row["run"] == run]
        peers = distinct(row["peer"] for row in group)
        found = measure_run(run, peers)
        for row in group:
            values[row["name"]] = (
                [each[row["figure"]] for each in found[OURS]],
                [each[row["figure"]] for each in found[row["peer"]]])
        figures += [medians(run, name, runs) for name, runs in found.items()]
    return values, figures


def distinct(values):
    return list(dict.fromkeys(values))


def measure_run(run, peers):
    """Alternates between ours and its peers; the figures of each, one entry a run."""
    if "load" in run:
        with certificate() if run.get("tls") else nullcontext() as tls:
            return alternate([OURS, *peers], lambda name: under_load(name, run["load"], tls))
    if "client" in run:
        with Server(OURS) as server:
            return alternate([OURS, *peers], lambda name: client(name, server, run["client"]))
    if "idle" in run:
        return alternate([OURS, *peers], lambda name: connections(name, run["idle"]))
    found = connections(OURS, run["open"])
    return {OURS: [found], peers[0]: [{"open": run["open"]}]}


def alternate(names, measure_once):
    found = {name: [] for name in names}
    for number in range(RUNS):
        for name in names:
            figures = measure_once(name)
            found[name].append(figures)
            shown = ", ".join(f"{key} {value:.2f}" for key, value in figures.items())
            say(f"  {name}, run {number + 1} of {RUNS}: {shown}")
    return found


def under_load(name, kind, tls):
    method, size, answers = LOADS[kind]
    with Server(name, tls) as server:
        load(server, method, echo_message(size), answers, WARM_UP_SECONDS)
        return load(server, method, echo_message(size), answers, RUN_SECONDS)


def client(name, server, kind):
    """What the client of `name` has for a second of its own processor time; `server` is the same
    for all."""
    arguments = [CLIENTS[name], server.port, CONNECTIONS, STREAMS, RUN_SECONDS]
    said = json.loads(subprocess.run(
        [str(argument) for argument in arguments], check=True, stdout=subprocess.PIPE,
        timeout=RUN_SECONDS * 10).stdout)
    assert kind == "unary"
    return {
        "rate": said["calls"] / RUN_SECONDS,
        "cpu_us": said["cpu_seconds"] * 1e6 / said["calls"],
        "per_cpu_second": said["calls"] / said["cpu_seconds"]}


def connections(name, count):
    with Server(name) as server:
        opened, cost = idle.measure(server, UNARY, count)
        return {"open": opened, "rss_mb": cost / 1e6}


def medians(run, name, runs):
    figures = {"run": " ".join(str(part) for item in run.items() for part in item), "of": name}
    for key in runs[0]:
        figures[key] = round(statistics.median(each[key] for each in runs), 2)
    return figures
