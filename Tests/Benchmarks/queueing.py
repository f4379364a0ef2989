"""The rows of the area `notification` that need no provider: enqueueing, and a queue of many scheduled
messages, beside the bare loop in C (see README.md)."""
import contextlib
import json
import os
import sqlite3
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
from stubs import pb  # noqa: E402

LOAD = os.path.join(RELEASE, "anju-bench-notification")
# So many scheduled messages are `many`.
MANY = int(os.environ.get("ANJU_BENCH_MESSAGES", "5000000"))
BATCH, BATCH_CALLERS, BATCHES = 500, 8, 100
ONE_CALLERS, ONES = 64, 20_000
# So many messages become due one after another, so far apart.
DUE, DUE_APART_MS = 2_000, 10
WAIT_SECONDS_MAX = 120


def build():
    say("building the queue, its load (release) and the bare loop in C")
    swift_build("NotificationServer", package=ROOT)
    swift_build("anju-bench-notification")
    storage.build(None)


class Queue(Cluster):
    """The queue as a process; what it owes intake waits."""

    def __init__(self, folder):
        super().__init__(Path(folder))
        self.bin = Path(ROOT, ".build", "release")
        self.names = ["notification"]

    @property
    def pid(self):
        return self.processes["notification"].pid

    @property
    def file(self):
        return str(self.folder / "data" / "notification.db")

    def load(self, *arguments):
        command = [LOAD, str(self.ports["notification"]), *map(str, arguments)]
        before = cpu_seconds(self.pid)
        said = subprocess.run(
            command, check=True, stdout=subprocess.PIPE,
            env=os.environ | {"ANJU_BENCH_TOKEN": self.signer().token("service", "registry")})
        found = json.loads(said.stdout)
        found["cpu_us"] = (cpu_seconds(self.pid) - before) * 1e6 / found["messages"]
        return found


@contextlib.contextmanager
def running(queue):
    queue.start("notification")
    try:
        queue.wait_ready("notification")
        yield queue
    finally:
        queue.stop_all()


def measure(wanted, figures):
    """The values of the rows that are wanted, by what they run."""
    found = {}
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        queue = Queue(folder)
        with running(queue):
            if "batch" in wanted:
                found["batch"] = enqueueing(queue, "batch", BATCHES, BATCH_CALLERS, BATCH, 256)
            if "one" in wanted:
                found["one"] = enqueueing(queue, "one", ONES, ONE_CALLERS, 1, 32)
            if wanted & {"claim", "memory"}:
                fill(queue, figures)
        if wanted & {"claim", "memory"}:
            # A process of its own: what the load has left in memory is no matter of the queue.
            with running(queue):
                took = claims(queue, figures)
                found["claim"] = (took, [storage.fsync(65536)])
                found["memory"] = ([resident_bytes(queue.pid) / 1e6], [MANY / 1e6])
    return found


def enqueueing(queue, what, count, callers, size, at_a_commit):
    """Messages a second beside the bare loop, which writes four rows each time, in turn."""
    ours, peers = [], []
    for number in range(RUNS):
        run = queue.load(what, count, callers, size)
        ours.append(run["per_second"])
        peers.append(storage.loop_in_c(at_a_commit))
        say(f"  enqueueing, {what}, run {number + 1} of {RUNS}: {ours[-1]:.0f}/s, "
            f"{run['cpu_us']:.0f} us of the server each, p99 {run['p99_ms']:.1f} ms a call; "
            f"C loop at {at_a_commit} a commit: {peers[-1]:.0f}/s")
    return ours, peers


def fill(queue, figures):
    with contextlib.closing(sqlite3.connect(f"file:{queue.file}?mode=ro", uri=True)) as database:
        there = database.execute("SELECT COUNT(*) FROM message").fetchone()[0]
    batches = max(0, MANY - there + BATCH - 1) // BATCH
    if batches:
        run = queue.load("batch", batches, BATCH_CALLERS, BATCH)
        figures.append({
            "scheduled": there + run["messages"], "seconds": round(run["seconds"], 1),
            "messages/s": round(run["per_second"]), "us of the server": round(run["cpu_us"]),
            "p99 ms a batch": round(run["p99_ms"], 1),
            "bytes each": round(os.path.getsize(queue.file) / (there + run["messages"]))})


def claims(queue, figures):
    """Messages become due one after another among the many; from each one's time to the end of its
    try, which the ledger has: wake-up, claim, file and settling, so the claim is a part of it."""
    first = int(time.time() * 1000) + 5_000
    with queue.channel("notification") as channel:
        stub = pb.notification_grpc.NotificationServiceStub(channel)
        caller = queue.signer().caller("service", "registry")
        for start in range(0, DUE, BATCH):
            messages = [
                pb.notification.BatchMessage(
                    message_key=f"bench-due-{first}-{number}", template_id="loss_withdrawn",
                    values=[pb.notification.TemplateValue(name="name", value="张*")],
                    phone=f"15{number:09}", reference=f"bench-due-{number}",
                    not_before_ms=first + number * DUE_APART_MS)
                for number in range(start, start + BATCH)]
            request = pb.notification.EnqueueBatchRequest(
                idempotency_key=f"bench-due-batch-{first}-{start}", messages=messages)
            stub.EnqueueBatch(request, metadata=caller, timeout=30)
    # Nobody looks while it is measured.
    time.sleep(5 + DUE * DUE_APART_MS / 1000)
    rows, deadline = [], time.monotonic() + WAIT_SECONDS_MAX
    while len(rows) < DUE:
        assert time.monotonic() < deadline, f"{len(rows)} of {DUE} were delivered"
        time.sleep(1)
        with contextlib.closing(sqlite3.connect(f"file:{queue.file}?mode=ro", uri=True)) as database:
            rows = database.execute(
                "SELECT attempt.began_at - message.not_before, attempt.ended_at - message.not_before"
                " FROM message JOIN attempt USING (message_id)"
                " WHERE reference >= 'bench-due-' AND reference < 'bench-due.'"
                " AND attempt.ended_at IS NOT NULL").fetchall()
    begun, ended = (sorted(column) for column in zip(*rows))
    figures.append({
        "became due": DUE, "among": MANY, "to its claim, p50 ms": begun[DUE // 2],
        "p99 ms": begun[DUE * 99 // 100], "to its end, p50 ms": ended[DUE // 2],
        "p99 ms of that": ended[DUE * 99 // 100],
        "resident MB": round(resident_bytes(queue.pid) / 1e6, 1)})
    return [ended[DUE * 99 // 100]]
