"""Sends one attack until its connection is closed, again and again on new ones."""

import os
import select
import time
from collections.abc import Callable
from dataclasses import dataclass

from raw import Closed, Code, RawClient

# Within this an abuser's connection is closed; the server's own pause before it cuts off a peer
# that does not close (lingerMs) is 1 s of it.
CLOSED_SECONDS_MAX = 4
STORM_SECONDS = 10 if os.environ.get("ANJU_LONG") == "1" else 0.4
CHUNK_BYTES = 32_768
# How many bytes a client sends that waits for the server's answers in between.
PACED_BYTES = 2_048


@dataclass(frozen=True)
class Attack:
    """`again` gives what to send for the round 0, 1, 2…; `first` comes before."""

    name: str
    again: Callable[[int], bytes]
    first: bytes = b""
    hello: bool = True
    # The error of the GOAWAY that a client reads which waits for the server now and then; None for
    # none, because the bytes are no HTTP/2.
    code: int | None = Code.ENHANCE_YOUR_CALM
    # Whether any error will do.
    is_any: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass
class Outcome:
    seconds: float
    sent_bytes: int
    goaway: int | None


def paced(server, attack: Attack) -> Outcome:
    """One connection that is closed for what it does, not for how fast it does it: a ping now and
    then waits until the server has dealt with all before."""
    began = time.monotonic()
    with RawClient(server, hello=attack.hello) as client:
        sent, rounds, pending = 0, 0, attack.first
        try:
            while time.monotonic() < began + CLOSED_SECONDS_MAX:
                while len(pending) < PACED_BYTES:
                    pending += attack.again(rounds)
                    rounds += 1
                client.send(pending)
                sent, pending = sent + len(pending), b""
                client.check_alive()
        except Closed:
            return Outcome(time.monotonic() - began, sent, client.goaway)
    raise AssertionError(f"still open after {sent} bytes of {attack}")


def flood(server, attack: Attack, *, reads: bool = True) -> Outcome:
    """One connection, as fast as it goes, from its first byte until the server has closed it."""
    with RawClient(server, hello=attack.hello) as client:
        began, sent, rounds, pending = time.monotonic(), 0, 0, attack.first
        client.socket.setblocking(False)
        try:
            while True:
                while len(pending) < CHUNK_BYTES:
                    pending += attack.again(rounds)
                    rounds += 1
                count = step(client, pending, reads)
                sent, pending = sent + count, pending[count:]
                seconds = time.monotonic() - began
                assert seconds < CLOSED_SECONDS_MAX, f"still open after {sent} bytes of {attack}"
        except Closed:
            return Outcome(time.monotonic() - began, sent, client.goaway)


def step(client: RawClient, pending: bytes, reads: bool) -> int:
    """Sends and reads what can be sent and read now; returns how much was sent."""
    can_read, can_write, _ = select.select(
        [client.socket] if reads else [], [client.socket], [], CLOSED_SECONDS_MAX)
    if can_read:
        try:
            while True:
                client.read()
        except BlockingIOError:
            pass
    if not can_write:
        return 0
    try:
        return client.socket.send(pending)
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Closed from error


def storm(server, attack: Attack) -> list[Outcome]:
    """Connection after connection for a while: every second one reads nothing."""
    outcomes, end = [], time.monotonic() + STORM_SECONDS
    while not outcomes or time.monotonic() < end or len(outcomes) < 2:
        outcomes.append(flood(server, attack, reads=len(outcomes) % 2 == 0))
    return outcomes
