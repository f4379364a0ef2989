"""A well-behaved client in a process of its own, and what an abuse beside it does to it.

As a program: calls grpc.testing.TestService/EmptyCall at a steady pace on one channel; for each
line on standard input it prints how the calls since the last line went."""

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass

PACE_SECONDS = 0.005
CALL_SECONDS_MAX = 10
# A neighbour's p99 while it is disturbed: as many times the quiet one, but no less than the floor.
# The shortest disturbance lasts longer, so a server that stands still for it is found. A busy machine
# alone brings such times too, but hardly in each of several runs.
FACTOR, FLOOR_MS = 20, 250
RUNS_MAX = 3
CALM_SECONDS = 0.25
GROWTH_BYTES_MAX = 64 << 20


@dataclass
class Report:
    calls: int
    failed: int
    p99_ms: float


class Neighbour:
    """The process, started and stopped with the block."""

    def __init__(self, address: str):
        self.process = subprocess.Popen(
            [sys.executable, __file__, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> "Neighbour":
        self.report()
        return self

    def __exit__(self, *_) -> None:
        self.process.stdin.close()
        self.process.wait(CALL_SECONDS_MAX * 2)
        self.process.stdout.close()

    def report(self) -> Report:
        """How the calls since the last report went."""
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        return Report(**json.loads(self.process.stdout.readline()))

    def undisturbed(self, server, disturb):
        """Runs `disturb` and returns what it does: it grows the server by no more than its bound,
        fails no call of the neighbour, and makes none wait long."""
        for _ in range(RUNS_MAX):
            self.report()
            time.sleep(CALM_SECONDS)
            before = self.report()
            memory = Memory(server.pid)
            result = disturb()
            during = self.report()
            growth = memory.growth()
            print(f"before {before}, during {during}, growth {growth >> 10} KiB")
            assert before.calls > 0 and during.calls > 0
            assert during.failed == 0
            assert growth <= GROWTH_BYTES_MAX
            if during.p99_ms <= max(FACTOR * before.p99_ms, FLOOR_MS):
                return result
        raise AssertionError(f"the neighbour waits too long in each of {RUNS_MAX} runs")


class Memory:
    """By how much a process has grown at its highest."""

    def __init__(self, pid: int):
        self.pid = pid
        with open(f"/proc/{pid}/clear_refs", "w") as refs:
            refs.write("5")  # forgets the peak of before
        self.before = self._bytes("VmRSS")

    def growth(self) -> int:
        return self._bytes("VmHWM") - self.before

    def _bytes(self, name: str) -> int:
        with open(f"/proc/{self.pid}/status") as lines:
            return next(int(line.split()[1]) << 10 for line in lines if line.startswith(name))


def call_for_ever(address: str) -> None:
    import grpc

    channel = grpc.insecure_channel(address)
    call = channel.unary_unary("/grpc.testing.TestService/EmptyCall")
    times: list[float] = []
    failed = 0
    while True:
        began = time.monotonic()
        try:
            call(b"", timeout=CALL_SECONDS_MAX, wait_for_ready=not times)
        except grpc.RpcError as error:
            print(error, file=sys.stderr)
            failed += 1
        times.append(time.monotonic() - began)
        if select.select([sys.stdin], [], [], PACE_SECONDS)[0]:
            if not os.read(sys.stdin.fileno(), 1):
                return
            times.sort()
            p99 = times[len(times) * 99 // 100] * 1_000
            print(json.dumps({"calls": len(times), "failed": failed, "p99_ms": p99}), flush=True)
            times, failed = [], 0


if __name__ == "__main__":
    call_for_ever(sys.argv[1])
