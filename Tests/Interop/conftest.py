"""Fixtures: our server, shared by the tests that leave it running."""

import pytest

from interop_server import interop_server


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """interop-server in plaintext."""
    with interop_server(tmp_path_factory.mktemp("interop")) as server:
        yield server
