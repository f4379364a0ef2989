"""Many connections: as many as the bound says, at once and one after another."""

import os
import resource
import time

import pytest

from flood import STORM_SECONDS
from neighbour import Neighbour
from raw import Closed, RawClient, message
from test_bad_input import UNARY_CALL, fields
from test_slow import ASK_MEGABYTE, NO_WINDOW

CROWD = 10_000
# The settings of the server after the crowd has come, and what one idle connection may cost.
CROWD_SECONDS_MAX = 60
CONNECTION_BYTES_MAX = 50_000


def served(client: RawClient, stream: int = 1) -> bool:
    client.request(stream, fields(), message(b""))
    return client.answer(stream).status == "0"


def test_a_connection_over_the_bound_is_closed_at_once_and_taken_when_there_is_room(limited):
    server = limited(connectionsMax=3)
    first, second, third = (RawClient(server) for _ in range(3))
    for _ in range(20):
        with pytest.raises(Closed):
            RawClient(server)
    assert all(served(client) for client in (first, second, third))
    second.close()
    with room(server) as fourth:
        assert served(fourth)
    first.close()
    third.close()


def test_a_connection_over_the_bound_of_its_address_is_closed_at_once(limited):
    server = limited(connectionsPerAddressMax=2)
    with RawClient(server) as first, RawClient(server) as second:
        with pytest.raises(Closed):
            RawClient(server)
        # Another address of loopback is another peer.
        with RawClient(server, source="127.0.0.2") as other:
            assert served(other)
        assert served(first) and served(second)


def test_calls_over_the_bound_are_told_when_to_come_back(limited):
    server = limited(inFlightMax=2)
    with RawClient(server) as client:
        for stream in range(1, 20, 2):
            client.request(stream, fields(), end=False)
        refused = [client.answer(stream).status for stream in range(5, 20, 2)]
    # Each event loop has its share of the bound.
    assert set(refused) == {"8"}


def test_connection_after_connection_disturbs_nobody(server, neighbour):
    def churn() -> int:
        count, end = 0, time.monotonic() + STORM_SECONDS
        while time.monotonic() < end:
            with RawClient(server, hello=count % 2 == 0):
                count += 1
        return count

    print(f"{neighbour.undisturbed(server, churn)} connections")


def test_answers_that_nobody_takes_are_bounded_over_all_connections(limited):
    server = limited(connectionOutboundBytesMax=4 << 20, serverOutboundBytesMax=8 << 20)

    def take_nothing() -> None:
        # Each within its own bound, 120 MB together.
        clients = [RawClient(server, own_settings=NO_WINDOW) for _ in range(40)]
        for client in clients:
            for stream in (1, 3, 5):
                client.request(stream, fields(UNARY_CALL), ASK_MEGABYTE)
        # Some are cut off, nobody else notices.
        time.sleep(STORM_SECONDS)
        closed = sum(is_closed(client) for client in clients)
        assert 0 < closed < len(clients)
        for client in clients:
            client.close()

    with Neighbour(server.address) as neighbour:
        neighbour.undisturbed(server, take_nothing)


def test_ten_thousand_connections_are_open_at_once(limited):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < CROWD + 1_000:
        pytest.skip(f"this machine allows {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    server = limited(connectionsMax=CROWD + 1, idleMs=600_000)
    with Neighbour(server.address) as neighbour:
        before = resident(server)
        began = time.monotonic()
        crowd = [RawClient(server) for _ in range(CROWD)]
        assert time.monotonic() - began < CROWD_SECONDS_MAX
        cost = (resident(server) - before) / CROWD
        print(f"{cost:.0f} bytes a connection")
        assert cost <= CONNECTION_BYTES_MAX
        assert neighbour.report().failed == 0
        assert all(served(client) for client in crowd[:: CROWD // 100])
        for client in crowd:
            client.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def resident(server) -> int:
    with open(f"/proc/{server.pid}/statm") as numbers:
        return int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def room(server) -> RawClient:
    """A connection, as soon as the server has noticed that another has gone."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            return RawClient(server)
        except Closed:
            time.sleep(0.01)
    raise AssertionError("there is no room for a connection though one has gone")


def is_closed(client: RawClient) -> bool:
    client.socket.settimeout(0.05)
    try:
        while True:
            client.read()
    except TimeoutError:
        return False
    except Closed:
        return True
