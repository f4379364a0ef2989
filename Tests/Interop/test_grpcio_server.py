"""Our client and a server on grpcio, in plaintext and over TLS."""

from types import SimpleNamespace

import pytest

import grpcio_service
from cases import CASES, SOAK_ITERATIONS_GRPCIO, our_client

# A grpcio server does not see whether a request came compressed, so it cannot refuse the probe that
# these begin with.
NOT_SAID_BY_GRPCIO = {"client_compressed_unary", "client_compressed_streaming"}


@pytest.fixture(scope="module", params=["plaintext", "tls"])
def grpcio(request):
    credentials, flags = None, []
    if request.param == "tls":
        certificates = request.getfixturevalue("certificates")
        credentials = certificates.grpcio_server()
        flags = certificates.our_client()
    server, port = grpcio_service.serve(credentials)
    yield SimpleNamespace(host="127.0.0.1", port=port, flags=flags)
    server.stop(grace=None).wait()


@pytest.mark.parametrize("case", [case for case in CASES if case not in NOT_SAID_BY_GRPCIO])
def test_our_client_and_a_grpcio_server(grpcio, case):
    our_client(grpcio, case, *grpcio.flags, f"--soak_iterations={SOAK_ITERATIONS_GRPCIO}")
