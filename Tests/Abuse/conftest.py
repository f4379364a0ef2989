"""Fixtures: interop-server with the bounds that a test can wait for, and a neighbour beside it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Interop"))

from interop_server import interop_server  # noqa: E402
from neighbour import Neighbour  # noqa: E402

# Bounds of silence, in milliseconds: short enough to wait for, long enough for a busy machine.
HURRIED = {
    "handshakeMs": 1_000,
    "idleMs": 1_500,
    "requestMs": 1_500,
    "stalledMs": 1_500,
    "frameMs": 1_500,
    "keepAliveMs": 1_000,
    "keepAliveTimeoutMs": 1_000,
}
PINGS = {"pingStrikesMax": 1_000_000}


def limits(**bounds: int) -> list[str]:
    return [f"--limit={name}={value}" for name, value in bounds.items()]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A server with its default bounds, but for pings: the tests ask with them whether it still
    serves, more often than a gRPC client may."""
    with interop_server(tmp_path_factory.mktemp("abuse"), *limits(**PINGS)) as server:
        yield server


@pytest.fixture(scope="session")
def hurried(tmp_path_factory):
    """A server that waits for nobody long."""
    folder = tmp_path_factory.mktemp("hurried")
    with interop_server(folder, *limits(**HURRIED, **PINGS)) as server:
        yield server


@pytest.fixture
def limited(tmp_path):
    """Makes a server with bounds of the test's own."""
    servers = []

    def make(**bounds: int):
        servers.append(interop_server(tmp_path, *limits(**PINGS, **bounds)).__enter__())
        return servers[-1]

    yield make
    for made in servers:
        assert made.stop() == 0, made.log.read_text()


@pytest.fixture(scope="session")
def neighbour(server):
    with Neighbour(server.address) as neighbour:
        yield neighbour
