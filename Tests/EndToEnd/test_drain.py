"""SIGTERM under load: no call is lost, and none is executed twice.

Real processes: KitProbe serves, as the four services do, and adds each request it executes to a
file; grpcio and CallProbe (our own client) call at 2,000 a second together, over several
connections. In each round one server is told to stop, must end well, and is started again.
"""

import json
import os
import subprocess
import threading
import time
from pathlib import Path

import grpc
import pytest

from cluster import START_SECONDS_MAX, STOP_SECONDS_MAX, free_port
from stubs import ROOT

ROUNDS = 20 if os.environ.get("ANJU_LONG") else 3
CALLS_PER_SECOND = 2_000
# Each round is stopped in the middle of that many calls, on a machine however slow.
CALLS_BEFORE_STOP = 1_000
CALLS_AFTER_STOP = 1_000
GRPCIO_CHANNELS = 4
CALL_SECONDS_MAX = 20
BIN = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug"))


class Server:
    """KitProbe on one port, started and stopped over and over. Only its own process is signalled."""

    def __init__(self, folder: Path, number: int):
        self.port = free_port()
        self.record = folder / f"calls-{number}"
        self.log = folder / f"server-{number}.log"
        self.environment = {
            **os.environ,
            "INTAKE_LISTEN_PORT": str(self.port),
            "INTAKE_ADMIN_PORT": str(free_port()),
            "INTAKE_KEYS_DIRECTORY": str(folder / "keys"),
            "INTAKE_PROBE_RECORD": str(self.record),
        }
        self.process = None

    def start(self) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [BIN / "KitProbe"], env=self.environment, stdout=log, stderr=log)

    def wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            with grpc.insecure_channel(f"127.0.0.1:{self.port}") as channel:
                try:
                    grpc.channel_ready_future(channel).result(timeout=0.5)
                    return
                except grpc.FutureTimeoutError:
                    continue
        raise AssertionError(f"no start in {START_SECONDS_MAX} s: {self.log.read_text()}")

    def end(self) -> None:
        """Waits for the end of a process that was told to stop."""
        assert self.process.wait(STOP_SECONDS_MAX) == 0, self.log.read_text()

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def executed(self) -> list[str]:
        return self.record.read_text().splitlines() if self.record.exists() else []


class GrpcioLoad:
    """Calls through several channels of grpcio, each with connections of its own, at a rate."""

    def __init__(self, servers: list[Server], rate: int, waits: bool):
        target = "ipv4:" + ",".join(f"127.0.0.1:{server.port}" for server in servers)
        self.channels = [
            grpc.insecure_channel(
                target,
                options=[
                    ("grpc.lb_policy_name", "round_robin"),
                    ("grpc.use_local_subchannel_pool", 1),
                    ("grpc.max_reconnect_backoff_ms", 500),
                ],
            )
            for _ in range(GRPCIO_CHANNELS)
        ]
        self.rate, self.waits = rate, waits
        self.made: list[str] = []
        self.failed: list[str] = []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self.thread.start()

    def _run(self) -> None:
        methods = [channel.unary_unary("/test.Echo/Echo") for channel in self.channels]
        began, open_calls = time.monotonic(), []
        while not self.stopping.is_set():
            due = int((time.monotonic() - began) * self.rate) - len(self.made)
            for _ in range(min(due, self.rate // 10)):
                name = f"grpcio-{len(self.made)}"
                self.made.append(name)
                call = methods[len(self.made) % len(methods)].future(
                    name.encode(), timeout=CALL_SECONDS_MAX, wait_for_ready=self.waits)
                open_calls.append((name, call))
            done = [entry for entry in open_calls if entry[1].done()]
            open_calls = [entry for entry in open_calls if not entry[1].done()] if done else open_calls
            self._check(done)
            time.sleep(0.005)
        self._check(open_calls)

    def _check(self, calls: list) -> None:
        for name, call in calls:
            try:
                if call.result() != name.encode():
                    self.failed.append(f"{name}: another answer")
            except grpc.RpcError as error:
                self.failed.append(f"{name}: {error.code()}: {error.details()}")

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()
        for channel in self.channels:
            channel.close()


class OwnLoad:
    """Calls through one channel of ours, in a process of its own."""

    def __init__(self, servers: list[Server], rate: int, waits: bool):
        addresses = ",".join(f"127.0.0.1:{server.port}" for server in servers)
        options = ["--servers", addresses, "--rate", str(rate), "--prefix", "own"]
        self.command = [BIN / "CallProbe", *options, *(["--waits"] if waits else [])]
        self.process = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def stop(self) -> dict:
        output, _ = self.process.communicate(timeout=CALL_SECONDS_MAX + STOP_SECONDS_MAX)
        assert self.process.returncode == 0
        return json.loads(output)

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def wait_for_calls(servers: list[Server], load: OwnLoad, more: int) -> None:
    """Returns when the servers have executed `more` calls more."""
    count = sum(len(server.executed()) for server in servers)
    deadline = time.monotonic() + START_SECONDS_MAX
    while sum(len(server.executed()) for server in servers) < count + more:
        assert time.monotonic() < deadline, "the calls stand still"
        assert load.process.poll() is None, "our client has ended"
        time.sleep(0.02)


# Two servers of which one is always there; or one that is away until it is started again: then calls
# have to wait for it.
@pytest.mark.parametrize("count, waits", [(2, False), (1, True)], ids=["two", "one"])
def test_a_drain_under_load_loses_no_call(count, waits, tmp_path, record_property):
    servers = [Server(tmp_path, number) for number in range(count)]
    own = OwnLoad(servers, CALLS_PER_SECOND // 2, waits)
    others = GrpcioLoad(servers, CALLS_PER_SECOND // 2, waits)
    try:
        for server in servers:
            server.start()
        for server in servers:
            server.wait_ready()
        began = time.monotonic()
        own.start()
        others.start()
        for number in range(ROUNDS):
            server = servers[number % count]
            wait_for_calls(servers, own, CALLS_BEFORE_STOP)
            server.process.terminate()
            if count > 1:
                wait_for_calls(servers, own, CALLS_AFTER_STOP)
            server.end()
            server.start()
            server.wait_ready()
        wait_for_calls(servers, own, CALLS_AFTER_STOP)
        others.stop()
        told = own.stop()
        seconds = time.monotonic() - began
    finally:
        others.stopping.set()
        own.kill()
        for server in servers:
            server.kill()

    made = sorted([f"own-{number}" for number in range(told["made"])] + others.made)
    record_property("calls_per_second", round(len(made) / seconds))
    print(f"{len(made)} calls in {ROUNDS} rounds, {len(made) / seconds:.0f} a second")
    assert others.failed == []
    assert told["failed"] == {}
    executed = sorted(line for server in servers for line in server.executed())
    assert len(executed) == len(set(executed)), "a call was executed twice"
    assert executed == made
