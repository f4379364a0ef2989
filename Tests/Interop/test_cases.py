"""Every case with both ends ours, and with one end the gRPC project's own C++."""

import pytest

from cases import CASES, cpp_client, our_client
from peers import cpp_server


@pytest.fixture(scope="module")
def cpp(tmp_path_factory):
    with cpp_server(tmp_path_factory.mktemp("cpp")) as server:
        yield server


@pytest.mark.parametrize("case", CASES)
def test_our_client_and_our_server(server, case):
    our_client(server, case)


@pytest.mark.parametrize("case", CASES)
def test_our_client_and_the_cpp_server(cpp, case):
    our_client(cpp, case)


@pytest.mark.parametrize("case", CASES)
def test_the_cpp_client_and_our_server(server, case):
    cpp_client(server, case)
