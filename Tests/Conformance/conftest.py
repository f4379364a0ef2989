"""Fixtures: interop-server, which answers GET and POST of `/` as well as calls."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "Abuse"), str(TESTS / "Interop")]

from interop_server import interop_server  # noqa: E402


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    # Cases end with a ping, to see that the connection works; together they are more than a gRPC
    # client may send.
    folder = tmp_path_factory.mktemp("conformance")
    with interop_server(folder, "--limit=pingStrikesMax=1000000") as server:
        yield server
