"""Fixtures: our server, shared by the tests that leave it running."""

import sys

import pytest

from interop_server import ROOT, interop_server

# What proto/ says, compiled by a protoc that is not ours.
sys.path.append(str(ROOT / "Tests" / "Contract"))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """interop-server in plaintext."""
    with interop_server(tmp_path_factory.mktemp("interop")) as server:
        yield server
