"""Fixtures: our server in plaintext and over TLS, shared by the tests that leave it running, and the
gRPC project's own."""

import sys

import pytest

from certificates import Certificates
from interop_server import ROOT, interop_server
from peers import cpp_server

# What proto/ says, compiled by a protoc that is not ours.
sys.path.append(str(ROOT / "Tests" / "Contract"))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """interop-server in plaintext."""
    with interop_server(tmp_path_factory.mktemp("interop")) as server:
        yield server


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def tls_server(tmp_path_factory, certificates):
    """interop-server over TLS."""
    folder = tmp_path_factory.mktemp("interop-tls")
    with interop_server(folder, *certificates.our_server()) as server:
        yield server


@pytest.fixture(scope="session")
def cpp(tmp_path_factory):
    """The gRPC project's C++ server in plaintext."""
    with cpp_server(tmp_path_factory.mktemp("cpp")) as server:
        yield server
