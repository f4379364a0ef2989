"""The row of submits over SMPP in the area `notification`: the queue as a process with the settings
services get, beside Debian's Kannel, both to the same simulated SMSC (see README.md)."""
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kannel import Kannel
from machine import BUILD, HERE, RUNS, cpu_seconds, say, swift_build

ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "Tests", "EndToEnd"))
from cluster import Cluster, free_port  # noqa: E402
from stubs import pb  # noqa: E402

# So many messages a run, each of one segment, each to a number of its own.
MESSAGES = int(os.environ.get("ANJU_BENCH_SUBMITS", "50000"))
BATCH = 500
WINDOW = 32
WAIT_SECONDS_MAX = 600
ACCOUNT, SECRET = "901234", "secret"
TEMPLATE = "application_completed"
VALUES = {"name": "张*", "kind": "首次申领", "application": "JZZ2026-000001"}
TEXT = "【浙江公安】张*，您的首次申领申请（编号JZZ2026-000001）已办结，请登录“浙里办”查看。"


def build():
    say("building the queue and the simulated SMSC (release)")
    for product in ("NotificationServer", "SMSCProbe"):
        swift_build(product, package=ROOT)


class Simulator:
    """The simulated SMSC, which counts and answers at once."""

    def __init__(self, port):
        self.process = subprocess.Popen(
            [os.path.join(ROOT, ".build", "release", "SMSCProbe"), "smpp", "--port", str(port),
             "--account", ACCOUNT, "--secret", SECRET, "--count-only"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == f"ready {port}\n"

    def counts(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def wait(self, condition):
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not condition(counts := self.counts()):
            assert time.monotonic() < deadline, f"not all came: {counts}"
            time.sleep(0.05)
        return counts

    def stop(self):
        self.process.kill()
        self.process.wait()


class Notification(Cluster):
    """The queue as a process, with one gateway to the simulator; its reports to intake stay owed."""

    def __init__(self, folder, port):
        super().__init__(Path(folder))
        self.bin = Path(ROOT, ".build", "release")
        self.names = ["notification"]
        self.plan = Path(folder, "gateways")
        self.plan.mkdir()
        (self.plan / "secret").write_text(SECRET)
        (self.plan / "gateways.conf").write_text(
            f"[bench]\nprotocol = smpp\nserver = 127.0.0.1:{port}\naccount = {ACCOUNT}\n"
            f"secret-file = secret\nsource = 106900011\nwindow = {WINDOW}\nreconnect-ms = 100\n"
            "reconnect-ms-max = 100\n[routes]\n* = bench\n")

    def environment(self, name):
        return super().environment(name) | {"NOTIFICATION_GATEWAY_FOLDER": str(self.plan)}

    @property
    def pid(self):
        return self.processes["notification"].pid

    @contextlib.contextmanager
    def running(self):
        self.start("notification")
        try:
            self.wait_ready("notification")
            yield self
        finally:
            self.stop_all()

    def submit(self, phones):
        """Enqueues while the queue is paused, then lets all go."""
        stub = pb.notification_grpc.NotificationServiceStub(self.channel("notification"))
        auditor = self.signer().caller("auditor", "bench")
        intake = self.signer().caller("service", "intake")
        key = f"{time.time_ns():016}"
        stub.PauseQueue(
            pb.notification.PauseQueueRequest(idempotency_key=f"pause-{key}", reason="bench"),
            metadata=auditor)
        values = [pb.notification.TemplateValue(name=name, value=value)
                  for name, value in VALUES.items()]
        for first in range(0, len(phones), BATCH):
            messages = [
                pb.notification.BatchMessage(
                    message_key=f"bench-{key}-{phone}", template_id=TEMPLATE, values=values,
                    phone=phone, reference="bench")
                for phone in phones[first:first + BATCH]]
            stub.EnqueueBatch(
                pb.notification.EnqueueBatchRequest(
                    idempotency_key=f"batch-{key}-{first}", messages=messages), metadata=intake)
        stub.ResumeQueue(
            pb.notification.ResumeQueueRequest(idempotency_key=f"resume-{key}"),
            metadata=auditor)


def ours(run):
    """Messages a second from the first submit to the last receipt that is durable; the server's
    processor time for each."""
    port = free_port()
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        simulator = Simulator(port)
        try:
            with Notification(folder, port).running() as queue:
                before = cpu_seconds(queue.pid)
                queue.submit(phones(run))
                counts = simulator.wait(lambda counts: counts["receipts_taken"] >= MESSAGES)
                cpu = (cpu_seconds(queue.pid) - before) * 1e6 / MESSAGES
        finally:
            simulator.stop()
    assert counts["taken"] == MESSAGES, f"sent twice: {counts}"
    return MESSAGES / counts["span_ms"] * 1e3, cpu


def kannel(run):
    """Kannel's messages a second, without receipts: from the first submit to the last."""
    port = free_port()
    ports = [free_port() for _ in range(3)]
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        with Kannel(folder, ports, port, ACCOUNT, SECRET, WINDOW).running() as peer:
            peer.fill(phones(run), TEXT)
            simulator = Simulator(port)
            try:
                counts = simulator.wait(lambda counts: counts["taken"] >= MESSAGES)
            finally:
                simulator.stop()
    return MESSAGES / counts["span_ms"] * 1e3


def phones(run):
    return [f"13{run}{number:08}" for number in range(MESSAGES)]


def measure(figures):
    """Ours and the peer's, in turn."""
    found, peers = [], []
    for run in range(RUNS):
        rate, cpu = ours(run)
        found.append(rate)
        peers.append(kannel(run))
        say(f"  submits, run {run + 1} of {RUNS}: {rate:.0f}/s, {cpu:.0f} us of the server each; "
            f"Kannel {peers[-1]:.0f}/s")
        figures.append({"submits": MESSAGES, "per second": round(rate),
                        "us of the server": round(cpu), "Kannel": round(peers[-1])})
    return found, peers
